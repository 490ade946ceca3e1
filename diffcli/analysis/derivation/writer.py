"""Nodes of a graph as text, with letters in place of some, exact enough to be computed with again."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial, reduce
from typing import Any, NamedTuple

from diffcli.analysis.derivation.composition import added, operation
from diffcli.graph.graph import Graph
from diffcli.graph.node_formula import operand_node, subscripts
from diffcli.messages import Message
from diffcli.primitives.number import Computed, exactly, plain
from diffcli.primitives.options import KEEPDIMS, REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, broadcast, kept, reduced
from diffcli.primitives.table import NOTATIONS, PRIMITIVES
from diffcli.source import Source, Span
from diffcli.syntax.printer import print_tree
from diffcli.syntax.tree import Node, Tree

#: What nodes that only differentiation adds are called.
_READ_AS = {"weigh": "mul", "sum_to": "sum"}
#: Whole numbers up to here are written out.
_LARGEST_WHOLE = 10**40
#: What the rules of means call the number of elements.
COUNT = "n"


def unchanged(graph: Graph, node: int) -> int | None:
    """Which operand the node passes on as it is: of `x*1` and `x + 0` the first; None where there is none."""
    primitive, numbers = graph.primitives[node], [graph.number(operand) for operand in graph.operands[node]]
    if primitive.identity is not None and primitive.identity in numbers:
        return 1 if numbers[0] == primitive.identity else 0
    return 0 if primitive.right_identity is not None and numbers[1] == primitive.right_identity else None


class Written(NamedTuple):
    """A text, and whether it needs no brackets wherever it stands."""

    text: str
    atomic: bool

    @property
    def bracketed(self) -> str:
        """The text as an operand of anything."""
        return self.text if self.atomic else f"({self.text})"


def in_words(primitive: Primitive, shape: Shape, parameters: Mapping[str, Any], operand: Written, out: Written) -> str:
    """The table's words for a local derivative; a reduction in them keeps its axes, to fit its operand."""
    whole = out.bracketed
    if "axis" in parameters and not parameters.get("keepdims") and KEEPDIMS in primitive.options:
        whole = f"{whole[:-1]}, keepdims=True)"
    return f"({(primitive.words(shape, parameters) or '').format(operand=operand.bracketed, out=whole)})"


class _Part(NamedTuple):
    """A node's place in the tree, the shape that its text has, and its size as a tree."""

    place: int
    shape: Shape
    size: int


