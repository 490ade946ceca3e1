"""Primitives that move numbers without changing them, and the product that reverse mode uses."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from diffcli.messages import Message
from diffcli.primitives.declaration import elementwise, leaf, linear
from diffcli.primitives.notation import postfix
from diffcli.primitives.options import FIRST_AXIS, SHAPE, Option, or_none, wholes
from diffcli.primitives.primitive import Operand, Primitive
from diffcli.primitives.shape import Shape, ShapeFault, axis_of, size, text
from diffcli.primitives.subscripts import Key, Slice, computed_axes, first_outside, indexed_shape, native


def _scatter(m: Any, x: Any, key: Key, shape: Shape) -> Any:
    result = m.zeros(shape)
    if any(isinstance(entry, tuple) and not isinstance(entry, Slice) for entry in key):
        m.add_at(result, native(key), x)  # a list may name an element twice
    else:
        result[native(key)] = x
    return result


def _no_place(x: Any, *places: Any, key: Key) -> str | None:
    """The fault of the first number that is no place of its axis."""
    for axis, numbers in zip(computed_axes(key), places, strict=True):
        extent = x.shape[axis]
        place = first_outside(numbers, -extent, extent)
        if place is not None:
            return Message(
                "{place} is not one of {extent} places, which are 0 to {last}, or -{extent} to -1 counted from the end", place=f"{place:g}", extent=extent, last=extent - 1
            )
    return None


#: The most axes that NumPy's arrays have.
_MOST_AXES = 64


def _stacked_shape(shapes: Sequence[Shape], axis: int = 0) -> Shape:
    first = shapes[0]
    if len(first) >= _MOST_AXES:
        raise ShapeFault(Message("an array has at most {most} axes", most=_MOST_AXES), (0,), Message("take some of the brackets away"))
    for position, shape in enumerate(shapes):
        if shape != first:
            raise ShapeFault(
                Message("the elements of an array need one shape, got {first} and {second}", first=text(first), second=text(shape)),
                (0, position),
                Message("a matrix has rows of one length"),
            )
    place = axis_of((*first, 1), axis)
    return (*first[:place], len(shapes), *first[place:])


def _given(shapes: Sequence[Shape], shape: Shape) -> Shape:
    return shape


def _reshaped(shapes: Sequence[Shape], shape: Shape) -> Shape:
    """The shape, with the number that -1 stands for."""
    count = size(shapes[0])
    known = size(extent for extent in shape if extent != -1)
    if min(shape, default=1) < -1 or 0 in shape or shape.count(-1) > 1:
        raise ShapeFault(Message("{shape} is not a shape", shape=text(shape)), (), Message("extents are 1 or more; one of them may be -1, for what is left"), "shape")
    if count % known or (-1 not in shape and count != known):
        raise ShapeFault(
            (
                Message("shape {own} has {count} elements, {shape} needs a multiple of {known}", own=text(shapes[0]), count=count, shape=text(shape), known=known)
                if -1 in shape
                else Message("shape {own} has {count} elements, {shape} has {known}", own=text(shapes[0]), count=count, shape=text(shape), known=known)
            ), (0,),
            Message("reshaping keeps the number of elements"), "shape",
        )
    return tuple(count // known if extent == -1 else extent for extent in shape)


def _broadcast_shape(shapes: Sequence[Shape], shape: Shape) -> Shape:
    own = shapes[0]
    if min(shape, default=0) < 0:
        raise ShapeFault(Message("{shape} is not a shape", shape=text(shape)), (), Message("only extents of 1, and missing axes in front, are repeated"), "shape")
    if len(own) > len(shape) or any(a != b and a != 1 for a, b in zip(reversed(own), reversed(shape), strict=False)):
        raise ShapeFault(Message("shape {own} cannot be broadcast to {shape}", own=text(own), shape=text(shape)), (0,), Message("only extents of 1, and missing axes in front, are repeated"), "shape")
    return shape


def _order_of_axes(shape: Shape, axes: tuple[int, ...] | None) -> tuple[int, ...]:
    """The operand's axis for each axis of the result; all of them in reverse where none is named."""
    if axes is None:
        return tuple(reversed(range(len(shape))))
    order = tuple(axis_of(shape, axis, "axes") for axis in axes)
    if sorted(order) != list(range(len(shape))):
        raise ShapeFault(Message("{axes} does not name each of {count} axes once", axes=axes, count=len(shape)), (0,), Message("a transposition names every axis"), "axes")
    return order


def _transposed_shape(shapes: Sequence[Shape], axes: tuple[int, ...] | None = None) -> Shape:
    return tuple(shapes[0][axis] for axis in _order_of_axes(shapes[0], axes))


