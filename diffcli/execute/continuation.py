"""Whether a second derivative has a limit at a point, from what is found beside it in many digits."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

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


def directions(point: Array, ways: int) -> Iterator[Array]:
    """So many ways from a point and back, each coordinate by up to its own size; one that is 0 by up to 1."""
    lengths = np.where(point == 0, 1, np.abs(point))
    for way, sign in product(range(ways), (1, -1)):
        random = np.random.default_rng(way)
        yield sign * random.uniform(0.25, 1.0, lengths.shape) * random.choice([-1.0, 1.0], lengths.shape) * lengths


def limit(here: Found, far: Sequence[Beside], near: Sequence[Beside]) -> Array | None:
    """The matrix to which those beside the point tend from all sides, if values and slopes do too.

    None where some do not.
    """

    def largest(besides: Sequence[Beside], rest: Callable[[Beside], Array]) -> Array:
        return np.max([np.abs(rest(beside)) for beside in besides], axis=0)

    def vanishing(rest: Callable[[Beside], Array], least: Array) -> Array:
        return largest(near, rest) <= np.maximum(_PART * largest(far, rest), least)

    first = near[0].found.matrix
    own = np.abs(np.diag(first))
    least = _ROUNDING * np.sqrt(np.outer(own, own))
    matrix = np.where(vanishing(lambda beside: beside.found.matrix, least), 0, first)
    turns = largest(near, lambda beside: np.abs(matrix) @ np.abs(beside.direction))
    tends = (
        vanishing(lambda beside: beside.found.matrix - matrix, _PART * np.abs(matrix) + least),
        vanishing(
            lambda beside: (beside.found.slope - here.slope) / beside.step - matrix @ beside.direction,
            _PART * turns + _ROUNDING * np.abs(here.slope),
        ),
        vanishing(
            lambda beside: (beside.found.value - here.value) / beside.step - here.slope @ beside.direction,
            _ROUNDING * np.abs(here.value),
        ),
    )
    return matrix if all(map(np.all, tends)) else None
