"""A part of a graph as an expression in the language: how a local derivative is shown."""

import math
import re
from collections.abc import Iterable, Sequence
from types import EllipsisType

from diffcli.graph.graph import Graph
from diffcli.messages import Message
from diffcli.primitives.structural import constant, input
from diffcli.primitives.subscripts import Key, Slice
from diffcli.primitives.table import CONSTANTS
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_tree
from diffcli.syntax.tree import Node, Tree

_LARGEST = 30
_LONGEST_NAME = 40
_WORD = re.compile(r"[^\W\d]\w*")


def label(graph: Graph, index: int) -> str:
    """The label of a node: its name, its number, or `v` and its index."""
    name = graph.names.get(index)
    if name is not None and not _misread(graph, index, name):
        return (
            name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME // 2]}...{name[3 - _LONGEST_NAME // 2 :]}"
        )
    value = _number(graph, index)
    if value is not None:
        return f"{value:.12g}" if name is None else f"{value:.17g}"
    return f"v{index}"


def _number(graph: Graph, index: int) -> float | None:
    """The value of a node that is a constant number."""
    value = dict(graph.parameters[index]).get("value") if graph.primitives[index] is constant else None
    return value if isinstance(value, float) else None


def _misread(graph: Graph, index: int, name: str) -> bool:
    """Whether a rule's constant is a word that the program gives another meaning: `2/sqrt(pi)` where it binds `pi`."""
    if _number(graph, index) is None or graph.number(index) is not None:
        return False
    words = set(_WORD.findall(name))
    return any(other in words for node, other in graph.names.items() if not _is_meant(graph, node, other))


def _is_meant(graph: Graph, node: int, name: str) -> bool:
    """Whether the name of a node is the language's word for it, or a rule's."""
    return _number(graph, node) is not None and (
        graph.number(node) is None or CONSTANTS.get(name) == graph.number(node)
    )


def formula(graph: Graph, index: int, given: int, upstream: int | None = None) -> str:
    """The node as an expression of the nodes up to `given`, which are called by their labels.

    `upstream`, a node after them, is called so. An expression too large to be read is shown as `...`.
    """
    nodes: list[Node] = []
    places: dict[int, int] = {}
    waiting = [index]
    while waiting:
        if len(nodes) > _LARGEST:
            return "..."
        current = waiting[-1]
        primitive, operands = graph.primitives[current], graph.operands[current]
        known = current <= given or current == upstream or not operands
        missing = [] if known else [operand for operand in operands if operand not in places]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        if current in places:
            continue
        quotient = _quotient(nodes, graph, current) if known and current != upstream else None
        if quotient is not None:
            node = quotient
        elif known:
            node = _leaf("upstream") if current == upstream else operand_node(nodes, graph, current)
        elif primitive.form in ("spread", "reshaped"):
            places[current] = places[operands[0]]
            continue
        else:
            children = tuple(places[operand] for operand in operands)
            if primitive.form == "index":
                node = index_node(nodes, dict(graph.parameters[current])["key"], children)
            else:
                node = _call(nodes, graph, current, children)
        places[current] = len(nodes)
        nodes.append(node)
    if places[index] != len(nodes) - 1:
        nodes = nodes[: places[index] + 1]
    return print_tree(Tree(Source(""), nodes))


def local_formula(
    graph: Graph, node: int, operand: int, local: int, given: int, known: dict[int, str] | None = None
) -> str:
    """The local derivative of a node by one of its operands, as an expression of nodes up to `given`.

    `known` keeps the expressions of local derivatives, which edges share.
    """
    described = graph.primitives[node].words(graph.shapes[operand], dict(graph.parameters[node]))
    if described is not None:
        return Message(described, operand=label(graph, operand), out=label(graph, node))
    known = {} if known is None else known
    if local not in known:
        known[local] = formula(graph, local, given)
    return known[local]


def pulled_formula(graph: Graph, node: int, contribution: int, upstream: int, given: int) -> str:
    """The upstream gradient pulled back by a node's rule, where that does more than multiply: `A.T@upstream`."""
    described = graph.primitives[node].pullback
    if described is not None:
        return Message(described, g=Message("upstream"), out=label(graph, node))
    return formula(graph, contribution, given, upstream)


def computes(graph: Graph, index: int) -> str:
    """The operation of a node, its operands called by their labels: `w*x`, `mean(v1)`."""
    primitive, operands = graph.primitives[index], graph.operands[index]
    if primitive in (input, constant):
        return "variable" if primitive is input else "constant"
    names = [label(graph, operand) for operand in operands]
    if primitive.form == "index":
        return f"{names[0]}[{subscripts(dict(graph.parameters[index])['key'], names[1:])}]"
    if primitive.form == "array" and not graph.parameters[index]:
        return f"[{', '.join(names if len(names) <= 6 else [*names[:5], '...'])}]"
    nodes: list[Node] = []
    places = []
    for operand in operands:
        nodes.append(operand_node(nodes, graph, operand))
        places.append(len(nodes) - 1)
    call = _call(nodes, graph, index, tuple(places))
    return print_tree(Tree(Source(""), [*nodes, call]))


