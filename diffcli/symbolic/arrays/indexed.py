"""Arrays as indexed expressions: an expression, and for each axis its index and its size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index


class Axis(NamedTuple):
    """An index symbol that runs over 0..size-1."""

    index: Symbol
    size: Expr


@dataclass(frozen=True, slots=True)
class Array:
    """An array: its element at the indices of its axes. Without axes it is a number."""

    element: Expr
    axes: tuple[Axis, ...] = ()

    def map(self, function: Callable[[Expr], Expr]) -> "Array":
        """The function of each element."""
        return Array(function(self.element), self.axes)

    def at(self, replacement: dict[Symbol, Expr]) -> Expr:
        """The element with other indices."""
        return self.element.xreplace(replacement)


def indexed(name: str, sizes: Sequence[Expr]) -> Array:
    """A variable with an axis for each size; a real symbol when there are none."""
    symbol = sympy.Symbol(name, real=True)
    if not sizes:
        return Array(symbol)
    axes = tuple(Axis(fresh_index(), size) for size in sizes)
    return Array(sympy.IndexedBase(symbol, real=True)[tuple(axis.index for axis in axes)], axes)


def broadcast(arrays: Sequence[Array], sizes: Sizes) -> tuple[list[Expr], tuple[Axis, ...]]:
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
