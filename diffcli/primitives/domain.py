"""Where a primitive is defined, and where it has no derivative."""

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
    """Where a primitive is continuous but has no derivative, or jumps.

    `sides` are the derivatives from the left and from the right, of a function of one operand. At
    a `jump` the function itself is not continuous: no derivative that flows by shows it.
    """

    at: Predicate
    text: str
    convention: str
    sides: tuple[float, float] | None = None
    jump: bool = False


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
