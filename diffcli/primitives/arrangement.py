"""Arrays rearranged: joined, repeated, turned round, masked, added up on the way."""

from collections.abc import Sequence
from typing import Any

from diffcli.messages import Message
from diffcli.primitives.declaration import linear
from diffcli.primitives.options import (
    AXES,
    DIAGONAL,
    FIRST_AXIS,
    ONE_AXIS,
    REQUIRED,
    Option,
    axes,
    extents,
    positive,
    whole,
)
from diffcli.primitives.primitive import Operand, Primitive
from diffcli.primitives.shape import Axes, Shape, ShapeFault, axes_of, axis_of, kind, same_shape, size, text
from diffcli.primitives.structural import index, reshape
from diffcli.primitives.subscripts import Slice

_WHOLE = Slice(None, None, None)


def _flat(shapes: Sequence[Shape]) -> Shape:
    return (size(shapes[0]),)


def _expanded(shapes: Sequence[Shape], axis: int | tuple[int, ...]) -> Shape:
    added = axis if isinstance(axis, tuple) else (axis,)
    shape = shapes[0]
    result: Shape = (1,) * (len(shape) + len(added))
    for each in added:
        if not -len(result) <= each < len(result):
            raise ShapeFault(
                Message("axis {axis} is out of range for a result of {count} axes", axis=each, count=len(result)), (0,), Message("the new axis is one of 0 to {last}, or -1 for the last", last=len(result) - 1), "axis"
            )
    new = axes_of(result, added)
    rest = iter(shape)
    return tuple(1 if place in new else next(rest) for place in range(len(result)))


def _squeezed(shapes: Sequence[Shape], axis: int | tuple[int, ...] | None = None) -> Shape:
    shape = shapes[0]
    if axis is None:
        return tuple(extent for extent in shape if extent != 1)
    gone = axes_of(shape, axis)
    for place in gone:
        if shape[place] != 1:
            raise ShapeFault(Message("axis {axis} of shape {shape} has an extent of {extent}", axis=place, shape=text(shape), extent=shape[place]), (0,), Message("only axes of extent 1 can be squeezed"), "axis")
    return tuple(extent for place, extent in enumerate(shape) if place not in gone)


def _joined(shapes: Sequence[Shape], axis: int = 0) -> Shape:
    first = shapes[0]
    if not first:
        raise ShapeFault(Message("a number cannot be joined to others"), (0,), Message("an array of numbers is written [a, b], or stack([a, b])"))
    along = axis_of(first, axis)
    for position, shape in enumerate(shapes):
        if len(shape) != len(first) or any(a != b for place, (a, b) in enumerate(zip(shape, first, strict=True)) if place != along):
            raise ShapeFault(
                Message("shapes {first} and {second} do not fit together along axis {axis}", first=text(first), second=text(shape), axis=along), (0, position), Message("all other axes need the same extents")
            )
    return (*first[:along], sum(shape[along] for shape in shapes), *first[along + 1 :])


def _piece(g: Operand, elements: Sequence[Operand], *, position: int, axis: int = 0) -> Operand:
    along = axis_of(g.shape, axis)
    start = sum(element.shape[along] for element in elements[:position])
    return index(g, key=(*(_WHOLE,) * along, Slice(start, start + elements[position].shape[along], None)))


def _repetitions(shape: Shape, reps: tuple[int, ...]) -> tuple[Shape, Shape]:
    """The operand's shape and the counts, brought to one length as NumPy does."""
    rank = max(len(shape), len(reps))
    return (1,) * (rank - len(shape)) + shape, (1,) * (rank - len(reps)) + reps


def _tiled(shapes: Sequence[Shape], reps: tuple[int, ...]) -> Shape:
    return tuple(extent * count for extent, count in zip(*_repetitions(shapes[0], reps), strict=True))


def _untiled(g: Operand, x: Operand, *, reps: tuple[int, ...]) -> Operand:
    """Each axis as (copies, extent), added up over the copies."""
    shape, counts = _repetitions(x.shape, reps)
    apart = tuple(part for extent, count in zip(shape, counts, strict=True) for part in (count, extent))
    summed = tuple(part for extent in shape for part in (1, extent))
    return reshape(reshape(g, shape=apart).sum_to(summed), shape=x.shape)


