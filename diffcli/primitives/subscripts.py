"""Subscripts: what stands between the brackets of `x[...]`, and the shape that it selects."""

from typing import Any, NamedTuple

from diffcli.messages import Message
from diffcli.primitives.shape import Shape, ShapeFault, text


class Slice(NamedTuple):
    """A Python slice that can be hashed."""

    start: int | None
    stop: int | None
    step: int | None


#: For each axis a place, a slice, or the places of a list; None is a new axis.
Key = tuple[int | Slice | tuple[int, ...] | None, ...]


def native(key: Key) -> tuple[Any, ...]:
    """The key as NumPy takes it."""
    return tuple(slice(*entry) if isinstance(entry, Slice) else list(entry) if isinstance(entry, tuple) else entry for entry in key)


def indexed_shape(shape: Shape, key: Key) -> Shape:
    """The shape of `x[key]`, by NumPy's rules. Raises ShapeFault for an index out of range.

    Lists are paired with each other, and single places with each of their elements. Their one axis
    comes where the first of them stood, or first of all where a slice stands between them.
    """
    given = sum(entry is not None for entry in key)
    if given > len(shape):
        message = (
            Message("1 index for an operand of shape {shape}", shape=text(shape))
            if given == 1
            else Message("{count} indices for an operand of shape {shape}", count=given, shape=text(shape))
        )
        raise ShapeFault(message, (0,), Message("give at most one index for each axis") if shape else Message("a single number has no elements"))
    paired = _paired(key)
    result: list[int] = []
    axis = 0
    for place, entry in enumerate(key):
        if entry is None:
            result.append(1)
            continue
        extent = shape[axis]
        if isinstance(entry, Slice):
            result.append(_selected(entry, extent, axis))
        else:
            _check(entry, extent)
            if paired and place == paired.first and paired.together:
                result.append(paired.length)
        axis += 1
    if paired and not paired.together:
        result.insert(0, paired.length)
    return (*result, *shape[axis:])


class _Paired(NamedTuple):
    """The lists of a key: how long they are, where they begin, and whether no slice stands between them."""

    length: int
    first: int
    together: bool


def _paired(key: Key) -> _Paired | None:
    lists = [entry for entry in key if isinstance(entry, tuple) and not isinstance(entry, Slice)]
    if not lists:
        return None
    counts = {len(entry) for entry in lists} - {1}
    if len(counts) > 1:
        raise ShapeFault(Message("the lists of an index have different lengths"), (0,), Message("lists are paired: x[[0, 1], [1, 2]] is x[0, 1] and x[1, 2]"))
    places = [place for place, entry in enumerate(key) if entry is not None and not isinstance(entry, Slice)]
    return _Paired(counts.pop() if counts else 1, places[0], places == list(range(places[0], places[-1] + 1)))


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
