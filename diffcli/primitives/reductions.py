"""Functions of all elements of an array, or of those along some axes."""

from typing import Any

from diffcli.messages import Message
from diffcli.primitives.declaration import linear, reduction, with_axes_kept
from diffcli.primitives.domain import Kink, real
from diffcli.primitives.options import AXES, KEEPDIMS, Option
from diffcli.primitives.piecewise import abs, equal, sign, where
from diffcli.primitives.primitive import Operand
from diffcli.primitives.shape import Axes, Shape, ShapeFault, axes_of, kept, reduced, size
from diffcli.primitives.structural import index, reshape, scatter, transpose
from diffcli.primitives.subscripts import Slice

_OVER = (AXES, KEEPDIMS)
_CORNER = "it has a corner at 0, where all elements are 0"


def _ties(extreme: str) -> Any:
    """The elements that are the largest (or smallest) along the axes, where there is more than one."""

    def tied(x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
        chosen = x == getattr(x, extreme)(axis=axis, keepdims=True)
        return chosen & (chosen.sum(axis=axis, keepdims=True) > 1)

    return tied


#: How far from a tie of sums their slopes are read: a smaller step would be rounded away.
_BESIDE = 2.0**-40
_SHARED = "a tie is shared equally"
_TORCH_SHARES = "equal shares (max and min along an axis: all to one)"
_TIES = (Kink(_ties("max"), "its largest elements are equal", _SHARED, _TORCH_SHARES, "equal shares"),)
_LOW_TIES = (Kink(_ties("min"), "its smallest elements are equal", _SHARED, _TORCH_SHARES, "equal shares"),)


def _spread(g: Operand, x: Operand, axis: Axes, keepdims: bool) -> Operand:
    return with_axes_kept(g, x.shape, axis).broadcast_to(x.shape)


def _count(shape: Shape, axis: Axes) -> int:
    """The number of elements that each result is made of."""
    return size(shape) // size(kept(shape, axis))


def shared_among_equals(x: Operand, out: Operand, axis: Axes = None) -> Operand:
    """One divided by the number of elements that equal the result, at each of them."""
    chosen = equal(x, out)
    return chosen / (sum(chosen) if axis is None else sum(chosen, axis=axis, keepdims=True))


def _product_of_the_others(x: Operand, out: Operand, axis: tuple[int, ...] | None = None) -> Operand:
    if axis is None:
        return reshape(_leave_one_out(reshape(x, shape=(1, size(x.shape)))), shape=x.shape)
    others = tuple(place for place in range(len(x.shape)) if place not in axis)
    order = (*others, *axis)
    moved = transpose(x, axes=order)
    rows = reshape(moved, shape=(size(x.shape) // _count(x.shape, axis), _count(x.shape, axis)))
    result = reshape(_leave_one_out(rows), shape=moved.shape)
    return transpose(result, axes=tuple(order.index(place) for place in range(len(order))))


def _leave_one_out(x: Operand) -> Operand:
    """For each element of a row the product of all others, right also where some are 0.

    One half times the other half is a row half as long; its own answer, times the other half,
    is this one's. Linear work, no division, and differentiable again.
    """
    rows, count = x.shape
    if count == 1:
        return x.named(1.0, "").broadcast_to(x.shape)
    whole = Slice(None, None, None)
    half = (count + 1) // 2
    head, tail = (whole, Slice(0, half, None)), (whole, Slice(half, count, None))
    left, right = index(x, key=head), index(x, key=tail)
    if count < 2 * half:
        short = (whole, Slice(0, half - 1, None))
        right = scatter(right, key=short, shape=(rows, half)) + scatter(x.named(1.0, "").broadcast_to((rows,)), key=(whole, half - 1), shape=(rows, half))
    others = _leave_one_out(left * right)
    of_the_right = index(others * left, key=(whole, Slice(0, count - half, None)))
    return scatter(others * right, key=head, shape=x.shape) + scatter(of_the_right, key=tail, shape=x.shape)


sum = linear(
    "sum", "Sum.", lambda g, x, *, axis=None, keepdims=False: _spread(g, x, axis, keepdims),
    shape=reduced, options=_OVER, formula=lambda sp, x, **over: sp.total(x, **over), example='diffcli grad "sum(A, axis=0)[1]" --at "A=[[1,2],[3,4]]"',
)
mean = linear(
    "mean", "Mean.", lambda g, x, *, axis=None, keepdims=False: _spread(g / g.named(_count(x.shape, axis), "n"), x, axis, keepdims),
    shape=reduced, options=_OVER, formula=lambda sp, x, **over: sp.total(x, **over) / sp.count(x, **over), aliases=("average",),
    example='diffcli grad "mean(x*x)" --at 1,2,3',
)
prod = reduction(
    "prod", "Product.", _product_of_the_others, options=_OVER, total=sum,
    formula=lambda sp, x, **over: sp.total_product(x, **over), described="product of the other elements", aliases=("product",),
)


def _below(x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
    return (x < x.max(axis=axis, keepdims=True),)


def _above(x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
    return (x > x.min(axis=axis, keepdims=True),)


max = reduction("max", "Largest element.", shared_among_equals, options=_OVER, total=sum, kinks=_TIES, flat=_below, aliases=("amax",))
min = reduction("min", "Smallest element.", shared_among_equals, options=_OVER, total=sum, kinks=_LOW_TIES, flat=_above, aliases=("amin",))


def _order(value: Any) -> Any:
    if isinstance(value, bool) or value not in (None, 1, 2, float("inf"), "fro"):
        raise ValueError('1, 2, inf or "fro"')
    return value




def _norm_shape(shapes: Any, ord: Any = None, axis: Axes = None, keepdims: bool = False) -> Shape:
    axes = axes_of(shapes[0], axis)
    if ord == "fro" and len(axes) != 2:
        raise ShapeFault(Message('the norm "fro" is that of a matrix'), (0,), Message("for a vector leave it out: norm(x)"), "ord")
    if ord in (1, float("inf")) and len(axes) > 2:
        raise ShapeFault(Message("norm takes a vector or a matrix with ord={ord}", ord=ord), (0,), Message("name the axes: norm(x, 1, axis=0)"))
    if ord == 2 and len(axes) == 2:
        raise ShapeFault(
            Message("ord=2 of a matrix would be its largest singular value, which has no rule here"), (0,),
            Message('for the root of the sum of squares write norm(A) or norm(A, "fro")'), "ord",
        )
    return reduced(shapes, axis, keepdims)


def _lines(ord: Any, axes: tuple[int, ...]) -> int:
    """The axis along which a matrix's norm of order 1 (columns) or inf (rows) adds up."""
    return axes[0] if ord == 1 else axes[1]


def _norm_partial(x: Operand, out: Operand, ord: Any = None, axis: Axes = None) -> Operand:
    axes = axes_of(x.shape, axis)
    if ord in (None, 2, "fro"):
        return where(equal(out, 0), 0, x / out)
    if len(axes) == 2:
        sums = sum(abs(x), axis=_lines(ord, axes), keepdims=True)
        return sign(x) * shared_among_equals(sums, out, axes)
    return sign(x) if ord == 1 else sign(x) * shared_among_equals(abs(x), out, axes if x.shape else None)


def _norm(m: Any, x: Any, ord: Any = None, axis: Axes = None, keepdims: bool = False) -> Any:
    if ord in (None, 2, "fro"):
        return m.norm(x, axis, keepdims)
    x = m.array(x)
    axes = axes_of(x.shape, axis)
    magnitude = m.abs(x)
    if len(axes) == 2:
        magnitude = m.sum(magnitude, axis=_lines(ord, axes), keepdims=True)
    elif ord == 1:
        return m.sum(magnitude, axis=axes, keepdims=keepdims)
    return m.max(magnitude, axis=axes, keepdims=keepdims)


def _norm_at_0(x: Any, ord: Any = None, axis: Axes = None, keepdims: bool = False) -> Any:
    """All elements where the Euclidean norm is 0."""
    return (x == 0) & (x == 0).all(axis=axis, keepdims=True) & (ord in (None, 2, "fro"))


def _norm_magnitudes(x: Any, ord: Any, axes: tuple[int, ...]) -> Any:
    """Of what a norm of order 1 or inf is the largest: elements, or sums along the lines of a matrix."""
    return x.__abs__().sum(axis=_lines(ord, axes), keepdims=True) if len(axes) == 2 else x.__abs__()


def _largest(measured: Any, axes: tuple[int, ...]) -> Any:
    """The largest along the axes, which stay; a single number is its own."""
    return measured.max(axis=axes, keepdims=True) if axes else measured


def _norm_zeros(x: Any, ord: Any = None, axis: Axes = None, keepdims: bool = False) -> Any:
    """The zeros whose magnitudes a norm of order 1 or inf adds up or takes."""
    axes = axes_of(x.shape, axis)
    if ord == 1 and len(axes) < 2:
        return x == 0
    measured = _norm_magnitudes(x, ord, axes)
    return (x == 0) & (measured == _largest(measured, axes)) & (ord in (1, float("inf")))


def _norm_ties(x: Any, ord: Any = None, axis: Axes = None, keepdims: bool = False) -> Any:
    """The elements other than 0 that are, or whose lines are, largest together with others."""
    axes = axes_of(x.shape, axis)
    if not axes or ord not in (1, float("inf")) or (ord == 1 and len(axes) < 2):
        return x != x
    return (x != 0) & _ties("max")(_norm_magnitudes(x, ord, axes), axes)


def _norm_flat(x: Any, ord: Any = 2, axis: Axes = None, keepdims: bool = False) -> Any:
    """The elements beside the largest one, row or column that a norm looks for."""
    axes = axes_of(x.shape, axis)
    if ord in (2, "fro") or (ord == 1 and len(axes) < 2):
        return (False,)
    measured = _norm_magnitudes(x, ord, axes)
    return ((measured < _largest(measured, axes)) & (x == x),)  # for each element of x


def _norm_words(shape: Shape, ord: Any = None, axis: Axes = None, keepdims: bool = False) -> str:
    """Its local derivative in words."""
    if ord in (None, 2, "fro"):
        return "{operand}/{out}"
    if len(axes_of(shape, axis)) == 2:
        return Message("sign({operand}) in the column of the largest sum") if ord == 1 else Message("sign({operand}) in the row of the largest sum")
    return "sign({operand})" if ord == 1 else Message("sign({operand}) at the largest magnitude")


norm = reduction(
    "norm", "Norm: Euclidean, or of order 1 or inf.", _norm_partial, shape=_norm_shape, total=sum, compute=_norm,
    options=(Option("ord", None, _order, ("p",)), *_OVER), domain=real((0.2, 2.0)),
    flat=_norm_flat, described=_norm_words,
    kinks=(
        Kink(_norm_at_0, _CORNER, "its gradient there is 0", "0", "nan"),
        Kink(_norm_zeros, "it adds up or compares magnitudes, which have a corner at 0", "the derivative by an element that is 0 is 0", "0", "abs'(0) = 1 (with ord=inf and zeros alone: 1/2)", step=_BESIDE),
        Kink(_norm_ties, "the largest magnitudes, or sums of them, are equal", _SHARED, "equal shares", "equal shares", step=_BESIDE),
    ),
)
