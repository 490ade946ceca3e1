"""The arithmetic that records: what primitives compute with, on arrays of recorded numbers.

It agrees with double precision, infinities and nan included. Choices are recorded as choices, by
elements, so the record holds at other points too: a pivot is chosen by exchanging rows, a short
row is sorted by exchanging neighbours.
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import partial, reduce
from itertools import pairwise
from typing import Any

import numpy as np

from diffcli.execute.arithmetic import FLOAT64, Arithmetic, Float64
from diffcli.execute.arrays import Array
from diffcli.execute.gathering import Selected, aligned
from diffcli.execute.linear_algebra import each_minor
from diffcli.execute.numbers import Numbers, reduced_by
from diffcli.execute.recorded_number import OPERATIONS, RecordedNumber, Tape, Unsupported
from diffcli.primitives.shape import Axes, Shape
from diffcli.primitives.subscripts import Key, computed_axes, native

#: Rows up to this length are sorted by exchanges, in whatever order they will be; longer ones keep
#: the order that they have at the point, which is guarded.
_SHORT = 32

#: Up to this size a determinant is written out, as in double precision.
_SMALL = 3

_EPSILON = float(np.finfo(np.float64).eps)


class _Sortable(np.ndarray[Any, Any]):
    """An array of recorded numbers that sorts itself as an array of doubles does, nan last."""

    def sort(self, axis: Any = -1, *_: Any, **__: Any) -> None:
        rows = np.moveaxis(self, axis, -1)
        for place in np.ndindex(rows.shape[:-1]):
            rows[place] = _in_order(list(rows[place]))


def _operation(name: str) -> Callable[..., Any]:
    """An operation of the tape, on each element."""

    def method(self: "RecordingArithmetic", *operands: Any) -> Any:
        return np.frompyfunc(partial(self.tape.record, name), len(operands), 1)(*operands)

    return method


class RecordingArithmetic(Numbers):
    """Records on a tape what it computes."""

    by_elements = True

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._number = tape.constant

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in OPERATIONS:
            raise Unsupported(name)
        return partial(_operation(name), self)

    # what numbers of other types have to choose or to compose is one operation here
    truediv, pow, maximum, minimum, where = map(_operation, ("truediv", "pow", "maximum", "minimum", "select"))
    weigh, xlogy, xlog1py, cbrt, log2, lgamma, digamma = map(
        _operation, ("weigh", "xlogy", "xlog1py", "cbrt", "log2", "lgamma", "digamma")
    )
    equal, less = _operation("equal"), _operation("less")

    def one(self, value: Any) -> Any:
        """A number of any type as one of this arithmetic: the double that it is."""
        return self.tape.constant(value)

    def array(self, values: Any) -> Array:
        """An array, even of one number."""
        return np.asarray(values, dtype=object).view(_Sortable)

    def zeros(self, shape: Shape) -> Array:
        """Zeros that other numbers can be put among."""
        return np.full(shape, self.one(0.0), dtype=object)

    def max(self, x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The largest along the axes."""
        return reduced_by(self.maximum, x, axis, keepdims)

    def min(self, x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The smallest along the axes."""
        return reduced_by(self.minimum, x, axis, keepdims)

    def norm(self, x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The Euclidean norm, also where squares overflow or vanish: hypotenuse by hypotenuse."""
        return reduced_by(self.hypot, self.abs(self.lifted(x)), axis, keepdims)

    def unit_of(self, x: Array, axis: Axes = None) -> Array:
        """The largest magnitude along the axes, or 1 where that is 0."""
        largest = self.max(self.abs(self.lifted(x)), axis, True)
        return self.where(self.less(self.one(0.0), largest), largest, self.one(1.0))

    def indicator(self, condition: Array) -> Array:
        """1 where the condition holds, else 0: what a recorded condition is."""
        return self.lifted(condition)

    def one_hot(self, labels: Array, classes: int) -> Array:
        """For each label a row that is 1 at its place."""
        return self.equal(np.asarray(labels, dtype=object)[..., np.newaxis], np.arange(classes))

    def at_target(self, x: Array, target: Array) -> Array:  # type: ignore[override]  # which is static there
        """Along the last axis the element at the label, whichever it will be, or the sum weighed by probabilities."""
        if np.shape(x) == np.shape(target):
            return Arithmetic.at_target(x, target)
        found = self.lifted(np.full(np.shape(target), np.nan))
        for label in range(x.shape[-1]):
            found = self.where(self.equal(target, label), x[..., label], found)
        return found

    def gather(self, x: Array, key: Key, places: Sequence[Array]) -> Array:
        """The elements at the places, whichever they will be."""
        if not _vary(places):
            return super().gather(x, key, _doubles(places))
        selections = list(self._selections(x.shape, key, places))
        found = self.lifted(np.full(np.shape(x[selections[0].index]), np.nan))
        for index, here in selections:
            found = self.where(here, x[index], found)
        return found

    def scatter_add(self, x: Array, key: Key, places: Sequence[Array], shape: Shape) -> Array:
        """Zeros to which x is added at the places, whichever they will be."""
        if not _vary(places):
            return super().scatter_add(x, key, _doubles(places), shape)
        result = self.zeros(shape)
        for index, here in self._selections(shape, key, places):
            np.add.at(result, index, self.where(here, x, self.one(0.0)))
        return result

    def _selections(self, shape: Shape, key: Key, places: Sequence[Array]) -> Iterator[Selected]:
        """What every choice of places selects, and the conditions under which it is that."""
        numbers = np.broadcast_arrays(*places)
        extents = [shape[axis] for axis in computed_axes(key)]
        for choice in np.ndindex(*extents):
            conditions = [
                self.either(self.equal(number, place), self.equal(number, place - extent))
                for number, place, extent in zip(numbers, choice, extents, strict=True)
            ]
            whole = [np.full(np.shape(numbers[0]), place) for place in choice]
            yield Selected(native(key, whole), aligned(reduce(self.both, conditions), shape, key, whole))

    def polygamma(self, x: Array, n: int) -> Array:
        """The derivative of order n of digamma."""
        return _operation("polygamma")(self, x, n)

    def polygamma_difference(self, a: Array, b: Array, n: int) -> Array:
        """polygamma(a, n) - polygamma(a + b, n)."""
        return _operation("polygamma_difference")(self, a, b, n)

    def progression(self, start: float, stop: float, step: float) -> Array:
        """Numbers from start up to, not including, stop."""
        return self.lifted(FLOAT64.progression(start, stop, step))

    def evenly_spaced(self, start: float, stop: float, count: int) -> Array:
        """Numbers from start to stop, both included."""
        return self.lifted(FLOAT64.evenly_spaced(start, stop, count))

    def det(self, a: Array) -> Array:
        """Determinants."""
        return Float64.det(a[np.newaxis])[0] if a.shape[-1] <= _SMALL else super().det(a)

    def logdet(self, a: Array) -> Array:
        """Logarithms of determinants; nan where one is not positive."""
        return np.asarray(self._of_each(self._log_of_determinant, a), dtype=object)[()]

    def cofactors(self, a: Array) -> Array:
        """Cofactors, of singular matrices too: by the determinants of the minors."""
        return each_minor(a, self.det)

    def _of_each(self, function: Callable[[Array], Any], matrices: Array) -> Any:
        return function(matrices) if matrices.ndim == 2 else [self._of_each(function, matrix) for matrix in matrices]

    def _log_of_determinant(self, matrix: Array) -> Array:
        sign, pivots, _ = self._triangular(matrix, self._empty(matrix))
        sign = reduce(operator.mul, (self.sign(pivot) for pivot in pivots), sign)
        return self.where(sign > 0, sum(self.log(abs(pivot)) for pivot in pivots), np.nan)

    def _eliminated(self, matrix: Array, columns: Array) -> tuple[Any, Array]:
        """The determinant; the columns as they are, for nothing else is asked here."""
        sign, pivots, _ = self._triangular(matrix, columns)
        return reduce(operator.mul, pivots, sign), columns

    def _solution(self, matrix: Array, columns: Array) -> Array:
        """The solution for each column; nan where the matrix is as good as singular."""
        _, pivots, work = self._triangular(matrix, columns)
        sizes = [abs(pivot) for pivot in pivots]
        regular = reduced_by(self.minimum, sizes, None, False) > _EPSILON * reduced_by(self.maximum, sizes, None, False)
        count, found = len(matrix), columns.copy()
        for row in reversed(range(count)):
            rest = work[row, count:]
            for after in range(row + 1, count):
                rest = rest - work[row, after] * found[after]
            found[row] = self.where(regular, rest / pivots[row], np.nan)
        return found

    def _triangular(self, matrix: Array, columns: Array) -> tuple[Any, list[Any], Array]:
        """The sign of the exchanges, the pivots, and the matrix with the columns after elimination below the diagonal.

        The largest of a column becomes its pivot: each row below is exchanged with the pivot's
        where it has a larger element.
        """
        count, work, sign = len(matrix), np.concatenate([matrix, columns], axis=1).astype(object), self.one(1.0)
        for place in range(count):
            for row in range(place + 1, count):
                larger = abs(work[row, place]) > abs(work[place, place])
                work[place], work[row] = (
                    self.where(larger, work[row], work[place]),
                    self.where(larger, work[place], work[row]),
                )
                sign = self.where(larger, -sign, sign)
            pivot = work[place, place]
            divisor = self.where(pivot == 0, 1.0, pivot)  # then all below are 0 too, and stay
            for row in range(place + 1, count):
                work[row, place + 1 :] = work[row, place + 1 :] - work[place, place + 1 :] * (
                    work[row, place] / divisor
                )
        return sign, [work[place, place] for place in range(count)], work


def _vary(places: Sequence[Array]) -> bool:
    """Whether some place may be another one in the next run."""
    return any(number.varies for numbers in places for number in np.ravel(np.asarray(numbers, dtype=object)))


def _doubles(places: Sequence[Array]) -> list[Array]:
    """The values of recorded numbers."""
    return [np.frompyfunc(lambda number: number.value, 1, 1)(numbers) for numbers in places]


def _in_order(row: Sequence[RecordedNumber]) -> list[RecordedNumber]:
    """The numbers sorted: by exchanges, or, of many, in the order they have now."""
    if len(row) > _SHORT:
        order = np.argsort([number.value for number in row], kind="stable")
        numbers = [row[place] for place in order]
        for number, following in pairwise(numbers):
            number.tape.decide(number.tape.record("precedes", following, number))
        return numbers
    numbers = list(row)
    for low, high in _exchanges(len(numbers)):
        a, b = numbers[low], numbers[high]
        later = a.tape.record("precedes", b, a)
        numbers[low], numbers[high] = a.tape.record("select", later, b, a), a.tape.record("select", later, a, b)
    return numbers


def _exchanges(count: int) -> Iterator[tuple[int, int]]:
    """The places to compare and exchange so that any row ends up sorted.

    K. E. Batcher's merge exchange; D. E. Knuth, The Art of Computer Programming, vol. 3, 5.2.2, algorithm M.
    """
    most = 1 << max(count - 1, 0).bit_length() >> 1
    block = most
    while block:
        half, remainder, distance = most, 0, block
        while True:
            yield from ((place, place + distance) for place in range(count - distance) if place & block == remainder)
            if half == block:
                break
            distance, half, remainder = half - block, half // 2, block
        block //= 2
