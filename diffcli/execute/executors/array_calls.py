"""The fastest call of NumPy's for an operation whose shapes are known."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter, methodcaller
from typing import Any

import numpy as np

from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.gathering import adder, labelled, selected
from diffcli.execute.schedule import Step
from diffcli.primitives.shape import Axes, Shape, kept, size, summed_axes
from diffcli.primitives.subscripts import Key, native

Call = Callable[..., Any]
#: Primitives that may show their operand's own elements, rather than make others.
VIEWS = frozenset(
    [
        *("index", "reshape", "ravel", "expand_dims", "squeeze", "swapaxes", "transpose", "flip", "diag"),
        *("broadcast_to", "sum_to", "accumulate"),
    ]
)


def array_call(step: Step, shapes: Mapping[int, Shape], constants: Mapping[int, Any], arithmetic: Arithmetic) -> Call:
    """The function of the operands' values that computes a step; the same numbers as its primitive's own.

    Places that are `constants` are those that it is called with.
    """
    name, operands = step.primitive.name, [shapes[operand] for operand in step.operands]
    if name in _AT_PLACES and all(place in constants for place in step.operands[1:]):
        places = [constants[place] for place in step.operands[1:]]
        return _AT_PLACES[name](operands[0], places, arithmetic, **step.parameters)
    maker = _MAKERS.get(name)
    if maker is not None:
        return maker(operands, shapes[step.node], **step.parameters)
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


def _gathered(own: Shape, places: Sequence[Array], arithmetic: Arithmetic, key: Key) -> Call:
    found = selected(own, key, places)
    return lambda x, *_: arithmetic.elements_at(x, key, found)


def _scattered(own: Shape, places: Sequence[Array], _: Arithmetic, key: Key, shape: Shape) -> Call:
    add = adder(key, selected(shape, key, places), shape)
    return lambda x, *_: add(x)


def _at_labels(own: Shape, places: Sequence[Array], arithmetic: Arithmetic) -> Call:
    if np.shape(places[0]) == own:
        return arithmetic.at_target
    index, known = labelled(own, places[0])
    return arithmetic.at_target if known is not None else lambda x, _: x[index]


#: Functions of places that never change: what they select is found once.
_AT_PLACES: Mapping[str, Callable[..., Call]] = {
    "gather": _gathered,
    "scatter_add": _scattered,
    "at_target": _at_labels,
}
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
