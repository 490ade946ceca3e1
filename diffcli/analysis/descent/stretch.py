"""Points of a walk in a row, and the state after them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from diffcli.analysis.descent.points import Points
from diffcli.analysis.descent.state import Iterate, State, Step
from diffcli.execute.arrays import Array


class Path(NamedTuple):
    """Points in a row, with the value and the gradient's norm at each, and the rate of the step from there.

    There may be more rates than points. `turned` are the iterations at which the gradient points against that of the
    point before.
    """

    points: Sequence[Mapping[str, Array]]
    values: Sequence[float]
    norms: Sequence[float]
    rates: Sequence[float]
    turned: Sequence[int]


class Stretch(Points):
    """A path as part of a walk, whose points are made when they are looked at.

    `state` is that after them, `gradient` that at the last one. It has `ended` where the next point is not to be gone
    by like these; `asked` is whether the walk was stopped there.
    """

    def __init__(
        self, begin: int, path: Path, state: State, gradient: Mapping[str, Array], ended: bool, asked: bool
    ) -> None:
        self.begin, self._path, self.state, self.gradient = begin, path, state, gradient
        self.ended, self.asked = ended, asked

    def __len__(self) -> int:
        return len(self._path.values)

    @property
    def values(self) -> Sequence[float]:
        """The value at each point."""
        return self._path.values

    @property
    def norms(self) -> Sequence[float]:
        """The gradient's norm at each point."""
        return self._path.norms

    @property
    def turned(self) -> Sequence[int]:
        """The iterations at which the gradient points against that of the point before."""
        return self._path.turned

    def point(self, number: int) -> Iterate:
        """The point, with its value and its norm."""
        points, values, norms, rates, _ = self._path
        return Iterate(self.begin + number, points[number], values[number], norms[number], rates[number])


class Limits(NamedTuple):
    """Where a stretch ends: after about so many seconds, where the norm of the gradient is not above `low` or is above
    `high`, at numbers that are not finite, and where it is `stopped`.
    """

    seconds: float
    low: float
    high: float
    stopped: Callable[[], bool]


#: The stretch from a state on, of steps with these rates; the gradient is that at the point before, and the step, if it
#: is known, that of the state.
Way = Callable[[State, Mapping[str, Array], Sequence[float], Limits, Step | None], Stretch]
