"""Domains of primitives, and places without a derivative."""

from collections.abc import Callable
from typing import Any, NamedTuple

#: Called with the operands' values (NumPy arrays); returns a Boolean for each element.
Predicate = Callable[..., Any]


class Domain(NamedTuple):
    """The set on which a primitive is defined.

    `interior` gives, for each operand, an interval inside the domain's interior, away from
    singularities and kinks. `{}` in `text` stands for the operand. `outside` says what is the
    matter elsewhere, where that needs more words than the numbers.
    """

    text: str
    contains: Predicate
    interior: tuple[tuple[float, float], ...]
    outside: str = "it is not defined here"


class Kink(NamedTuple):
    """A place where a primitive has no derivative: at a corner, at a jump, or where its domain ends.

    `at` takes the operands' values and the parameters; it answers for each element of the result,
    or, of a reduction, for each element of its operand. At a `jump` the function itself is not
    continuous: no derivative that flows by shows it. `torch` and `jax` say what PyTorch and JAX
    take there. The derivatives from the left and the right are the primitive's own partials beside
    the point: of the next numbers, or, where a rule would round that away, at a distance of `step`
    times the largest element.
    """

    at: Predicate
    text: str
    convention: str
    torch: str
    jax: str
    jump: bool = False
    step: float = 0.0


def real(*interior: tuple[float, float]) -> Domain:
    """All real numbers."""
    return Domain("any real number", lambda *operands: operands[0] == operands[0], interior)


def above(low: float, interior: tuple[float, float] = (0.2, 3.0)) -> Domain:
    """All numbers greater than `low`."""
    return Domain(f"{{}} > {low:g}", lambda x: x > low, (interior,))


def at_least(low: float, interior: tuple[float, float] = (0.2, 3.0)) -> Domain:
    """All numbers not less than `low`."""
    return Domain(f"{{}} >= {low:g}", lambda x: x >= low, (interior,))


def between(low: float, high: float) -> Domain:
    """The closed interval."""
    return Domain(
        f"{low:g} <= {{}} <= {high:g}",
        lambda x: (x >= low) & (x <= high),
        ((0.9 * low, 0.9 * high),),
    )


def strictly_between(low: float, high: float) -> Domain:
    """The open interval."""
    return Domain(
        f"{low:g} < {{}} < {high:g}",
        lambda x: (x > low) & (x < high),
        ((0.9 * low, 0.9 * high),),
    )


ANY = real((-2.0, 2.0))
ANY_PAIR = real((-2.0, 2.0), (-2.0, 2.0))
POSITIVE = above(0)
NOT_BELOW_ZERO = at_least(0)
NONZERO_DIVISOR = Domain("a nonzero divisor", lambda a, b: b != 0, ((-2.0, 2.0), (0.3, 2.0)))
NOT_THE_ORIGIN = Domain(
    "any point but the origin", lambda y, x: (y != 0) | (x != 0), ((-2.0, 2.0), (0.3, 2.0))
)
POWERS = Domain(
    "a positive base, or a negative base with a whole exponent, or zero with an exponent above it",
    lambda a, b: (a > 0) | ((a < 0) & (b == b // 1)) | ((a == 0) & (b >= 0)),
    ((0.2, 3.0), (-2.0, 2.0)),
)