def _repeated(shapes: Sequence[Shape], repeats: int, axis: int | None = None) -> Shape:
    shape = shapes[0]
    if axis is None:
        return (size(shape) * repeats,)
    along = axis_of(shape, axis)
    return (*shape[:along], shape[along] * repeats, *shape[along + 1 :])


def _unrepeated(g: Operand, x: Operand, *, repeats: int, axis: int | None = None) -> Operand:
    shape = x.shape if axis is not None else (size(x.shape),)
    along = axis_of(shape, axis or 0)
    apart = (*shape[: along + 1], repeats, *shape[along + 1 :])
    summed = (*shape[: along + 1], 1, *shape[along + 1 :])
    return reshape(reshape(g, shape=apart).sum_to(summed), shape=x.shape)


def _same(shapes: Sequence[Shape], axis: Axes = None) -> Shape:
    axes_of(shapes[0], axis)
    return shapes[0]


def _rolled(shapes: Sequence[Shape], shift: int, axis: int | None = None) -> Shape:
    return same_shape(shapes, axis)


def _cumulated(shapes: Sequence[Shape], axis: int | None = None) -> Shape:
    return (size(shapes[0]),) if axis is None else same_shape(shapes, axis)


def _uncumulated(g: Operand, x: Operand, *, axis: int | None = None) -> Operand:
    along = 0 if axis is None else axis
    return reshape(flip(cumsum(flip(g, axis=along), axis=along), axis=along), shape=x.shape)


def _swapped(shape: Shape, axis1: int, axis2: int) -> tuple[int, ...]:
    order = list(range(len(shape)))
    first, second = axis_of(shape, axis1, "axis1"), axis_of(shape, axis2, "axis2")
    order[first], order[second] = second, first
    return tuple(order)


def _diagonal_shape(shapes: Sequence[Shape], k: int = 0) -> Shape:
    shape = shapes[0]
    if len(shape) == 1:
        return (shape[0] + abs(k),) * 2
    if len(shape) != 2:
        raise ShapeFault(Message("expected a vector or a matrix, got {array}", array=kind(shape)), (0,), Message("diag makes a matrix of a vector, and takes the diagonal of a matrix"))
    count = min(shape[0] + min(k, 0), shape[1] - max(k, 0))
    if count < 1:
        raise ShapeFault(Message("shape {shape} has no diagonal {k}", shape=text(shape), k=k), (0,), Message("0 is the main diagonal"), "k")
    return (count,)


def _off_diagonal(g: Operand, x: Operand, *, k: int = 0) -> Operand:
    if len(x.shape) == 1:
        return diag(g, k=k)
    return place_diagonal(g, k=k, shape=x.shape)


def _matrix(shapes: Sequence[Shape], k: int = 0) -> Shape:
    if len(shapes[0]) < 2:
        raise ShapeFault(Message("expected a matrix, got {array}", array=kind(shapes[0])), (0,), Message("a matrix is written [[1, 2], [3, 4]]"))
    return shapes[0]


def _place_diagonal(m: Any, x: Any, k: int, shape: Shape) -> Any:
    result = m.zeros(shape)
    rows = range(max(-k, 0), max(-k, 0) + len(x))
    result[list(rows), [row + k for row in rows]] = x
    return result


