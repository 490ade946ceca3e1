"""Functions of the gamma family that SciPy lacks, or computes too slowly or with too few digits."""

import math
from collections.abc import Callable
from typing import Any

from diffcli.execute.arrays import Array
from diffcli.execute.numpy_later import np
from diffcli.primitives.gamma_family import by_arb, reflected_polygamma

#: The Bernoulli numbers B2, B4, ..., B20: the asymptotic series is right to the last digits from `_LARGE` on.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)
_LARGE = 16
#: Beyond it logarithms of gamma functions overflow.
_HUGE = 1e301
#: Numbers whose gamma function is 1/x in all digits; how near to 1 and 2 SciPy's lgamma loses digits; and the terms
#: that are right there.
_TINY, _NEAR, _TERMS = 1e-300, 0.25, 24
#: A difference this much smaller than its terms has lost digits; those of the numbers that it is computed in then.
_CANCELLED, _DIGITS = 0.01, 50


def lgamma(x: Array) -> Array:
    """The logarithm of the gamma function's magnitude, also near 1, and of numbers too small for SciPy."""
    from scipy import special

    found = np.asarray(special.gammaln(x))
    found = np.where((x != 0) & (np.abs(x) < _TINY), -np.log(np.abs(x)), found)
    for zero in (1, 2):
        near = np.abs(x - zero) < _NEAR
        if np.any(near):
            z = np.where(near, x - zero, 0.0)
            found = np.where(near, _beside_two(z) - (np.log1p(z) if zero == 1 else 0.0), found)
    return _cancelled(lambda context, place: context.loggamma(place), x, found, 1.0 * (x < 0))


def _beside_two(z: Array) -> Array:
    """lgamma(2 + z) by its Taylor series (NIST Handbook 5.7.3)."""
    from scipy import special

    total: Array = np.zeros_like(z)
    for k in range(_TERMS, 1, -1):
        total = (-1) ** k * special.zetac(k) / k + z * total
    return z * (1 - np.euler_gamma + z * total)


def polygamma(x: Array, n: int) -> Array:
    """The derivative of order n of digamma.

    Left of 0 by reflection: SciPy adds up as many terms as it is steps to 0, and loses digits beside poles.
    """
    from scipy import special

    def right_of_zero(place: Array) -> Array:
        return special.digamma(place) if n == 0 else special.polygamma(n, place)

    left = x < 0
    if not np.any(left):
        return right_of_zero(x)[()]
    first = right_of_zero(np.where(left, 1 - x, 1.0))
    mirrored = reflected_polygamma(lambda _: first, n, x, _cotangent(np.where(left, x, 0.5)), math.pi)
    mirrored = _cancelled(lambda context, place: context.psi(n, place), x, mirrored, np.abs(first) * left)
    pole = math.nan if n == 0 else math.inf if n % 2 else -math.inf
    return np.where(left, np.where(x == np.floor(x), pole, mirrored), right_of_zero(np.where(left, 1.0, x)))[()]


def beta(a: Array, b: Array) -> Array:
    """gamma(a)*gamma(b)/gamma(a + b).

    Left of 0 by reflection, for the gamma functions there are too large or too small.
    """
    from scipy import special

    plain, total = special.beta(a, b), a + b
    a, b = np.minimum(a, b), np.maximum(a, b)
    left = (a < 0) & (a != np.floor(a)) & ((b > 0) | (b != np.floor(b))) & ((total > 0) | (total != np.floor(total)))
    right = (a > 0) & (b >= _LARGE) & (b < _HUGE)
    plain = np.where(right, _beta_of_large(np.where(right, a, 1.0), np.where(right, b, _LARGE)), plain)
    if not np.any(left):
        return plain[()]
    a, b, total = np.where(left, a, -0.5), np.where(left, b, 0.25), np.where(left, total, -0.25)
    both = math.pi * _sine(a, b) / (_sine(a) * _sine(b) * (1 - total) * _beta_right(1 - a, 1 - b))
    negative = _sine(a, b) / _sine(a) * _beta_right(b, 1 - total)
    positive = math.pi / (_sine(a) * b * _beta_right(1 - a, total))
    return np.where(left, np.where(b < 0, both, np.where(total < 0, negative, positive)), plain)[()]


def _beta_right(a: Array, b: Array) -> Array:
    """The same where both are above 0; elsewhere anything."""
    return beta(np.where(a > 0, a, 1.0), np.where(b > 0, b, 1.0))


def _beta_of_large(a: Array, b: Array) -> Array:
    """The same for 0 < a <= b and b large, by the difference of two of Stirling's series (NIST Handbook 5.11.1)."""
    from scipy import special

    rest = sum(
        bernoulli / (2 * k * (2 * k - 1)) * _fallen(b, a, 2 * k - 1) for k, bernoulli in enumerate(_BERNOULLI, 1)
    )
    ratio = a - (a + b - 0.5) * np.log1p(a / b) - a * np.log(b) + rest
    small = a < _LARGE
    return np.where(small, special.gamma(np.where(small, a, 1.0)) * np.exp(ratio), np.exp(special.gammaln(a) + ratio))


def _cancelled(function: Callable[[Any, Any], Any], x: Array, found: Array, size: Array) -> Array:
    """Values; those that are much smaller than the terms that they are the difference of, by many digits."""
    few = np.abs(found) < _CANCELLED * size
    if not np.any(few):
        return found[()]
    import mpmath

    found, context = np.array(found), mpmath.MPContext()
    context.dps = _DIGITS
    by_arb(context)
    for place in zip(*np.nonzero(few), strict=True) if np.shape(x) else [()]:
        found[place] = float(function(context, context.mpf(float(np.asarray(x)[place]))))
    return found[()]


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
    """The difference of digamma for a < 0 and |b| < -a/2: psi(1 - x) - psi(x) = pi cot(pi x), and cot u - cot v = sin(v
    - u)/(sin u sin v).
    """
    a, b = np.where(a < 0, a, -0.5), np.where((a < 0) & (np.abs(b) < -a / 2), b, 0.0)
    rest = a - np.round(a)
    return -_close(1 - a - b, b, 0) - math.pi * _sine(b) / (_sine(rest) * _sine(rest + b))


def _sine(x: Array, y: Array | float = 0.0) -> Array:
    """sin(pi (x + y)), to all digits of the two."""
    whole, other = np.round(x), np.round(y)
    return np.sin(math.pi * ((x - whole) + (y - other))) * np.where((whole % 2 == 0) == (other % 2 == 0), 1.0, -1.0)


def _cotangent(x: Array) -> Array:
    """cot(pi x), to all digits."""
    rest = x - np.round(x)
    return np.sin(math.pi * (0.5 - np.abs(rest))) / np.sin(math.pi * rest)
