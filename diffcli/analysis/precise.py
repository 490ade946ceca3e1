"""Value and gradient of a trace in 50 digits, whose numbers neither overflow nor vanish: for graphs that are cheap."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from diffcli.analysis.trace import Trace, shown
from diffcli.analysis.values import Array
from diffcli.execute.arrays import all_finite, any_nonzero, doubles, largest_magnitude, relative_error
from diffcli.primitives.shape import size

_DIGITS = 50
#: Elements of all nodes together, and the largest operand of a function that is not arithmetic: of
#: the sine of exp(1e6) every digit before the point would be computed.
_MOST_ELEMENTS, _LARGEST = 2_000, 1e9
#: How closely a double must agree.
_TOLERANCE = 1e-6
#: The elementwise functions whose cost does not grow with the operand.
_CHEAP = frozenset(
    {"add", "sub", "mul", "div", "neg", "abs", "sign", "square", "sqrt", "log", "log2", "log10", "log1p", "minimum", "maximum", "relu"}
    | {"where", "weigh", "accumulate", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}
)


class Precise(NamedTuple):
    """The value and the gradient by variable; None where it has none. Numbers are those of 50 digits."""

    value: Any
    gradient: Mapping[str, Any] | None

    @property
    def too_large(self) -> bool:
        """Whether no double holds the value."""
        return not all_finite(doubles(self.value))

    def agrees(self, value: Array, gradient: Mapping[str, Array]) -> bool:
        """Whether doubles are these numbers, as closely as rounding lets them be."""
        if relative_error(value, doubles(self.value), 1.0) > _TOLERANCE:
            return False
        return self.gradient is None or all(relative_error(gradient[name], doubles(exact), 1.0) <= _TOLERANCE for name, exact in self.gradient.items())


def precise(trace: Trace) -> Precise | None:
    """The numbers of a trace in 50 digits; None where they would be dear, or the value is not finite in them either."""
    graph = trace.graph
    adjoints = {graph.names[node]: adjoint for node, adjoint in sorted(trace.gradient.adjoints.items()) if not graph.operands[node] and node in graph.names}
    if sum(map(size, graph.shapes)) > _MOST_ELEMENTS or not all(is_cheap(trace, node) for node in range(len(graph))):
        return None
    from diffcli.execute.numbers import of_digits, recomputed

    inputs = {node: value for node, value in enumerate(trace.values) if graph.primitives[node].name == "input"}
    value, *partials = recomputed(graph, [trace.output, *adjoints.values()], inputs, of_digits(_DIGITS))
    if not _known(value):
        return None
    gradient = dict(zip(adjoints, partials, strict=True))
    return Precise(value, gradient if all(map(_known, partials)) else None)


def listed(gradient: Mapping[str, Any]) -> str:
    """A gradient in words: the number alone, or each variable's."""
    if len(gradient) == 1:
        return shown(next(iter(gradient.values())))
    return "(" + ", ".join(f"{name}: {shown(value)}" for name, value in gradient.items()) + ")"


def _known(numbers: Any) -> bool:
    """Whether none of the numbers is nan, which is what an infinite one is here too."""
    return not any_nonzero(numbers - numbers)


def is_cheap(trace: Trace, node: int) -> bool:
    """Whether many digits of a node cost little more than few."""
    graph = trace.graph
    primitive = graph.primitives[node]
    if primitive.kind != "elementwise" or primitive.name in _CHEAP:
        return True
    values = [trace.values[operand] for operand in graph.operands[node]]
    if primitive.name == "pow":
        values = values[1:]
    return all(all_finite(value) for value in values) and largest_magnitude(values) <= _LARGEST
