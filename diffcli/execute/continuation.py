"""Whether a second derivative has a limit at a point, from what is found beside it in many digits."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arrays import Array

#: Limits agree to this part of them, and what tends to 0 shrinks to it from far to near; what rounding leaves is
#: smaller than the other.
_PART, _ROUNDING = 1e-9, 1e-90


class Found(NamedTuple):
    """Value, slope and matrix of second derivatives at a point, in many digits."""

    value: Array
    slope: Array
    matrix: Array


class Beside(NamedTuple):
    """The same after a step along a direction."""

    step: float
    direction: Array
    found: Found


#: Beside where a function stays on a kink, by this part of the way.
_OFF = 1e-40


class Limit(NamedTuple):
    """Slope and matrix of second derivatives to which those beside a point tend from all sides."""

    slope: Array
    matrix: Array


def directions(point: Array, ways: int, creases: Iterable[Array]) -> list[Array]:
    """So many ways from a point and back, each coordinate by up to its own size, one that is 0 by up to 1; and those
    beside `creases`.

    What happens only in a cone, however narrow, happens there.
    """
    lengths = np.where(point == 0, 1, np.abs(point))
    found = []
    for way in range(ways):
        random = np.random.default_rng(way)
        found.append(random.uniform(0.25, 1.0, lengths.shape) * random.choice([-1.0, 1.0], lengths.shape))
    generic = [way * lengths for way in found]
    beside = [crease + _OFF * np.where(crease == 0, _least(crease), abs(crease)) * found[0] for crease in creases]
    return [sign * way for way in (*generic, *beside) for sign in (1, -1)]


def creases(slopes: Array) -> Iterator[Array]:
    """Directions along which a number with these slopes stays as it is, in which two coordinates move, or one of which
    it does not depend.

    They move with the units of the coordinates.
    """
    for first, slope in enumerate(slopes):
        if slope == 0:
            yield np.eye(len(slopes))[first]
    for first, second in combinations(np.flatnonzero(slopes).tolist(), 2):
        way = slopes * 0
        way[first], way[second] = slopes[second], -slopes[first]
        yield way / np.max(np.abs(way))


def _least(way: Array) -> Any:
    """The least magnitude of a coordinate that moves."""
    return np.min(np.abs(way[way != 0]))


def limit(here: Found, far: Sequence[Beside], near: Sequence[Beside]) -> Limit | None:
    """The limit from all sides, if values and slopes tend to those of the point too; None where some do not.

    A slope that is no number at the point is taken from beside it.
    """

    def largest(besides: Sequence[Beside], rest: Callable[[Beside], Array]) -> Array:
        return np.max([np.abs(rest(beside)) for beside in besides], axis=0)

    def vanishing(rest: Callable[[Beside], Array], least: Array) -> Array:
        return largest(near, rest) <= np.maximum(_PART * largest(far, rest), least)

    first = near[0].found.matrix
    own = np.abs(np.diag(first))
    least = _ROUNDING * np.sqrt(np.outer(own, own))
    matrix = np.where(vanishing(lambda beside: beside.found.matrix, least), 0, first)
    beside = near[0].found.slope - near[0].step * (matrix @ near[0].direction)
    beside = np.where(vanishing(lambda beside: beside.found.slope, 0 * first[0]), 0, beside)
    slope = np.where(here.slope - here.slope == 0, here.slope, beside)
    turns = largest(near, lambda beside: np.abs(matrix) @ np.abs(beside.direction))
    tends = (
        vanishing(lambda beside: beside.found.matrix - matrix, _PART * np.abs(matrix) + least),
        vanishing(
            lambda beside: (beside.found.slope - slope) / beside.step - matrix @ beside.direction,
            _PART * turns + _ROUNDING * np.abs(slope),
        ),
        vanishing(
            lambda beside: (beside.found.value - here.value) / beside.step - slope @ beside.direction,
            _ROUNDING * np.abs(here.value),
        ),
    )
    return Limit(slope, matrix) if all(map(np.all, tends)) else None
