"""How an operation can be computed in blocks: along which axis operands are cut, and what becomes of its result."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.executors.elementary import Operation
from diffcli.primitives.shape import Shape, axes_of, size
from diffcli.primitives.subscripts import Key, Slice, paired

#: Primitives that act along the axes of their option `axis` and know nothing of the others.
_ALONG_AXES = frozenset(
    [
        *("flip", "roll", "cumsum", "repeat", "concat", "norm", "std", "median", "kth_smallest"),
        *("softmax_deviation", "softmax_balance"),
    ]
)
#: How many times the elements of a result are added up in it where each block makes one of its own.
_MUCH_ADDED = 256
#: Primitives that act on the matrices along their operand's last two axes.
_OF_MATRICES = frozenset(["det", "logdet", "inv", "cofactors", "triu", "tril"])


class Placement(NamedTuple):
    """For each operand the axis along which it is cut, None where every block needs all of it.

    `result` is the axis along which blocks of the result follow each other; None where each block makes a result of the
    whole's shape, and `combined` makes one of two of these.
    """

    operands: tuple[int | None, ...]
    result: int | None
    combined: np.ufunc | None = None


def placements(operation: Operation, shapes: Sequence[Shape], extent: int) -> Iterator[Placement]:
    """The ways to compute an operation in blocks along axes of that extent, leading axes first."""
    for placement in _found(operation, shapes, extent):
        if any(axis is not None for axis in placement.operands):
            yield placement


def _found(operation: Operation, shapes: Sequence[Shape], extent: int) -> Iterator[Placement]:
    form, result, parameters = operation.form, operation.shape, operation.parameters
    if form in ("elementwise", "broadcast_to"):
        for axis in _axes(result, extent):
            yield Placement(tuple(_aligned(shape, result, axis) for shape in shapes), axis)
        return
    own = shapes[0]
    if form == "reduce":
        for axis in _axes(own, extent):
            over = parameters["axes"]
            if axis in over:
                yield Placement((axis,), None, parameters["function"])
            else:
                yield Placement((axis,), _left(axis, over, parameters["keepdims"]))
    elif form == "reshape":
        for axis in _axes(own, extent):
            for other in _axes(result, extent):
                if size(own[:axis]) == size(result[:other]):
                    yield Placement((axis,), other)
    elif form in ("transpose", "swapaxes"):
        order = _order(len(own), parameters)
        for axis in _axes(result, extent):
            yield Placement((order[axis],), axis)
    elif form == "index":
        places = _kept_places(parameters["key"], len(own))
        for axis in _axes(own, extent):
            if axis in places:
                yield Placement((axis,), places[axis])
    elif form == "stack":
        new = parameters.get("axis", 0) % len(result)
        for axis in _axes(own, extent):
            yield Placement((axis,) * len(shapes), axis + (axis >= new))
    elif form in ("matmul", "dot", "outer"):
        yield from _products(form, shapes, result, extent)
    elif form in ("one_hot", "at_target"):
        for axis in _axes(shapes[-1] if form == "one_hot" else result, extent):
            yield Placement((axis,) * len(shapes), axis)
    elif form in ("gather", "scatter_add"):
        key = parameters["key"]
        pairs = paired(key, shapes[1:])
        lists = [(len(entry),) for entry in key if isinstance(entry, tuple) and not isinstance(entry, Slice)]
        for axis in _axes(pairs.shape, extent):
            if any(_aligned(shape, pairs.shape, axis) is not None for shape in lists):
                continue
            cut = tuple(_aligned(shape, pairs.shape, axis) for shape in shapes[1:])
            if form == "gather":
                yield Placement((None, *cut), pairs.start + axis)
            elif size(own) > _MUCH_ADDED * size(result):
                yield Placement((pairs.start + axis, *cut), None, np.add)
    elif form in _ALONG_AXES:
        along = axes_of(own, parameters.get("axis", _DEFAULT_AXES.get(form)))
        for axis in _axes(own, extent):
            if axis not in along:
                yield Placement((axis,) * len(shapes), _left(axis, along, len(own) == len(result)))
    elif form in _OF_MATRICES:
        for axis in _axes(own[:-2], extent):
            yield Placement((axis,), axis)


_DEFAULT_AXES: Mapping[str, int] = {"concat": 0, "softmax_deviation": -1, "softmax_balance": -1}


def _axes(shape: Shape, extent: int) -> list[int]:
    return [axis for axis, own in enumerate(shape) if own == extent]


def _aligned(shape: Shape, result: Shape, axis: int) -> int | None:
    """The operand's axis that meets an axis of what it is broadcast to; None where it is repeated along that."""
    place = axis - (len(result) - len(shape))
    return place if place >= 0 and shape[place] == result[axis] else None


def _left(axis: int, gone: Sequence[int], stays: bool) -> int:
    """What an axis is counted as when others are gone."""
    return axis if stays else axis - sum(other < axis for other in gone)


def _order(rank: int, parameters: Mapping[str, Any]) -> list[int]:
    """The operand's axis for each axis of the transposed result."""
    if "axis1" not in parameters:
        axes = parameters.get("axes")
        return [*reversed(range(rank))] if axes is None else [axis % rank for axis in axes]
    order = [*range(rank)]
    first, second = parameters["axis1"], parameters["axis2"]
    order[first], order[second] = order[second], order[first]
    return order


def _kept_places(key: Key, rank: int) -> dict[int, int]:
    """For each axis of which an index takes all, its place in the result; none where there are lists."""
    if any(isinstance(entry, tuple) and not isinstance(entry, Slice) for entry in key):
        return {}
    places, axis, place = {}, 0, 0
    whole = Slice(None, None, None)
    for entry in (*key, *(whole,) * (rank - sum(entry is not None for entry in key))):
        if entry == whole:
            places[axis] = place
        axis += entry is not None
        place += entry is None or isinstance(entry, Slice)
    return places


def _products(form: str, shapes: Sequence[Shape], result: Shape, extent: int) -> Iterator[Placement]:
    """Axes of products by letters, those of the sum among them, as in Einstein's notation."""
    letters = _letters(form, *map(len, shapes))
    if letters is None:
        return
    *operands, out = letters
    for letter in dict.fromkeys("".join(letters)):
        places = tuple(own.find(letter) for own in operands)
        cut = tuple(
            place if place >= 0 and shape[place] == extent else None
            for place, shape in zip(places, shapes, strict=True)
        )
        if letter in out:
            if result[out.index(letter)] == extent:
                yield Placement(cut, out.index(letter))
        elif None not in cut:
            yield Placement(cut, None, np.add)


def _letters(form: str, first: int, second: int) -> tuple[str, str, str] | None:
    if form == "outer":
        return ("i", "j", "ij") if first == second == 1 else None
    if 0 in (first, second) or (form == "dot" and max(first, second) > 2):
        return None
    batch = "zyxwvutsrqp"
    rank = max(first, second, 2) - 2
    left = batch[len(batch) - max(first - 2, 0) :] + ("ik" if first > 1 else "k")
    right = batch[len(batch) - max(second - 2, 0) :] + ("kj" if second > 1 else "k")
    out = batch[len(batch) - rank :] + ("i" if first > 1 else "") + ("j" if second > 1 else "")
    return left, right, out
