"""Functions that put arrays together, and arrays that are made of nothing but their options."""

import math
from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr

from diffcli.messages import Message
from diffcli.primitives.number import exactly as number_exactly
from diffcli.symbolic.arrays.axes import ArrayFunctions, axis_at, single
from diffcli.symbolic.arrays.indexed import Array, Axis, broadcast
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.constants import expression
from diffcli.symbolic.vocabulary.index_arithmetic import Quotient, Remainder, fresh_index
from diffcli.symbolic.vocabulary.refusal import Refusal

_LONGEST_LIST = 64


class Assembly(ArrayFunctions):
    """Arrays of arrays, of copies, and of numbers."""

    def stack(self, *elements: Array, axis: int = 0) -> Array:
        """The arrays side by side along a new axis."""
        if len(elements) > _LONGEST_LIST:
            raise Refusal(
                Message("an array of more than {most} elements is too long for a formula", most=_LONGEST_LIST)
            )
        values, axes = broadcast(elements, self._sizes)
        index = fresh_index()
        choices = [part for place, value in enumerate(values[:-1]) for part in (value, sympy.Eq(index, place))]
        position = axis % (len(axes) + 1)
        new = Axis(index, sympy.Integer(len(values)))
        return Array(Choice(*choices, values[-1]), (*axes[:position], new, *axes[position:]))

    def concat(self, *elements: Array, axis: int = 0) -> Array:
        """The arrays one after the other along an axis."""
        place = axis_at(elements[0], axis)
        parts = [each.axes[place] for each in elements]
        others = [Array(each.element, (*each.axes[:place], *each.axes[place + 1 :])) for each in elements]
        values, axes = broadcast(others, self._sizes)
        index = fresh_index()
        start: Any = sympy.Integer(0)
        choices: list[Any] = []
        for value, part in zip(values, parts, strict=True):
            stop = sympy.expand(start + self._sizes.resolve(part.size))
            choices += [value.xreplace({part.index: index - start}), sympy.StrictLessThan(index, stop)]
            start = stop
        return Array(Choice(*choices[:-1]), (*axes[:place], Axis(index, start), *axes[place:]))

    def tile(self, x: Array, reps: int | Sequence[int]) -> Array:
        """The array repeated as a whole."""
        counts = [reps] if isinstance(reps, int) else list(reps)
        rank = max(len(counts), len(x.axes))
        counts = [1] * (rank - len(counts)) + counts
        axes = [single() for _ in range(rank - len(x.axes))] + list(x.axes)
        element = x.element
        for place, (axis, count) in enumerate(zip(axes, counts, strict=True)):
            if count != 1:
                axes[place] = Axis(fresh_index(), count * self._sizes.resolve(axis.size))
                element = element.xreplace({axis.index: Remainder(axes[place].index, self._sizes.resolve(axis.size))})
        return Array(element, tuple(axes))

    def repeat(self, x: Array, repeats: int, axis: int | None = None) -> Array:
        """Each element repeated."""
        if axis is None:
            x, axis = self.ravel(x), 0
        place = axis_at(x, axis)
        new = Axis(fresh_index(), repeats * self._sizes.resolve(x.axes[place].size))
        return Array(
            x.at({x.axes[place].index: Quotient(new.index, sympy.Integer(repeats))}),
            (*x.axes[:place], new, *x.axes[place + 1 :]),
        )

    def broadcast_to(self, x: Array, shape: int | Sequence[int]) -> Array:
        """Copies that fill a shape."""
        target = filled(0, shape)
        (element, _), axes = broadcast([x, target], self._sizes)
        if len(axes) != len(target.axes):
            raise Refusal(Message("the shapes do not fit together"))
        return Array(element, axes)

    def zeros(self, shape: int | Sequence[int]) -> Array:
        """Zeros."""
        return filled(0, shape)

    def ones(self, shape: int | Sequence[int]) -> Array:
        """Ones."""
        return filled(1, shape)

    def eye(self, n: int, m: int | None = None) -> Array:
        """The identity matrix."""
        rows, columns = Axis(fresh_index(), sympy.Integer(n)), Axis(fresh_index(), sympy.Integer(n if m is None else m))
        return Array(sympy.KroneckerDelta(rows.index, columns.index), (rows, columns))

    def arange(self, start: float, stop: float | None = None, step: float = 1) -> Array:
        """Numbers at equal distances, the stop left out."""
        if stop is None:
            start, stop = 0, start
        return _counted(exactly(start), exactly(step), math.ceil((stop - start) / step))

    def linspace(self, start: float, stop: float, num: int = 50) -> Array:
        """So many numbers at equal distances, both ends among them."""
        return _counted(exactly(start), (exactly(stop) - exactly(start)) / max(1, num - 1), num)

    def randn(self, **options: Any) -> Array:
        """Normally distributed random numbers."""
        raise Refusal(Message("random numbers have no formula"))

    rand = randn


def exactly(number: float) -> Expr:
    """The number that an option stands for."""
    return expression(number_exactly(number))


def filled(number: int, shape: int | Sequence[int]) -> Array:
    """An array of one number."""
    extents = [shape] if isinstance(shape, int) else shape
    return Array(sympy.Integer(number), tuple(Axis(fresh_index(), sympy.Integer(extent)) for extent in extents))


def _counted(first: Expr, step: Expr, count: int) -> Array:
    if count < 1:
        raise Refusal(Message("an array is empty"))
    index = fresh_index()
    return Array(first + step * index, (Axis(index, sympy.Integer(count)),))
