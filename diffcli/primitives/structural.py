"""Primitives that move numbers without changing them, and the product that reverse mode uses."""

from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

from diffcli.primitives.declaration import Primitive, elementwise, leaf, linear
from diffcli.primitives.shape import Shape, ShapeFault, text


class Slice(NamedTuple):
    """A Python slice that can be hashed."""

    start: int | None
    stop: int | None
    step: int | None


Key = tuple[int | Slice, ...]


def _native(key: Key) -> tuple[int | slice, ...]:
    return tuple(slice(*entry) if isinstance(entry, Slice) else entry for entry in key)


def indexed_shape(shape: Shape, key: Key) -> Shape:
    """The shape of `x[key]`. Raises ShapeFault for an index out of range."""
    if len(key) > len(shape):
        raise ShapeFault(f"{len(key)} indices for an operand of shape {text(shape)}", (0,), "give at most one index for each axis")
    result: list[int] = []
    for axis, entry in enumerate(key):
        extent = shape[axis]
        if isinstance(entry, Slice):
            count = len(range(*slice(*entry).indices(extent)))
            if count == 0:
                raise ShapeFault(f"the slice of axis {axis} is empty", (0,), f"that axis has {extent} elements, 0 to {extent - 1}")
            result.append(count)
        elif not -extent <= entry < extent:
            raise ShapeFault(
                f"index {entry} is out of range for an axis of {extent}",
                (0,),
                f"indices run from 0 to {extent - 1}, or from -{extent} to -1 counted from the end",
            )
    return (*result, *shape[len(key) :])


def _scatter(m: Any, x: Any, key: Key, shape: Shape) -> Any:
    result = m.zeros(shape)
    result[_native(key)] = x
    return result


#: The most axes that NumPy's arrays have.
_MOST_AXES = 64


def _stacked_shape(shapes: Sequence[Shape]) -> Shape:
    if len(shapes[0]) >= _MOST_AXES:
        raise ShapeFault(f"an array has at most {_MOST_AXES} axes", (0,), "take some of the brackets away")
    for position, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise ShapeFault(
                f"the elements of an array need one shape, got {text(shapes[0])} and {text(shape)}",
                (0, position),
                "a matrix has rows of one length",
            )
    return (len(shapes), *shapes[0])


def _given(shapes: Sequence[Shape], shape: Shape) -> Shape:
    return shape


input = leaf("input", "A variable; its value is given when the graph is executed.")
constant = leaf("constant", "A number, or an array of numbers, of the program.")

index: Primitive = linear(
    "index", "The elements at an index.", lambda g, x, key: scatter(g, key=key, shape=x.shape),
    shape=lambda shapes, key: indexed_shape(shapes[0], key), compute=lambda m, x, key: x[_native(key)], public=False,
)  # fmt: skip
scatter: Primitive = linear(
    "scatter", "Zeros with x put at an index.", lambda g, x, key, shape: index(g, key=key),
    shape=lambda shapes, key, shape: shape, compute=_scatter, public=False,
)  # fmt: skip
stack = linear(
    "stack", "An array of its operands.", lambda g, elements, position: index(g, key=(position,)),
    shape=_stacked_shape, compute=lambda m, *elements: m.stack(elements), variadic=True, public=False,
)  # fmt: skip
reshape: Primitive = linear(
    "reshape", "The same elements in another shape.", lambda g, x, shape: reshape(g, shape=x.shape), shape=_given, public=False
)
broadcast_to = linear(
    "broadcast_to", "Copies of x that fill a shape.", lambda g, x, shape: g.sum_to(x.shape), shape=_given, public=False
)
sum_to = linear(
    "sum_to", "Sums over the axes along which x had been broadcast.", lambda g, x, shape: g.broadcast_to(x.shape),
    shape=_given, public=False,
)  # fmt: skip


def _added_in_order(m: Any, *contributions: Any) -> Any:
    return reduce(m.add, contributions)


accumulate = linear(
    "accumulate", "Sum of the contributions that meet at a node, in the order of the sweep.", lambda g, contributions, position: g,
    shape=lambda shapes: shapes[0], compute=_added_in_order, variadic=True, public=False,
)  # fmt: skip

# The product of the chain rule: an upstream of 0 annihilates, even where the local derivative is infinite.
weigh = elementwise(
    "weigh", "upstream times local; 0 where upstream is 0.",
    lambda upstream, local, out: local, lambda upstream, local, out: upstream,
    formula=lambda sp, upstream, local: upstream * local, identity=1, annihilator=0, public=False,
)  # fmt: skip
