"""Functions of the gamma family that SciPy lacks, or computes too slowly or with too few digits."""

import math
from typing import Any

import numpy as np

from diffcli.primitives.reflection import reflected_polygamma

Array = Any

#: The Bernoulli numbers B2, B4, ..., B20: the asymptotic series is right to the last digits from `_LARGE` on.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)
_LARGE = 16


def polygamma(x: Array, n: int) -> Array:
    """The derivative of order n of digamma.

    SciPy adds up as many terms as it is steps to 0 from the left.
    """
    from scipy import special

    if n == 0:
        return special.digamma(x)
    left = x < 0
    if not np.any(left):
        return special.polygamma(n, x)[()]
    mirrored = reflected_polygamma(lambda right: special.polygamma(n, np.where(left, right, 1.0)), n, x, _cotangent(np.where(left, x, 0.5)), math.pi)
    pole = math.inf if n % 2 else -math.inf
    return np.where(left, np.where(x == np.floor(x), pole, mirrored), special.polygamma(n, np.where(left, 1.0, x)))[()]


def polygamma_difference(a: Array, b: Array, n: int) -> Array:
    """polygamma(a, n) - polygamma(a + b, n), also where the two are equal but for their last digits.

    Recurrence to large arguments, then the difference of the asymptotic series (NIST Handbook
    5.15.5, 5.15.9), term by term; all terms have the sign of b.
    """
    a, b = np.broadcast_arrays(np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64))
    plain = polygamma(a, n) - polygamma(a + b, n)
    close = (np.abs(b) < 0.5 * np.abs(a)) & np.isfinite(a)
    if n == 0:
        return np.where(close & (a > 0), _close(a, b, 0), np.where(close & (a < 0), _reflected(a, b), plain))[()]
    return np.where(close & (a > 0), _close(a, b, n), plain)[()]


def _close(a: Array, b: Array, n: int) -> Array:
    """The difference for a > 0 and |b| < a/2."""
    a, b = np.where(a > 0, a, 1.0), np.where((a > 0) & (np.abs(b) < a / 2), b, 0.0)
    total = np.zeros(a.shape)
    for _ in range(_LARGE):
        small = a < _LARGE
        total = total + np.where(small, math.factorial(n) * _fallen(a, b, n + 1), 0.0)
        a = a + small
    total = total + (np.log1p(b / a) if n == 0 else math.factorial(n - 1) * _fallen(a, b, n))
    total = total + math.factorial(n) / 2 * _fallen(a, b, n + 1)
    for k, bernoulli in enumerate(_BERNOULLI, 1):
        total = total + bernoulli * (math.factorial(2 * k + n - 1) / math.factorial(2 * k)) * _fallen(a, b, 2 * k + n)
    return total * (-1) ** (n + 1)


def _fallen(a: Array, b: Array, power: int) -> Array:
    """a^-power - (a + b)^-power, for a > 0 and |b| < a."""
    return -np.expm1(-power * np.log1p(b / a)) * a ** -float(power)


def _reflected(a: Array, b: Array) -> Array:
    """The difference of digamma for a < 0 and |b| < -a/2: psi(1 - x) - psi(x) = pi cot(pi x), and cot u - cot v = sin(v - u)/(sin u sin v)."""
    a, b = np.where(a < 0, a, -0.5), np.where((a < 0) & (np.abs(b) < -a / 2), b, 0.0)
    rest = a - np.round(a)
    return -_close(1 - a - b, b, 0) - math.pi * _sine(b) / (_sine(rest) * _sine(rest + b))


def _sine(x: Array) -> Array:
    """sin(pi x), to all digits."""
    whole = np.round(x)
    return np.sin(math.pi * (x - whole)) * np.where(whole % 2 == 0, 1.0, -1.0)


def _cotangent(x: Array) -> Array:
    """cot(pi x), to all digits."""
    rest = x - np.round(x)
    return np.sin(math.pi * (0.5 - np.abs(rest))) / np.sin(math.pi * rest)
