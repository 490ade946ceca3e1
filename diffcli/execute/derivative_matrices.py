"""Derivative matrices out of sweeps: unit arrays, rows and columns put together."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import numpy as np

from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, arrayed, first_not_finite
from diffcli.primitives.shape import Shape, size


def units(shape: Shape) -> Iterator[Array]:
    """For each element an array that is 1 there and 0 elsewhere."""
    for place in range(size(shape)):
        unit = np.zeros(size(shape))
        unit[place] = 1.0
        yield unit.reshape(shape)[()]


def zero(shape: Shape) -> Array:
    """An array that is 0 everywhere."""
    return np.zeros(shape)[()]


def generic(shape: Shape, start: int = 0) -> Array:
    """Numbers from 1 to 2 whose sums and differences do not vanish by chance, the same each time.

    The first single number is 1.

    A cotangent of them lets everything be seen that some cotangent would show. `start` chooses among them. They have
    few digits, so exact arithmetic stays short.
    """
    if shape == () and start == 0:
        return np.ones(())[()]
    return (np.random.default_rng(start).integers(2**20, 2**21, shape) / 2.0**20)[()]


def of_rows(rows: Sequence[Array], outer: Shape, inner: Shape) -> Array:
    """The array of shape `outer + inner` whose element at an outer index is the row of that index."""
    return _value(_put_together(rows, 0).reshape(outer + inner))


def of_columns(columns: Sequence[Array], outer: Shape, inner: Shape) -> Array:
    """The array of shape `outer + inner` whose element at an inner index is the column of that index."""
    return _value(_put_together(columns, -1).reshape(outer + inner))


def zero_block(arithmetic: Arithmetic, outer: Shape, inner: Shape) -> Array:
    """The derivatives of what does not depend on a variable, an array of the arithmetic's numbers."""
    return arrayed(arithmetic.number(zero(outer + inner), outer + inner)).copy()


def square(blocks: Mapping[str, Mapping[str, Array]], shapes: Mapping[str, Shape]) -> Array:
    """The blocks of a Hessian, each of its variables' shapes one after the other, as one matrix."""
    rows = [
        [np.reshape(block, (size(shapes[first]), size(shapes[second]))) for second, block in row.items()]
        for first, row in blocks.items()
    ]
    return np.block(rows) if rows else np.empty((0, 0))


def eigenvalues(matrix: Array) -> list[float]:
    """Those of a symmetric matrix, the smallest first."""
    found: list[float] = np.linalg.eigvalsh(matrix).tolist()
    return found


def blocks(matrix: Array, shapes: Mapping[str, Shape]) -> dict[str, dict[str, Array]]:
    """The same matrix by name and name, in the variables' shapes."""
    ends = accumulate(size(shape) for shape in shapes.values())
    places = {name: slice(end - size(shapes[name]), end) for name, end in zip(shapes, ends, strict=True)}
    return {
        first: {
            second: _value(matrix[rows, columns].reshape(shapes[first] + shapes[second]))
            for second, columns in places.items()
        }
        for first, rows in places.items()
    }


def mirrored(matrix: Array) -> Array:
    """The symmetric part of a matrix."""
    return np.where(matrix == matrix.T, matrix, matrix / 2 + matrix.T / 2)


def position(jacobian: Array, outer: Shape) -> int:
    """The row, counted through the outer shape, of the first element that is not finite."""
    place = first_not_finite(jacobian)[: len(outer)]
    return int(np.ravel_multi_index(place, outer)) if outer else 0


def _put_together(parts: Sequence[Array], axis: int) -> Array:
    return np.stack([np.asarray(part) for part in parts], axis=axis) + 0  # no -0, which only tells of a sweep's signs


def _value(array: Array) -> Array:
    """A single double as a `numpy.float64`; arrays, and numbers of any other kind, as they are."""
    return array if array.dtype == object else array[()]
