"""Arrays without NumPy: a shape, and single numbers of any type that has Python's operators."""

import operator
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

from diffcli.primitives.shape import Axes, Shape, axes_of, broadcast, kept, reduced, size
from diffcli.primitives.subscripts import Key, Slice, indexed_shape


class Cells:
    """An array: its elements in a list, the last axis changing fastest; a single number has one and no axes."""

    __slots__ = ("elements", "shape")
    __hash__ = None  # type: ignore[assignment]  # equality is one of elements

    def __init__(self, shape: Shape, elements: list[Any]) -> None:
        self.shape = shape
        self.elements = elements

    @classmethod
    def of(cls, nested: Any) -> "Cells":
        """The array of nested lists. Raises ValueError where rows differ in length."""
        shape: Shape = ()
        elements = [nested]
        while elements and isinstance(elements[0], list):
            extent = len(elements[0])
            if not all(isinstance(row, list) and len(row) == extent for row in elements):
                raise ValueError
            shape += (extent,)
            elements = [element for row in elements for element in row]
        if any(isinstance(element, list) for element in elements):
            raise ValueError
        return cls(shape, elements)

    def tolist(self) -> Any:
        """Nested lists; the number itself where there are no axes."""
        nested = self.elements
        for extent in reversed(self.shape):
            nested = [nested[start : start + extent] for start in range(0, len(nested), extent)]
        return nested[0]

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __len__(self) -> int:
        """The extent of the first axis."""
        return self.shape[0]

    def __bool__(self) -> bool:
        [element] = self.elements  # several have no truth
        return bool(element)

    def any(self) -> bool:
        """Whether some element is true."""
        return any(self.elements)

    def all(self, axis: Axes = None, keepdims: bool = False) -> "Cells":
        """Whether all are along axes."""
        return folded(lambda rows: all(map(all, rows)), self, axis, keepdims)

    def sum(self, axis: Axes = None, keepdims: bool = False) -> "Cells":
        """The sum of whole numbers along axes."""
        return folded(lambda rows: sum(map(sum, rows)), self, axis, keepdims)

    def max(self, axis: Axes = None, keepdims: bool = False) -> "Cells":
        """The largest along axes of numbers that none of is nan."""
        return folded(lambda rows: max(map(max, rows)), self, axis, keepdims)

    def min(self, axis: Axes = None, keepdims: bool = False) -> "Cells":
        """The smallest along axes of numbers that none of is nan."""
        return folded(lambda rows: min(map(min, rows)), self, axis, keepdims)

    def chosen(self, key: Any) -> tuple[Shape, list[int]]:
        """The shape of an index's result, and the places of its elements."""
        return selected(self.shape, _key(key))

    def __getitem__(self, key: Any) -> "Cells":
        shape, places = self.chosen(key)
        return Cells(shape, [self.elements[place] for place in places])

    def __setitem__(self, key: Any, values: "Cells") -> None:
        shape, places = self.chosen(key)
        for place, value in zip(places, spread(values, shape), strict=True):
            self.elements[place] = value

    def __neg__(self) -> "Cells":
        return applied(operator.neg, self)

    def __add__(self, other: Any) -> "Cells":
        return applied(operator.add, self, other)

    def __radd__(self, other: Any) -> "Cells":
        return applied(operator.add, other, self)

    def __sub__(self, other: Any) -> "Cells":
        return applied(operator.sub, self, other)

    def __rsub__(self, other: Any) -> "Cells":
        return applied(operator.sub, other, self)

    def __mul__(self, other: Any) -> "Cells":
        return applied(operator.mul, self, other)

    def __rmul__(self, other: Any) -> "Cells":
        return applied(operator.mul, other, self)

    def __truediv__(self, other: Any) -> "Cells":
        return applied(operator.truediv, self, other)

    def __rtruediv__(self, other: Any) -> "Cells":
        return applied(operator.truediv, other, self)

    def __pow__(self, other: Any) -> "Cells":
        return applied(operator.pow, self, other)

    def __rpow__(self, other: Any) -> "Cells":
        return applied(operator.pow, other, self)

    def __floordiv__(self, other: Any) -> "Cells":
        return applied(operator.floordiv, self, other)

    def __abs__(self) -> "Cells":
        return applied(abs, self)

    def __eq__(self, other: Any) -> "Cells":  # type: ignore[override]  # as NumPy's
        return applied(operator.eq, self, other)

    def __ne__(self, other: Any) -> "Cells":  # type: ignore[override]
        return applied(operator.ne, self, other)

    def __lt__(self, other: Any) -> "Cells":
        return applied(operator.lt, self, other)

    def __le__(self, other: Any) -> "Cells":
        return applied(operator.le, self, other)

    def __gt__(self, other: Any) -> "Cells":
        return applied(operator.gt, self, other)

    def __ge__(self, other: Any) -> "Cells":
        return applied(operator.ge, self, other)

    def __and__(self, other: Any) -> "Cells":
        return applied(operator.and_, self, other)

    def __or__(self, other: Any) -> "Cells":
        return applied(operator.or_, self, other)

    def __array_ufunc__(self, function: Any, method: str, *operands: Any) -> "Cells":
        """NumPy's functions of each element: elements say what becomes of them."""
        return applied(function, *operands)


