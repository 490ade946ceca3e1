"""Running a graph on balls: what comes out is proved, however much cancels on the way.

The same program that computes in many digits, in another arithmetic. A comparison that the balls
do not decide has no outcome; what is chosen by it is enclosed with what is not.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from flint import acb, arb, arb_mat, ctx, fmpq_mat
from mpmath.libmp import from_man_exp

from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.ball import (
    Ball,
    Undecided,
    bounded,
    ceil,
    exact_root,
    floor,
    larger,
    selected,
    sign,
    smaller,
    undefined,
    unknown,
)
from diffcli.execute.linear_algebra import each_matrix, each_minor
from diffcli.execute.numbers import Numbers, reduced_by
from diffcli.primitives.gamma_family import OF_BALLS, working
from diffcli.primitives.shape import Axes
from diffcli.primitives.table import PRIMITIVES

_BITS_A_DIGIT = 3.3219280948873626
#: A number is known to some digits when its ball is smaller by so many more.
_BEYOND = 5
#: What is larger than this was not computed to be 0.
_NEAR = 1e-9
#: A function of fractions is computed with twice the bits, so often, until no more than so many of those asked for are
#: unknown.
_DOUBLINGS, _UNKNOWN = 8, 16


def _pole(x: Ball) -> Ball:
    """Whether a number is 0, -1, -2, ..."""
    whole: Ball = (x <= 0) & (x == x // 1)
    return whole


#: Where functions of several numbers, and of other names than their primitives, are undefined.
_UNDEFINED: Mapping[str, Callable[..., Ball]] = {
    "loggamma": _pole, "psi": lambda n, x: _pole(x), "beta": lambda a, b: _pole(a) | _pole(b),
}  # fmt: skip


def _outside(name: str) -> Callable[..., Ball] | None:
    """Where a function is undefined: there more bits find nothing."""
    primitive = PRIMITIVES.get(name)
    if primitive is None or len(primitive.operands) != 1:
        return _UNDEFINED.get(name)
    contains = primitive.domain.contains
    return lambda x: ~contains(x)


#: What Arb has no function for by that name.
_ENCLOSING: Mapping[str, Callable[..., Any]] = {
    "cbrt": lambda x: x.root(3),
    "log10": lambda x: x.log() / arb.const_log10(),
    "log2": lambda x: x.log() / arb.const_log2(),
    "hypot": lambda x, y: (x**2 + y**2).nonnegative_part().sqrt(),
    "atan2": arb.atan2,
    **OF_BALLS,
}


def _function(name: str) -> Callable[..., Ball]:
    """A function of balls. Raises AttributeError for one that Arb does not have."""
    enclosing, outside = _ENCLOSING.get(name) or getattr(arb, name), _outside(name)

    def function(*operands: Any) -> Ball:
        balls = [Ball.of(operand) for operand in operands]
        if any(ball.undefined for ball in balls) or (outside is not None and outside(*balls).decides(True)):
            return undefined()
        if not all(ball.finite for ball in balls):
            return unknown()
        fractions = [ball.exact for ball in balls]
        if None in fractions:
            return bounded(enclosing(*[ball.enclosure for ball in balls]))
        root = exact_root(fractions[0]) if name == "sqrt" else None
        return bounded(_refined(enclosing, fractions)) if root is None else root

    return function


def _refined(enclosing: Callable[..., Any], fractions: list[Any]) -> Any:
    """The function of fractions to as many bits as are asked for: the sine of 1e100 takes more on the way."""
    wanted = bits = ctx.prec
    found = enclosing(*map(arb, fractions))
    for _ in range(_DOUBLINGS):
        if found.is_finite() and found.rel_accuracy_bits() >= wanted - _UNKNOWN:
            break
        bits *= 2
        with ctx.workprec(bits):
            found = enclosing(*map(arb, fractions))
    return found


class _Context:
    """The functions of balls, by the names that mpmath has for them."""

    mpc = acb
    mpf, floor, ceil, sign = (staticmethod(function) for function in (Ball.of, floor, ceil, sign))
    re = staticmethod(lambda x: x)
    fdiv = staticmethod(lambda a, b: Ball.of(a) / b)
    nan = undefined()
    e = property(lambda self: Ball(arb.const_e()))
    pi = property(lambda self: Ball(arb.pi()))

    def __getattr__(self, name: str) -> Callable[..., Ball]:
        function = _function(name)
        setattr(self, name, function)
        return function


def _of_balls(function: Callable[..., Ball]) -> Callable[..., Any]:
    """A function of balls on each element of what can be made balls of."""

    def elementwise(self: "Enclosures", *operands: Any) -> Any:
        return np.frompyfunc(lambda *each: function(*map(Ball.of, each)), len(operands), 1)(*operands)

    return elementwise


def _not_negative(total: Ball) -> Ball:
    """A number that cannot be negative."""
    return Ball(total.enclosure.nonnegative_part(), total.exact) if total.finite else total


def _is_exact(matrix: Array) -> bool:
    return all(element.exact is not None for element in matrix.flat)


def _exact(matrix: Array) -> Any:
    return fmpq_mat([[element.exact for element in row] for row in matrix])


def _enclosed(matrix: Array) -> Any:
    return arb_mat([[element.enclosure for element in row] for row in matrix])


class Enclosures(Numbers):
    """Balls of so many bits."""

    encloses = by_elements = True

    def __init__(self, bits: int) -> None:
        super().__init__(_Context())
        self.bits = bits

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_") or hasattr(self.context, name):
            return super().__getattr__(name)
        raise Undecided  # nothing is known of a function that has no enclosure

    maximum, minimum, where = _of_balls(larger), _of_balls(smaller), _of_balls(selected)

    def precisely(self) -> AbstractContextManager[None]:
        """Arithmetic in so many bits."""
        return working(self.bits)

    def indicator(self, condition: Array) -> Array:
        """1 where the condition holds, else 0: what a condition of balls is."""
        return self.lifted(condition)

    def max(self, x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The largest along the axes."""
        return reduced_by(self.maximum, x, axis, keepdims)

    def min(self, x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The smallest along the axes."""
        return reduced_by(self.minimum, x, axis, keepdims)

    def norm(self, x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The root of the sum of squares: not negative, whatever the balls allow."""
        return self.sqrt(np.frompyfunc(_not_negative, 1, 1)(np.sum(x * x, axis=axis, keepdims=keepdims)))

    def polygamma_difference(self, a: Array, b: Array, n: int) -> Array:
        """polygamma(a, n) - polygamma(a + b, n)."""
        return self.polygamma(a, n) - self.polygamma(self.lifted(a) + self.lifted(b), n)

    def log2(self, x: Array) -> Array:
        """Logarithm to base 2."""
        return self._elementwise(self.context.log2)(x)

    def det(self, a: Array) -> Array:
        """Determinants."""
        return each_matrix(
            lambda matrix: Ball.of(_exact(matrix).det()) if _is_exact(matrix) else bounded(_enclosed(matrix).det()), a
        )

    def cofactors(self, a: Array) -> Array:
        """Cofactors, by the determinants of the minors."""
        return each_minor(a, self.det)

    def _solution(self, matrix: Array, columns: Array) -> Array:
        """The solution for each column; unknown where the matrix may be singular, undefined where it is."""
        whole = np.concatenate([matrix, columns], axis=1)
        made = _exact if _is_exact(whole) else _enclosed
        try:
            found = made(matrix).solve(made(columns))
        except ZeroDivisionError:
            nothing = undefined if made is _exact else unknown
            return np.frompyfunc(lambda element: nothing(), 1, 1)(columns)
        return self.lifted(np.array(found.tolist(), dtype=object).reshape(columns.shape))


@cache
def enclosures(digits: int) -> Enclosures:
    """Balls in which so many digits can be told."""
    return Enclosures(int(digits * _BITS_A_DIGIT) + 2)


def known(enclosed: Array, digits: int) -> bool:
    """Whether all numbers are enclosed as closely as so many digits need, with some more.

    One that is undefined is known to be.
    """
    bits = int((digits + _BEYOND) * _BITS_A_DIGIT) + 2
    return all(
        ball.undefined or ball.exact is not None or (ball.finite and ball.enclosure.rel_accuracy_bits() >= bits)
        for ball in _elements(enclosed)
    )


def vanishing(enclosed: Array) -> bool:
    """Whether some number is so near to 0 that it may be 0, as far as is known."""
    return any(
        ball.exact is None and ball.finite and ball.enclosure.contains(0) and ball.enclosure.abs_upper() < _NEAR
        for ball in _elements(enclosed)
    )


def proves(enclosed: Array, computed: Array, digits: int, tied: bool) -> bool:
    """Whether numbers that were computed are right to so many digits, by what encloses them.

    With `tied`, a number that is halfway between two of so many digits, as far as is known, may be either.
    """
    numbers = np.ravel(np.asarray(computed, dtype=object))
    with working(int(2 * numbers[0].context.prec)):
        return all(
            _proves(ball, number, digits, tied) for ball, number in zip(_elements(enclosed), numbers, strict=True)
        )


def correct(enclosed: Array, computed: Array, arithmetic: Arithmetic) -> Array:
    """Computed numbers, with known fractions in place of what rounding made of them; arrays are changed."""
    balls = list(_elements(enclosed))
    known_ones = {
        place: arithmetic.one(Fraction(int(ball.exact.p), int(ball.exact.q)))
        for place, ball in enumerate(balls)
        if ball.exact is not None
    }
    if not isinstance(computed, np.ndarray):
        return known_ones.get(0, computed)
    if computed.dtype == object and computed.flags.writeable:
        for place, number in known_ones.items():
            computed[np.unravel_index(place, computed.shape)] = number
    return computed


def _elements(enclosed: Array) -> Iterator[Ball]:
    return map(Ball.of, np.ravel(np.asarray(enclosed, dtype=object)))


def _proves(ball: Ball, number: Any, digits: int, tied: bool) -> bool:
    if ball.exact == 0:
        return bool(number == 0)
    if not ball.finite:
        return False
    context = number.context
    low, high = (
        context.make_mpf(from_man_exp(*map(int, bound.man_exp())))
        for bound in (ball.enclosure.lower(), ball.enclosure.upper())
    )
    if max(abs(low - number), abs(high - number)) * 10 ** (digits + _BEYOND) > min(abs(low), abs(high)):
        return False
    return tied or ball.exact is not None or str(low) == str(high) == str(number)
