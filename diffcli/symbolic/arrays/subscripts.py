"""Subscripts of arrays: places, slices, lists of places, new axes."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import sympy
from sympy import Expr

from diffcli.messages import Message
from diffcli.symbolic.arrays.axes import single
from diffcli.symbolic.arrays.indexed import Array, Axis, broadcast
from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.index_arithmetic import Counted, fresh_index
from diffcli.symbolic.vocabulary.refusal import Refusal

#: A place, the places of a list, computed ones, None for a new axis.
Subscript = int | Sequence[int] | Array | None

_LONGEST_LIST = 64


class _Slice(NamedTuple):
    start: int | None
    stop: int | None
    step: int | None


def subscript(array: Array, pattern: str, values: Sequence[Subscript], sizes: Sizes) -> Array:
    """`array[...]`, by the tree's pattern (`i` a subscript, `:` a colon, `,` between axes) and NumPy's rules.

    Lists and computed places are paired with each other, and single places with each of their
    elements. Their axes come where the first of them stands, or first of all where a slice stands
    between them.
    """
    parts = list(_parts(pattern, values))
    if sum(part is not None for part in parts) > len(array.axes):
        raise Refusal(Message("it has more indices than axes"))
    counts = [len(part) for part in parts if _is_list(part)]  # type: ignore[arg-type]
    count = max(counts, default=1)
    if count > _LONGEST_LIST:
        raise Refusal(Message("a list of more than {most} places is too long for a formula", most=_LONGEST_LIST))
    arrays = [part for part in parts if isinstance(part, Array)]
    lists = [Array(sympy.Integer(0), (Axis(fresh_index(), sympy.Integer(count)),))] if counts else []
    computed, shared = broadcast([*arrays, *lists, Array(sympy.Integer(0))], sizes)
    paired = [place for place, part in enumerate(parts) if part is not None and not isinstance(part, _Slice)]
    together = bool(paired) and paired == list(range(paired[0], paired[-1] + 1))
    taken = iter(array.axes)
    element = array.element
    sliced: dict[Any, Any] = {}
    chosen: list[dict[Any, Any]] = [{} for _ in range(count)]
    axes: list[Axis] = [] if together else [*shared]
    for place, part in enumerate(parts):
        if together and place == paired[0]:
            axes += shared
        if part is None:
            axes.append(single())
            continue
        axis = next(taken)
        if isinstance(part, _Slice):
            start, step, size = _slice(part, axis, sizes)
            new = Axis(fresh_index(), size)
            axes.append(new)
            sliced[axis.index] = start + step * new.index
        elif isinstance(part, Array):
            element = _at_computed(element, axis, computed.pop(0))
        else:
            places = [part] if isinstance(part, int) else list(part)
            for position, replacement in enumerate(chosen):
                replacement[axis.index] = _place(places[position % len(places)], axis, sizes)
    elements = [element.xreplace({**sliced, **replacement}) for replacement in chosen]
    choices = [part for place, each in enumerate(elements[:-1]) for part in (each, sympy.Eq(shared[-1].index, place))]
    return Array(Choice(*choices, elements[-1]), (*axes, *taken))


def _at_computed(element: Expr, axis: Axis, place: Expr) -> Expr:
    """The element at a computed place; of places that were written out, each on its own."""
    if isinstance(place, Choice):
        return place.with_values(lambda each: _at_computed(element, axis, each))
    return element.xreplace({axis.index: Counted(place, axis.size)})


def _parts(pattern: str, values: Sequence[Subscript]) -> Iterator[_Slice | Subscript]:
    waiting = list(values)
    for part in pattern.split(","):
        if ":" not in part:
            yield waiting.pop(0)
            continue
        bounds = [waiting.pop(0) if bound else None for bound in (*part.split(":"), "")[:3]]
        if any(isinstance(bound, Sequence) for bound in bounds):
            raise Refusal(Message("an index is not a whole number"))
        yield _Slice(*bounds)  # type: ignore[arg-type]  # no sequence is left


def _is_list(part: _Slice | Subscript) -> bool:
    return isinstance(part, Sequence) and not isinstance(part, _Slice)


def _place(value: int, axis: Axis, sizes: Sizes) -> Expr:
    extent = sizes.extent(axis.size)
    if extent is not None and not -extent <= value < extent:
        raise Refusal(Message("the index {value} is out of range", value=value))
    return axis.size + value if value < 0 else sympy.Integer(value)


def _slice(part: _Slice, axis: Axis, sizes: Sizes) -> tuple[Expr, int, Expr]:
    """A slice's first place, step and size."""
    start, stop, step = part
    extent = sizes.extent(axis.size)
    size = axis.size
    if step == 0:
        raise Refusal(Message("a slice has step 0"))
    if step in (None, 1):
        first = sympy.Integer(0) if start is None else size + start if start < 0 else sympy.Integer(start)
        last = size if stop is None else size + stop if stop < 0 else sympy.Integer(stop)
        count = sympy.expand(last - first)
        if extent is None or (sizes.extent(first), sizes.extent(last)) == slice(start, stop).indices(extent)[:2]:
            if count.is_number and count <= 0:
                raise Refusal(Message("a slice is empty"))
            return first, 1, count
    if extent is None:
        raise Refusal(Message("the size of a slice with a step is not known without values"))
    places = range(*slice(start, stop, step).indices(extent))
    if not places:
        raise Refusal(Message("a slice is empty"))
    return sympy.Integer(places.start), places.step, sympy.Integer(len(places))
