"""Resolved tree to graph: every operation the user wrote becomes a node, as written."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.errors import DiffcliError, Label, fault
from diffcli.graph.graph import Graph
from diffcli.primitives.shape import Shape, ShapeFault, text
from diffcli.primitives.structural import Key, Slice, index, stack
from diffcli.primitives.table import CONSTANTS, PRIMITIVES
from diffcli.syntax.resolve import Resolved
from diffcli.syntax.tokens import value
from diffcli.syntax.tree import Node


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
    graph = Graph()
    inputs: dict[str, int] = {}
    places: list[int | _Literal] = []

    def materialised(place: int) -> int:
        """The graph's node for a tree's node."""
        found = places[place]
        if isinstance(found, int):
            return found
        name = found.node.text if found.node.kind == "constant" else None
        made = graph.append_constant(found.value, found.shape, found.node.span, name)
        places[place] = made
        return made

    for place, node in enumerate(resolved.nodes):
        kind = node.kind
        if kind == "call":
            primitive = PRIMITIVES[node.text]
            if node.text == "neg" and isinstance(literal := places[node.children[0]], _Literal) and literal.shape == ():
                places.append(_Literal(-literal.value, (), node))  # -2 is a number, as written
                continue
            operands = tuple([found if isinstance(found := places[child], int) else materialised(child) for child in node.children])
            operand_shapes = [graph.shapes[operand] for operand in operands]
            try:
                shape = () if primitive.kind == "elementwise" and not any(operand_shapes) else primitive.shape(operand_shapes)
            except ShapeFault as mismatch:
                raise _shape_fault(resolved, place, node.children, operand_shapes, mismatch) from None
            places.append(graph.append(primitive, operands, (), shape, node.span))
        elif kind == "name":
            if node.text not in inputs:
                inputs[node.text] = graph.append_input(node.text, shapes[node.text], node.span)
            places.append(inputs[node.text])
        elif kind == "number":
            places.append(_Literal(value(node.text), (), node))
        elif kind == "constant":
            places.append(_Literal(CONSTANTS[node.text], (), node))
        elif kind == "array":
            places.append(_array(resolved, graph, place, places, materialised))
        else:
            base = materialised(node.children[0])
            key = _key(resolved, node, places)
            try:
                shape = index.shape([graph.shapes[base]], key=key)
            except ShapeFault as mismatch:
                raise fault("E302", mismatch.message, resolved.source, node.span, hint=mismatch.hint) from None
            places.append(graph.append(index, (base,), (("key", key),), shape, node.span))
        if place in resolved.names:
            graph.names.setdefault(materialised(place), resolved.names[place])
    return Built(graph, materialised(len(places) - 1), inputs)


def _array(resolved: Resolved, graph: Graph, place: int, places: Sequence[int | _Literal], materialised: Any) -> int | _Literal:
    """An array literal: one constant where all its elements are, else a stack of its elements."""
    node = resolved.nodes[place]
    elements = [places[child] for child in node.children]
    shapes = [element.shape if isinstance(element, _Literal) else graph.shapes[element] for element in elements]
    try:
        shape = stack.shape(shapes)
    except ShapeFault as mismatch:
        raise _shape_fault(resolved, place, node.children, shapes, mismatch) from None
    if all(isinstance(element, _Literal) for element in elements):
        return _Literal(tuple(element.value for element in elements if isinstance(element, _Literal)), shape, node)
    operands = tuple(materialised(child) for child in node.children)
    return graph.append(stack, operands, (), shape, node.span)


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


def _shape_fault(resolved: Resolved, place: int, children: Sequence[int], shapes: Sequence[Shape], mismatch: ShapeFault) -> DiffcliError:
    """The diagnostic that shows each culprit's shape under its own span."""
    labels = [Label(resolved.nodes[children[position]].span, f"shape {text(shapes[position])}") for position in mismatch.positions]
    return resolved.fault("E301", mismatch.message, place, *labels, hint=mismatch.hint)
