"""The rate at which a run nears its end: the factor by which each step changes the gradient's norm, if it is steady."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

#: Marks that are kept; when there are more every other one is dropped.
_MOST = 64
#: Marks that a pace is measured from at least, and by how much of it the pace of both halves may differ.
_FEWEST, _UNSTEADY = 6, 0.15
#: By how much the pace may change until the tolerance is met, as a part of it and for as long as it has been seen to
#: change.
_DRIFT = 0.5
#: By how much the norm's logarithm must change over the marks: what hardly moves has no pace yet.
_CHANGE = 0.02


class Mark(NamedTuple):
    """The gradient's norm at an iteration, and the rate of the step from there."""

    iteration: int
    norm: float
    rate: float | None


class Record(NamedTuple):
    """Marks at equal distances over the whole run, few enough to be kept."""

    marks: tuple[tuple[int, float, float | None], ...] = ()
    stride: int = 1

    def seen(self, iteration: int, norm: float, rate: float | None) -> "Record":
        """The record after another point."""
        if iteration % self.stride:
            return self
        marks = (*self.marks, (iteration, norm, rate))
        if len(marks) < _MOST:
            return Record(marks, self.stride)
        return Record(tuple(mark for mark in marks if mark[0] % (2 * self.stride) == 0), 2 * self.stride)


def pace(record: Record, ahead: float = 0.0) -> float | None:
    """The factor by which a step changes the gradient's norm, over the second half of the run.

    None where it is not steady.

    It is where both halves of that half have the same slope on a logarithmic scale, all steps the same rate, and where
    a change of pace like that so far would not matter `ahead`, which is the logarithm of what the norm is still to be
    divided by. Adam's steps have a length of their own: far from the end the norm falls along a straight line, of which
    a short piece looks steady.
    """
    if len(record.marks) < _FEWEST:
        return None
    middle = record.marks[-1][0] / 2
    marks = [Mark(*mark) for mark in record.marks if mark[0] >= middle]
    if len(marks) < _FEWEST:
        marks = [Mark(*mark) for mark in record.marks[-_FEWEST:]]
    if not all(0 < mark.norm < math.inf for mark in marks) or len({mark.rate for mark in marks}) > 1:
        return None
    half = len(marks) // 2
    whole, first, second = _slope(marks), _slope(marks[: half + 1]), _slope(marks[half:])
    if abs(first - second) > _UNSTEADY * abs(whole) + 1e-12:
        return None
    if 1e-12 < abs(whole) < _CHANGE / (marks[-1].iteration - marks[0].iteration):
        return None
    between = (marks[half:][-1].iteration - marks[0].iteration) / 2
    if whole < -1e-12 and abs(second - first) / between / whole**2 * ahead > _DRIFT:
        return None
    return math.exp(whole)


def steps_needed(factor: float | None, norm: float, tolerance: float) -> int | None:
    """The steps at this pace that bring the gradient's norm down to the tolerance; None if it does not get there."""
    if factor is None or not (0 < factor < 1 - 1e-12 and tolerance > 0 and 0 < norm < math.inf):
        return None
    return max(0, math.ceil(math.log(tolerance / norm) / math.log(factor)))


def steps_of_the_slowest(modes: Iterable[tuple[float, float]], rate: float, tolerance: float) -> float:
    """The steps of plain descent that bring the slope along every eigenvector down to the tolerance, by the
    eigenvalues.

    inf if they do not.
    """
    return max(
        (_steps(abs(1 - rate * eigenvalue), part / tolerance) for eigenvalue, part in modes if part > tolerance),
        default=0.0,
    )


def _steps(factor: float, times: float) -> float:
    return math.inf if factor >= 1 else 1.0 if factor == 0 else -math.log(times) / math.log(factor)


def _slope(marks: Sequence[Mark]) -> float:
    """That of the logarithm of the norm over the iterations, by least squares."""
    x, y = [float(mark.iteration) for mark in marks], [math.log(mark.norm) for mark in marks]
    middle, height = sum(x) / len(x), sum(y) / len(y)
    return sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)
