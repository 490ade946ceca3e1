"""Resolved tree to graph: every operation the user wrote becomes a node, as written."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.errors import DiffcliError, Label, fault
from diffcli.graph.graph import Graph
from diffcli.primitives.arithmetic import neg
from diffcli.primitives.shape import Shape, ShapeFault, text
from diffcli.primitives.structural import Key, Slice, index, stack
from diffcli.primitives.table import CONSTANTS, PRIMITIVES
from diffcli.syntax.resolve import Resolved
from diffcli.syntax.tokens import value
from diffcli.syntax.tree import Node, as_span


class Built(NamedTuple):
    """A graph, the node of the expression's value, and the inputs by variable."""

    graph: Graph
    output: int
    inputs: Mapping[str, int]


class _Literal(NamedTuple):
    """A constant that has not become a node yet: a subscript never does."""

    value: Any
    shape: Shape
    node: Node


def build(resolved: Resolved, shapes: Mapping[str, Shape]) -> Built:
    """The graph of an expression whose variables have the given shapes.

    Raises DiffcliError where shapes do not fit, underlining the operands.
    """
    return _Builder(resolved, shapes).built()


class _Builder:
    """A graph in the making: for each node of the tree its node in the graph, or a literal."""

    def __init__(self, resolved: Resolved, shapes: Mapping[str, Shape]) -> None:
        self.resolved = resolved
        self.shapes = shapes
        self.graph = Graph()
        self.inputs: dict[str, int] = {}
        self.places: list[int | _Literal] = []

    def built(self) -> Built:
        places, names = self.places, self.resolved.names
        for place, node in enumerate(self.resolved.nodes):
            kind = node[0]
            if kind == "call":
                places.append(self._call(place, node))
            elif kind == "name":
                if node.text not in self.inputs:
                    self.inputs[node.text] = self.graph.append_input(node.text, self.shapes[node.text], node.span)
                places.append(self.inputs[node.text])
            elif kind == "number":
                places.append(_Literal(value(node.text), (), node))
            elif kind == "constant":
                places.append(_Literal(CONSTANTS[node.text], (), node))
            elif kind == "array":
                places.append(self._array(place, node))
            else:
                places.append(self._index(node))
            if place in names:
                self.graph.names.setdefault(self._materialised(place), names[place])
        return Built(self.graph, self._materialised(len(places) - 1), self.inputs)

    def _call(self, place: int, node: Node) -> int | _Literal:
        places, graph = self.places, self.graph
        _, name, children, start, end, _ = node
        primitive = PRIMITIVES[name]
        if primitive is neg and isinstance(literal := places[children[0]], _Literal) and literal.shape == ():
            return _Literal(-literal.value, (), node)  # -2 is a number, as written
        operands = tuple([found if found.__class__ is int else self._materialised(child) for child in children for found in (places[child],)])
        shapes = [graph.shapes[operand] for operand in operands]
        try:
            shape = () if primitive.kind == "elementwise" and not any(shapes) else primitive.shape(shapes)
        except ShapeFault as mismatch:
            raise self._shape_fault(place, shapes, mismatch) from None
        return graph.append(primitive, operands, (), shape, as_span((start, end)))

    def _array(self, place: int, node: Node) -> int | _Literal:
        """An array literal: one constant where all its elements are, else a stack of its elements."""
        elements = [self.places[child] for child in node.children]
        shapes = [element.shape if isinstance(element, _Literal) else self.graph.shapes[element] for element in elements]
        try:
            shape = stack.shape(shapes)
        except ShapeFault as mismatch:
            raise self._shape_fault(place, shapes, mismatch) from None
        literals = [element.value for element in elements if isinstance(element, _Literal)]
        if len(literals) == len(elements):
            return _Literal(tuple(literals), shape, node)
        operands = tuple([self._materialised(child) for child in node.children])
        return self.graph.append(stack, operands, (), shape, node.span)

    def _index(self, node: Node) -> int:
        base = self._materialised(node.children[0])
        key = _key(self.resolved, node, self.places)
        try:
            shape = index.shape([self.graph.shapes[base]], key=key)
        except ShapeFault as mismatch:
            raise fault("E302", mismatch.message, self.resolved.source, node.span, hint=mismatch.hint) from None
        return self.graph.append(index, (base,), (("key", key),), shape, node.span)

    def _materialised(self, place: int) -> int:
        """The graph's node for a tree's node."""
        found = self.places[place]
        if isinstance(found, int):
            return found
        name = found.node.text if found.node.kind == "constant" else None
        made = self.places[place] = self.graph.append_constant(found.value, found.shape, found.node.span, name)
        return made

    def _shape_fault(self, place: int, shapes: Sequence[Shape], mismatch: ShapeFault) -> DiffcliError:
        """The diagnostic that shows each culprit's shape under its own span."""
        nodes, children = self.resolved.nodes, self.resolved.nodes[place].children
        labels = [Label(nodes[children[position]].span, f"shape {text(shapes[position])}") for position in mismatch.positions]
        return self.resolved.fault("E301", mismatch.message, place, *labels, hint=mismatch.hint)


def _key(resolved: Resolved, node: Node, places: Sequence[int | _Literal]) -> Key:
    """The subscripts of an index node, from its pattern of expressions and colons."""
    children = iter(node.children[1:])
    key: list[int | Slice] = []
    for part in node.text.split(","):
        bounds: list[int | None] = [None]
        for character in part:
            if character == ":":
                bounds.append(None)
            else:
                child = next(children)
                bounds[-1] = _whole_number(resolved, child, places[child])
        if len(bounds) == 1:
            assert bounds[0] is not None
            key.append(bounds[0])
        else:
            if len(bounds) == 3 and bounds[2] == 0:
                raise fault("E302", "the step of a slice is 0", resolved.source, node.span, hint="a step of -1 reverses")
            key.append(Slice(bounds[0], bounds[1], bounds[2] if len(bounds) == 3 else None))
    return tuple(key)


def _whole_number(resolved: Resolved, place: int, found: int | _Literal) -> int:
    span = resolved.nodes[place].span
    if isinstance(found, _Literal) and found.shape == () and found.value == found.value // 1:
        return int(found.value)
    raise fault("E303", "an index is a constant whole number", resolved.source, span, hint="x[0] is the first element, x[-1] the last")
