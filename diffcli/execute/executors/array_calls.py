"""The fastest call of NumPy's for an operation whose shapes are known."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter, methodcaller
from typing import Any

import numpy as np

from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.schedule import Step
from diffcli.primitives.shape import Axes, Shape, kept, size, summed_axes
from diffcli.primitives.subscripts import native

Call = Callable[..., Any]
#: Primitives that may show their operand's own elements, rather than make others.
VIEWS = frozenset(
    [
        *("index", "reshape", "ravel", "expand_dims", "squeeze", "swapaxes", "transpose", "flip", "diag"),
        *("broadcast_to", "sum_to", "accumulate"),
    ]
)


def array_call(step: Step, shapes: Mapping[int, Shape], arithmetic: Arithmetic) -> Call:
    """The function of the operands' values that computes a step; the same numbers as its primitive's own."""
    maker = _MAKERS.get(step.primitive.name)
    if maker is not None:
        return maker([shapes[operand] for operand in step.operands], shapes[step.node], **step.parameters)
    function = step.primitive.implementation(arithmetic)
    return partial(function, **step.parameters) if step.parameters else function


def _identity(x: Any) -> Any:
    return x


def _reduced(reduce: Call) -> Callable[..., Call]:
    def maker(shapes: Sequence[Shape], result: Shape, axis: Axes = None, keepdims: bool = False) -> Call:
        return partial(reduce, axis=axis, keepdims=keepdims)

    return maker


def _mean(shapes: Sequence[Shape], result: Shape, axis: Axes = None, keepdims: bool = False) -> Call:
    count = float(size(shapes[0]) // size(kept(shapes[0], axis)))
    total = partial(np.add.reduce, axis=axis, keepdims=keepdims)
    return lambda x: total(x) / count


def _sum_to(shapes: Sequence[Shape], result: Shape, shape: Shape) -> Call:
    (own,) = shapes
    axes = summed_axes(own, shape)
    total = partial(np.add.reduce, axis=axes)
    if tuple(extent for axis, extent in enumerate(own) if axis not in axes) == shape:
        return total
    return lambda x: total(x).reshape(shape)


def _reshaped(shapes: Sequence[Shape], result: Shape, **_: Any) -> Call:
    (own,) = shapes
    if own == result:
        return _identity
    if not own:
        return lambda x: np.full(result, x)
    if not result:
        return lambda x: x.reshape(())[()]
    return methodcaller("reshape", result)


def _transposed(shapes: Sequence[Shape], result: Shape, axes: tuple[int, ...] | None = None) -> Call:
    (own,) = shapes
    if len(own) < 2:
        return _identity
    order = tuple(reversed(range(len(own)))) if axes is None else tuple(axis % len(own) for axis in axes)
    return methodcaller("transpose", order)


def _swapped(shapes: Sequence[Shape], result: Shape, axis1: int, axis2: int) -> Call:
    return methodcaller("swapaxes", axis1, axis2)


def _spread(shapes: Sequence[Shape], result: Shape, shape: Shape) -> Call:
    (own,) = shapes
    if own == result:
        return _identity
    added = len(result) - len(own)
    repeated = [axis < added or own[axis - added] != extent for axis, extent in enumerate(result)]

    def spread(x: Array) -> Array:
        array = np.asarray(x)
        moved = tuple(0 if again else array.strides[axis - added] for axis, again in enumerate(repeated))
        try:
            return np.ndarray(result, array.dtype, array, 0, moved)
        except (ValueError, TypeError):  # its elements are not in one piece
            return np.broadcast_to(x, result)

    return spread


def _indexed(shapes: Sequence[Shape], result: Shape, key: Any) -> Call:
    return itemgetter(native(key))


_MAKERS: Mapping[str, Callable[..., Call]] = {
    "sum": _reduced(np.add.reduce),
    "prod": _reduced(np.multiply.reduce),
    "max": _reduced(np.maximum.reduce),
    "min": _reduced(np.minimum.reduce),
    "mean": _mean,
    "sum_to": _sum_to,
    **dict.fromkeys(("reshape", "ravel", "expand_dims", "squeeze"), _reshaped),
    "transpose": _transposed,
    "swapaxes": _swapped,
    "broadcast_to": _spread,
    "index": _indexed,
}
