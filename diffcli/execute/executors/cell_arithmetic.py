"""The namespace in which primitives compute on arrays without NumPy, whatever their single numbers are.

Sums are added in NumPy's order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial, reduce
from itertools import accumulate, product
from math import nan
from operator import add, mul
from typing import Any

from diffcli.execute.executors.cell_moves import CellMoves
from diffcli.execute.executors.cells import Cells, applied, cells, folded, selected, spread
from diffcli.primitives.shape import Axes, Shape, broadcast, kept, size, summed_axes
from diffcli.primitives.subscripts import Key, Slice, computed_axes, indexed_shape, paired

#: An operation on single numbers, by its name.
Operation = Callable[..., Any]
#: Elements that NumPy adds one after the other, sums that it keeps beside each other, and elements of a block of those.
_FEW, _LANES, _BLOCK = 8, 8, 128


class CellArithmetic(CellMoves):
    """Functions of arrays and of single numbers, made of operations on single numbers.

    `operation(name, *numbers)` computes one; what is neither here nor an operation is an AttributeError.
    """

    def __init__(self, operation: Operation, names: Iterable[str]) -> None:
        self._operation = operation
        self._names = frozenset(names)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in self._names:
            raise AttributeError(name)
        compute = partial(self._operation, name)

        def function(*operands: Any) -> Any:
            whole = any(isinstance(operand, Cells) for operand in operands)
            return applied(compute, *operands) if whole else compute(*operands)

        setattr(self, name, function)
        return function

    def square(self, x: Any) -> Any:
        """x times x."""
        return x * x

    # sums

    def sum_to(self, x: Cells, shape: Shape) -> Cells:
        """The sum over leading axes, and over axes of extent 1, that brings `x` to `shape`."""
        return Cells(shape, self.sum(x, axis=summed_axes(x.shape, shape)).elements)

    def sum(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Cells:
        """Sums along axes."""
        return folded(_total, x, axis, keepdims)

    def mean(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Cells:
        """Means along axes."""
        array = cells(x)
        return self.sum(x, axis, keepdims) / float(size(array.shape) // size(kept(array.shape, axis)))

    def prod(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Cells:
        """Products along axes."""
        return folded(lambda rows: reduce(mul, [each for row in rows for each in row]), x, axis, keepdims)

    def max(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Cells:
        """The largest along axes."""
        return self._extreme(self.maximum, x, axis, keepdims)

    def min(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Cells:
        """The smallest along axes."""
        return self._extreme(self.minimum, x, axis, keepdims)

    @staticmethod
    def _extreme(choose: Operation, x: Any, axis: Axes, keepdims: bool) -> Cells:
        return folded(lambda rows: reduce(choose, [each for row in rows for each in row]), x, axis, keepdims)

    def norm(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Cells:
        """The Euclidean norm."""
        return self.norm_of_squares(self.sum(x * x, axis, keepdims))

    def unit_of(self, x: Any, axis: Axes = None) -> Cells:
        """A power of two near the largest magnitude along the axes, which are kept."""
        return self.binary_unit(self.max(self.abs(x), axis, True))

    def cumsum(self, x: Any, axis: int | None = None) -> Cells:
        """Sums of the elements up to each."""
        array = self.reshape(x, -1) if axis is None else cells(x)
        last = array.ndim - 1
        order = [place for place in range(array.ndim) if place != (axis or 0) % array.ndim] + [(axis or 0) % array.ndim]
        moved = self.transpose(array, order)
        extent = moved.shape[last]
        rows = [moved.elements[start : start + extent] for start in range(0, len(moved.elements), extent)]
        summed = Cells(moved.shape, [each for row in rows for each in accumulate(row, add)])
        return self.transpose(summed, [order.index(place) for place in range(array.ndim)])

    # products

    def outer(self, a: Any, b: Any) -> Cells:
        """Products of each element of a with each of b."""
        return self.reshape(a, (-1, 1)) * self.reshape(b, (1, -1))

    def inner(self, a: Cells, b: Cells) -> Cells:
        """Sums of products over the last axes."""
        if not (a.shape and b.shape):
            return a * b
        rows, columns = (
            [each.elements[start : start + each.shape[-1]] for start in range(0, len(each.elements), each.shape[-1])]
            for each in (a, b)
        )
        return Cells((*a.shape[:-1], *b.shape[:-1]), [_products(row, column) for row in rows for column in columns])

    def dot(self, a: Cells, b: Cells) -> Cells:
        """The dot product of vectors; of matrices, the matrix product."""
        if not (a.shape and b.shape):
            return a * b
        if b.ndim == 1:
            return self.inner(a, b)
        order = [*range(b.ndim - 2), b.ndim - 1, b.ndim - 2]
        return self.inner(a, self.transpose(b, order))

    def matmul(self, a: Cells, b: Cells) -> Cells:
        """Matrix products, of batches too."""
        if b.ndim <= 2:
            return self.dot(a, b)
        if a.ndim == 1:
            return self.reshape(self.matmul(self.reshape(a, (1, -1)), b), (*b.shape[:-2], b.shape[-1]))
        batch = broadcast([a.shape[:-2], b.shape[:-2]])
        pairs = zip(_matrices(a, batch), _matrices(b, batch), strict=True)
        elements = [each for first, second in pairs for each in self.dot(first, second).elements]
        return Cells((*batch, a.shape[-2], b.shape[-1]), elements)

    def trace(self, x: Cells) -> Cells:
        """The sum of the diagonal."""
        return self.sum(self.diag(x))

    def cross(self, a: Cells, b: Cells) -> Cells:
        """Cross products of vectors of three along the last axis."""
        shape = broadcast([a.shape, b.shape])
        (a0, a1, a2), (b0, b1, b2) = (
            [Cells(shape[:-1], list(spread(x, shape)[k::3])) for k in range(3)] for x in (a, b)
        )
        return self.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], len(shape) - 1)

    # choices

    def relu(self, x: Any) -> Any:
        """x, or 0 where it is negative."""
        return self.maximum(x, 0.0)

    def one_hot(self, labels: Cells, classes: int) -> Cells:
        """For each label a row that is 1 at its place."""
        numbers = Cells((classes,), [float(label) for label in range(classes)])
        return self.indicator(self.equal(self.reshape(labels, (*labels.shape, 1)), numbers))

    def at_target(self, x: Cells, target: Cells) -> Cells:
        """Along the last axis the element at the label, or the sum weighed by the target's probabilities."""
        if x.shape == target.shape:
            return self.sum(x * target, axis=-1)
        found: Any = Cells(target.shape, [nan] * len(target.elements))
        for label in range(x.shape[-1]):
            chosen = Cells(x.shape[:-1], x.elements[label :: x.shape[-1]])
            found = self.where(self.equal(target, float(label)), chosen, found)
        return found

    def gather(self, x: Cells, key: Key, places: Sequence[Cells]) -> Cells:
        """The elements at computed places; nan where a number is no place."""
        shape = indexed_shape(x.shape, key, [each.shape for each in places])
        found: list[Any] = [nan] * size(shape)
        for chosen, here in self._selections(x.shape, shape, key, places):
            found = [
                self.where(condition, x.elements[place], other)
                for condition, place, other in zip(here, chosen, found, strict=True)
            ]
        return Cells(shape, found)

    def scatter_add(self, x: Cells, key: Key, places: Sequence[Cells], shape: Shape) -> Cells:
        """Zeros to which x is added at computed places."""
        found = self.zeros(shape)
        for chosen, here in self._selections(shape, x.shape, key, places):
            for condition, place, value in zip(here, chosen, x.elements, strict=True):
                found.elements[place] = found.elements[place] + self.where(condition, value, 0.0)
        return found

    def _selections(
        self, shape: Shape, result: Shape, key: Key, places: Sequence[Cells]
    ) -> Iterator[tuple[list[int], Sequence[Any]]]:
        """For each choice of places the elements that are at them, and the conditions under which they are selected."""
        pairs = paired(key, [each.shape for each in places])
        numbers = [spread(each, pairs.shape) for each in places]
        extents = [shape[axis] for axis in computed_axes(key)]
        behind = (1,) * (len(result) - pairs.start - len(pairs.shape))
        for choice in product(*map(range, extents)):
            conditions = [
                reduce(self.both, map(self._is_place, each, choice, extents)) for each in zip(*numbers, strict=True)
            ]
            if any(condition is not False for condition in conditions):
                listed = [(each,) * len(conditions) for each in choice]
                yield (
                    selected(shape, _flat(key, listed, pairs.shape))[1],
                    spread(Cells(pairs.shape + behind, conditions), result),
                )

    def _is_place(self, number: Any, place: int, extent: int) -> Any:
        """Whether a number is a place, counted from the start or from the end."""
        return self.either(self.equal(number, float(place)), self.equal(number, float(place - extent)))


