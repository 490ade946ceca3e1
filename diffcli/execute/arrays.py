"""Small measurements and moves of values, so that what stands above need not know NumPy."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

Array = Any


def all_finite(value: Array) -> bool:
    """Whether no element is nan or infinite."""
    return math.isfinite(value) if isinstance(value, float) else bool(np.isfinite(value).all())


def finite_elements(value: Array) -> Array:
    """For each element whether it is neither nan nor infinite."""
    return np.isfinite(value)


def undefined_elements(value: Array) -> Array:
    """For each element whether it is nan."""
    return np.isnan(value)


def any_nonzero(value: Array) -> bool:
    """Whether some element differs from 0; nan does."""
    return bool(np.any(value != 0))


def first_not_finite(value: Array) -> tuple[int, ...]:
    """The index of the first element that is nan or infinite."""
    return tuple(int(axis[0]) for axis in np.nonzero(~np.isfinite(value)))


def with_finite_elements(value: Array) -> Array:
    """The value with 1 in place of what is nan or infinite."""
    return np.where(np.isfinite(value), value, 1.0)[()]


def identical(first: Array, second: Array) -> bool:
    """Whether all elements are equal; nan equals nan."""
    return np.array_equal(first, second, equal_nan=True)


def zeros_like(value: Array) -> Array:
    """Zeros in the shape of a value."""
    return np.zeros_like(value)[()]


def doubles(value: Any) -> Array:
    """Numbers of any type, nested or in an array, as double precision."""
    return np.asarray(value).astype(np.float64)[()]


def largest_magnitude(values: Iterable[Array]) -> float:
    """The largest absolute value of any element; 0 where there is none."""
    return max((float(np.max(np.abs(value))) for value in values), default=0.0)


def euclidean_norm(values: Iterable[Array]) -> float:
    """The root of the sum of the squares of all elements, scaled so that it cannot overflow."""
    parts = list(values)
    largest = largest_magnitude(parts)
    if largest == 0 or not np.isfinite(largest):
        return largest
    return largest * float(np.sqrt(sum(float(np.sum((part / largest) ** 2)) for part in parts)))


def dot(first: Array, second: Array) -> float:
    """The sum of the products of corresponding elements."""
    with np.errstate(all="ignore"):
        return float(np.sum(first * second))


def stepped(point: Array, direction: Array, rate: float) -> Array:
    """`point - rate * direction`."""
    with np.errstate(all="ignore"):
        return (point - rate * direction)[()]


def relative_error(value: Array, reference: Array, scale: float) -> float:
    """The largest |value - reference| / |reference| over all elements; inf for nan.

    Elements of which both are below 1e-13 of `scale` are 0 but for rounding: their difference is
    taken relative to `scale`.
    """
    with np.errstate(all="ignore"):
        difference, size = np.abs(value - reference), np.abs(reference)
        vanishing = np.maximum(np.abs(value), size) <= 1e-13 * scale
        ratio = np.where(difference == 0, 0.0, difference / np.where(vanishing, scale, size))
    return float(np.max(np.where(np.isnan(ratio), np.inf, ratio)))
