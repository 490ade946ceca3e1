"""Moves of elements in a library's arrays: indices, places that are computed, and what is put or added at them."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from diffcli.primitives.shape import Shape, size
from diffcli.primitives.subscripts import Key, Slice, computed_axes, indexed_shape, native, paired


class LibraryMoves:
    """Moves by the functions of a library; an arithmetic has those."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A function by its name."""

    def expand(self, x: Any, axis: int) -> Any:
        """The array with an axis of extent 1 more."""
        place = axis % (x.ndim + 1)
        return self.reshape(x, (*x.shape[:place], 1, *x.shape[place:]))

    def index(self, x: Any, key: Key) -> Any:
        """The elements at an index."""
        if _is_plain(key):
            return x[native(key)]
        return self.reshape(x, (-1,))[self.places(_places_of(tuple(x.shape), native(key)))]

    def scatter(self, x: Any, key: Key, shape: Shape) -> Any:
        """Zeros with x put, or added, at an index."""
        if _is_plain(key):
            return self.put(shape, native(key), x)
        return self._added_at(x, _places_of(shape, native(key)), shape)

    def place_diagonal(self, x: Any, k: int, shape: Shape) -> Any:
        """Zeros with a vector put on a diagonal."""
        rows = np.arange(len(x)) + max(-k, 0)
        return self._added_at(x, _places_of(shape, (rows, rows + k)), shape)

    def _added_at(self, x: Any, places: Any, shape: Shape) -> Any:
        """Zeros to which x is added at places of the array in a row."""
        flat = self.places(places.reshape(-1))
        return self.reshape(self.added((size(shape),), flat, self.reshape(x, (-1,))), shape)

    def gather(self, x: Any, key: Key, places: Sequence[Any]) -> Any:
        """The elements at the places; nan where a number is no place."""
        shape = tuple(x.shape)
        wholes, known = self._wholes(shape, key, places)
        index = wholes[0] if _is_rows(key) else self._flat(shape, key, wholes)
        rows = x if _is_rows(key) else self.reshape(x, (-1,))
        found = self.reshape(rows[self.reshape(index, (-1,))], (*index.shape, *rows.shape[1:]))  # of a single place too
        return self.where(self._aligned(known, shape, key, places), found, self.number(math.nan, ()))

    def scatter_add(self, x: Any, key: Key, places: Sequence[Any], shape: Shape) -> Any:
        """Zeros to which x is added at the places."""
        wholes, known = self._wholes(shape, key, places)
        right = self.where(self._aligned(known, shape, key, places), x, self.number(0.0, ()))
        if _is_rows(key):
            return self.added(shape, self.reshape(wholes[0], (-1,)), self.reshape(right, (-1, *shape[1:])))
        flat = self.reshape(self._flat(shape, key, wholes), (-1,))
        return self.reshape(self.added((size(shape),), flat, self.reshape(right, (-1,))), shape)

    def _wholes(self, shape: Shape, key: Key, places: Sequence[Any]) -> tuple[list[Any], Any]:
        """Computed places as indices from 0 on, 0 for those that are none, and which are places."""
        wholes, known = [], None
        for axis, numbers in zip(computed_axes(key), places, strict=True):
            extent = shape[axis]
            right = (self.floor(numbers) == numbers) & (numbers >= -extent) & (numbers < extent)
            at = self.where(right, numbers, self.number(0.0, ()))
            wholes.append(self.whole(self.where(at < 0, at + extent, at)))
            known = right if known is None else known & right
        return wholes, known

    def _aligned(self, known: Any, shape: Shape, key: Key, places: Sequence[Any]) -> Any:
        """What is known of places, so that it broadcasts against the elements at them."""
        shapes = [tuple(place.shape) for place in places]
        pairs = paired(key, shapes)
        behind = len(indexed_shape(shape, key, shapes)) - pairs.start - len(pairs.shape)
        return self.reshape(self.broadcast_to(known, pairs.shape), pairs.shape + (1,) * behind)

    def _flat(self, shape: Shape, key: Key, wholes: Sequence[Any]) -> Any:
        """The place of each selected element in the array in a row."""
        shapes = [tuple(whole.shape) for whole in wholes]
        pairs, result = paired(key, shapes), indexed_shape(shape, key, shapes)
        computed, axis, own = iter(wholes), 0, 0
        free = [place for place in range(len(result)) if not 0 <= place - pairs.start < len(pairs.shape)]
        total = self.places(np.zeros((1,) * len(result)))
        for entry in (*key, *(Slice(None, None, None),) * (len(shape) - sum(entry is not None for entry in key))):
            if entry is None:
                own += 1
                continue
            step, extent = size(shape[axis + 1 :]), shape[axis]
            axis += 1
            if isinstance(entry, Slice):
                at = self.places(np.arange(extent)[slice(*entry)])
                places = (1,) * free[own] + (-1,) + (1,) * (len(result) - free[own] - 1)
                own += 1
            else:
                at = next(computed) if entry is ... else self.places(np.asarray(entry) % extent)
                around = (1,) * (len(pairs.shape) - at.ndim)
                behind = (1,) * (len(result) - pairs.start - len(pairs.shape))
                places = ((1,) * pairs.start) + around + tuple(at.shape) + behind
            total = total + self.reshape(at, places) * step
        return self.broadcast_to(total, result)

    def one_hot(self, labels: Any, classes: int) -> Any:
        """For each label a row that is 1 at its place."""
        return self.indicator(self.expand(labels, -1) == self.lifted(np.arange(classes)))

    def at_target(self, x: Any, target: Any) -> Any:
        """Along the last axis the element at the label, or the sum weighed by the target's probabilities."""
        if tuple(x.shape) == tuple(target.shape):
            return self.sum(x * target, axis=-1)
        chosen = self.expand(target, -1) == self.lifted(np.arange(x.shape[-1]))
        found = self.sum(self.where(chosen, x, self.number(0.0, ())), axis=-1)
        return self.where(self.sum(self.indicator(chosen), axis=-1) == 1, found, self.number(math.nan, ()))


def _is_plain(key: Key) -> bool:
    """Whether a key is made of places and of slices that go forward alone."""
    return all((entry.step or 1) > 0 if isinstance(entry, Slice) else not isinstance(entry, tuple) for entry in key)


def _is_rows(key: Key) -> bool:
    """Whether a key has places along its first axis, and all of the others."""
    return key == (..., *(Slice(None, None, None),) * (len(key) - 1))


def _places_of(shape: Shape, index: Any) -> Any:
    """The places of the elements at NumPy's index in an array of a shape, counted in a row."""
    return np.arange(size(shape)).reshape(shape)[index]
