"""A real number known to lie in a ball, with what is known of it exactly: Arb's balls, and fractions beside them.

An operation's ball holds every result that its operands' balls allow, so what a ball says is
proved (F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic",
IEEE Transactions on Computers 66 (2017), 1281-1292). A fraction is kept as long as it is short:
then 0.1 + 0.2 - 0.3 is 0, and is known to be.
"""

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpz
from flint.utils.flint_exceptions import DomainError

#: Beyond so many bits of numerator and denominator together a fraction is forgotten.
_LONGEST = 1 << 14

_0, _1, _HALF = fmpq(0), fmpq(1), fmpq(1, 2)


class Undecided(Exception):
    """A question that balls do not decide where an answer is needed: whether two numbers are equal, say."""


def unknown() -> "Ball":
    """A number of which nothing is known: each is another one."""
    return Ball(arb.nan())


def undefined() -> "Ball":
    """No number."""
    return Ball(arb.nan(), undefined=True)


def _fraction(enclosure: Any) -> Any:
    """The fraction that is all of a ball."""
    if not (enclosure.is_exact() and enclosure.is_finite()):
        return None
    mantissa, exponent = map(int, enclosure.man_exp())
    if mantissa.bit_length() + abs(exponent) > _LONGEST:
        return None
    return fmpq(mantissa << exponent) if exponent >= 0 else fmpq(fmpz(mantissa), fmpz(1 << -exponent))


def combined(exactly: Callable[..., Any], enclosing: Callable[..., Any], *balls: "Ball") -> "Ball":
    """An operation on all numbers: on fractions, where they are known and the result is short, else on balls."""
    if not all(ball.finite for ball in balls):
        return undefined() if any(ball.undefined for ball in balls) else unknown()
    if all(ball.exact is not None for ball in balls):
        found = exactly(*[ball.exact for ball in balls])
        if found.height_bits() <= _LONGEST:
            return Ball(arb(found), found)
    return Ball(enclosing(*[ball.enclosure for ball in balls]))


def _multiple(enclosure: Any, ball: "Ball", factor: Any) -> "Ball":
    """A ball of which it is known that it is a fraction times what the other is a multiple of."""
    return Ball(enclosure, base=ball.base, factor=factor) if factor.height_bits() <= _LONGEST else Ball(enclosure)


def _summed(a: "Ball", b: "Ball", operation: Callable[[Any, Any], Any]) -> "Ball":
    """A sum or a difference; multiples of one number cancel exactly."""
    if a.base is not b.base or not a.finite or a.exact is not None:
        return combined(operation, operation, a, b)
    factor = operation(a.factor, b.factor)
    return _multiple(operation(a.enclosure, b.enclosure), a, factor) if factor != 0 else FALSE


def _added(a: "Ball", b: "Ball") -> "Ball":
    return _summed(a, b, operator.add)


def _subtracted(a: "Ball", b: "Ball") -> "Ball":
    return _summed(a, b, operator.sub)


def _multiplied(a: "Ball", b: "Ball") -> "Ball":
    if not a.finite or not b.finite or (a.exact is None) == (b.exact is None):
        if a is not b or a.exact is not None or not a.finite:
            return combined(operator.mul, operator.mul, a, b)
        return Ball(a.enclosure**2)
    number, fraction = (a, b.exact) if a.exact is None else (b, a.exact)
    return _multiple(a.enclosure * b.enclosure, number, number.factor * fraction) if fraction != 0 else FALSE


def _divided(a: "Ball", b: "Ball") -> "Ball":
    if b.exact == _0:
        return undefined()
    if b.exact is None and (not b.finite or b.enclosure.contains(0)):
        return undefined() if a.undefined or b.undefined else unknown()
    if a.exact is None and a.finite and b.exact is not None:
        return _multiple(a.enclosure / b.enclosure, a, a.factor / b.exact)
    return TRUE if a is b else combined(operator.truediv, operator.truediv, a, b)


def _raised(a: "Ball", b: "Ball") -> "Ball":
    if not a.finite or not b.finite:
        return undefined() if a.undefined or b.undefined else unknown()
    if b.exact is not None and b.exact.q == 1:
        return _raised_to_whole(a, int(b.exact.p))
    if a.exact == _0 and (b > 0).decides(True):
        return FALSE
    if ((a < 0).decides(True) and b.exact is not None) or (a.exact == _0 and (b < 0).decides(True)):
        return undefined()
    root = exact_root(a.exact) if b.exact == _HALF else None
    return bounded(a.enclosure**b.enclosure) if root is None else root


