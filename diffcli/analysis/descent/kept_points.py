"""The points of a path that are kept: all, or few enough for a run of any length, and among them all that is shown."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from diffcli.analysis.descent.points import Points
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


class History(Points):
    """Points in their order; those of stretches are made when they are looked at."""

    def __init__(self, pieces: Iterable[Sequence[Iterate]]) -> None:
        self._pieces = [piece for piece in pieces if piece]
        self._ends = [*accumulate(map(len, self._pieces))]

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def point(self, number: int) -> Iterate:
        """The point, from the piece that it is in."""
        piece = bisect_right(self._ends, number)
        return self._pieces[piece][number - self._ends[piece]]

    def __iter__(self) -> Iterator[Iterate]:
        return chain.from_iterable(self._pieces)

    def __repr__(self) -> str:
        return repr(tuple(self))


class Trail:
    """The points of a run as they come; those with values on all rows and those of single batches are thinned apart."""

    def __init__(self, keeping: Keeping, maximize: bool) -> None:
        whole = keeping.most is None and keeping.every is None
        self._kept: _Whole | _Parted = _Whole() if whole else _Parted(keeping, -1.0 if maximize else 1.0)
        self._last: Iterate | None = None

    def add(self, iterate: Iterate) -> None:
        """Take the next point."""
        if self._last is not None:
            self._kept.add(self._last)
        self._last = iterate

    def extend(self, points: Sequence[Iterate]) -> None:
        """Take the next points, which have no values on all rows and are not the run's last."""
        if self._last is not None:
            self._kept.add(self._last)
        self._kept.extend(points)
        self._last = None

    def end(self, iterate: Iterate) -> None:
        """Put the last point as a report has it in place of the one that was added."""
        self._last = iterate

    def history(self) -> History:
        """The points that are kept, in their order."""
        return History(self._kept.pieces([] if self._last is None else [self._last]))


class _Whole:
    """All points."""

    def __init__(self) -> None:
        self._pieces: list[Sequence[Iterate]] = []
        self._single: list[Iterate] = []

    def add(self, iterate: Iterate) -> None:
        self._single.append(iterate)

    def extend(self, points: Sequence[Iterate]) -> None:
        self._pieces += [self._single, points]
        self._single = []

    def pieces(self, last: Sequence[Iterate]) -> list[Sequence[Iterate]]:
        return [*self._pieces, self._single, last]


class _Parted:
    """Some points: of those with values on all rows, of those of single batches, and the best on rows held out."""

    def __init__(self, keeping: Keeping, sign: float) -> None:
        self._rows, self._batches = _Thinned(keeping), _Thinned(keeping)
        self._sign = sign
        self._best: Iterate | None = None

    def add(self, iterate: Iterate) -> None:
        (self._batches if iterate.train_value is None else self._rows).extend((iterate,))
        self._best = self._better(iterate)

    def extend(self, points: Sequence[Iterate]) -> None:
        self._batches.extend(points)

    def pieces(self, last: Sequence[Iterate]) -> list[Sequence[Iterate]]:
        kept = {iterate.iteration: iterate for iterate in (*self._rows.points(), *self._batches.points())}
        for iterate in (self._best if not last else self._better(last[0]), *last):
            if iterate is not None:
                kept[iterate.iteration] = iterate
        return [[kept[iteration] for iteration in sorted(kept)]]

    def _better(self, iterate: Iterate) -> Iterate | None:
        """The best point so far, and this one."""
        held, best = iterate.holdout_value, None if self._best is None else self._best.holdout_value
        better = held is not None and (best is None or self._sign * held < self._sign * best)
        return iterate if better else self._best


class _Thinned:
    """Points at equal distances, the first ones, and the last one."""

    def __init__(self, keeping: Keeping) -> None:
        self._most, self._every = keeping
        self._kept: list[tuple[int, Iterate]] = []
        self._count, self._stride = 0, 1
        self._last: Iterate | None = None

    def extend(self, points: Sequence[Iterate]) -> None:
        for place in range(len(points)):
            if self._wanted(self._count):
                self._kept.append((self._count, points[place]))
            self._count += 1
            if self._most is not None and len(self._kept) > 2 * self._most + _FIRST + (
                self._count // self._every if self._every else 0
            ):
                self._stride *= 2
                self._kept = [(place, kept) for place, kept in self._kept if self._wanted(place)]
        if points:
            self._last = points[-1]

    def points(self) -> Iterator[Iterate]:
        yield from (iterate for _, iterate in self._kept)
        if self._last is not None:
            yield self._last

    def _wanted(self, place: int) -> bool:
        return place < _FIRST or place % self._stride == 0 or (self._every is not None and place % self._every == 0)