def _transposed_back(g: Operand, x: Operand, *, axes: tuple[int, ...] | None = None) -> Operand:
    if axes is None:
        return transpose(g)
    order = _order_of_axes(x.shape, axes)
    return transpose(g, axes=tuple(order.index(place) for place in range(len(order))))


def _part(g: Operand, elements: Sequence[Operand], *, position: int, axis: int = 0) -> Operand:
    whole = Slice(None, None, None)
    return index(g, key=(*(whole,) * axis_of(g.shape, axis), position))


input = leaf("input", "A variable; its value is given when the graph is executed.")
constant = leaf("constant", "A number, or an array of numbers, of the program.")

index: Primitive = linear(
    "index", "The elements at an index.", lambda g, x, *, key: scatter(g, key=key, shape=x.shape),
    shape=lambda shapes, key: indexed_shape(shapes[0], key), compute=lambda m, x, key: m.array(x)[native(key)], public=False, form="index",
)
scatter: Primitive = linear(
    "scatter", "Zeros with x added at an index.", lambda g, x, *, key, shape: index(g, key=key),
    shape=lambda shapes, key, shape: shape, compute=_scatter, public=False, form="placed",
)
gather: Primitive = linear(
    "gather", "The elements at computed places.", lambda g, x, *places, key: scatter_add(g, *places, key=key, shape=x.shape),
    shape=lambda shapes, key: indexed_shape(shapes[0], key, shapes[1:]), compute=lambda m, x, *places, key: m.gather(m.array(x), key, places),
    operands=("x", "places"), selecting=True, demand=_no_place, public=False, form="index",
)
scatter_add: Primitive = linear(
    "scatter_add", "Zeros with x added at computed places.", lambda g, x, *places, key, shape: gather(g, *places, key=key),
    shape=lambda shapes, key, shape: shape, compute=lambda m, x, *places, key, shape: m.scatter_add(m.array(x), key, places, shape),
    operands=("x", "places"), selecting=True, public=False, form="placed",
)
sum_to = linear(
    "sum_to", "Sums over the axes along which x had been broadcast.", lambda g, x, *, shape: g.broadcast_to(x.shape),
    shape=_given, public=False, form="summed", read_as="sum",
)

stack = linear(
    "stack", "Arrays of one shape along a new axis.", _part, shape=_stacked_shape, compute=lambda m, *elements, axis=0: m.stack(elements, axis),
    options=(FIRST_AXIS,), variadic=True, form="array", pullback="its part of {g}", example='diffcli grad "sum(stack([x, x^2], axis=1) @ [1, 2])" --at 1,2,3',
)
reshape: Primitive = linear(
    "reshape", "The same elements in another shape.", lambda g, x, *, shape: reshape(g, shape=x.shape), shape=_reshaped,
    compute=lambda m, x, shape: m.reshape(x, shape)[()], options=(SHAPE,), aliases=("view",), form="reshaped", pullback="{g} in the shape of x", example='diffcli grad "reshape(x, 2, 2)[1, 0]^2" --at 1,2,3,4',
)
broadcast_to = linear(
    "broadcast_to", "Copies of x that fill a shape.", lambda g, x, *, shape: g.sum_to(x.shape), shape=_broadcast_shape, options=(SHAPE,), aliases=("expand",), form="spread",
    pullback="sums of {g} over the copies", example='diffcli grad "sum(broadcast_to(x, 2, 3)^2)" --at 1,2,3',
)
transpose: Primitive = linear(
    "transpose", "The axes in reverse order, or in the order named.", _transposed_back, shape=_transposed_shape,
    compute=lambda m, x, axes=None: m.transpose(x, axes)[()], options=(Option("axes", None, or_none(wholes), many=True),),
    notation=postfix(".T"), aliases=("permute",), operands=("A",), involution=True, example='diffcli grad "sum(A.T @ A)" --at "A=[[1,2],[3,4]]"',
)


def _added_in_order(m: Any, *contributions: Any) -> Any:
    return reduce(m.add, contributions)


accumulate = linear(
    "accumulate", "Sum of the contributions that meet at a node, in the order of the sweep.", lambda g, contributions, *, position: g,
    shape=lambda shapes: shapes[0], compute=_added_in_order, variadic=True, public=False, form="sum", read_as="sum",
)

# The product of the chain rule: an upstream of 0 annihilates, even where the local derivative is infinite.
weigh = elementwise(
    "weigh", "upstream times local; 0 where upstream is 0.",
    lambda upstream, local, out: local, lambda upstream, local, out: upstream,
    formula=lambda sp, upstream, local: upstream * local, identity=1, annihilator=0, public=False, read_as="mul",
)