def _flat(key: Key, places: Iterable[tuple[int, ...]], shape: Shape) -> Key:
    """The key with the places in a row, and its lists as they meet them."""
    computed = iter(places)
    return tuple(
        next(computed)
        if entry is ...
        else tuple(spread(Cells((len(entry),), list(entry)), shape))
        if isinstance(entry, tuple) and not isinstance(entry, Slice)
        else entry
        for entry in key
    )


def _total(rows: Sequence[Sequence[Any]]) -> Any:
    """The sum as NumPy adds it: rows pairwise, and one after the other, to 0: no sum is -0."""
    return reduce(add, map(_pairwise, rows)) + 0.0


def _pairwise(terms: Sequence[Any]) -> Any:
    """The sum of numbers that are next to each other: the few one by one, a block in lanes, more by halves."""
    count = len(terms)
    if count < _FEW:
        return reduce(add, terms)
    if count > _BLOCK:
        half = count // 2 - count // 2 % _LANES
        return _pairwise(terms[:half]) + _pairwise(terms[half:])
    full = count - count % _LANES
    lanes = [reduce(add, terms[lane:full:_LANES]) for lane in range(_LANES)]
    while len(lanes) > 1:
        lanes = [first + second for first, second in zip(lanes[::2], lanes[1::2], strict=True)]
    return reduce(add, terms[full:], lanes[0])


def _products(first: Sequence[Any], second: Sequence[Any]) -> Any:
    total = reduce(add, [a * b for a, b in zip(first, second, strict=True)])
    return total + 0.0 if len(first) > 1 else total


def _matrices(x: Cells, batch: Shape) -> list[Cells]:
    """The matrices of a batch, one after the other."""
    shape, elements = x.shape[-2:], spread(x, (*batch, *x.shape[-2:]))
    return [Cells(shape, list(elements[start : start + size(shape)])) for start in range(0, len(elements), size(shape))]
