"""Value and gradient of a trace in 50 digits, whose numbers neither overflow nor vanish: for graphs that are cheap."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from diffcli.analysis.origin import origin
from diffcli.analysis.trace import Trace, shown
from diffcli.execute.arrays import Array, all_finite, any_nonzero, doubles, largest_magnitude
from diffcli.primitives.shape import size

_DIGITS = 50
#: Elements of all nodes together, and the largest operand of a function that is not arithmetic: of
#: the sine of exp(1e6) every digit before the point would be computed.
_MOST_ELEMENTS, _LARGEST = 2_000, 1e9
#: The elementwise functions whose cost does not grow with the operand.
_CHEAP = frozenset({
    "add", "sub", "mul", "div", "neg", "abs", "sign", "square", "sqrt", "log", "log2", "log10", "log1p", "minimum",
    "maximum", "relu", "where", "weigh", "accumulate", "less", "less_equal", "greater", "greater_equal", "equal",
    "not_equal",
})  # fmt: skip

#: Those whose cost does not grow with an operand, however large or small what they give is; up to this it can be shown.
_EXPONENTIAL, _LARGEST_EXPONENT = frozenset({"exp", "expm1", "sigmoid"}), 1e15


class Precise(NamedTuple):
    """The value and the gradient by variable; None where there is none in 50 digits either.

    Numbers are those of 50 digits.
    """

    value: Any
    gradient: Mapping[str, Any] | None

    @property
    def too_large(self) -> bool:
        """Whether no double holds the value."""
        return not all_finite(doubles(self.value))


def precise(trace: Trace) -> Precise | None:
    """The numbers of a trace in 50 digits; None where they would be dear, or the value is not finite in them either."""
    graph = trace.graph
    adjoints = {
        graph.names[node]: adjoint
        for node, adjoint in sorted(trace.gradient.adjoints.items())
        if not graph.operands[node] and node in graph.names
    }
    if sum(map(size, graph.shapes)) > _MOST_ELEMENTS or not is_affordable(trace):
        return None
    from diffcli.execute.many_digits import of_digits
    from diffcli.execute.numbers import recomputed

    inputs = {node: value for node, value in enumerate(trace.values) if graph.primitives[node].name == "input"}
    arithmetic = of_digits(_DIGITS)
    values = recomputed(graph, range(len(graph)), inputs, arithmetic)
    if not _known(values[trace.output]):
        return None
    gradient = {name: values[adjoint] for name, adjoint in adjoints.items()}
    found = origin(trace._replace(values=values, arithmetic=arithmetic), gradient)
    return Precise(values[trace.output], gradient if found is None else None)


def is_affordable(trace: Trace) -> bool:
    """Whether many digits of the trace's nodes cost little more than few."""
    return all(is_cheap(trace, node) for node in range(len(trace.values)))


def listed(gradient: Mapping[str, Array]) -> str:
    """A gradient in words: the number alone, or each variable's."""
    if len(gradient) == 1:
        return shown(next(iter(gradient.values())))
    return "(" + ", ".join(f"{name}: {shown(value)}" for name, value in gradient.items()) + ")"


def _known(numbers: Any) -> bool:
    """Whether none of the numbers is nan, which is what an infinite one is here too."""
    return not any_nonzero(numbers - numbers)


def is_cheap(trace: Trace, node: int, largest_exponent: float = _LARGEST_EXPONENT) -> bool:
    """Whether many digits of a node cost little more than few; `largest_exponent` is that of an exponential."""
    graph = trace.graph
    primitive = graph.primitives[node]
    if primitive.kind != "elementwise" or primitive.name in _CHEAP:
        return True
    values = [trace.values[operand] for operand in graph.operands[node]]
    if primitive.name == "pow":
        values = values[1:]
    largest = largest_exponent if primitive.name in _EXPONENTIAL else _LARGEST
    return all(all_finite(value) for value in values) and largest_magnitude(values) <= largest
