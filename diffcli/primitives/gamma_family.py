"""The gamma function and its kin beyond double precision, by Arb; the reflection formula of the polygamma functions."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from importlib.util import find_spec
from typing import Any

#: Bits beyond those that are rounded to, and how often they are doubled until they are known.
_BEYOND, _DOUBLINGS = 10, 8
#: How many values are remembered.
_REMEMBERED = 1000
#: Arb's precision is one for all threads.
_PRECISION = threading.RLock()


@cache
def arb_is_installed() -> bool:
    """Whether Arb is there: python-flint has it, of which there is none ready-made for musl, as in Alpine Linux."""
    return find_spec("flint") is not None


@cache
def cotangent_derivative(order: int) -> tuple[int, ...]:
    """The derivative of so high an order of the cotangent, as a polynomial in it: its coefficients, the constant first."""
    coefficients = [0, 1]
    for _ in range(order):  # the derivative of a cotangent c is -(1 + c^2)
        slopes = [power * coefficient for power, coefficient in enumerate(coefficients)][1:]
        coefficients = [-(first + second) for first, second in zip([*slopes, 0, 0], [0, 0, *slopes], strict=True)]
    return tuple(coefficients)


def reflected_polygamma(polygamma: Callable[[Any], Any], order: int, x: Any, cotangent: Any, pi: Any) -> Any:
    """The polygamma function left of 0, by its values on the right; `cotangent` is that of pi x.

    NIST Handbook of Mathematical Functions, 5.15.6.
    """
    total: Any
    total, *others = reversed(cotangent_derivative(order))
    for coefficient in others:
        total = total * cotangent + coefficient
    return (-1) ** order * polygamma(1 - x) - pi ** (order + 1) * total


def _loggamma(x: Any) -> Any:
    """The logarithm of the gamma function's magnitude; left of 0 by reflection."""
    return (x.pi() / abs(x.sin_pi())).log() - (1 - x).lgamma() if x < 0 else x.lgamma()


def _digamma(x: Any) -> Any:
    """The derivative of that, also by reflection."""
    return (1 - x).digamma() - x.pi() * x.cot_pi() if x < 0 else x.digamma()


def _polygamma(n: Any, x: Any) -> Any:
    """Its derivative of order n, also by reflection."""
    from flint import acb

    def right_of_zero(place: Any) -> Any:
        return acb(place).polygamma(acb(n)).real

    return reflected_polygamma(right_of_zero, int(n.unique_fmpz()), x, x.cot_pi(), x.pi()) if x < 0 else right_of_zero(x)


#: The functions for Arb's balls, by the names that mpmath has for them.
OF_BALLS: Mapping[str, Callable[..., Any]] = {
    "gamma": lambda x: x.gamma(),
    "loggamma": _loggamma,
    "digamma": _digamma,
    "psi": _polygamma,
    "beta": lambda a, b: a.gamma() * b.gamma() * (a + b).rgamma(),
}


@contextmanager
def working(bits: int) -> Iterator[None]:
    """Balls of so many bits. What other threads would compute meanwhile waits."""
    from flint import ctx

    with _PRECISION, ctx.workprec(bits):
        yield


def by_arb(context: Any) -> None:
    """Give an mpmath context Arb's functions, rounded as it rounds: its own make tables for each precision anew, and
    remain where there is no Arb.
    """
    if not arb_is_installed():
        context.loggamma = partial(_real_part, context.loggamma)
        return
    for name in OF_BALLS:
        setattr(context, name, partial(_rounded, context, name, getattr(context, name)))


def _real_part(function: Callable[[Any], Any], x: Any) -> Any:
    return function(x).real


def _rounded(context: Any, name: str, own: Callable[..., Any], *operands: Any) -> Any:
    """A function's value in a context; `own` is the one that it had."""
    operands = tuple(map(context.mpf, operands))
    if not all(map(context.isfinite, operands)):
        return own(*operands)
    parts = _value(name, context.prec, context._prec_rounding[1], *(operand._mpf_ for operand in operands))
    return context.nan if parts is None else context.make_mpf(parts)


@lru_cache(_REMEMBERED)
def _value(name: str, bits: int, rounding: str, *operands: tuple[int, int, int, int]) -> Any:
    """A function's value rounded to so many bits, or None where there is none, in the parts that mpmath's numbers have.

    Values are remembered: the derivatives at one point ask for the same again and again, and thousands of bits take a
    while.
    """
    from flint import arb
    from mpmath.libmp import from_man_exp

    balls = [arb((-int(whole) if sign else int(whole), exponent)) for sign, whole, exponent, _ in operands]
    wanted = bits + _BEYOND
    for doublings in range(_DOUBLINGS):
        with working(wanted << doublings):
            found = OF_BALLS[name](*balls)
            if not found.is_finite() and doublings > 1:
                break  # a pole, or out of reach
            if found.is_finite() and (found.is_exact() or found.rel_accuracy_bits() >= wanted):
                bound = found.lower() if rounding == "f" else found.upper() if rounding == "c" else found.mid()
                return from_man_exp(*map(int, bound.man_exp()), bits, rounding)
    return None
