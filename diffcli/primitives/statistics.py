"""Statistics, and the exponentials that are normalised along an axis."""

from collections.abc import Sequence
from typing import Any, cast

from diffcli.messages import Message
from diffcli.primitives.declaration import reduction
from diffcli.primitives.domain import Kink
from diffcli.primitives.options import AXES, KEEPDIMS, LAST_AXIS, Option, not_negative
from diffcli.primitives.piecewise import equal, where
from diffcli.primitives.primitive import Operand, Primitive
from diffcli.primitives.reductions import mean, shared_among_equals, sum
from diffcli.primitives.shape import Axes, Shape, ShapeFault, axes_of, kept, reduced, size

_DDOF = Option("ddof", 0, not_negative, ("correction",))
_OVER = (AXES, KEEPDIMS)


def _averaged(x: Operand, axis: Axes) -> Operand:
    return mean(x) if axis is None else mean(x, axis=axis, keepdims=True)


def _degrees(shape: Shape, axis: Axes, ddof: int) -> int:
    """The divisor of a variance."""
    return size(shape) // size(kept(shape, axis)) - ddof


def _variance_shape(shapes: Sequence[Shape], axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> Shape:
    if _degrees(shapes[0], axis, ddof) < 1:
        raise ShapeFault(Message("ddof={ddof} leaves nothing to divide by", ddof=ddof), (0,), Message("the divisor is the number of elements less ddof"), "ddof")
    return reduced(shapes, axis, keepdims)


def _variance(m: Any, x: Any, axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> Any:
    centred = x - m.mean(x, axis=axis, keepdims=True)
    return m.sum(centred * centred, axis=axis, keepdims=keepdims) / _degrees(m.array(x).shape, axis, ddof)


def _standard_deviation(m: Any, x: Any, axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> Any:
    """The root of the variance, in units in which squares neither overflow nor vanish."""
    centred = x - m.mean(x, axis=axis, keepdims=True)
    unit = m.unit_of(centred, axis)
    relative = centred / unit
    root = m.sqrt(m.sum(relative * relative, axis=axis, keepdims=True) / _degrees(m.array(x).shape, axis, ddof)) * unit
    return root if keepdims else m.reshape(root, reduced((m.array(x).shape,), axis))[()]


def _variance_partial(x: Operand, out: Operand, axis: Axes = None, ddof: int = 0) -> Operand:
    return 2 * (x - _averaged(x, axis)) / x.named(_degrees(x.shape, axis, ddof), "n" if ddof == 0 else f"(n - {ddof})")


def _deviation_partial(x: Operand, out: Operand, axis: Axes = None, ddof: int = 0) -> Operand:
    count = x.named(_degrees(x.shape, axis, ddof), "n" if ddof == 0 else f"(n - {ddof})")
    return where(equal(out, 0), 0, (x - _averaged(x, axis)) / (count * out))


def _all_equal(x: Any, axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> Any:
    return (x == x) & (x == x.max(axis=axis, keepdims=True)).all(axis=axis, keepdims=True)


def _middle(shape: Shape, axis: Axes) -> tuple[int, int]:
    """The places of the middle elements in order; the same place twice where their number is odd."""
    count = size(shape) // size(kept(shape, axis))
    return (count - 1) // 2, count // 2


def _in_order(x: Any, axis: Axes) -> Any:
    """The elements along the axes, sorted, as the last axis."""
    axes = axes_of(x.shape, axis)
    others = tuple(place for place in range(len(x.shape)) if place not in axes)
    rows = x.transpose((*others, *axes)).reshape((*(x.shape[place] for place in others), -1)).copy()
    rows.sort(axis=-1)
    return rows


def _kth(x: Any, k: int, axis: Axes = None, keepdims: bool = False) -> Any:
    found = _in_order(x, axis)[..., k]
    return found.reshape(kept(x.shape, axis))[()] if keepdims else found[()]


def _median(m: Any, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
    x = m.array(x)
    low, high = (_kth(x, k, axis, keepdims) for k in _middle(x.shape, axis))
    return (low + high) / 2


def _median_partial(x: Operand, out: Operand, axis: Axes = None) -> Operand:
    low, high = _middle(x.shape, axis)
    over = {} if axis is None else {"axis": axis, "keepdims": True}
    share = shared_among_equals(x, kth_smallest(x, k=low, **over), axis)
    return share if low == high else (share + shared_among_equals(x, kth_smallest(x, k=high, **over), axis)) / 2


def _middle_elements(x: Any, axis: Axes) -> tuple[Any, Any]:
    """The values of the two middle elements, in a shape that broadcasts against x."""
    low, high = _middle(x.shape, axis)
    return _kth(x, low, axis, True), _kth(x, high, axis, True)


def _middle_ties(x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
    """The elements that equal an element of the middle, where one does that is not of the middle."""
    low, high = _middle_elements(x, axis)
    places = 1 + ((low == high) & (_middle(x.shape, axis)[0] != _middle(x.shape, axis)[1]))
    low_ties, high_ties = ((x == element) & ((x == element).sum(axis=axes_of(x.shape, axis), keepdims=True) > places) for element in (low, high))
    return low_ties | high_ties


def _off_middle(x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
    low, high = _middle_elements(x, axis)
    return ((x != low) & (x != high),)


def _variance_words(shape: Shape, axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> str:
    return "2*({operand} - mean)/" + (f"(n - {ddof})" if ddof else "n")


def _deviation_words(shape: Shape, axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> str:
    return "({operand} - mean)/(" + (f"(n - {ddof})" if ddof else "n") + "*{out})"


var = reduction(
    "var", "Variance, dividing by n - ddof.", _variance_partial, shape=_variance_shape, total=sum, compute=_variance,
    options=(*_OVER, _DDOF), aliases=("variance",), described=_variance_words,
)
std = reduction(
    "std", "Standard deviation, dividing by n - ddof.", _deviation_partial, shape=_variance_shape, total=sum,
    compute=_standard_deviation, options=(*_OVER, _DDOF), aliases=("stdev",), described=_deviation_words,
    kinks=(Kink(_all_equal, "it has a corner where all elements are equal", "its gradient there is 0", "0", "nan", step=1.0),),
)
median = reduction(
    "median", "Middle element, or the mean of the two in the middle.", _median_partial, total=sum, compute=_median, options=_OVER,
    kinks=(Kink(_middle_ties, "elements in the middle are equal", "a tie is shared equally", "equal shares (along an axis: all to one)", "all to those that sorting puts in the middle"),), described="1 at the middle of {operand}",
    flat=_off_middle,
)
kth_smallest: Primitive = reduction(
    "kth_smallest", "The element in place k in order.", lambda x, out, k, axis=None: shared_among_equals(x, out, axis),
    shape=lambda shapes, k, axis=None, keepdims=False: reduced(shapes, axis, keepdims), total=sum, compute=lambda m, x, **options: _kth(m.array(x), **options), public=False,
    flat=lambda x, k, axis=None, keepdims=False: (x != _kth(x, k, axis, True),),
)


def _largest_and_powers(m: Any, x: Any, axis: Axes) -> tuple[Any, Any, Any]:
    """The largest along the axes, the exponentials of the differences to it, and their sum less 1.

    The largest has the power 1, to which smaller ones would be lost.
    """
    largest = m.max(x, axis=axis, keepdims=True)
    is_largest = m.equal(x, largest)
    powers = m.exp(x - largest)
    others = m.sum(m.where(is_largest, m.number(0.0, ()), powers), axis=axis, keepdims=True)
    return largest, powers, others + (m.sum(m.indicator(is_largest), axis=axis, keepdims=True) - 1)


def _logsumexp(m: Any, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
    largest, _, others = _largest_and_powers(m, x, axis)
    total = m.log1p(others) + largest
    return total if keepdims else m.reshape(total, reduced((m.array(x).shape,), axis))[()]


def _log_softmax(m: Any, x: Any, axis: int = -1) -> Any:
    largest, _, others = _largest_and_powers(m, x, axis)
    return (x - largest) - m.log1p(others)


def _softmax(m: Any, x: Any, axis: int | tuple[int, ...] = -1) -> Any:
    _, powers, others = _largest_and_powers(m, x, axis)
    return powers / (others + 1)


def _share(x: Operand, out: Operand, axis: Axes = None) -> Operand:
    """The gradient of logsumexp: x's exponentials over their sum, computed from differences."""
    over = tuple(range(len(x.shape))) if axis is None else axis
    return softmax(x) if over == (len(x.shape) - 1,) else softmax(x, axis=over)


logsumexp = reduction(
    "logsumexp", "log(sum(exp(x))), without overflow.", _share, total=sum, compute=_logsumexp, options=_OVER,
    example='diffcli grad "logsumexp(x)" --at 1000,1001', described="exp({operand} - {out})",
)


def _along(shapes: Sequence[Shape], axis: int | tuple[int, ...] = -1) -> Shape:
    axes_of(shapes[0], axis)
    return shapes[0]


# With s = softmax(x) along the axis, the Jacobians are diag(s) Q of softmax and Q of log_softmax, where
# Q = 1 - 1 s.T takes a direction to its deviation from its mean weighed by s. Written down as it stands,
# 1 - s loses all digits where one s is nearly 1. Derivatives of Q and of its transpose are made of the two again.


def _foremost(m: Any, x: Any, axis: int | tuple[int, ...]) -> tuple[Any, Any]:
    """softmax, and where it is above 1/2: at one place along the axis, or at none."""
    share = _softmax(m, x, axis)
    return share, m.less(m.number(0.5, ()), share)


def _deviation(m: Any, x: Any, t: Any, axis: int | tuple[int, ...] = -1) -> Any:
    """t less its mean weighed by softmax(x): first less the t that weighs most, which then is exactly 0."""
    share, foremost = _foremost(m, x, axis)
    shifted = t - m.sum(m.where(foremost, t, m.number(0.0, ())), axis=axis, keepdims=True)
    return shifted - m.sum(share * shifted, axis=axis, keepdims=True)


def _balance(m: Any, x: Any, g: Any, axis: int | tuple[int, ...] = -1) -> Any:
    """g less its sum times softmax(x): these add up to 0, so the one that softmax makes largest is minus the sum of the others."""
    share, foremost = _foremost(m, x, axis)
    plain = g - share * m.sum(g, axis=axis, keepdims=True)
    others = m.where(foremost, m.number(0.0, ()), plain)
    return m.where(foremost, -m.sum(others, axis=axis, keepdims=True), others)


def _change(x: Operand, t: Operand, along: dict[str, Any]) -> Operand:
    """The change of softmax(x) along t, which is its pull-back too: the Jacobian is symmetric."""
    return softmax(x, **along) * softmax_deviation(x, t, **along)


def _plus(first: Operand | None, second: Operand | None) -> Operand:
    if first is None or second is None:
        return cast("Operand", second if first is None else first)  # one of them varies
    return first + second


def _deviation_pull(position: int, g: Operand, operands: Sequence[Operand], out: Operand, along: dict[str, Any]) -> tuple[None, Operand]:
    x, t = operands
    if position == 1:
        return None, softmax_balance(x, g, **along)
    return None, -(_change(x, t, along) * sum(g, axis=along.get("axis", -1), keepdims=True))


def _deviation_push(tangents: Sequence[Operand | None], operands: Sequence[Operand], out: Operand, along: dict[str, Any]) -> Operand:
    (x, _), (dx, dt) = operands, tangents
    moved = None if dx is None else -sum(_change(x, dx, along) * out, axis=along.get("axis", -1), keepdims=True).broadcast_to(x.shape)
    return _plus(moved, None if dt is None else softmax_deviation(x, dt, **along))


def _balance_pull(position: int, h: Operand, operands: Sequence[Operand], out: Operand, along: dict[str, Any]) -> tuple[None, Operand]:
    x, g = operands
    if position == 1:
        return None, softmax_deviation(x, h, **along)
    return None, -(_change(x, h, along) * sum(g, axis=along.get("axis", -1), keepdims=True))


def _balance_push(tangents: Sequence[Operand | None], operands: Sequence[Operand], out: Operand, along: dict[str, Any]) -> Operand:
    (x, g), (dx, dg) = operands, tangents
    moved = None if dx is None else -(_change(x, dx, along) * sum(g, axis=along.get("axis", -1), keepdims=True))
    return _plus(moved, None if dg is None else softmax_balance(x, dg, **along))


softmax: Primitive = Primitive(
    "softmax", "exp(x)/sum(exp(x)) along an axis, without overflow.", "other", ("x",), _along,
    lambda position, g, operands, out, along: (None, _change(operands[0], g, along)),
    lambda tangents, operands, out, along: _change(operands[0], tangents[0], along), _softmax, "softmax",
    options=(LAST_AXIS,), example='diffcli grad "softmax(x)[0]" --at 1,2,3', pullback="{out}*({g} - sum({out}*{g}))",
)
log_softmax: Primitive = Primitive(
    "log_softmax", "Logarithm of softmax, without overflow.", "other", ("x",), _along,
    lambda position, g, operands, out, along: (None, softmax_balance(operands[0], g, **along)),
    lambda tangents, operands, out, along: softmax_deviation(operands[0], tangents[0], **along), _log_softmax, "log_softmax",
    options=(LAST_AXIS,), pullback="{g} - exp({out})*sum({g})",
)
softmax_deviation: Primitive = Primitive(
    "softmax_deviation", "t less its mean weighed by softmax(x).", "other", ("x", "t"), _along,
    _deviation_pull, _deviation_push, _deviation, None, public=False,
)
softmax_balance: Primitive = Primitive(
    "softmax_balance", "g less its sum times softmax(x).", "other", ("x", "g"), _along,
    _balance_pull, _balance_push, _balance, None, public=False,
)
