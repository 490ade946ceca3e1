"""Elements at computed places, and the sums of what belongs at one place."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from diffcli.execute.arrays import Array
from diffcli.execute.numpy_later import np
from diffcli.primitives.shape import Shape, size
from diffcli.primitives.subscripts import Key, Slice, computed_axes, indexed_shape, native, paired

_ALL = Slice(None, None, None)
#: From so many numbers on, SciPy's sparse product adds up rows faster, though it has to be imported.
_MANY = 1 << 15


class Selected(NamedTuple):
    """The elements of an array that a key selects: `index` is for NumPy, with 0 in place of numbers that are no places.

    `known` tells which elements are at a place, aligned with them; None where all are.
    """

    index: tuple[Any, ...]  # type: ignore[assignment]  # a tuple's own method is not needed
    known: Array | None


def selected(shape: Shape, key: Key, places: Sequence[Any]) -> Selected:
    """The elements of an array of a shape at a key; places are whole numbers of any type."""
    wholes: list[Array] = []
    known: Array | None = None
    for axis, numbers in zip(computed_axes(key), places, strict=True):
        extent = shape[axis]
        whole = np.asarray(numbers, dtype=np.float64).astype(np.intp)
        right = np.asarray((whole == numbers) & (whole >= -extent) & (whole < extent), dtype=bool)
        if not right.all():
            whole, known = np.where(right, whole, 0), right if known is None else known & right
        wholes.append(whole)
    return Selected(native(key, wholes), None if known is None else aligned(known, shape, key, wholes))


def labelled(shape: Shape, labels: Any) -> Selected:
    """The elements along the last axis of an array of a shape that whole numbers of any type name, from 0 on."""
    wholes = np.floor(np.asarray(labels, dtype=np.float64))
    known = np.asarray((wholes >= 0) & (wholes < shape[-1]) & (wholes == labels), dtype=bool)
    places = np.where(known, wholes, 0).astype(np.intp)
    index = (*np.indices(places.shape, sparse=True), places)
    return Selected(index, None if known.all() else known)


def aligned(known: Array, shape: Shape, key: Key, places: Sequence[Array]) -> Array:
    """What is known of places, so that it broadcasts against the elements of an array of a shape at them."""
    shapes = [np.shape(place) for place in places]
    pairs = paired(key, shapes)
    behind = len(indexed_shape(shape, key, shapes)) - pairs.start - len(pairs.shape)
    return np.broadcast_to(known, pairs.shape).reshape(pairs.shape + (1,) * behind)


class Gathering:
    """What primitives do at computed places, for any arithmetic: it has `zeros`, `where` and `number`."""

    def gather(self: Any, x: Array, key: Key, places: Sequence[Array]) -> Array:
        """The elements at the places; nan where a number is no place."""
        return self.elements_at(x, key, selected(x.shape, key, places))

    def elements_at(self: Any, x: Array, key: Key, places: Selected) -> Array:
        """The elements that a key selects; nan where a number is no place."""
        index, known = places
        found = x.take(index[0], axis=0) if key == (...,) else x[index]
        return found if known is None else self.where(known, found, self.number(np.nan, ()))

    def scatter_add(self: Any, x: Array, key: Key, places: Sequence[Array], shape: Shape) -> Array:
        """Zeros to which x is added at the places."""
        index, known = selected(shape, key, places)
        result = self.zeros(shape)
        np.add.at(result, index, x if known is None else self.where(known, x, self.number(0.0, ())))
        return result


def adder(key: Key, places: Selected, shape: Shape) -> Callable[[Array], Array]:
    """The function that adds doubles at what a key selects of zeros, in the order in which they come."""
    index, known = places
    by_rows = key == (..., *(_ALL,) * (len(key) - 1))
    targets: list[Array] = []

    def add(x: Array) -> Array:
        if known is not None:
            x = np.where(known, x, 0.0)
        if by_rows and x.size >= _MANY:
            return _rows_added(x.reshape(index[0].size, -1), index[0].ravel() % shape[0], shape)
        if not targets:
            targets.append(np.arange(size(shape)).reshape(shape)[index].ravel())
        return np.bincount(targets[0], x.ravel(), size(shape)).reshape(shape)

    return add


def _rows_added(x: Array, rows: Array, shape: Shape) -> Array:
    """Rows of x added up in the rows of the result: a product with a matrix that has a 1 in each column."""
    from scipy.sparse import csc_array  # a tenth of a second

    ones = csc_array((np.ones(len(rows)), rows, np.arange(len(rows) + 1)), shape=(shape[0], len(rows)))
    return (ones @ x).reshape(shape)
