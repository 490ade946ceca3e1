"""Points of a walk in a row, and the state after them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from diffcli.analysis.descent.points import Points
from diffcli.analysis.descent.state import Iterate, State, Step
from diffcli.execute.arrays import Array


class Path(Points):
    """Points in a row, each made when it is looked at, of what is known of each.

    There may be more rates than points. `turned` are the iterations at which the gradient points against that of the
    point before.
    """

    def __init__(
        self,
        begin: int,
        points: Sequence[Mapping[str, Array]],
        values: Sequence[float],
        norms: Sequence[float],
        rates: Sequence[float],
        turned: Sequence[int],
    ) -> None:
        self.begin, self.values, self.norms, self.rates, self.turned = begin, values, norms, rates, turned
        self._points = points

    def __len__(self) -> int:
        return len(self.values)

    def point(self, number: int) -> Iterate:
        """The point, with its value and its norm."""
        value, norm, rate = self.values[number], self.norms[number], self.rates[number]
        return Iterate(self.begin + number, self._points[number], value, norm, rate)


class Stretch(NamedTuple):
    """A path as part of a walk: the state after it, and the gradient at its last point.

    It has `ended` where the next point is not to be gone by like these; `asked` is whether the walk was stopped there.
    """

    path: Path
    state: State
    gradient: Mapping[str, Array]
    ended: bool
    asked: bool


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
