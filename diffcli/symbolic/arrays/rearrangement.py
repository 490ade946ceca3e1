"""Functions that give elements other places: other shapes, other orders, parts left out."""

import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from diffcli.messages import Argument, Message
from diffcli.symbolic.arrays.axes import ArrayFunctions, axis_at, places, single
from diffcli.symbolic.arrays.indexed import Array, Axis
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.index_arithmetic import digit, fresh_index
from diffcli.symbolic.vocabulary.refusal import Refusal, without_values


class Rearrangement(ArrayFunctions):
    """Shapes and orders."""

    def transpose(self, x: Array, axes: Sequence[int] | None = None) -> Array:
        """The axes in another order; by default the reverse."""
        order = range(len(x.axes))[::-1] if axes is None else [axis_at(x, axis) for axis in axes]
        if sorted(order) != list(range(len(x.axes))):
            raise without_values(Message("transpose needs each of the {count} axes once", count=len(x.axes)))
        return Array(x.element, tuple(x.axes[place] for place in order))

    def swapaxes(self, x: Array, axis1: int, axis2: int) -> Array:
        """Two axes exchanged."""
        axes = list(x.axes)
        first, second = axis_at(x, axis1), axis_at(x, axis2)
        axes[first], axes[second] = axes[second], axes[first]
        return Array(x.element, tuple(axes))

    def expand_dims(self, x: Array, axis: int | Sequence[int]) -> Array:
        """New axes of 1."""
        listed = [axis] if isinstance(axis, int) else list(axis)
        rank = len(x.axes) + len(listed)
        new = {each % rank for each in listed}
        old = iter(x.axes)
        return Array(x.element, tuple(single() if place in new else next(old) for place in range(rank)))

    def squeeze(self, x: Array, axis: int | Sequence[int] | None = None) -> Array:
        """Axes of 1 left out."""
        if axis is None and any(self._sizes.extent(each.size) is None for each in x.axes):
            raise Refusal(
                Message("which axes have a size of 1 is not known (give values with {at})", at=Argument("at"))
            )
        leaving = [
            place for place in places(x, axis) if axis is not None or self._sizes.extent(x.axes[place].size) == 1
        ]
        for place in leaving:
            self._sizes.unify(x.axes[place].size, sympy.Integer(1))
        element = x.at({x.axes[place].index: sympy.Integer(0) for place in leaving})
        return Array(element, tuple(each for place, each in enumerate(x.axes) if place not in leaving))

    def reshape(self, x: Array, shape: int | Sequence[int]) -> Array:
        """The same elements, in the order of rows, in another shape; one -1 stands for what is left."""
        wanted = [shape] if isinstance(shape, int) else list(shape)
        if wanted == [-1] and len(x.axes) == 1:
            return x
        if len(x.axes) == 1 and -1 not in wanted:  # then the new shape tells the size
            self._sizes.unify(x.axes[0].size, sympy.Integer(math.prod(wanted)))
        known = [self._sizes.settled(axis.size) for axis in x.axes]
        old = [extent for extent in known if extent is not None]
        if len(old) < len(known):
            raise Refusal(
                Message("the sizes of what is reshaped are not known (give values with {at})", at=Argument("at"))
            )
        count = math.prod(old)
        if -1 in wanted:
            wanted[wanted.index(-1)] = count // max(1, -math.prod(wanted))
        if math.prod(wanted) != count:
            raise Refusal(Message("the shapes do not fit together"))
        kept = 0  # leading axes that stay as they are
        while kept < min(len(wanted), len(old)) and wanted[kept] == old[kept]:
            kept += 1
        axes = tuple(Axis(fresh_index(), sympy.Integer(extent)) for extent in wanted[kept:])
        return Array(x.at(_places(x.axes[kept:], old[kept:], axes)), (*x.axes[:kept], *axes))

    def ravel(self, x: Array) -> Array:
        """All elements in a row."""
        return x if len(x.axes) == 1 else self.reshape(x, -1)

    def flip(self, x: Array, axis: int | Sequence[int] | None = None) -> Array:
        """The elements in reverse order."""
        for place in places(x, axis):
            new = Axis(fresh_index(), x.axes[place].size)
            x = _moved(x, place, self._sizes.resolve(new.size) - 1 - new.index, new)
        return x

    def roll(self, x: Array, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Array:
        """The elements moved on; those beyond the end come first."""
        if axis is None:
            flat = self._rolled(self.ravel(x), int(shift if isinstance(shift, int) else sum(shift)), 0)
            if len(x.axes) == 1:
                return flat
            return self.reshape(flat, [self._sizes.extent(each.size) or 1 for each in x.axes])
        along = [axis] if isinstance(axis, int) else list(axis)
        shifts = (
            [shift] * len(along) if isinstance(shift, int) else list(shift) * (len(along) if len(shift) == 1 else 1)
        )
        for each, by in zip(along, shifts, strict=True):
            x = self._rolled(x, by, axis_at(x, each))
        return x

    def triu(self, x: Array, k: int = 0) -> Array:
        """The matrix with zeros below a diagonal."""
        return self._banded(x, lambda row, column: sympy.Ge(column, row + k))

    def tril(self, x: Array, k: int = 0) -> Array:
        """The matrix with zeros above a diagonal."""
        return self._banded(x, lambda row, column: sympy.Le(column, row + k))

    def _rolled(self, x: Array, shift: int, place: int) -> Array:
        extent = self._sizes.settled(x.axes[place].size)
        if extent is None:
            raise Refusal(Message("the size of what is rolled is not known (give values with {at})", at=Argument("at")))
        by = shift % extent
        if by == 0:
            return x
        new = Axis(fresh_index(), sympy.Integer(extent))
        old = x.axes[place].index
        element = Choice(
            x.at({old: new.index + extent - by}), sympy.StrictLessThan(new.index, by), x.at({old: new.index - by})
        )
        return Array(element, (*x.axes[:place], new, *x.axes[place + 1 :]))

    def _banded(self, x: Array, within: Callable[[Symbol, Symbol], Boolean]) -> Array:
        if len(x.axes) < 2:
            raise Refusal(Message("triu and tril take a matrix"))
        row, column = x.axes[-2:]
        return x.map(lambda element: Choice(element, within(row.index, column.index), 0))


def _moved(x: Array, place: int, old: Expr, new: Axis) -> Array:
    """The array whose element at the new axis's index is the one at the place `old`."""
    return Array(x.at({x.axes[place].index: old}), (*x.axes[:place], new, *x.axes[place + 1 :]))


def _places(old: Sequence[Axis], extents: Sequence[int], new: Sequence[Axis]) -> dict[Symbol, Expr]:
    """The old axes' indices in terms of the new ones'.

    Both shapes are digits of one number. Where the steps of both divide each other, an old index is made of
    whole new ones and of digits of new ones; otherwise it is a digit of the whole number.
    """
    extents_new = [int(axis.size) for axis in new]
    steps_new, steps_old = _steps(extents_new), _steps(extents)
    marks = sorted({*steps_new, *steps_old, math.prod(extents)})
    chain = all(upper % lower == 0 for lower, upper in itertools.pairwise(marks))
    flat = sympy.Add(*[axis.index * step for axis, step in zip(new, steps_new, strict=True)])
    result: dict[Any, Any] = {}
    for axis, extent, step in zip(old, extents, steps_old, strict=True):
        if not chain:
            result[axis.index] = digit(flat, step, extent, math.prod(extents))
            continue
        parts = []
        for low, high in itertools.pairwise(marks):
            if step <= low < step * extent:
                owner = next(
                    place for place, below in enumerate(steps_new) if below <= low < below * extents_new[place]
                )
                parts.append(
                    low // step * digit(new[owner].index, low // steps_new[owner], high // low, extents_new[owner])
                )
        result[axis.index] = sympy.Add(*parts)
    return result


def _steps(extents: Sequence[int]) -> list[int]:
    """The number of elements between neighbours along each axis."""
    return [math.prod(extents[place + 1 :]) for place in range(len(extents))]