def _raised_to_whole(a: "Ball", exponent: int) -> "Ball":
    if exponent < 0 and a.exact == _0:
        return undefined()
    if exponent < 0 and a.exact is None and a.enclosure.contains(0):
        return unknown()
    if a.exact is not None and a.exact.height_bits() * abs(exponent) <= _LONGEST:
        return Ball.of(a.exact**exponent)
    return bounded(a.enclosure ** fmpz(exponent))


def bounded(enclosure: Any) -> "Ball":
    """The ball, if it is one: what is too large to be enclosed is unknown."""
    return Ball(enclosure) if enclosure.is_finite() else unknown()


def exact_root(fraction: Any) -> "Ball | None":
    """The square root of a fraction that is a square."""
    if fraction is None or fraction < 0:
        return None
    try:
        return Ball.of(fraction.sqrt())
    except DomainError:  # it is no square
        return None


def _floored(a: "Ball", b: "Ball") -> "Ball":
    return floor(_divided(a, b))


def floor(a: "Ball") -> "Ball":
    """The largest whole number that is not above."""
    return combined(lambda exact: fmpq(exact.floor()), lambda enclosure: enclosure.floor(), a)


def ceil(a: "Ball") -> "Ball":
    """The smallest whole number that is not below."""
    return combined(lambda exact: fmpq(exact.ceil()), lambda enclosure: enclosure.ceil(), a)


def sign(a: "Ball") -> "Ball":
    """-1, 0 or 1."""
    return combined(lambda exact: fmpq((exact > 0) - (exact < 0)), lambda enclosure: enclosure.sgn(), a)


def _condition(holds: bool, fails: bool) -> "Ball":
    return TRUE if holds else FALSE if fails else Ball(arb(0.5, 0.5))


def _less(a: "Ball", b: "Ball") -> "Ball":
    if a.undefined or b.undefined:
        return FALSE
    if a.exact is not None and b.exact is not None:
        return TRUE if a.exact < b.exact else FALSE
    known = a.finite and b.finite
    return _condition(known and a.enclosure < b.enclosure, a is b or (known and a.enclosure >= b.enclosure))


def _less_equal(a: "Ball", b: "Ball") -> "Ball":
    return FALSE if a.undefined or b.undefined else _contrary(_less(b, a))


def _equal(a: "Ball", b: "Ball") -> "Ball":
    if a.undefined or b.undefined:
        return FALSE
    if a.exact is not None and b.exact is not None:
        return TRUE if a.exact == b.exact else FALSE
    return _condition(a is b, a.finite and b.finite and not a.enclosure.overlaps(b.enclosure))


def _unequal(a: "Ball", b: "Ball") -> "Ball":
    return _contrary(_equal(a, b))


def _contrary(condition: "Ball") -> "Ball":
    return _subtracted(TRUE, condition)


def _both(a: "Ball", b: "Ball") -> "Ball":
    a, b = a != 0, b != 0
    return _condition(a.decides(True) and b.decides(True), a.decides(False) or b.decides(False))


def _either(a: "Ball", b: "Ball") -> "Ball":
    a, b = a != 0, b != 0
    return _condition(a.decides(True) or b.decides(True), a.decides(False) and b.decides(False))


def selected(condition: "Ball", a: "Ball", b: "Ball") -> "Ball":
    """`a` where the condition holds, else `b`; where that is not known, both of them in one ball."""
    chosen = condition != 0
    if chosen.exact is not None:
        return a if chosen.decides(True) else b
    if a is b or (a.exact is not None and a.exact == b.exact):
        return a
    return Ball(a.enclosure.union(b.enclosure)) if a.finite and b.finite else unknown()


def larger(a: "Ball", b: "Ball") -> "Ball":
    """The larger of two numbers: one of the two objects where it is known which."""
    return _extreme(a, b, a >= b, lambda x, y: x.max(y))


def smaller(a: "Ball", b: "Ball") -> "Ball":
    """The smaller of two numbers."""
    return _extreme(a, b, a <= b, lambda x, y: x.min(y))