def subscripts(key: Key, places: Iterable[str] = ()) -> str:
    """A key as it is written between brackets, with the texts of computed places."""
    computed = iter(places)
    return ", ".join(next(computed, "...") if entry is ... else _subscript(entry) for entry in key)


def _subscript(entry: int | Slice | tuple[int, ...] | EllipsisType | None) -> str:
    if isinstance(entry, Slice):
        start, stop, step = ("" if bound is None else str(bound) for bound in entry)
        return f"{start}:{stop}" + (f":{step}" if step else "")
    return f"[{', '.join(map(str, entry))}]" if isinstance(entry, tuple) else str(entry)


def index_node(nodes: list[Node], key: Key, children: Sequence[int]) -> Node:
    """An index of nodes already there, the array and its computed places; the other subscripts are appended to them."""
    array, *computed = children
    return Node("index", ",".join("i" for _ in key), (array, *_subscript_nodes(nodes, key, computed)), 0, 0)


def placed_node(nodes: list[Node], name: str, key: Key, children: Sequence[int]) -> Node:
    """A call of what puts an array at subscripts, `scatter(x, [1:])`, on nodes already there; these are appended."""
    array, *computed = children
    nodes.append(Node("array", "", tuple(_subscript_nodes(nodes, key, computed)), 0, 0))
    return Node("call", name, (array, len(nodes) - 1), 0, 0)


def _subscript_nodes(nodes: list[Node], key: Key, computed: Iterable[int]) -> list[int]:
    """The nodes of a key's subscripts; those of computed places are there, others are appended."""
    waiting = iter(computed)
    found = []
    for entry in key:
        if entry is not ...:
            nodes.append(_leaf(_subscript(entry)))
        found.append(next(waiting) if entry is ... else len(nodes) - 1)
    return found


def _call(nodes: list[Node], graph: Graph, index: int, children: tuple[int, ...]) -> Node:
    """The call that a node stands for, on nodes already there; its options are appended to them."""
    primitive = graph.primitives[index]
    if primitive.form == "placed":
        return placed_node(nodes, primitive.name, dict(graph.parameters[index])["key"], children)
    if primitive.read_as is not None:  # only differentiation makes it: its parameters say nothing to a reader
        return Node("call", primitive.read_as, children, 0, 0)
    defaults = {option.name: option.default for option in primitive.options}
    parameters = [
        (name, value) for name, value in graph.parameters[index] if name not in defaults or defaults[name] != value
    ]
    places = tuple(range(len(nodes), len(nodes) + len(parameters)))
    nodes += [_leaf(f'"{value}"' if isinstance(value, str) else str(value)) for _, value in parameters]
    return Node("call", primitive.name, (*children, *places), 0, 0, tuple(name for name, _ in parameters))


def operand_node(nodes: list[Node], graph: Graph, index: int) -> Node:
    """A node by its label; what stands in the label of a constant (`2/sqrt(pi)`, `-0.5`) is appended."""
    text = label(graph, index)
    if text.isidentifier() or (text[0].isdigit() and "/" not in text) or _number(graph, index) is None:
        return _leaf(text)
    *inner, root = parse(Source(text)).expression.nodes
    shift = len(nodes)
    nodes += [node._replace(children=tuple(child + shift for child in node.children)) for node in inner]
    return root._replace(children=tuple(child + shift for child in root.children))


def _quotient(nodes: list[Node], graph: Graph, index: int) -> Node | None:
    """A constant whose decimals have no end as the quotient of two small whole numbers, which are appended: 1/3."""
    value = _number(graph, index)
    if value is None or index in graph.names or not math.isfinite(value) or float(f"{value:.12g}") == value:
        return None
    from fractions import Fraction  # rarely needed, and start-up would feel it

    near = Fraction(value).limit_denominator(1000)
    if not math.isclose(near.numerator / near.denominator, value, rel_tol=4e-16):  # 1/3 - 1 ends one digit from -2/3
        return None
    nodes += [_leaf(str(abs(near.numerator))), _leaf(str(near.denominator))]
    over = Node("call", "div", (len(nodes) - 2, len(nodes) - 1), 0, 0)
    if value > 0:
        return over
    nodes.append(over)
    return Node("call", "neg", (len(nodes) - 1,), 0, 0)


def _leaf(text: str) -> Node:
    return Node("number" if text[0].isdigit() else "name", text, (), 0, 0)
