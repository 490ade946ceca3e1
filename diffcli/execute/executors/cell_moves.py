"""Moves of numbers among arrays without NumPy, as NumPy makes them."""

from collections.abc import Callable, Sequence
from typing import Any

from diffcli.execute.executors.cells import Cells, cells, places, spread, strides
from diffcli.primitives.shape import Axes, Shape, axes_of, axis_of, size


class CellMoves:
    """Functions that take elements as they are, whatever those are."""

    @staticmethod
    def array(value: Any) -> Cells:
        """The value as an array."""
        return cells(value)

    @staticmethod
    def number(value: float, shape: Shape) -> Any:
        """A constant."""
        return value if shape == () else Cells(shape, [value] * size(shape))

    def zeros(self, shape: Shape) -> Cells:
        """Zeros that other numbers can be put among."""
        return Cells(shape, [0.0] * size(shape))

    @staticmethod
    def add_at(target: Cells, key: Any, values: Any) -> None:
        """Add values at an index, which may name an element twice."""
        shape, chosen = target.chosen(key)
        for place, value in zip(chosen, spread(values, shape), strict=True):
            target.elements[place] = target.elements[place] + value

    @staticmethod
    def reshape(x: Any, shape: Shape | int) -> Cells:
        """The same elements in another shape, in which one extent may be -1."""
        array, wanted = cells(x), shape if isinstance(shape, tuple) else (shape,)
        rest = len(array.elements) // max(1, size(extent for extent in wanted if extent != -1))
        return Cells(tuple(rest if extent == -1 else extent for extent in wanted), array.elements)

    @staticmethod
    def broadcast_to(x: Any, shape: Shape) -> Cells:
        """Copies that fill a shape."""
        return Cells(shape, list(spread(x, shape)))

    @staticmethod
    def transpose(x: Cells, axes: Sequence[int] | None = None) -> Cells:
        """The axes in reverse order, or in the order named."""
        order = range(x.ndim)[::-1] if axes is None else [axis % x.ndim for axis in axes]
        steps = strides(x.shape)
        shape = tuple(x.shape[axis] for axis in order)
        chosen = places([[steps[axis] * at for at in range(x.shape[axis])] for axis in order])
        return Cells(shape, [x.elements[place] for place in chosen])

    def stack(self, elements: Sequence[Any], axis: int = 0) -> Cells:
        """Arrays of one shape along a new axis."""
        arrays = [cells(each) for each in elements]
        shape = arrays[0].shape
        place = axis % (len(shape) + 1)
        apart = (*shape[:place], 1, *shape[place:])
        return self.concatenate([Cells(apart, array.elements) for array in arrays], axis=place)

    @staticmethod
    def concatenate(elements: Sequence[Cells], axis: int = 0) -> Cells:
        """Arrays joined along an axis."""
        first = elements[0].shape
        along = axis % len(first)
        rows = [iter(each.elements) for each in elements]
        lengths = [size(each.shape[along:]) for each in elements]
        joined = [
            next(row)
            for _ in range(size(first[:along]))
            for row, length in zip(rows, lengths, strict=True)
            for _ in range(length)
        ]
        return Cells((*first[:along], sum(each.shape[along] for each in elements), *first[along + 1 :]), joined)

    @staticmethod
    def flip(x: Cells, axis: Axes = None) -> Cells:
        """Turned round, along some axes or all."""
        turned = axes_of(x.shape, axis)
        return x[tuple(slice(None, None, -1 if place in turned else 1) for place in range(x.ndim))]

    def roll(self, x: Cells, shift: int, axis: int | None = None) -> Cells:
        """Shifted, the last elements coming first."""
        if axis is None:
            return self.reshape(self.roll(self.reshape(x, -1), shift, 0), x.shape)
        along, extent = axis_of(x.shape, axis), x.shape[axis]
        return x[(*(slice(None),) * along, [(at - shift) % extent for at in range(extent)])]

    def tile(self, x: Any, reps: Sequence[int]) -> Cells:
        """The whole array, repeated."""
        array = cells(x)
        rank = max(array.ndim, len(reps))
        found = self.reshape(array, (1,) * (rank - array.ndim) + array.shape)
        for axis, count in enumerate((1,) * (rank - len(reps)) + tuple(reps)):
            found = self.concatenate([found] * count, axis)
        return found

    def repeat(self, x: Any, repeats: int, axis: int | None = None) -> Cells:
        """Each element repeated."""
        array = self.reshape(x, -1) if axis is None else cells(x)
        along = 0 if axis is None else axis_of(array.shape, axis)
        apart = self.reshape(array, (*array.shape[: along + 1], 1, *array.shape[along + 1 :]))
        joined = self.concatenate([apart] * repeats, along + 1)
        return self.reshape(joined, (*array.shape[:along], array.shape[along] * repeats, *array.shape[along + 1 :]))

    def triu(self, x: Cells, k: int = 0) -> Cells:
        """The upper triangle; zeros below diagonal k."""
        return self._where_in_matrix(x, lambda row, column: column - row >= k)

    def tril(self, x: Cells, k: int = 0) -> Cells:
        """The lower triangle; zeros above diagonal k."""
        return self._where_in_matrix(x, lambda row, column: column - row <= k)

    @staticmethod
    def _where_in_matrix(x: Cells, chosen: Callable[[int, int], bool]) -> Cells:
        rows, columns = x.shape[-2:]
        places_of = [(place // columns % rows, place % columns) for place in range(len(x.elements))]
        return Cells(
            x.shape, [each if chosen(*place) else 0.0 for each, place in zip(x.elements, places_of, strict=True)]
        )

    def diag(self, x: Cells, k: int = 0) -> Cells:
        """The matrix with this diagonal, or the diagonal of a matrix."""
        if x.ndim == 1:
            found = self.zeros((len(x.elements) + abs(k),) * 2)
            count = len(x.elements)
        else:
            found, count = x, min(x.shape[0] + min(k, 0), x.shape[1] - max(k, 0))
        rows = list(range(max(-k, 0), max(-k, 0) + count))
        columns = [row + k for row in rows]
        if x.ndim == 2:
            return found[rows, columns]
        found[rows, columns] = x
        return found
