"""Statistics, and the exponentials that are normalised along an axis."""

from collections.abc import Sequence
from typing import Any

from diffcli.primitives.declaration import Operand, Primitive, reduction
from diffcli.primitives.domain import Kink
from diffcli.primitives.exponential import exp
from diffcli.primitives.options import AXES, KEEPDIMS, LAST_AXIS, Option, not_negative
from diffcli.primitives.piecewise import equal, where
from diffcli.primitives.reductions import mean, shared_among_equals, sum
from diffcli.primitives.shape import Shape, ShapeFault, axes_of, kept, reduced, same_shape, size

_DDOF = Option("ddof", 0, not_negative, ("correction",))
_OVER = (AXES, KEEPDIMS)


def _averaged(x: Operand, axis: Any) -> Any:
    return mean(x) if axis is None else mean(x, axis=axis, keepdims=True)


def _degrees(shape: Shape, axis: Any, ddof: int) -> int:
    """The divisor of a variance."""
    return size(shape) // size(kept(shape, axis)) - ddof


def _variance_shape(shapes: Sequence[Shape], axis: Any = None, keepdims: bool = False, ddof: int = 0) -> Shape:
    if _degrees(shapes[0], axis, ddof) < 1:
        raise ShapeFault(f"ddof={ddof} leaves nothing to divide by", (0,), "the divisor is the number of elements less ddof", "ddof")
    return reduced(shapes, axis, keepdims)


def _variance(m: Any, x: Any, axis: Any = None, keepdims: bool = False, ddof: int = 0) -> Any:
    centred = x - m.mean(x, axis=axis, keepdims=True)
    return m.sum(centred * centred, axis=axis, keepdims=keepdims) / _degrees(m.array(x).shape, axis, ddof)


def _variance_partial(x: Operand, out: Operand, axis: Any = None, ddof: int = 0) -> Any:
    return 2 * (x - _averaged(x, axis)) / x.named(_degrees(x.shape, axis, ddof), "n" if ddof == 0 else f"(n - {ddof})")


def _deviation_partial(x: Operand, out: Operand, axis: Any = None, ddof: int = 0) -> Any:
    count = x.named(_degrees(x.shape, axis, ddof), "n" if ddof == 0 else f"(n - {ddof})")
    return where(equal(out, 0), 0, (x - _averaged(x, axis)) / (count * out))


def _all_equal(x: Any, axis: Any = None, keepdims: bool = False, ddof: int = 0) -> Any:
    return (x == x) & (x == x.max(axis=axis, keepdims=True)).all(axis=axis, keepdims=True)


def _middle(shape: Shape, axis: Any) -> tuple[int, int]:
    """The places of the middle elements in order; the same place twice where their number is odd."""
    count = size(shape) // size(kept(shape, axis))
    return (count - 1) // 2, count // 2


def _in_order(x: Any, axis: Any) -> Any:
    """The elements along the axes, sorted, as the last axis."""
    axes = axes_of(x.shape, axis)
    others = tuple(place for place in range(len(x.shape)) if place not in axes)
    rows = x.transpose((*others, *axes)).reshape((*(x.shape[place] for place in others), -1)).copy()
    rows.sort(axis=-1)
    return rows


def _kth(x: Any, k: int, axis: Any = None, keepdims: bool = False) -> Any:
    found = _in_order(x, axis)[..., k]
    return found.reshape(kept(x.shape, axis))[()] if keepdims else found[()]


