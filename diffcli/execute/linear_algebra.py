"""Determinants, inverses and solutions: by LAPACK in double precision, by elimination on any numbers.

A matrix that is singular, or as good as singular in the arithmetic, has no inverse: the result is
nan, and nothing is raised.
"""

from collections.abc import Callable
from typing import Any

from diffcli.execute.arrays import Array
from diffcli.execute.numpy_later import np

#: A condition number from which no digit of a double-precision inverse can be trusted.
_SINGULAR = 2.0**52

#: Up to this size a determinant is written out.
_SMALL = 3


class Float64LinearAlgebra:
    """LAPACK's, through NumPy, on batches of matrices."""

    @staticmethod
    def det(a: Array) -> Array:
        """Determinants."""
        return (_by_minors(a) if a.shape[-1] <= _SMALL else np.linalg.det(a))[()]

    @staticmethod
    def logdet(a: Array) -> Array:
        """Logarithms of determinants; nan where one is not positive."""
        sign, logarithm = np.linalg.slogdet(a)
        return np.where(sign > 0, logarithm, np.nan)[()]

    @staticmethod
    def inv(a: Array) -> Array:
        """Inverses."""
        regular = _regular(a)
        return np.where(regular, np.linalg.inv(np.where(regular, a, np.eye(a.shape[-1]))), np.nan)

    @staticmethod
    def solve(a: Array, b: Array) -> Array:
        """Solutions x of a @ x = b."""
        vector = b.ndim == 1
        regular = _regular(a)
        found = np.linalg.solve(np.where(regular, a, np.eye(a.shape[-1])), b[:, np.newaxis] if vector else b)
        found = np.where(regular, found, np.nan)
        return found[..., 0] if vector else found

    @staticmethod
    def cofactors(a: Array) -> Array:
        """Cofactors, of singular matrices too: with A = U S V, det(U) det(V) U diag(products of the other s) V."""
        if a.shape[-1] <= _SMALL:
            return each_minor(a, _by_minors)
        if not np.isfinite(a).all():
            return np.full_like(a, np.nan)
        u, s, v = np.linalg.svd(a)
        others = np.stack([np.prod(np.delete(s, k, axis=-1), axis=-1) for k in range(s.shape[-1])], axis=-1)
        sign = np.linalg.det(u) * np.linalg.det(v)
        return np.matmul(u * (sign[..., np.newaxis] * others)[..., np.newaxis, :], v)


def _by_minors(a: Array) -> Array:
    """Determinants by Laplace's expansion: a small matrix of whole numbers gets a whole number."""
    if a.shape[-1] == 0:
        return np.ones(a.shape[:-2])
    return sum(
        (-1) ** column * a[..., 0, column] * _by_minors(np.delete(a[..., 1:, :], column, axis=-1))
        for column in range(a.shape[-1])
    )


def each_minor(a: Array, determinant: Callable[[Array], Array]) -> Array:
    """The cofactors from the determinants of the minors."""
    result = np.empty_like(a)
    for row, column in np.ndindex(a.shape[-2:]):
        minor = np.delete(np.delete(a, row, axis=-2), column, axis=-1)
        result[..., row, column] = determinant(minor) * (-1) ** (row + column)
    return result


def _regular(a: Array) -> Array:
    """For each matrix of a batch whether it can be inverted, in a shape that broadcasts against it."""
    finite = np.isfinite(a).all(axis=(-2, -1), keepdims=True)
    return finite & (np.linalg.cond(np.where(finite, a, 0.0))[..., np.newaxis, np.newaxis] < _SINGULAR)


class ExactLinearAlgebra:
    """Gaussian elimination with the largest pivot, on arrays of numbers of any type."""

    def __init__(self, number: Callable[[float], Any], logarithm: Callable[[Any], Any]) -> None:
        self._number = number
        self._logarithm = logarithm

    def det(self, a: Array) -> Array:
        """Determinants."""
        return each_matrix(lambda matrix: self._eliminated(matrix, self._empty(matrix))[0], a)

    def logdet(self, a: Array) -> Array:
        """Logarithms of determinants."""
        return each_matrix(lambda matrix: self._logarithm(self.det(matrix)), a)

    def inv(self, a: Array) -> Array:
        """Inverses."""
        return each_matrix(lambda matrix: self._solution(matrix, self._identity(len(matrix))), a)

    def solve(self, a: Array, b: Array) -> Array:
        """Solutions x of a @ x = b."""
        if b.ndim == 1:
            return self.solve(a, b[:, np.newaxis])[..., 0]
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        matrices, columns = np.broadcast_to(a, (*batch, *a.shape[-2:])), np.broadcast_to(b, (*batch, *b.shape[-2:]))
        result = np.empty(columns.shape, dtype=object)
        for place in np.ndindex(batch):
            result[place] = self._solution(matrices[place], columns[place])
        return result

    def cofactors(self, a: Array) -> Array:
        """Cofactors, by the determinants of the minors."""
        return each_minor(a, self.det)

    def _solution(self, matrix: Array, columns: Array) -> Array:
        determinant, found = self._eliminated(matrix, columns)
        return np.full(columns.shape, self._number(float("nan")), dtype=object) if determinant == 0 else found

    def _eliminated(self, matrix: Array, columns: Array) -> tuple[Any, Array]:
        """The determinant, and the columns brought to the solution where it is not 0."""
        count, work = len(matrix), np.concatenate([matrix, columns], axis=1).astype(object)
        determinant = self._number(1.0)
        for place in range(count):
            pivot = max(range(place, count), key=lambda row: abs(work[row, place]))
            if work[pivot, place] == 0:
                return self._number(0.0), columns
            if pivot != place:
                work[[place, pivot]] = work[[pivot, place]]
                determinant = -determinant
            determinant = determinant * work[place, place]
            work[place] = work[place] / work[place, place]
            for row in range(count):
                if row != place:
                    work[row] = work[row] - work[place] * work[row, place]
        return determinant, work[:, count:]

    def _identity(self, count: int) -> Array:
        result = np.full((count, count), self._number(0.0), dtype=object)
        result[range(count), range(count)] = self._number(1.0)
        return result

    @staticmethod
    def _empty(matrix: Array) -> Array:
        return np.empty((len(matrix), 0), dtype=object)


def each_matrix(function: Callable[[Array], Any], batch: Array) -> Array:
    """A function of one matrix on each of a batch; what it returns is a number or a matrix."""
    if batch.ndim == 2:
        return function(batch)
    found = [each_matrix(function, part) for part in batch]
    result = np.empty((len(found), *np.shape(found[0])), dtype=object)
    for place, part in enumerate(found):
        result[place] = part
    return result
