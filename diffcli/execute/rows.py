"""Rows of data: joined from columns, chosen, put in random orders, measured."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from diffcli.execute.arrays import Array


class Spread(NamedTuple):
    """A summary of the rows of a column.

    Mean and standard deviation of the finite elements, whether they are several and all one, how
    many elements are not finite, and the first row with one.
    """

    mean: float
    deviation: float
    constant: bool
    bad: int
    first_bad: int


def columns_joined(columns: Sequence[Array]) -> Array:
    """A matrix of these columns."""
    return np.column_stack(columns)


def rows_of(value: Array, rows: Array) -> Array:
    """Some elements along the first axis."""
    return value[rows]


def numbered(count: int) -> Array:
    """The numbers of so many rows, from 0."""
    return np.arange(count)


def shuffled(rows: Array, *seed: int) -> Array:
    """The rows in a random order, the same for the same seed."""
    return np.random.default_rng(seed).permutation(rows)


def in_order(rows: Array) -> Array:
    """The rows as they stand in the data."""
    return np.sort(rows)


def spreads(value: Array) -> list[Spread]:
    """The spread over the rows, for each element of a row."""
    found = []
    for column in np.reshape(value, (len(value), -1)).T:
        finite = np.isfinite(column)
        kept = column[finite] if finite.any() else np.zeros(1)
        with np.errstate(all="ignore"):
            mean, deviation = float(np.mean(kept)), float(np.std(kept))
        found.append(
            Spread(
                mean,
                deviation,
                kept.size > 1 and bool(np.all(kept == kept[0])),
                int(np.count_nonzero(~finite)),
                int(np.argmin(finite)),
            )
        )
    return found