def _median(m: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    x = m.array(x)
    low, high = (_kth(x, k, axis, keepdims) for k in _middle(x.shape, axis))
    return (low + high) / 2


def _median_partial(x: Operand, out: Operand, axis: Any = None) -> Any:
    low, high = _middle(x.shape, axis)
    over = {} if axis is None else {"axis": axis, "keepdims": True}
    share = shared_among_equals(x, kth_smallest(x, k=low, **over), axis)
    return share if low == high else (share + shared_among_equals(x, kth_smallest(x, k=high, **over), axis)) / 2


def _middle_elements(x: Any, axis: Any) -> tuple[Any, Any]:
    """The values of the two middle elements, in a shape that broadcasts against x."""
    low, high = _middle(x.shape, axis)
    return _kth(x, low, axis, True), _kth(x, high, axis, True)


def _middle_ties(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The elements that equal an element of the middle, where one does that is not of the middle."""
    low, high = _middle_elements(x, axis)
    places = 1 + ((low == high) & (_middle(x.shape, axis)[0] != _middle(x.shape, axis)[1]))
    low_ties, high_ties = ((x == element) & ((x == element).sum(axis=axes_of(x.shape, axis), keepdims=True) > places) for element in (low, high))
    return low_ties | high_ties


def _off_middle(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    low, high = _middle_elements(x, axis)
    return ((x != low) & (x != high),)


var = reduction(
    "var", "Variance, dividing by n - ddof.", _variance_partial, shape=_variance_shape, total=sum, compute=_variance,
    options=(*_OVER, _DDOF), aliases=("variance",), described="2*({operand} - mean)/n",
)  # fmt: skip
std = reduction(
    "std", "Standard deviation, dividing by n - ddof.", _deviation_partial, shape=_variance_shape, total=sum,
    compute=lambda m, x, **options: m.sqrt(_variance(m, x, **options)), options=(*_OVER, _DDOF), aliases=("stdev",), described="({operand} - mean)/(n*{out})",
    kinks=(Kink(_all_equal, "it has a corner where all elements are equal", "its gradient there is 0", "0", "nan", step=1.0),),
)  # fmt: skip
median = reduction(
    "median", "Middle element, or the mean of the two in the middle.", _median_partial, total=sum, compute=_median, options=_OVER,
    kinks=(Kink(_middle_ties, "elements in the middle are equal", "a tie is shared equally", "equal shares (along an axis: all to one)", "all to those that sorting puts in the middle"),), described="1 at the middle of {operand}",
    flat=_off_middle,
)  # fmt: skip
kth_smallest: Primitive = reduction(
    "kth_smallest", "The element in place k in order.", lambda x, out, k, axis=None: shared_among_equals(x, out, axis),
    shape=lambda shapes, k, axis=None, keepdims=False: reduced(shapes, axis, keepdims), total=sum, compute=lambda m, x, **options: _kth(m.array(x), **options), public=False,
    flat=lambda x, k, axis=None, keepdims=False: (x != _kth(x, k, axis, True),),
)  # fmt: skip


def _logsumexp(m: Any, x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    largest = m.max(x, axis=axis, keepdims=True)
    total = m.log(m.sum(m.exp(x - largest), axis=axis, keepdims=True)) + largest
    return total if keepdims else m.reshape(total, reduced((m.array(x).shape,), axis))[()]


logsumexp = reduction(
    "logsumexp", "log(sum(exp(x))), without overflow.", lambda x, out, axis=None: exp(x - out), total=sum, compute=_logsumexp, options=_OVER,
    example='diffcli grad "logsumexp(x)" --at 1000,1001',
)  # fmt: skip


def _along_last(shapes: Sequence[Shape], axis: int = -1) -> Shape:
    return same_shape(shapes, axis)


def _softmax(m: Any, x: Any, axis: int = -1) -> Any:
    powers = m.exp(x - m.max(x, axis=axis, keepdims=True))
    return powers / m.sum(powers, axis=axis, keepdims=True)


def _softmax_pull(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[None, Any]:
    return None, _softmax_along(g, out, parameters)


def _softmax_push(tangents: Sequence[Any], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Any:
    return _softmax_along(tangents[0], out, parameters)


def _softmax_along(direction: Operand, out: Operand, parameters: dict[str, Any]) -> Any:
    """The Jacobian diag(s) - s s.T, which is symmetric, times a direction."""
    return out * (direction - sum(out * direction, axis=parameters.get("axis", -1), keepdims=True))


def _log_softmax_pull(position: int, g: Operand, operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> tuple[None, Any]:
    return None, g - exp(out) * sum(g, axis=parameters.get("axis", -1), keepdims=True)


def _log_softmax_push(tangents: Sequence[Any], operands: Sequence[Operand], out: Operand, parameters: dict[str, Any]) -> Any:
    return tangents[0] - sum(exp(out) * tangents[0], axis=parameters.get("axis", -1), keepdims=True)


softmax = Primitive(
    "softmax", "exp(x)/sum(exp(x)) along an axis, without overflow.", "other", ("x",), _along_last, _softmax_pull, _softmax_push, _softmax, "softmax",
    options=(LAST_AXIS,), example='diffcli grad "softmax(x)[0]" --at 1,2,3',
)  # fmt: skip
log_softmax = Primitive(
    "log_softmax", "Logarithm of softmax, without overflow.", "other", ("x",), _along_last, _log_softmax_pull, _log_softmax_push,
    lambda m, x, axis=-1: x - _logsumexp(m, x, axis, keepdims=True), "log_softmax", options=(LAST_AXIS,),
)  # fmt: skip
