"""The reflection formula of the polygamma functions, for every arithmetic that lacks it."""

from collections.abc import Callable
from functools import cache
from typing import Any


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


def polygamma_in(context: Any, order: int, x: Any) -> Any:
    """The polygamma function of an mpmath context, which adds up as many terms as it is steps to 0 from the left."""
    if order == 0 or not x < 0 or context.isint(x):
        return context.psi(order, x)
    with context.extraprec(2 * max(context.mag(x), 0) + 10):
        return reflected_polygamma(lambda right: context.psi(order, right), order, x, context.cospi(x) / context.sinpi(x), +context.pi)
