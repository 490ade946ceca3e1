"""Subscripts: what stands between the brackets of `x[...]`, and the shape that it selects."""

from collections.abc import Sequence
from types import EllipsisType
from typing import Any, NamedTuple

from diffcli.messages import Message
from diffcli.primitives.shape import Shape, ShapeFault, broadcast, text


class Slice(NamedTuple):
    """A Python slice that can be hashed."""

    start: int | None
    stop: int | None
    step: int | None


#: For each axis a place, a slice, or the places of a list; `...` for places that are computed, None for a new axis.
Key = tuple[int | Slice | tuple[int, ...] | EllipsisType | None, ...]


def native(key: Key, places: Sequence[Any] = ()) -> tuple[Any, ...]:
    """The key as NumPy takes it, with computed places where they belong."""
    computed = iter(places)
    return tuple(
        slice(*entry) if isinstance(entry, Slice) else list(entry) if isinstance(entry, tuple) else next(computed) if entry is ... else entry for entry in key
    )


def computed_axes(key: Key) -> list[int]:
    """The axes whose places are computed."""
    return [axis for axis, entry in enumerate(entry for entry in key if entry is not None) if entry is ...]


def indexed_shape(shape: Shape, key: Key, places: Sequence[Shape] = ()) -> Shape:
    """The shape of `x[key]`, by NumPy's rules, where computed places have these shapes.

    Raises ShapeFault for an index out of range, and for places that do not fit together.
    """
    given = sum(entry is not None for entry in key)
    if given > len(shape):
        message = (
            Message("1 index for an operand of shape {shape}", shape=text(shape))
            if given == 1
            else Message("{count} indices for an operand of shape {shape}", count=given, shape=text(shape))
        )
        raise ShapeFault(message, (0,), Message("give at most one index for each axis") if shape else Message("a single number has no elements"))
    result: list[int] = []
    axis = 0
    for entry in key:
        if entry is None:
            result.append(1)
            continue
        if isinstance(entry, Slice):
            result.append(_selected(entry, shape[axis], axis))
        elif entry is not ...:
            _check(entry, shape[axis])
        axis += 1
    pairs = paired(key, places)
    return (*result[: pairs.start], *pairs.shape, *result[pairs.start :], *shape[axis:])


class Paired(NamedTuple):
    """The shape of all places of a key together, and the axis of the result at which its axes begin."""

    shape: Shape
    start: int


def paired(key: Key, places: Sequence[Shape] = ()) -> Paired:
    """The lists and computed places of a key, paired with each other, and single places with each of their elements.

    Their axes come where the first of them stands, or first of all where a slice stands between them.
    """
    lists = [(len(entry),) for entry in key if isinstance(entry, tuple) and not isinstance(entry, Slice)]
    if len(set(lists) - {(1,)}) > 1:
        raise ShapeFault(Message("the lists of an index have different lengths"), (0,), Message("lists are paired: x[[0, 1], [1, 2]] is x[0, 1] and x[1, 2]"))
    at = [place for place, entry in enumerate(key) if entry is not None and not isinstance(entry, Slice)]
    together = bool(at) and at == list(range(at[0], at[-1] + 1))
    return Paired(broadcast([*lists, *places, ()]), at[0] if together else 0)


def first_outside(numbers: Any, low: int, stop: int) -> Any:
    """The first number that is not one of the whole numbers from low up to, not including, stop; None where all are."""
    numbers = numbers.ravel()
    right = (numbers >= low) & (numbers < stop)
    if right.all():
        right = numbers.astype(float).astype(int) == numbers
    return None if right.all() else numbers[~right.astype(bool)][0]


def _selected(entry: Slice, extent: int, axis: int) -> int:
    count = len(range(*slice(*entry).indices(extent)))
    if count == 0:
        raise ShapeFault(Message("the slice of axis {axis} is empty", axis=axis), (0,), Message("that axis has {extent} elements, 0 to {last}", extent=extent, last=extent - 1))
    return count


def _check(entry: int | tuple[int, ...], extent: int) -> None:
    for place in entry if isinstance(entry, tuple) else (entry,):
        if not -extent <= place < extent:
            raise ShapeFault(
                Message("index {index} is out of range for an axis of {extent}", index=place, extent=extent),
                (0,),
                Message("indices run from 0 to {last}, or from -{extent} to -1 counted from the end", last=extent - 1, extent=extent),
            )