ravel = linear("ravel", "All elements in a row.", lambda g, x: reshape(g, shape=x.shape), shape=_flat, compute=lambda m, x: m.reshape(x, -1), aliases=("flatten",), pullback="{g} in the shape of x")
expand_dims = linear(
    "expand_dims", "A new axis of extent 1.", lambda g, x, *, axis: reshape(g, shape=x.shape), shape=_expanded,
    compute=lambda m, x, axis: m.reshape(x, _expanded((m.array(x).shape,), axis)), options=(Option("axis", REQUIRED, axes, ("dim",)),), aliases=("unsqueeze",),
    pullback="{g} in the shape of x", example='diffcli grad "sum(expand_dims(x, 1) * x)" --at 1,2',
)
squeeze = linear(
    "squeeze", "Axes of extent 1 taken away.", lambda g, x, *, axis=None: reshape(g, shape=x.shape), shape=_squeezed,
    compute=lambda m, x, axis=None: m.reshape(x, _squeezed((m.array(x).shape,), axis))[()], options=(AXES,),
    pullback="{g} in the shape of x", example='diffcli grad "sum(squeeze(A)^2)" --at "A=[[1,2]]"',
)
swapaxes: Primitive = linear(
    "swapaxes", "Two axes exchanged.", lambda g, x, *, axis1, axis2: swapaxes(g, axis1=axis1, axis2=axis2),
    shape=lambda shapes, axis1, axis2: tuple(shapes[0][place] for place in _swapped(shapes[0], axis1, axis2)),
    compute=lambda m, x, axis1, axis2: m.transpose(x, _swapped(x.shape, axis1, axis2)),
    options=(Option("axis1", REQUIRED, whole, ("dim0",)), Option("axis2", REQUIRED, whole, ("dim1",))),
    pullback="the same axes of {g} exchanged", example='diffcli grad "swapaxes(A, 0, 1)[0, 1]" --at "A=[[1,2],[3,4]]"',
)
concat = linear(
    "concat", "Arrays joined along an axis.", _piece, shape=_joined, compute=lambda m, *elements, axis=0: m.concatenate(elements, axis=axis),
    options=(FIRST_AXIS,), variadic=True, aliases=("concatenate", "cat"), pullback="its part of {g}", example='diffcli grad "sum(concat([x, 2x])^2)" --at 1,2,3',
)
tile = linear("tile", "The whole array, repeated.", _untiled, shape=_tiled, options=(Option("reps", REQUIRED, extents, ("dims",), many=True),),
    pullback="sums of {g} over the copies", example='diffcli grad "sum(tile(x, 2)^2)" --at 1,2',
)
repeat = linear(
    "repeat", "Each element repeated.", _unrepeated, shape=_repeated,
    options=(Option("repeats", REQUIRED, positive), ONE_AXIS), aliases=("repeat_interleave",),
    pullback="sums of {g} over the copies", example='diffcli grad "sum(repeat(x, 2)^2)" --at 1,2',
)
flip: Primitive = linear("flip", "Turned round, along some axes or all.", lambda g, x, *, axis=None: flip(g, axis=axis), shape=_same, options=(AXES,))
roll: Primitive = linear(
    "roll", "Shifted, the last elements coming first.", lambda g, x, *, shift, axis=None: roll(g, shift=-shift, axis=axis),
    shape=_rolled, compute=lambda m, x, shift, axis=None: m.roll(x, shift, axis)[()], options=(Option("shift", REQUIRED, whole, ("shifts",)), ONE_AXIS),
    pullback="{g} shifted back", example='diffcli grad "dot(x, roll(x, 1))" --at 1,2,3',
)
cumsum: Primitive = linear("cumsum", "Sums of the elements up to each.", _uncumulated, shape=_cumulated, options=(ONE_AXIS,), pullback="sums of the elements of {g} from each on")
place_diagonal: Primitive = linear(
    "place_diagonal", "Zeros with a vector put on a diagonal.", lambda g, x, *, k, shape: diag(g, k=k),
    shape=lambda shapes, k, shape: shape, compute=_place_diagonal, public=False,
)
diag: Primitive = linear(
    "diag", "The matrix with this diagonal, or the diagonal of a matrix.", _off_diagonal, shape=_diagonal_shape, options=(DIAGONAL,), aliases=("diagonal",)
)
triu: Primitive = linear("triu", "The upper triangle; zeros below diagonal k.", lambda g, x, *, k=0: triu(g, k=k), operands=("A",), shape=_matrix, options=(DIAGONAL,))
tril: Primitive = linear("tril", "The lower triangle; zeros above diagonal k.", lambda g, x, *, k=0: tril(g, k=k), operands=("A",), shape=_matrix, options=(DIAGONAL,))
