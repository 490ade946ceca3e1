"""Nodes of a graph as text, with letters in place of some, exact enough to be computed with again."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial, reduce
from typing import NamedTuple

from diffcli.analysis.derivation.composition import added, operation
from diffcli.analysis.derivation.text_tree import Part, TextTree
from diffcli.graph.graph import Graph, Value
from diffcli.graph.node_formula import index_node, operand_node, placed_node
from diffcli.messages import Message
from diffcli.primitives.options import KEEPDIMS
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, broadcast
from diffcli.primitives.structural import constant, input
from diffcli.primitives.table import NOTATIONS
from diffcli.source import Source, Span
from diffcli.syntax.printer import print_tree
from diffcli.syntax.tree import Node, Tree

#: What the rules of means call the number of elements.
COUNT = "n"
#: A local derivative that is no longer needs no words in its place.
_SHORT = 32


def unchanged(graph: Graph, node: int) -> int | None:
    """The operand that the node passes on as it is: of `x*1` and `x + 0` the first; None where there is none."""
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


def _in_words(
    primitive: Primitive, shape: Shape, parameters: Mapping[str, object], operand: Written, out: Written
) -> str:
    """The table's words for a local derivative; a reduction in them keeps its axes, to fit its operand."""
    whole = out.bracketed
    if "axis" in parameters and not parameters.get("keepdims") and KEEPDIMS in primitive.options:
        whole = f"{whole[:-1]}, keepdims=True)"
    return f"({(primitive.words(shape, parameters) or '').format(operand=operand.bracketed, out=whole)})"


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
        tree = TextTree()
        parts: dict[int, Part] = {}
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
                below = [parts[operand] for operand in operands]
                own = self.graph.shapes[current]
                parts[current] = tree.leaf(letters[current], own) if leaf else self._part(tree, current, below)
                if parts[current].size > most:
                    return None
        return _written(tree.nodes[: parts[index].place + 1])

    def _part(self, tree: TextTree, index: int, operands: Sequence[Part]) -> Part:
        """The text of a node on those of its operands."""
        graph = self.graph
        primitive, shape = graph.primitives[index], graph.shapes[index]
        if primitive is input:
            return tree.leaf(graph.names[index], shape)
        if primitive is constant:
            return self._constant(tree, index)
        derived = graph.spans[index] is None or graph.spans[index] in self.inner
        passed = self._passed_on(tree, index, operands, derived)
        if passed is not None:
            return passed
        size = 1 + sum(part.size for part in operands)
        if primitive.form == "sum":
            numbers = map(graph.number, graph.operands[index])
            places = [part.place for part, number in zip(operands, numbers, strict=True) if number != 0]
            return Part(reduce(partial(added, tree.nodes), places or [operands[0].place]), shape, size)
        if primitive.kind == "elementwise":
            call = self._call(tree, index, [part.place for part in operands])
            return Part(operation(tree.nodes, call, derived), broadcast([part.shape for part in operands]), size)
        shapes = [graph.shapes[operand] for operand in graph.operands[index]]
        places = [tree.filled(part, own) for part, own in zip(operands, shapes, strict=True)]
        return self._of_arrays(tree, index, places, size, derived)

    def _passed_on(self, tree: TextTree, index: int, operands: Sequence[Part], derived: bool) -> Part | None:
        """The operand that says all that a node says; None where there is more to be written."""
        primitive = self.graph.primitives[index]
        if derived and primitive.form == "spread":
            return operands[0]
        if derived and primitive.form == "reshaped":
            part = tree.reshaped(operands[0], self.graph.shapes[index])
            if part is not None:
                return part
        if primitive.identity is None and primitive.right_identity is None:
            return None
        place = unchanged(self.graph, index)
        return None if place is None else operands[place]

    def _of_arrays(self, tree: TextTree, index: int, places: Sequence[int], size: int, derived: bool) -> Part:
        """The text of a node that works on arrays as wholes, by the form that the table gives it."""
        graph = self.graph
        primitive, shape, parameters = graph.primitives[index], graph.shapes[index], dict(graph.parameters[index])
        match primitive.form:
            case "index":
                return tree.append(index_node(tree.nodes, parameters["key"], places), shape, size)
            case "array" if not parameters:
                return tree.append(Node("array", "", tuple(places), 0, 0), shape, size)
            case "placed":
                self.explained.setdefault(Message("{name}(g, [k]): zeros with g at [k]", name=primitive.name))
                return tree.append(placed_node(tree.nodes, primitive.name, parameters["key"], places), shape, size)
            case "summed":
                own = graph.shapes[graph.operands[index][0]]
                return tree.summed(Part(places[0], own, size), own, shape)
        if not primitive.public and primitive.kind != "leaf":
            said = primitive.summary[0].lower() + primitive.summary[1:].rstrip(".")
            self.explained.setdefault(f"{primitive.name}({', '.join(primitive.operands)}): {said}")
        if derived and primitive.involution and not parameters:
            inner = tree.nodes[places[0]]
            if inner.text == primitive.name and not inner.keywords:
                return Part(inner.children[0], shape, size)
        return tree.append(self._call(tree, index, places), shape, size)

    def _call(self, tree: TextTree, index: int, places: Sequence[int]) -> Node:
        """The call that a node is, with its options."""
        primitive, parameters = self.graph.primitives[index], dict(self.graph.parameters[index])
        given, options = tree.given(primitive, parameters), tree.options(primitive, parameters)
        name = primitive.read_as or primitive.name
        return Node("call", name, (*places, *given, *options.values()), 0, 0, tuple(options))

    def _constant(self, tree: TextTree, index: int) -> Part:
        graph = self.graph
        value, name = dict(graph.parameters[index])["value"], graph.names.get(index)
        if name == COUNT and self._is_count(value):
            return tree.leaf(self.counted)
        if name and name != COUNT:
            return tree.append(operand_node(tree.nodes, graph, index), (), 1)
        return tree.number(value) if isinstance(value, float) else tree.array(value, graph.shapes[index])

    def _is_count(self, value: float) -> bool:
        """Whether n is this number: one of them has that name, others are written as numbers."""
        if self.count is None:
            self.count = value
            self.explained.setdefault(
                Message("{letter}: the number of elements that a mean is of", letter=self.counted)
            )
        return self.count == value


def local_in_words(
    writer: Writer,
    primitive: Primitive,
    position: int,
    operands: Sequence[Value],
    out: Value,
    parameters: dict[str, object],
    upstream: str,
) -> tuple[int, str] | None:
    """The node of a local derivative that is long to read, and the table's words for it."""
    seed = out.named(1.0, upstream).broadcast_to(out.shape)
    local, _ = primitive.vjp(position, seed, operands, out, parameters)
    if not isinstance(local, Value):
        return None
    short = writer.write(local.index, most=12)
    if short is not None and len(short.text) <= _SHORT:
        return None
    operand, whole = writer.write(operands[position].index), writer.write(out.index, opened=True)
    if operand is None or whole is None:
        return None
    return local.index, _in_words(primitive, operands[position].shape, parameters, operand, whole)


def _written(nodes: Sequence[Node]) -> Written:
    """The text of a tree; where its root is a name in brackets, without them."""
    root = nodes[-1]
    notation = NOTATIONS.get(root.text) if root.kind == "call" and not root.keywords else None
    text = print_tree(Tree(Source(""), nodes))
    if root.kind == "name" and text.startswith("("):
        return Written(text[1:-1], False)
    return Written(text, notation is None or notation.place == "postfix")
