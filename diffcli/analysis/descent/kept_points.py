"""The points of a path that are kept: all, or few enough for a run of any length, and among them all that is shown."""

from collections.abc import Iterator
from typing import NamedTuple

from diffcli.analysis.descent.state import Iterate

#: The first points, of which a report shows the step that they make.
_FIRST = 4
#: Points that a chart or a table chooses from.
_MOST = 10_000


class Keeping(NamedTuple):
    """The choice of a run's points that are kept: about `most`, at equal distances, and every `every`-th.

    None keeps all.

    The first ones, the last two and the best on rows held out are kept in any case.
    """

    most: int | None = None
    every: int | None = None


#: What a caller gets who may look at any point.
ALL = Keeping()
#: What a report is shown from that has a line for some points.
SOME = Keeping(_MOST)
#: What is shown without a path: where it began and ended.
ENDS = Keeping(_FIRST)


class Trail:
    """The points of a run as they come; those with values on all rows and those of single batches are thinned apart."""

    def __init__(self, keeping: Keeping, maximize: bool) -> None:
        self._rows, self._batches = _Thinned(keeping), _Thinned(keeping)
        self._sign = -1.0 if maximize else 1.0
        self._best: Iterate | None = None
        self._last: Iterate | None = None

    def add(self, iterate: Iterate) -> None:
        """Take the next point."""
        if self._last is not None:
            (self._batches if self._last.train_value is None else self._rows).add(self._last)
        self._last = iterate
        held, best = iterate.holdout_value, None if self._best is None else self._best.holdout_value
        if held is not None and (best is None or self._sign * held < self._sign * best):
            self._best = iterate

    def end(self, iterate: Iterate) -> None:
        """Put the last point as a report has it in place of the one that was added."""
        self._last = iterate

    def history(self) -> tuple[Iterate, ...]:
        """The points that are kept, in their order."""
        kept = {iterate.iteration: iterate for iterate in (*self._rows.points(), *self._batches.points())}
        for iterate in (self._best, self._last):
            if iterate is not None:
                kept[iterate.iteration] = iterate
        return tuple(kept[iteration] for iteration in sorted(kept))


class _Thinned:
    """Points at equal distances, the first ones, and the last one."""

    def __init__(self, keeping: Keeping) -> None:
        self._most, self._every = keeping
        self._kept: list[tuple[int, Iterate]] = []
        self._count, self._stride = 0, 1
        self._last: Iterate | None = None

    def add(self, iterate: Iterate) -> None:
        self._last = iterate
        if self._wanted(self._count):
            self._kept.append((self._count, iterate))
        self._count += 1
        if self._most is not None and len(self._kept) > 2 * self._most + _FIRST + (
            self._count // self._every if self._every else 0
        ):
            self._stride *= 2
            self._kept = [(place, kept) for place, kept in self._kept if self._wanted(place)]

    def points(self) -> Iterator[Iterate]:
        yield from (iterate for _, iterate in self._kept)
        if self._last is not None:
            yield self._last

    def _wanted(self, place: int) -> bool:
        return place < _FIRST or place % self._stride == 0 or (self._every is not None and place % self._every == 0)