def cells(value: Any) -> Cells:
    """A single number as an array without axes; an array as it is."""
    return value if isinstance(value, Cells) else Cells((), [value])


def spread(value: Any, shape: Shape) -> Sequence[Any]:
    """The elements of a value broadcast to a shape."""
    array = cells(value)
    if array.shape == shape:
        return array.elements
    if len(array.elements) == 1:
        return array.elements * size(shape)
    return [array.elements[place] for place in strided(array.shape, shape)]


def applied(function: Callable[..., Any], *operands: Any) -> Cells:
    """A function of the elements of operands broadcast together."""
    arrays = [cells(operand) for operand in operands]
    shape = broadcast([array.shape for array in arrays])
    return Cells(shape, [function(*each) for each in zip(*[spread(array, shape) for array in arrays], strict=True)])


def folded(fold: Callable[[Sequence[Sequence[Any]]], Any], x: Any, axis: Axes, keepdims: bool) -> Cells:
    """For each result the fold of its rows: elements next to each other, as far as the axes go."""
    array = cells(x)
    over = axes_of(array.shape, axis)
    steps = strides(array.shape)
    apart = [place for place in range(array.ndim) if place not in over]
    long = [place for place in range(array.ndim) if array.shape[place] > 1]
    near = []
    while long and long[-1] in over:
        near.append(long.pop())
    far = [place for place in over if place not in near]
    within, between, starts = (
        places([[steps[place] * at for at in range(array.shape[place])] for place in chosen])
        for chosen in (sorted(near), far, apart)
    )
    elements = [fold([[array.elements[start + row + at] for at in within] for row in between]) for start in starts]
    return Cells(kept(array.shape, axis) if keepdims else reduced((array.shape,), axis), elements)


def strides(shape: Shape) -> list[int]:
    """The distance of neighbours along each axis."""
    found, distance = [], 1
    for extent in reversed(shape):
        found.append(distance)
        distance *= extent
    return found[::-1]


def strided(own: Shape, shape: Shape) -> list[int]:
    """For each place of a shape that of the element that is broadcast to it."""
    aligned = (1,) * (len(shape) - len(own)) + own
    steps = [0 if extent == 1 else step for extent, step in zip(aligned, strides(aligned), strict=True)]
    return places([[step * at for at in range(extent)] for step, extent in zip(steps, shape, strict=True)])


def places(offsets: Sequence[Sequence[int]]) -> list[int]:
    """The sums of one offset of each axis, the last axis changing fastest."""
    return [sum(each) for each in product(*offsets)]


def selected(shape: Shape, key: Key) -> tuple[Shape, list[int]]:
    """The shape of an index's result, and the places of its elements, by NumPy's rules."""
    entries: list[Any] = [entry for entry in key if entry is not None]
    entries += [Slice(None, None, None)] * (len(shape) - len(entries))
    steps = strides(shape)
    if any(isinstance(entry, tuple) and not isinstance(entry, Slice) for entry in entries):
        return indexed_shape(shape, key), list(_listed(shape, entries, steps))
    offsets = []
    for entry, extent, step in zip(entries, shape, steps, strict=True):
        chosen = range(*slice(*entry).indices(extent)) if isinstance(entry, Slice) else [int(entry) % extent]
        offsets.append([step * at for at in chosen])
    return indexed_shape(shape, key), places(offsets)


def _listed(shape: Shape, entries: Sequence[Any], steps: Sequence[int]) -> Iterator[int]:
    """The places that lists choose, element by element; their axis first, or where the lists stand together."""
    length = max(len(entry) for entry in entries if isinstance(entry, tuple) and not isinstance(entry, Slice))
    fancy = [axis for axis, entry in enumerate(entries) if not isinstance(entry, Slice)]
    together = fancy == list(range(fancy[0], fancy[-1] + 1))
    chosen = [0] * length
    for axis in fancy:
        listed = entries[axis] if isinstance(entries[axis], tuple) else (entries[axis],)
        listed = listed * length if len(listed) == 1 else listed
        chosen = [so_far + steps[axis] * (at % shape[axis]) for so_far, at in zip(chosen, listed, strict=True)]
    offsets = {
        axis: [steps[axis] * at for at in range(*slice(*entry).indices(shape[axis]))]
        for axis, entry in enumerate(entries)
        if isinstance(entry, Slice)
    }
    before = [offsets[axis] for axis in offsets if together and axis < fancy[0]]
    after = [offsets[axis] for axis in offsets if not together or axis > fancy[0]]
    yield from places([*before, chosen, *after])


def _key(key: Any) -> Key:
    """A key as Python and NumPy have it, as a program's."""
    entries = key if isinstance(key, tuple) else (key,)
    return tuple(
        Slice(entry.start, entry.stop, entry.step)
        if isinstance(entry, slice)
        else tuple(entry)
        if isinstance(entry, list)
        else entry
        for entry in entries
    )
