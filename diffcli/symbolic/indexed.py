"""Arrays as indexed expressions: an expression, and for each axis its index and its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sympy

from diffcli.symbolic.refusal import Refusal
from diffcli.symbolic.sizes import Sizes


class Axis(NamedTuple):
    """An index symbol that runs over 0..size-1."""

    index: Any
    size: Any


@dataclass(frozen=True, slots=True)
class Array:
    """An array: its element at the indices of its axes. Without axes it is a number."""

    element: Any
    axes: tuple[Axis, ...] = ()

    def __pow__(self, exponent: int) -> "Array":
        return Array(self.element**exponent, self.axes)

    def at(self, replacement: dict[Any, Any]) -> Any:
        """The element with other indices."""
        return self.element.xreplace(replacement)


def fresh_index() -> Any:
    """An index symbol like no other."""
    return sympy.Dummy("i", integer=True, nonnegative=True)


def indexed(name: str, sizes: Sequence[Any]) -> Array:
    """A variable with an axis for each size; a real symbol when there are none."""
    symbol = sympy.Symbol(name, real=True)
    if not sizes:
        return Array(symbol)
    axes = tuple(Axis(fresh_index(), size) for size in sizes)
    return Array(sympy.IndexedBase(symbol, real=True)[tuple(axis.index for axis in axes)], axes)


def broadcast(arrays: Sequence[Array], sizes: Sizes) -> tuple[list[Any], tuple[Axis, ...]]:
    """The arrays' elements at common indices, aligned at the right as NumPy does."""
    rank = max(len(array.axes) for array in arrays)
    replacements: list[dict[Any, Any]] = [{} for _ in arrays]
    axes: list[Axis] = []
    for position in range(rank, 0, -1):
        met = [array.axes[-position] if len(array.axes) >= position else None for array in arrays]
        size = sympy.Integer(1)
        for axis in met:
            if axis is not None and sizes.extent(axis.size) != 1:
                size = axis.size if size == 1 else sizes.unify(size, axis.size)
        common = Axis(fresh_index(), sizes.resolve(size))
        axes.append(common)
        for axis, replacement in zip(met, replacements, strict=True):
            if axis is not None:
                stretched = size != 1 and sizes.extent(axis.size) == 1
                replacement[axis.index] = sympy.Integer(0) if stretched else common.index
    elements = [array.at(replacement) for array, replacement in zip(arrays, replacements, strict=True)]
    return elements, tuple(axes)


def subscript(array: Array, pattern: str, values: Sequence[int], sizes: Sizes) -> Array:
    """`array[...]`, by the tree's pattern (`i` a whole number, `:` a colon, `,` between axes)."""
    parts = pattern.split(",")
    if len(parts) > len(array.axes):
        raise Refusal("it has more indices than axes")
    waiting = list(values)
    replacement: dict[Any, Any] = {}
    axes: list[Axis] = []
    for axis, part in zip(array.axes, parts, strict=False):
        if ":" not in part:
            replacement[axis.index] = _place(waiting.pop(0), axis, sizes)
            continue
        bounds = [waiting.pop(0) if bound else None for bound in (*part.split(":"), "")[:3]]
        start, step, size = _slice(bounds[0], bounds[1], bounds[2], axis, sizes)
        taken = Axis(fresh_index(), size)
        replacement[axis.index] = start + step * taken.index
        axes.append(taken)
    return Array(array.at(replacement), (*axes, *array.axes[len(parts) :]))


def _place(value: int, axis: Axis, sizes: Sizes) -> Any:
    extent = sizes.extent(axis.size)
    if extent is not None and not -extent <= value < extent:
        raise Refusal(f"the index {value} is out of range")
    return axis.size + value if value < 0 else sympy.Integer(value)


def _slice(start: int | None, stop: int | None, step: int | None, axis: Axis, sizes: Sizes) -> tuple[Any, int, Any]:
    """A slice's first place, step and size."""
    extent = sizes.extent(axis.size)
    size = axis.size
    if step == 0:
        raise Refusal("a slice has step 0")
    if step in (None, 1):
        first = sympy.Integer(0) if start is None else size + start if start < 0 else sympy.Integer(start)
        last = size if stop is None else size + stop if stop < 0 else sympy.Integer(stop)
        count = sympy.expand(last - first)
        if extent is None or (sizes.extent(first), sizes.extent(last)) == slice(start, stop).indices(extent)[:2]:
            if count.is_number and count <= 0:
                raise Refusal("a slice is empty")
            return first, 1, count
    if extent is None:
        raise Refusal("the size of a slice with a step is not known without values")
    places = range(*slice(start, stop, step).indices(extent))
    if not places:
        raise Refusal("a slice is empty")
    return sympy.Integer(places.start), places.step, sympy.Integer(len(places))
