"""A tensor as PyTorch's autograd sees it: where it came from, and how it lies in memory."""

from collections.abc import Sequence
from dataclasses import dataclass

from diffcli.primitives.shape import Shape, size


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """A tensor that a function keeps for its backward pass, under PyTorch's name for it (`self`, `other`, `result`)."""

    name: str
    tensor: "Tensor"


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A node of PyTorch's backward graph. `operands` are the tensors that its gradients go to, with repetitions.

    A `custom` one is written by the user, PyTorch having none.
    """

    name: str
    operands: tuple["Tensor", ...]
    saved: tuple[Saved, ...]
    custom: bool


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A tensor; two are the same only if they are one object.

    It is a `leaf` with a name, the result of a `function`, or neither: then it needs no gradient.
    A `number` is one of Python's; a `boolean` tensor is what a comparison gives. A view has the `base` whose memory it shares. `strides` are in
    elements; whether a reshape copies depends on them.
    """

    shape: Shape
    strides: tuple[int, ...]
    leaf: str | None = None
    function: Function | None = None
    base: "Tensor | None" = None
    number: bool = False
    boolean: bool = False

    @property
    def active(self) -> bool:
        """Whether gradients go to it."""
        return self.leaf is not None or self.function is not None

    @property
    def contiguous(self) -> bool:
        """Whether its elements lie one after the other; the stride of an axis of extent 1 does not matter."""
        return all(extent == 1 or own == packed for extent, own, packed in zip(self.shape, self.strides, packed_strides(self.shape), strict=True))


def packed_strides(shape: Shape) -> tuple[int, ...]:
    """The strides of a shape whose elements lie one after the other."""
    return tuple(size(shape[place + 1 :]) for place in range(len(shape)))


def fresh(shape: Shape) -> Tensor:
    """A tensor that needs no gradient: data, or one that a function made for itself."""
    return Tensor(shape, packed_strides(shape))


def recorded(
    name: str,
    operands: Sequence[Tensor],
    shape: Shape,
    saved: Sequence[Saved] = (),
    strides: tuple[int, ...] | None = None,
    *,
    view: bool = False,
    custom: bool = False,
) -> Tensor:
    """The result of a function; the function is recorded if an operand needs a gradient.

    A number that is kept becomes a tensor of its own each time.
    """
    active = tuple(operand for operand in operands if operand.active)
    strides = packed_strides(shape) if strides is None else strides
    if not active:
        return Tensor(shape, strides, base=(operands[0].base or operands[0]) if view and operands else None)
    kept = tuple(Saved(each.name, fresh(())) if each.tensor.number else each for each in saved)
    return Tensor(shape, strides, function=Function(name, active, kept, custom), base=(operands[0].base or operands[0]) if view else None)


def view_of(name: str, tensor: Tensor, shape: Shape, strides: tuple[int, ...]) -> Tensor:
    """Another look at the same memory."""
    return recorded(name, [tensor], shape, strides=strides, view=True)


def laid_like(operands: Sequence[Tensor], shape: Shape) -> tuple[int, ...]:
    """The strides of an elementwise result: its axes lie in memory as those of the first operand that tells two apart.

    PyTorch sorts the axes by insertion, from the last; that one stays which compares as equal.
    """
    if all(operand.contiguous for operand in operands):
        return packed_strides(shape)
    operand_strides = [_broadcast_strides(operand, shape) for operand in operands]
    order = list(reversed(range(len(shape))))  # from the axis that moves fastest
    for start in range(1, len(order)):
        moving = start
        for place in range(start - 1, -1, -1):
            compared = _slower(order[place], order[moving], operand_strides, shape)
            if compared < 0:
                break
            if compared > 0:
                order[place], order[moving] = order[moving], order[place]
                moving = place
    strides, step = [0] * len(shape), 1
    for axis in order:
        strides[axis] = step
        step *= shape[axis]
    return tuple(strides)


def _broadcast_strides(operand: Tensor, shape: Shape) -> tuple[int, ...]:
    missing = len(shape) - len(operand.shape)
    own = zip(operand.strides, operand.shape, shape[missing:], strict=True)
    return (0,) * missing + tuple(0 if extent == 1 != full else stride for stride, extent, full in own)


def _slower(first: int, second: int, operand_strides: Sequence[tuple[int, ...]], shape: Shape) -> int:
    """1 if the first of two axes moves more slowly, -1 if the second does, 0 if no operand can tell."""
    for strides in operand_strides:
        if strides[first] and strides[second]:
            if strides[first] != strides[second]:
                return 1 if strides[first] > strides[second] else -1
            if shape[first] > shape[second]:
                return 1
    return 0


def by_columns(shape: Shape) -> tuple[int, ...]:
    """The strides of matrices whose columns lie one after the other, as LAPACK leaves them."""
    if len(shape) < 2:
        return packed_strides(shape)
    *batch, rows, columns = packed_strides((*shape[:-2], shape[-1], shape[-2]))
    return (*batch, columns, rows)