class Writer:
    """Writes nodes of one graph.

    `names` are the letters of nodes; `opaque` nodes stand for others, and are written as those.
    `explained` says what words the language does not have; `counted` is
    what the first number of elements is called, and `count` that number. What comes from the
    `inner` spans is a derivative inside the expression: nobody typed it.
    """

    def __init__(self, graph: Graph, inner: Collection[Span] = ()) -> None:
        self.graph = graph
        self.inner = inner
        self.names: dict[int, str] = {}
        self.opaque: dict[int, int] = {}
        self.explained: dict[str, None] = {}
        self.count: float | None = None
        self.counted = COUNT.upper()

    def write(
        self, index: int, names: Mapping[int, str] | None = None, opened: bool = False, most: int = 150
    ) -> Written | None:
        """The node as an expression, None where that has more than `most` operations.

        `names` are letters in place of the usual ones; `opened`, the node itself is written out
        though it has one.
        """
        index = self.opaque.get(index, index)
        letters = self.names if names is None else names
        nodes: list[Node] = []
        parts: dict[int, _Part] = {}
        waiting = [index]
        while waiting:
            current = waiting[-1]
            leaf = current in letters and not (opened and current == index)
            operands = [] if leaf else [self.opaque.get(operand, operand) for operand in self.graph.operands[current]]
            missing = [operand for operand in operands if operand not in parts]
            if missing:
                waiting.extend(missing)
                continue
            waiting.pop()
            if current not in parts:
                part = (
                    self._leaf(nodes, letters[current], self.graph.shapes[current])
                    if leaf
                    else self._part(nodes, current, [parts[o] for o in operands])
                )
                if part.size > most:
                    return None
                parts[current] = part
        place = parts[index].place
        root = nodes[place]
        infix = (
            root.kind == "call"
            and root.text in NOTATIONS
            and not root.keywords
            and NOTATIONS[root.text].place != "postfix"
        )
        text = print_tree(Tree(Source(""), nodes[: place + 1]))
        if root.kind == "name" and text.startswith("("):
            return Written(text[1:-1], False)
        return Written(text, not infix)

    def _leaf(self, nodes: list[Node], text: str, shape: Shape) -> _Part:
        nodes.append(_leaf(text))
        return _Part(len(nodes) - 1, shape, 1)

    def _part(self, nodes: list[Node], index: int, operands: Sequence[_Part]) -> _Part:
        graph = self.graph
        primitive, shape, parameters = graph.primitives[index], graph.shapes[index], dict(graph.parameters[index])
        name = primitive.name
        size = 1 + sum(part.size for part in operands)
        if name == "input":
            return self._leaf(nodes, graph.names[index], shape)
        if name == "constant":
            return self._constant(nodes, index)
        derived = graph.spans[index] is None or graph.spans[index] in self.inner
        if derived and name == "broadcast_to":
            return operands[0]
        if derived and name == "reshape":
            plain = self._reshaped(nodes, operands[0], shape)
            if plain is not None:
                return plain
        if primitive.identity is not None or primitive.right_identity is not None:
            kept_one = unchanged(graph, index)
            if kept_one is not None:
                return operands[kept_one]
        if name == "accumulate":
            places = [
                part.place
                for part, operand in zip(operands, graph.operands[index], strict=True)
                if graph.number(operand) != 0
            ]
            return _Part(reduce(partial(added, nodes), places or [operands[0].place]), shape, size)
        if primitive.kind == "elementwise":
            places, given, options = (
                [part.place for part in operands],
                self._given(nodes, index),
                self._options(nodes, index),
            )
            place = operation(
                nodes,
                Node("call", _READ_AS.get(name, name), (*places, *given, *options.values()), 0, 0, tuple(options)),
                derived,
            )
            return _Part(place, broadcast([part.shape for part in operands]), size)
        places = [
            self._filled(nodes, part, graph.shapes[operand])
            for part, operand in zip(operands, graph.operands[index], strict=True)
        ]
        if name == "index":
            nodes.append(_leaf(subscripts(parameters["key"])))
            return _node(nodes, Node("index", "i", (*places, len(nodes) - 1), 0, 0), shape, size)
        if name == "stack" and not parameters:
            return _node(nodes, Node("array", "", tuple(places), 0, 0), shape, size)
        if name == "scatter":
            nodes.append(_leaf(f"[{subscripts(parameters['key'])}]"))
            self.explained.setdefault(Message("scatter(g, [k]): zeros with g at [k]"))
            return _node(nodes, Node("call", name, (*places, len(nodes) - 1), 0, 0), shape, size)
        if name == "sum_to":
            return self._summed(nodes, places[0], graph.shapes[graph.operands[index][0]], shape, size)
        if not primitive.public and primitive.kind != "leaf":
            self.explained.setdefault(
                f"{name}({', '.join(primitive.operands)}): {primitive.summary[0].lower()}{primitive.summary[1:].rstrip('.')}"
            )
        if (
            derived
            and name == "transpose"
            and nodes[places[0]].text == name
            and not (parameters or nodes[places[0]].keywords)
        ):
            return _Part(nodes[places[0]].children[0], shape, size)
        given, options = self._given(nodes, index), self._options(nodes, index)
        return _node(nodes, Node("call", name, (*places, *given, *options.values()), 0, 0, tuple(options)), shape, size)

    def _constant(self, nodes: list[Node], index: int) -> _Part:
        graph = self.graph
        value, name = dict(graph.parameters[index])["value"], graph.names.get(index)
        if name == COUNT and self._is_count(value):
            return self._leaf(nodes, self.counted, ())
        if name and name != COUNT:
            nodes.append(operand_node(nodes, graph, index))
            return _Part(len(nodes) - 1, (), 1)
        if not isinstance(value, float):
            return self._leaf(nodes, _literal(value), graph.shapes[index])
        nodes.append(Node("number", _number(value).removeprefix("-"), (), 0, 0))
        if value < 0:
            nodes.append(Node("call", "neg", (len(nodes) - 1,), 0, 0))
        return _Part(len(nodes) - 1, (), 1)

    def _is_count(self, value: float) -> bool:
        """Whether n is this number: one of them has that name, others are written as numbers."""
        if self.count is None:
            self.count = value
            self.explained.setdefault(
                Message("{letter}: the number of elements that a mean is of", letter=self.counted)
            )
        return self.count == value

    def _given(self, nodes: list[Node], index: int) -> list[int]:
        """The options that every call has to give, in order: `reshape(x, 2, 2)`."""
        primitive, parameters = self.graph.primitives[index], dict(self.graph.parameters[index])
        found: list[int] = []
        for option in primitive.options:
            if option.default is not REQUIRED:
                break
            value = parameters[option.name]
            words = value if option.many and isinstance(value, tuple) else (value,)
            found += [self._leaf(nodes, _option(word), ()).place for word in words]
        return found

    def _options(self, nodes: list[Node], index: int) -> dict[str, int]:
        """The other options that differ from their defaults, by name, each as a leaf."""
        primitive = self.graph.primitives[index]
        defaults = {option.name: option.default for option in primitive.options}
        found = {}
        for name, value in self.graph.parameters[index]:
            default = defaults.get(name)
            if default is not REQUIRED and default != value and (primitive.public or name != "shape"):
                found[name] = self._leaf(nodes, _option(value), ()).place
        return found

    def _filled(self, nodes: list[Node], part: _Part, shape: Shape) -> int:
        """The part as text of the whole shape: nothing but arithmetic spreads numbers over arrays by itself."""
        if part.shape == shape:
            return part.place
        extents = [self._leaf(nodes, str(extent), ()).place for extent in shape]
        text = nodes[part.place].text
        if text in ("0", "1") and nodes[part.place].kind == "number":
            nodes.append(Node("call", "zeros" if text == "0" else "ones", tuple(extents), 0, 0))
        else:
            nodes.append(Node("call", "broadcast_to", (part.place, *extents), 0, 0))
        return len(nodes) - 1

    def _reshaped(self, nodes: list[Node], part: _Part, shape: Shape) -> _Part | None:
        """A reshape that only keeps the axes of a reduction, said there; None for any other."""
        if part.shape in ((), shape):
            return part
        node = nodes[part.place]
        primitive = PRIMITIVES.get(node.text)
        if (
            primitive is None
            or KEEPDIMS not in primitive.options
            or "axis" not in node.keywords
            or "keepdims" in node.keywords
        ):
            return None
        nodes.append(_leaf("True"))
        return _node(
            nodes,
            node._replace(children=(*node.children, len(nodes) - 1), keywords=(*node.keywords, "keepdims")),
            shape,
            part.size,
        )

    def _summed(self, nodes: list[Node], place: int, own: Shape, shape: Shape, size: int) -> _Part:
        """The sum over the axes along which an operand had been repeated."""
        front = len(own) - len(shape)
        inner = tuple(front + axis for axis, extent in enumerate(shape) if extent != own[front + axis])
        for axes, keepdims in ((inner, True), (tuple(range(front)), False)):
            if not axes:
                continue
            before = kept(own, inner) if not keepdims else own
            if reduced((before,), axes, keepdims) == ():
                nodes.append(Node("call", "sum", (place,), 0, 0))
            else:
                words = [str(axes[0] if len(axes) == 1 else axes), *(["True"] if keepdims else [])]
                options = [self._leaf(nodes, word, ()).place for word in words]
                nodes.append(Node("call", "sum", (place, *options), 0, 0, ("axis", "keepdims")[: len(words)]))
            place = len(nodes) - 1
        return _Part(place, shape, size)


def _leaf(text: str) -> Node:
    return Node("name", text, (), 0, 0)


def _node(nodes: list[Node], node: Node, shape: Shape, size: int) -> _Part:
    nodes.append(node)
    return _Part(len(nodes) - 1, shape, size)


def _option(value: Any) -> str:
    """An option's value as it is written in a call."""
    if isinstance(value, str):
        return f'"{value}"'
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """The shortest text of a number; a whole number to its last digit, also where its double is another."""
    whole = None if plain(value) is not None else exactly(value)
    if (
        whole is not None
        and not isinstance(whole, Computed)
        and whole.denominator == 1
        and abs(whole.numerator) < _LARGEST_WHOLE
    ):
        return str(whole)
    short = f"{value:.12g}"
    return short if float(short) == float(value) else float.__repr__(value)


def _literal(value: object) -> str:
    """An array of numbers as it is written, the nested tuples read without recursion."""
    return str(value).replace("(", "[").replace(",)", "]").replace(")", "]").replace(".0,", ",").replace(".0]", "]")
