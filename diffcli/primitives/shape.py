"""Shapes, and the rules by which operands' shapes determine the result's."""

from collections.abc import Iterable, Sequence
from typing import Any

from diffcli.messages import Message

Shape = tuple[int, ...]
#: Axes of an array: one, several, or all of them.
Axes = int | tuple[int, ...] | None


class ShapeFault(Exception):
    """Operands whose shapes do not fit. `positions` tells which operands to point at.

    Where an option is wrong for the shape, `option` is its name.
    """

    def __init__(self, message: str, positions: Sequence[int], hint: str | None = None, option: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.positions = tuple(positions)
        self.hint = hint
        self.option = option


def text(shape: Shape) -> str:
    """The shape as NumPy writes it: `()`, `(3,)`, `(2, 3)`."""
    return str(tuple(shape))


def kind(shape: Shape) -> str:
    """The shape in a student's words."""
    if not shape:
        return Message("a number")
    return Message("a vector of {size}", size=shape[0]) if len(shape) == 1 else Message("an array of shape {shape}", shape=text(shape))


def size(shape: Iterable[int]) -> int:
    """The number of elements."""
    product = 1
    for extent in shape:
        product *= extent
    return product


def broadcast(shapes: Sequence[Shape]) -> Shape:
    """NumPy's broadcasting: align at the right, extents of 1 stretch.

    Raises ShapeFault naming the first two operands that do not fit.
    """
    result: Shape = shapes[0]
    for position, shape in enumerate(shapes):
        if shape == result:
            continue
        rank = max(len(result), len(shape))
        left = (1,) * (rank - len(result)) + result
        right = (1,) * (rank - len(shape)) + shape
        if any(a != b and a != 1 and b != 1 for a, b in zip(left, right, strict=True)):
            other = next(k for k in range(position) if not _compatible(shapes[k], shape))
            raise ShapeFault(
                Message("shapes {first} and {second} do not fit together", first=text(shapes[other]), second=text(shape)),
                (other, position),
                Message("shapes are aligned at the right; two extents fit when they are equal or one of them is 1"),
            )
        result = tuple(b if a == 1 else a for a, b in zip(left, right, strict=True))
    return result


def _compatible(first: Shape, second: Shape) -> bool:
    pairs = zip(reversed(first), reversed(second), strict=False)
    return all(a == b or a == 1 or b == 1 for a, b in pairs)


def axis_of(shape: Shape, axis: int, option: str = "axis") -> int:
    """The axis, counted from 0. Raises ShapeFault where the operand has none such."""
    rank = len(shape)
    if not -rank <= axis < rank:
        hint = Message("its axes are 0 to {last}, or -{rank} to -1 counted from the end", last=rank - 1, rank=rank) if rank else Message("a single number has no axes")
        raise ShapeFault(Message("axis {axis} is out of range for {array}", axis=axis, array=kind(shape)), (0,), hint, option)
    return axis % rank


def axes_of(shape: Shape, axis: int | tuple[int, ...] | None) -> tuple[int, ...]:
    """The axes, counted from 0, in order; None means all. Raises ShapeFault for one that is not there or given twice."""
    if axis is None:
        return tuple(range(len(shape)))
    found = [axis_of(shape, each) for each in (axis if isinstance(axis, tuple) else (axis,))]
    if len(set(found)) < len(found):
        raise ShapeFault(Message("the same axis is given twice"), (0,), Message("name each axis once"), "axis")
    return tuple(sorted(found))


#: Axes that PyTorch's functions take by themselves, which depends on how many there are.
NAMED_AXES = ("features", "classes")


def settled(axis: Axes | str, shape: Shape) -> Any:
    """The axis that a word stands for; anything else as it is.

    "features" is PyTorch's default `dim=1`, and of a vector its only axis. "classes" is the only or the
    second axis of logits: of more axes PyTorch's is the second and that of others the last, so they
    are refused.
    """
    if axis == "features":
        return 1 if len(shape) > 2 else -1
    if axis == "classes":
        if len(shape) > 2:
            hint = Message("with the classes along the last axis: -mean(at_target(log_softmax(z), t)); PyTorch's are along axis 1, so swapaxes(z, 1, -1) first")
            raise ShapeFault(Message("the classes of {array} may be along one axis or another", array=kind(shape)), (0,), hint)
        return -1
    return axis


def summed_axes(own: Shape, shape: Shape) -> tuple[int, ...]:
    """The axes whose sums bring an array back to the shape from which it was broadcast: leading ones, and those of extent 1 there."""
    leading = len(own) - len(shape)
    return tuple(axis for axis, extent in enumerate(own) if axis < leading or (shape[axis - leading] == 1 and extent != 1))


def kept(shape: Shape, axis: int | tuple[int, ...] | None) -> Shape:
    """The shape after reducing these axes to an extent of 1."""
    gone = axes_of(shape, axis)
    return tuple(1 if place in gone else extent for place, extent in enumerate(shape))


def reduced(shapes: Sequence[Shape], axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Shape:
    """The shape of a reduction over some axes, or all."""
    shape = shapes[0]
    if keepdims:
        return kept(shape, axis)
    if axis is None:
        return ()
    gone = axes_of(shape, axis)
    return tuple(extent for place, extent in enumerate(shape) if place not in gone)


def same_shape(shapes: Sequence[Shape], axis: int | None = None) -> Shape:
    """The shape of a function along an axis that keeps the shape; checks the axis."""
    if axis is not None:
        axis_of(shapes[0], axis)
    return shapes[0]


def mismatch(first: Shape, second: Shape, why: str) -> ShapeFault:
    """Two operands that do not fit together."""
    return ShapeFault(Message("shapes {first} and {second} do not fit together", first=text(first), second=text(second)), (0, 1), why)
