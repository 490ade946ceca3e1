"""Whether an expression may stand for another at a point: both are computed there and around it, in many digits."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from diffcli.analysis.precise_gradient import is_affordable
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import built_graph
from diffcli.analysis.trace import Trace
from diffcli.deadline.limit import TimeLimit, within
from diffcli.execute.arrays import Array, dot, largest_magnitude
from diffcli.execute.many_digits import of_digits
from diffcli.execute.probe import Probe, random_direction
from diffcli.primitives.shape import size

#: The second is the first's value wherever that has one and nowhere else; or it goes on where the first has a gap or an
#: end.
Standing = Literal["same", "continued"]

#: Digits of one try after the other, for 1 - tanh(1000)^2 is 1e-868; and the most elements of all nodes together that
#: are computed in them.
_TRIES = ((50, 2_000), (1_000, 100))
#: Functions that would take seconds in the second try; what rounds away in the first is not theirs.
_DEAR = frozenset({"gamma", "lgamma", "digamma", "polygamma", "beta"})
#: For what may take long.
_SECONDS = 5.0
#: How far the points around are, in parts of the coordinates; of a coordinate that is 0, as they are. The last is a
#: slope's.
_STEPS = (1e-2, 1e-6, 1e-12)
#: Values agree to this part of them.
_EQUAL = 1e-10
#: Slopes agree to this part of them; and differ by nothing up to this part of the values around.
_SLOPE, _FLAT = 1e-4, 1e-6
#: A gradient in double precision may lack so much.
_VANISHED = 1e-300


def standing(first: Problem, trace: Trace, second: Problem, gradient: Mapping[str, Array] | None) -> Standing | None:
    """The way in which the second may stand for the first, whose trace is given, at their point.

    None where it may not, or it would be dear to tell.

    The `gradient`, where the second has one, must be the slope of the first's values too, on the sides on which it has
    them.
    """
    elements = sum(map(size, trace.graph.shapes[: trace.output + 1]))
    quick = is_affordable(trace)
    dear = not _DEAR.isdisjoint(primitive.name for primitive in trace.graph.primitives)
    for digits, most in _TRIES[:1] if dear else _TRIES:
        if elements <= most:
            try:
                found = (
                    _tried(first, second, gradient, digits)
                    if quick
                    else within(_SECONDS, _tried, first, second, gradient, digits)
                )
            except TimeLimit:
                return None
            if found is not None:
                return found
    return None


def _tried(first: Problem, second: Problem, gradient: Mapping[str, Array] | None, digits: int) -> Standing | None:
    return _standing(_Line(first, digits), _Line(second, digits), gradient)


class _Line:
    """A problem's value as its variables are moved, in so many digits."""

    def __init__(self, problem: Problem, digits: int) -> None:
        built, self.arithmetic = built_graph(problem), of_digits(digits)
        inputs = {node: self.arithmetic.lifted(problem.values[name]) for name, node in built.inputs.items()}
        self.nodes = {name: built.inputs[name] for name in problem.wrt if name in built.inputs}
        self.probe = Probe(built.graph, built.output, inputs, [*self.nodes.values()], self.arithmetic)
        self.values, self.wrt = problem.values, problem.wrt

    def directions(self) -> Iterator[dict[str, Array]]:
        """All variables moved by up to their own sizes; then every other one the other way."""
        moves = {name: random_direction(self.arithmetic.lifted(self.values[name])) for name in self.wrt}
        yield moves
        if len(moves) > 1:
            yield {name: -move if place % 2 else move for place, (name, move) in enumerate(moves.items())}

    def along(self, direction: Mapping[str, Array]) -> Callable[[float], Array]:
        """The value where all variables have been moved."""
        return self.probe.together({self.nodes[name]: move for name, move in direction.items() if name in self.nodes})


class _Side(NamedTuple):
    """Both values where the variables have been moved by a part `by` of a direction."""

    by: float
    first: Array
    second: Array


def _standing(first: _Line, second: _Line, gradient: Mapping[str, Array] | None) -> Standing | None:
    here, there = first.probe.here(), second.probe.here()
    if not _known(there):
        return None
    pairs, seen = [(here, there)], False
    for direction in first.directions():
        one, other = first.along(direction), second.along(direction)
        sides = [[_Side(by, one(by), other(by)) for by in (sign * step for step in _STEPS)] for sign in (1, -1)]
        pairs += [(side.first, side.second) for steps in sides for side in steps]
        nearest = [steps[-1] for steps in sides if _known(steps[-1].first)]
        seen = seen or bool(nearest)
        scale = largest_magnitude([abs(side.second) for steps in sides for side in steps if _known(side.second)])
        if not all(_leads_to(side, there, scale, gradient, direction) for side in nearest):
            return None
    if not seen or not all(_agree(*pair) for pair in pairs if _known(pair[0])):
        return None
    return "same" if all(_known(one) == _known(other) for one, other in pairs) else "continued"


def _leads_to(
    side: _Side, value: Any, scale: float, gradient: Mapping[str, Array] | None, direction: Mapping[str, Array]
) -> bool:
    """Whether the first's value beside the point leads to the second's there, along its gradient where there is one."""
    if gradient is None:
        return bool(abs(side.first - value) <= _SLOPE * max(scale, abs(value)))
    terms = [
        dot(gradient[name], move) for name, move in direction.items() if name in gradient
    ]  # others have no influence
    slope = (side.first - value) / side.by
    vanished = _VANISHED * largest_magnitude(direction.values())
    return bool(abs(slope - sum(terms)) <= _SLOPE * sum(map(abs, terms)) + _FLAT * scale + vanished)


def _known(number: Array) -> bool:
    """Whether a number is neither nan nor infinite."""
    return bool(number - number == 0)


def _agree(first: Array, second: Array) -> bool:
    return _known(second) and bool(abs(first - second) <= _EQUAL * max(abs(first), abs(second)))
