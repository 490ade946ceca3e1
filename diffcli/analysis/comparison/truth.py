"""The true derivative: differences of the expression itself, computed with so many digits that they are exact.

No rule of differentiation takes part, neither ours nor SymPy's: only the functions' values.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from diffcli.analysis.comparison.differences import Line, central_difference, forward_difference
from diffcli.execute.arrays import Array, doubles
from diffcli.execute.many_digits import of_digits
from diffcli.execute.numbers import Numbers, recomputed
from diffcli.execute.probe import Place, Probe
from diffcli.graph.build import Built
from diffcli.graph.graph import Graph
from diffcli.primitives.shape import size


class Level(NamedTuple):
    """Digits of the arithmetic, and the step of differences: as a part of the position where that is below 1, of the
    largest number's inverse.
    """

    digits: int
    step: float


#: Both sides' differences are right to 40 digits, one side's to 25. The second level is for points
#: so near to a kink or a pole, or of functions that vary so fast, that the first step is too long.
LEVELS = (Level(60, 1e-15), Level(240, 1e-60))
#: Digits of the first level.
DIGITS = LEVELS[0].digits
#: So many digits at a time are added to those of the level.
_MORE = 20
#: A graph with more elements than this is not computed in so many digits.
_LARGEST = 20_000
#: Sides that differ by more than this part of themselves are not equal; below the second they are 0.
_APART, _NOTHING = 1e-7, 1e-40
#: A one-sided difference that grows or shrinks by these factors as its step is squared goes to infinity, or to 0.
_GROWS, _SHRINKS = 1.2, 0.8


class Truth(NamedTuple):
    """The derivative from the left, from the right, and from both sides.

    nan where the expression is undefined on a side, infinite where differences grow as their step
    shrinks; `too_large` where there is a derivative that no double holds. Slopes that differ by no
    more than `nothing` are equal. `digits` is what they were computed with.
    """

    left: float
    right: float
    central: float
    too_large: bool
    nothing: float
    digits: int

    @property
    def edge(self) -> bool:
        """Whether the expression is undefined on a side."""
        return math.isnan(self.left) or math.isnan(self.right)

    @property
    def isolated(self) -> bool:
        """Whether it is undefined on both."""
        return math.isnan(self.left) and math.isnan(self.right)

    @property
    def kink(self) -> bool:
        """Whether the sides differ, or have no limit."""
        return (
            not self.edge
            and not self.too_large
            and (math.isinf(self.left) or math.isinf(self.right) or not self._near(self.left, self.right))
        )

    def bounds(self, value: float) -> bool:
        """Whether a number lies between the sides' derivatives."""
        low, high = sorted((self.left, self.right))
        return low <= value <= high or self._near(value, low) or self._near(value, high)

    def _near(self, first: float, second: float) -> bool:
        return first == second or abs(first - second) <= max(_APART * max(abs(first), abs(second)), self.nothing)


def computed_numbers(built: Built) -> int:
    """The count of numbers in one computation of the expression."""
    return sum(size(shape) for shape in built.graph.shapes[: built.output + 1])


def affordable(built: Built) -> bool:
    """Whether the graph is small enough."""
    return computed_numbers(built) <= _LARGEST


class Scale(NamedTuple):
    """The sizes that the digits of differences depend on: the largest number on the way to the value, the position, and
    the size of the derivative.

    The size is that of the smallest derivative that anyone claims: a difference that is 0 in fewer digits than show it
    proves nothing.
    """

    largest: float
    position: float = 1.0
    size: float = 1.0

    @property
    def part(self) -> float:
        """The position's magnitude where that is below 1."""
        return min(abs(self.position), 1.0) or 1.0

    @property
    def least(self) -> float:
        """The derivative's magnitude where that is below 1."""
        return min(self.size, 1.0) or 1.0


def wide(level: Level, scale: Scale) -> Numbers:
    """An arithmetic of the level's digits, and of as many more as differences beside the largest number need."""
    span = 2 * math.log10(max(scale.largest, 1.0)) - math.log10(scale.part) - math.log10(scale.least)
    return of_digits(level.digits + _MORE * math.ceil(span / _MORE))


def truth(built: Built, inputs: Mapping[int, Array], node: int, place: Place, scale: Scale, level: Level) -> Truth:
    """The derivative by an element of an input, at doubles taken exactly."""
    arithmetic = wide(level, scale)
    lifted = {other: arithmetic.lifted(value) for other, value in inputs.items()}
    probe = Probe(built.graph, built.output, lifted, [node], arithmetic)
    return slopes(probe.moved(node, place), arithmetic, level, scale)


def slopes(line: Line, arithmetic: Numbers, level: Level, scale: Scale) -> Truth:
    """A function's derivatives at 0."""
    part = arithmetic.one(level.step)
    step = part * scale.part / max(1.0, scale.largest)
    nothing = arithmetic.one(_NOTHING) * min(1.0, scale.largest) * scale.least
    line = cache(line)  # the sides and both together need the same values
    here = line(arithmetic.one(0))
    left, right = (_limit(line, here, towards, part, nothing) for towards in (-step, step))
    near, far = central_difference(line, step), central_difference(line, 2 * step)
    central = (4 * near - far) / 3
    if left == right == 0 or (max(map(abs, (left, right, central))) <= nothing and not _equal(left, right, central)):
        central = arithmetic.one(0)  # not a small derivative, which would be the same from all sides
    too_large = math.isinf(_double(central)) and _equal(left, right, central)
    return Truth(_double(left), _double(right), _double(central), too_large, _double(nothing), level.digits)


def _equal(left: Any, right: Any, central: Any) -> bool:
    return all(abs(side - central) <= _APART * abs(central) for side in (left, right))


def _limit(line: Line, here: Any, step: Any, part: Any, nothing: Any) -> Any:
    """The one-sided derivative: by three points where they agree with two, else by shrinking steps."""
    near = forward_difference(line, here, step)
    slope = 2 * near - forward_difference(line, here, 2 * step)
    if slope != slope or abs(slope - near) <= _APART * abs(slope) or max(abs(slope), abs(near)) <= nothing:
        return slope
    fine = forward_difference(line, here, part * step)
    if abs(fine) > _GROWS * abs(near):
        return fine * math.inf
    return 0 * fine if abs(fine) < _SHRINKS * abs(near) else fine


def _double(number: Any) -> float:
    return float(doubles(number))


def precise(
    graph: Graph, targets: Mapping[str, int], inputs: Mapping[int, Array], arithmetic: Numbers
) -> dict[str, Array]:
    """Nodes' values, computed in an arithmetic of many digits and then rounded to doubles."""
    return {
        name: doubles(result)
        for name, result in zip(targets, recomputed(graph, targets.values(), inputs, arithmetic), strict=True)
    }
