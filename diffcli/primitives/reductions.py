"""Functions of all elements of an array with one number out."""

from typing import Any

from diffcli.primitives.declaration import Operand, linear, reduction
from diffcli.primitives.domain import Kink
from diffcli.primitives.piecewise import equal, where
from diffcli.primitives.shape import same_vector, scalar, size
from diffcli.primitives.structural import Slice, index, reshape, scatter

_TIES = Kink(lambda x: (x == x.max()).sum() > 1, "its largest elements are equal", "a tie is shared equally")
_LOW_TIES = Kink(lambda x: (x == x.min()).sum() > 1, "its smallest elements are equal", "a tie is shared equally")
_AT_ZERO = Kink(lambda x: (x == 0).all(), "it has a corner at 0", "its gradient there is 0")


def _shared_among_equals(x: Operand, out: Operand) -> Any:
    chosen = equal(x, out)
    return chosen / sum(chosen)


def _product_of_the_others(x: Operand, out: Operand) -> Any:
    return reshape(_leave_one_out(reshape(x, shape=(size(x.shape),))), shape=x.shape)


def _leave_one_out(x: Operand) -> Any:
    """For each element of a vector the product of all others, right also where some are 0.

    One half times the other half is a vector half as long; its own answer, times the other half,
    is this one's. Linear work, no division, and differentiable again.
    """
    count = x.shape[0]
    if count == 1:
        return x.named(1.0, "").broadcast_to((1,))
    half = (count + 1) // 2
    head, tail = (Slice(0, half, None),), (Slice(half, count, None),)
    left, right = index(x, key=head), index(x, key=tail)
    if count < 2 * half:
        short = (Slice(0, half - 1, None),)
        right = scatter(right, key=short, shape=(half,)) + scatter(x.named(1.0, ""), key=(half - 1,), shape=(half,))
    others = _leave_one_out(left * right)
    of_the_right = index(others * left, key=(Slice(0, count - half, None),))
    return scatter(others * right, key=head, shape=x.shape) + scatter(of_the_right, key=tail, shape=x.shape)


sum = linear("sum", "Sum of all elements.", lambda g, x: g.broadcast_to(x.shape), shape=scalar, formula=lambda sp, x: sp.total(x))
mean = linear(
    "mean", "Mean of all elements.", lambda g, x: (g / g.named(size(x.shape), "n")).broadcast_to(x.shape),
    shape=scalar, formula=lambda sp, x: sp.total(x) / sp.count(x), aliases=("average",),
)  # fmt: skip
dot = linear(
    "dot", "Dot product of two vectors.", lambda g, a, b: g * b, lambda g, a, b: g * a,
    shape=same_vector, multilinear=True, formula=lambda sp, a, b: sp.total(sp.product(a, b)),
)  # fmt: skip
prod = reduction(
    "prod", "Product of all elements.", _product_of_the_others,
    shape=scalar, total=sum, formula=lambda sp, x: sp.total_product(x), described="product of the other elements",
)  # fmt: skip
max = reduction(
    "max", "Largest element.", _shared_among_equals, shape=scalar, total=sum, formula=None, kink=_TIES, flat=lambda x: (x < x.max(),), aliases=("amax",)
)
min = reduction(
    "min", "Smallest element.", _shared_among_equals, shape=scalar, total=sum, formula=None, kink=_LOW_TIES, flat=lambda x: (x > x.min(),), aliases=("amin",)
)
norm = reduction(
    "norm", "Euclidean norm.", lambda x, out: where(equal(out, 0), 0, x / out),
    shape=scalar, total=sum, formula=lambda sp, x: sp.sqrt(sp.total(x**2)), kink=_AT_ZERO, described="{operand}/{out}",
)  # fmt: skip