def _extreme(a: "Ball", b: "Ball", first: "Ball", enclosing: Callable[[Any, Any], Any]) -> "Ball":
    if not a.finite or not b.finite:
        return undefined() if a.undefined or b.undefined else unknown()
    return a if first.decides(True) else b if first.decides(False) else Ball(enclosing(a.enclosure, b.enclosure))


def _operator(function: "Callable[[Ball, Ball], Ball]", *, turned: bool = False) -> "Callable[[Ball, Any], Any]":
    """Python's operator; arrays apply it to each of their elements."""

    def method(number: "Ball", other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return function(Ball.of(other), number) if turned else function(number, Ball.of(other))

    return method


class Ball:
    """A number, enclosed; `exact` where it is known to be that fraction.

    The enclosure of a number that is not known to be finite is nan; `undefined` tells that there is
    no such number. A condition is a number that is 0 or 1. One object is one number, whatever its
    ball, and is the fraction `factor` times the number `base`: `x/3 + x/6 - x/2` is 0.
    """

    __slots__ = ("_base", "enclosure", "exact", "factor", "undefined")
    __hash__ = None  # type: ignore[assignment]  # equality makes a number, not a truth

    def __init__(
        self, enclosure: Any, exact: Any = None, undefined: bool = False, base: "Ball | None" = None, factor: Any = _1
    ) -> None:
        self.enclosure = enclosure
        self.exact = _fraction(enclosure) if exact is None else exact
        self.undefined = undefined
        self._base = base
        self.factor = factor

    @staticmethod
    def of(number: Any) -> "Ball":
        """A ball, a fraction, an integer or a double as a ball."""
        if isinstance(number, Ball):
            return number
        if isinstance(number, arb) or hasattr(number, "_mpf_"):
            return bounded(arb(number))
        if isinstance(number, fmpq):
            return Ball(arb(number), number if number.height_bits() <= _LONGEST else None)
        if isinstance(number, Fraction):
            return Ball.of(fmpq(number.numerator, number.denominator))
        if isinstance(number, (int, np.integer, np.bool_)):
            return Ball.of(fmpq(int(number)))
        return Ball.of(Fraction(float(number))) if number - number == 0 else undefined()

    __add__, __radd__ = _operator(_added), _operator(_added, turned=True)
    __sub__, __rsub__ = _operator(_subtracted), _operator(_subtracted, turned=True)
    __mul__, __rmul__ = _operator(_multiplied), _operator(_multiplied, turned=True)
    __truediv__, __rtruediv__ = _operator(_divided), _operator(_divided, turned=True)
    __floordiv__, __rfloordiv__ = _operator(_floored), _operator(_floored, turned=True)
    __pow__, __rpow__ = _operator(_raised), _operator(_raised, turned=True)
    __lt__, __gt__ = _operator(_less), _operator(_less, turned=True)
    __le__, __ge__ = _operator(_less_equal), _operator(_less_equal, turned=True)
    __eq__, __ne__ = _operator(_equal), _operator(_unequal)
    __and__, __rand__ = _operator(_both), _operator(_both, turned=True)
    __or__, __ror__ = _operator(_either), _operator(_either, turned=True)

    @property
    def base(self) -> "Ball":
        """The number of which this one is a multiple: itself, unless another is known."""
        return self if self._base is None else self._base

    @property
    def finite(self) -> bool:
        """Whether the number is known to be finite."""
        return self.exact is not None or bool(self.enclosure.is_finite())

    def decides(self, wanted: bool) -> bool:
        """Whether this, a condition, is known to hold (or not to)."""
        return self.exact is not None and bool(self.exact != 0) == wanted

    def __bool__(self) -> bool:
        if self.exact is not None:
            return bool(self.exact != 0)
        if self.finite and not self.enclosure.contains(0):
            return True
        raise Undecided

    def __float__(self) -> float:
        return float(self.enclosure.mid()) if self.finite else float("nan")

    def __format__(self, wanted: str) -> str:
        return format(float(self), wanted)

    def __neg__(self) -> "Ball":
        return _multiplied(_MINUS, self)

    def __pos__(self) -> "Ball":
        return self

    def __abs__(self) -> "Ball":
        return combined(abs, abs, self)

    def __invert__(self) -> "Ball":
        return _equal(self, FALSE)


TRUE, FALSE, _MINUS = Ball(arb(1), _1), Ball(arb(0), _0), Ball(arb(-1), -_1)
