"""The axes that an option names, and what all functions of arrays need."""

from collections.abc import Callable, Sequence

import sympy
from sympy import Expr

from diffcli.messages import Message
from diffcli.symbolic.arrays.indexed import Array, Axis, broadcast
from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index
from diffcli.symbolic.vocabulary.refusal import without_values

#: An axis, several, or None for all.
Along = int | Sequence[int] | None


def axis_at(array: Array, axis: int) -> int:
    """The place of an axis, counted from 0."""
    if not -len(array.axes) <= axis < len(array.axes):
        count = len(array.axes)
        raise without_values(
            Message("axis {axis} is out of range for an array of {count} axes", axis=axis, count=count)
        )
    return axis % len(array.axes)


def places(array: Array, axis: Along) -> list[int]:
    """The places of the axes, in order."""
    if axis is None:
        return list(range(len(array.axes)))
    return sorted({axis_at(array, each) for each in ([axis] if isinstance(axis, int) else axis)})


def gone(array: Array, axis: Along) -> list[Axis]:
    """The axes that a reduction takes away."""
    return [array.axes[place] for place in places(array, axis)]


def left(array: Array, axis: Along, keepdims: bool) -> tuple[Axis, ...]:
    """The axes that it leaves; with `keepdims` an axis of 1 for each that is gone."""
    reduced = places(array, axis)
    return tuple(
        single() if place in reduced else each
        for place, each in enumerate(array.axes)
        if keepdims or place not in reduced
    )


def single() -> Axis:
    """An axis of 1."""
    return Axis(fresh_index(), sympy.Integer(1))


class ArrayFunctions:
    """Functions of arrays in one expression: they relate its sizes."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes

    def ravel(self, x: Array) -> Array:
        """All elements in a row."""
        raise NotImplementedError  # a move, which reductions need

    def _count(self, x: Array, axis: Along) -> Expr:
        """The number of elements along the axes."""
        return sympy.Mul(*[self._sizes.resolve(x.axes[place].size) for place in places(x, axis)])

    def _elementwise(self, function: Callable[..., Expr], *arrays: Array) -> Array:
        elements, axes = broadcast(arrays, self._sizes)
        return Array(function(*elements), axes)
