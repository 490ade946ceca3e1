"""Resolved tree to graph: every operation the user wrote becomes a node, as written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.errors import DiffcliError, Label, fault
from diffcli.graph.graph import Graph, Parameters
from diffcli.graph.subscript import subscripts
from diffcli.messages import Message
from diffcli.primitives.arithmetic import neg
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, ShapeFault, settled, size
from diffcli.primitives.shape import kind as described
from diffcli.primitives.shape import text as written
from diffcli.primitives.structural import gather, index, stack
from diffcli.primitives.table import CONSTANTS, PRIMITIVES, WORDS
from diffcli.source import Span
from diffcli.syntax.call_options import chosen, no_number
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tokens import value
from diffcli.syntax.tree import Node, Nodes

#: Appends the derivative of a node by another and returns its node: `autodiff` passes it in from above.
Differentiator = Callable[[Graph, int, int], int]


#: Elements of an array: 800 MB of double precision.
_MOST_ELEMENTS = 100_000_000


class Built(NamedTuple):
    """A graph, the node of the expression's value, and the inputs by variable.

    `places` has for each node of the tree the graph's node; something else where it became none, as subscripts do.
    """

    graph: Graph
    output: int
    inputs: Mapping[str, int]
    places: Sequence[Any] = ()


class _Literal(NamedTuple):
    """A constant that is no plain number, and has not become a node yet: an option never does."""

    value: Any
    shape: Shape


def build(resolved: Resolved, shapes: Mapping[str, Shape], derivative: Differentiator) -> Built:
    """The graph of an expression whose variables have the given shapes.

    `derivative` is what `d(f, x)` in the expression calls. Raises DiffcliError where shapes do
    not fit, underlining the operands.
    """
    return _Builder(resolved, shapes, derivative).built()


def _settled(primitive: Primitive, parameters: Parameters, shapes: Sequence[Shape]) -> Parameters:
    """The options with words for axes replaced by what they stand for; raises ShapeFault where that is not one axis."""
    defaults = {option.name: option.default for option in primitive.options}
    found = ((name, settled(value, shapes[0]) if name == "axis" and shapes else value) for name, value in parameters)
    return tuple((name, value) for name, value in found if name != "axis" or value != defaults[name])


class _Builder:
    """A graph in the making: for each node of the tree its node in the graph, or a literal."""

    def __init__(self, resolved: Resolved, shapes: Mapping[str, Shape], derivative: Differentiator) -> None:
        self.resolved = resolved
        self.nodes = Nodes.of(resolved.nodes)
        self.shapes = shapes
        self.derivative = derivative
        self.graph = Graph()
        self.inputs: dict[str, int] = {}
        self.places: list[int | float | _Literal] = []

    def built(self) -> Built:
        places, names, inputs = self.places, self.resolved.names, self.inputs
        for place, (kind, text, children, start, end, keywords) in enumerate(self.nodes.rows()):
            if kind == "call":
                places.append(self._call(place, PRIMITIVES[text], children, (start, end), keywords))
            elif kind == "name":
                if text not in inputs:
                    inputs[text] = self.graph.append_input(text, self.shapes[text], Span(start, end))
                places.append(inputs[text])
            elif kind == "number":
                places.append(value(text))
            elif kind == "constant":
                word = WORDS[text] if text in WORDS else CONSTANTS[text]
                places.append(word if isinstance(word, float) else _Literal(word, ()))
            elif kind == "array":
                places.append(self._array(place))
            elif kind == "index":
                places.append(self._index(place, self.nodes[place]))
            elif kind == "derivative":
                places.append(self._derivative(self.nodes[place]))
            else:  # a tuple or a text: only an option
                places.append(_Literal(None, ()))
            if place in names:
                self.graph.names.setdefault(self._materialised(place), names[place])
        return Built(self.graph, self._materialised(len(places) - 1), inputs, places)

    def _call(
        self,
        place: int,
        primitive: Primitive,
        children: tuple[int, ...],
        span: tuple[int, int],
        keywords: tuple[str, ...],
    ) -> int | float:
        places, graph = self.places, self.graph
        parameters: Parameters = ()
        if keywords:
            parameters = chosen(self.resolved, self.nodes[place])
            children = children[: -len(keywords)]
        operands: tuple[Any, ...]
        if len(children) == 2:  # as most have, without a list
            first, second = children
            operands = places[first], places[second]
        else:
            operands = tuple([places[child] for child in children])
        for operand in operands:
            if operand.__class__ is not int:
                if primitive is neg and isinstance(operand, float):
                    return -operand  # -2 is a number, as written
                operands = tuple([self._materialised(child) for child in children])
                break
        if primitive.kind == "elementwise" and not parameters:
            for operand in operands:
                if graph.shapes[operand]:
                    break
            else:
                return graph.append(primitive, operands, (), (), span)
        shapes = [graph.shapes[operand] for operand in operands]
        try:
            parameters = _settled(primitive, parameters, shapes)
            shape = primitive.shape(shapes, **dict(parameters))
        except ShapeFault as mismatch:
            raise self._shape_fault(place, shapes, mismatch) from None
        self._check_size(place, shape)
        return graph.append(primitive, operands, parameters, shape, span)

    def _derivative(self, node: Node) -> int:
        """The derivative of a single number by a variable; its nodes get the span of the whole."""
        function, by = (self._materialised(child) for child in node.children)
        shape = self.graph.shapes[function]
        if shape != ():
            span = self.nodes[node.children[0]].span
            raise fault(
                "E304",
                Message("d differentiates a single number, not {array}", array=described(shape)),
                self.resolved.source,
                Label(span, Message("shape {shape}", shape=written(shape))),
                hint=Message("reduce it, as in d(sum(x^3), x)"),
            )
        self.graph.differentiated.add(function)
        before = len(self.graph)
        result = self.derivative(self.graph, function, by)
        for added in range(before, len(self.graph)):
            self.graph.spans[added] = node.span
        return result

    def _array(self, place: int) -> int | _Literal:
        """An array literal: one constant where all its elements are, else a stack of its elements."""
        node = self.nodes[place]
        elements = [self.places[child] for child in node.children]
        shapes = [self._shape(element) for element in elements]
        try:
            shape = stack.shape(shapes)
        except ShapeFault as mismatch:
            raise self._shape_fault(place, shapes, mismatch) from None
        if not any(isinstance(element, int) for element in elements):
            return _Literal(
                tuple(element.value if isinstance(element, _Literal) else element for element in elements), shape
            )
        operands = tuple([self._materialised(child) for child in node.children])
        return self.graph.append(stack, operands, (), shape, node.span)

    def _shape(self, found: int | float | _Literal) -> Shape:
        if isinstance(found, int):
            return self.graph.shapes[found]
        return found.shape if isinstance(found, _Literal) else ()

    def _index(self, place: int, node: Node) -> int:
        key, computed = subscripts(self.resolved, node)
        primitive = gather if computed else index
        operands = tuple([self._materialised(each) for each in (node.children[0], *computed)])
        try:
            shape = primitive.shape([self.graph.shapes[operand] for operand in operands], key=key)
        except ShapeFault as mismatch:
            raise fault("E302", mismatch.message, self.resolved.source, node.span, hint=mismatch.hint) from None
        self._check_size(place, shape)
        return self.graph.append(primitive, operands, (("key", key),), shape, node.span)

    def _check_size(self, place: int, shape: Shape) -> None:
        if shape and size(shape) > _MOST_ELEMENTS:
            text = Message("an array of {count:,} elements is larger than any that is computed here", count=size(shape))
            raise self.resolved.fault(
                "E305", text, place, hint=Message("at most {most:,} elements", most=_MOST_ELEMENTS)
            )

    def _materialised(self, place: int) -> int:
        """The graph's node for a tree's node."""
        found = self.places[place]
        if isinstance(found, int):
            return found
        constant, shape = found if isinstance(found, _Literal) else (found, ())
        if constant is None:
            raise no_number(self.resolved, place)
        first = place * Nodes.WIDTH
        kind, text, _, start, end, _ = self.nodes.fields[first : first + Nodes.WIDTH]
        made = self.places[place] = self.graph.append_constant(
            constant if shape != () or isinstance(constant, float) else float(constant),
            shape,
            (start, end),
            text if kind == "constant" else None,
        )
        return made

    def _shape_fault(self, place: int, shapes: Sequence[Shape], mismatch: ShapeFault) -> DiffcliError:
        """The diagnostic that shows each culprit's shape under its own span."""
        nodes = self.nodes
        node = nodes[place]
        labels = [
            Label(nodes[node.children[position]].span, Message("shape {shape}", shape=written(shapes[position])))
            for position in mismatch.positions
        ]
        if mismatch.option is None:
            return self.resolved.fault("E301", mismatch.message, place, *labels, hint=mismatch.hint)
        if mismatch.option in node.keywords:
            wrong = node.children[len(node.children) - len(node.keywords) + node.keywords.index(mismatch.option)]
            labels.insert(0, Label(nodes[wrong].span))
        return self.resolved.fault("E305", mismatch.message, place, *labels, hint=mismatch.hint)
