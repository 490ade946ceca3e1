"""Tree to text. Parsing the text gives the same tree."""

from diffcli.primitives.notation import ATOM, SIGN, SUM, Notation
from diffcli.primitives.table import NOTATIONS
from diffcli.syntax.tree import Node, Program, Tree


def print_tree(tree: Tree) -> str:
    """The expression with no more brackets than it needs."""
    pieces: list[str] = []
    # what is still to be printed, last first: text, or a node and the power that it must have to go without brackets
    waiting: list[str | tuple[int, int]] = [(len(tree.nodes) - 1, 0)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
        else:
            place, power = item
            waiting.extend(reversed(_layout(tree.nodes[place], power)))
    return "".join(pieces)


def print_program(program: Program) -> str:
    """Each definition on a line of its own, then the expression."""
    lines = []
    for statement in program.statements:
        head = {
            "let": statement.name,
            "param": f"param {statement.name}",
            "function": f"{statement.name}({', '.join(statement.parameters)})",
        }
        lines.append(f"{head[statement.kind]} = {print_tree(statement.body)}")
    return "\n".join([*lines, print_tree(program.expression)])


def _layout(node: Node, power: int) -> list[str | tuple[int, int]]:
    """The node as text and children, in order."""
    children = node.children
    if node.kind == "array":
        return ["[", *_separated([(child, 0) for child in children]), "]"]
    if node.kind == "tuple":
        return ["(", *_separated([(child, 0) for child in children]), ",)" if len(children) == 1 else ")"]
    if node.kind == "text":
        return [f'"{node.text}"']
    if node.kind == "derivative":
        return ["d(", *_separated([(child, 0) for child in children]), ")"]
    if node.kind == "index":
        return [(children[0], ATOM), "[", *_subscripts(node), "]"]
    if node.kind != "call":
        return ["(", node.text, ")"] if node.kind == "number" and power == ATOM else [node.text]
    notation = NOTATIONS.get(node.text)
    if notation is None or node.keywords or len(children) != (2 if notation.place == "infix" else 1):
        return [node.text, "(", *_arguments(node), ")"]
    layout = _operation(notation, children)
    return layout if notation.power >= power else ["(", *layout, ")"]


def _operation(notation: Notation, children: tuple[int, ...]) -> list[str | tuple[int, int]]:
    symbol, power = notation.symbol, notation.power
    if notation.place == "prefix":
        return [symbol, (children[0], power)]
    if notation.place == "postfix":
        return [(children[0], ATOM), symbol]
    spaced = f" {symbol} " if power <= SUM else symbol
    if notation.right_associative:  # its right operand may carry a sign: 2^-3
        return [(children[0], power + 1), spaced, (children[1], SIGN)]
    return [(children[0], power if notation.chains else power + 1), spaced, (children[1], power + 1)]


def _arguments(node: Node) -> list[str | tuple[int, int]]:
    positional = len(node.children) - len(node.keywords)
    layout = _separated([(child, 0) for child in node.children[:positional]])
    for name, child in zip(node.keywords, node.children[positional:], strict=True):
        layout += [", " if layout else "", f"{name}=", (child, 0)]
    return layout


def _subscripts(node: Node) -> list[str | tuple[int, int]]:
    expressions = iter(node.children[1:])
    layout: list[str | tuple[int, int]] = []
    for character in node.text:
        layout.append((next(expressions), 0) if character == "i" else ", " if character == "," else character)
    return layout


def _separated(items: list[tuple[int, int]]) -> list[str | tuple[int, int]]:
    layout: list[str | tuple[int, int]] = []
    for item in items:
        layout += [", ", item] if layout else [item]
    return layout
