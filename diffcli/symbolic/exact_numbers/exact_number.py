"""Exact real numbers.

A number is a fraction as long as it can be, else a SymPy expression without symbols. Its sign is
decided by computing with more and more digits; that it is 0 must be proved. Where neither succeeds
OutOfReach is raised: no branch is taken on a guess.
"""

import math
import operator
import sys
from collections.abc import Callable
from fractions import Fraction
from numbers import Rational, Real
from typing import Any

import mpmath
import sympy

from diffcli.errors import OutOfReach
from diffcli.messages import Message
from diffcli.symbolic.evaluate.real_arithmetic import Arithmetic
from diffcli.symbolic.exact_numbers.decimals import as_expression, decimal_of
from diffcli.symbolic.exact_numbers.shortest_text import text_of, tidied
from diffcli.symbolic.exact_numbers.signs import sign
from diffcli.symbolic.vocabulary.scope import Scope

#: Digits beyond those of a decimal, until two agree.
_MORE_DIGITS = (5, 20, 80, 320, 1280)
#: Whole numbers of more bits are refused: to write one out takes time that grows with the square of its length.
LONGEST = 500_000
#: SymPy factors a root's radicand to the power of the exponent's denominator: beyond so many bits that takes for ever.
_LONGEST_ROOT = 2048


def _quotient(a: Any, b: Any) -> Any:
    if ExactNumber(b) == 0:
        raise ZeroDivisionError
    return a / b if isinstance(a, Fraction) and isinstance(b, Fraction) else as_expression(a) / as_expression(b)


def _power(a: Any, b: Any) -> Any:
    """A real power: a whole exponent takes any base but a negative one 0."""
    base, exponent = ExactNumber(a), ExactNumber(b)
    if base == 0:
        if exponent < 0:
            raise ZeroDivisionError
        return Fraction(int(exponent == 0))
    whole = isinstance(b, Fraction) and b.denominator == 1
    if not whole and base < 0:
        return sympy.nan
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        bits = 0 if abs(a) == 1 else max(a.numerator.bit_length(), a.denominator.bit_length())
        if bits * abs(b) > LONGEST:
            raise OutOfReach(Message("an exact power here has more than {most:,} digits", most=LONGEST * 3 // 10))
        if whole:
            return a ** int(b)
        if bits * max(b.denominator, abs(b.numerator)) > _LONGEST_ROOT:
            raise OutOfReach(Message("the exact power with the exponent {exponent} is out of reach", exponent=b))
    return as_expression(a) ** as_expression(b)


def _operator(operation: Callable[[Any, Any], Any], *, turned: bool = False) -> "Callable[[ExactNumber, object], Any]":
    """An operator of Python's; what is no number, an array say, applies it itself."""

    def method(number: "ExactNumber", other: object) -> Any:
        return _combined(operation, other, number) if turned else _combined(operation, number, other)

    return method


def _comparison(holds: Callable[[Any, Any], bool]) -> "Callable[[ExactNumber, object], Any]":
    """A comparison of Python's."""
    return lambda number, other: _compared(holds, number, other)


class ExactNumber:
    """A fraction, a SymPy expression without symbols, or a float that is nan or infinite."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    @property
    def fraction(self) -> Fraction | None:
        """The number as a fraction; None where it is irrational, or not finite."""
        return self.value if isinstance(self.value, Fraction) else None

    def decimal(self, digits: int) -> Any:
        """The number in mpmath, right to so many digits however its terms cancel."""
        if self.fraction is not None:
            return Arithmetic(digits).constant(as_expression(self.value))
        if isinstance(self.value, float):
            return mpmath.mpf(self.value)
        before = None
        for more in _MORE_DIGITS:
            found = decimal_of(as_expression(self.value), digits + more)
            if before is not None and not abs(found - before) * 10**digits > abs(found):
                break
            before = found
        return found

    def latex(self) -> str:
        """The number in LaTeX, in the form in which it is written as text."""
        from diffcli.symbolic.forms.latex import LatexForm  # which nobody else who computes exactly needs

        return LatexForm({}, Scope(), False).form(
            tidied(self.value) if isinstance(self.value, sympy.Basic) else as_expression(self.value)
        )

    __add__, __radd__ = _operator(operator.add), _operator(operator.add, turned=True)
    __sub__, __rsub__ = _operator(operator.sub), _operator(operator.sub, turned=True)
    __mul__, __rmul__ = _operator(operator.mul), _operator(operator.mul, turned=True)
    __truediv__, __rtruediv__ = _operator(_quotient), _operator(_quotient, turned=True)
    __pow__, __rpow__ = _operator(_power), _operator(_power, turned=True)
    __eq__, __ne__ = _comparison(operator.eq), _comparison(operator.ne)
    __lt__, __le__ = _comparison(operator.lt), _comparison(operator.le)
    __gt__, __ge__ = _comparison(operator.gt), _comparison(operator.ge)

    def __floordiv__(self, other: object) -> "ExactNumber":
        return floored(self / other)

    def __neg__(self) -> "ExactNumber":
        return ExactNumber(-self.value)

    def __pos__(self) -> "ExactNumber":
        return self

    def __abs__(self) -> "ExactNumber":
        return -self if self < 0 else self

    def __hash__(self) -> int:
        return hash(f"{float(self):.12g}" if isinstance(self.value, sympy.Basic) else self.value)

    def __bool__(self) -> bool:
        return bool(self != 0)

    def __float__(self) -> float:
        try:
            return float(self.value if not isinstance(self.value, sympy.Basic) else self.decimal(20))
        except OverflowError:
            return -math.inf if self < 0 else math.inf

    def __str__(self) -> str:
        return text_of(self.value)

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, wanted: str) -> str:
        return str(self)


#: What an exact number computes with.
_NUMBERS = (ExactNumber, Real)


def lifted(value: Any) -> ExactNumber:
    """A number of any type, exactly."""
    if isinstance(value, ExactNumber):
        return value
    number = float(value) if not isinstance(value, Rational) else value
    return ExactNumber(number if isinstance(number, float) and not math.isfinite(number) else Fraction(number))


def made(value: Any) -> ExactNumber:
    """The number that SymPy found."""
    if value.is_Rational:
        return ExactNumber(Fraction(int(value.p), int(value.q)))
    if value in (sympy.oo, -sympy.oo):
        return ExactNumber(math.inf if value == sympy.oo else -math.inf)
    return ExactNumber(math.nan if value.has(sympy.I, sympy.nan, sympy.zoo, sympy.oo) else value)


def _combined(operation: Callable[[Any, Any], Any], first: Any, second: Any) -> Any:
    """An operation of Python's on two numbers; NotImplemented where one is something else, an array say."""
    if not (isinstance(first, _NUMBERS) and isinstance(second, _NUMBERS)):
        return NotImplemented
    a, b = lifted(first).value, lifted(second).value
    if isinstance(a, float) or isinstance(b, float):
        plain = operator.truediv if operation is _quotient else operator.pow if operation is _power else operation
        return lifted(plain(float(lifted(first)), float(lifted(second))))
    if operation in (_quotient, _power) or (isinstance(a, Fraction) and isinstance(b, Fraction)):
        result = operation(a, b)
    else:
        result = operation(as_expression(a), as_expression(b))
    return ExactNumber(result) if isinstance(result, Fraction) else made(result)


def floored(number: ExactNumber) -> ExactNumber:
    """The largest whole number that is not above; nan and infinities as they are."""
    if isinstance(number.value, (Fraction, float)):
        return lifted(math.floor(number.value)) if isinstance(number.value, Fraction) else number
    digits = 20 + max(0, math.frexp(float(abs(number)))[1] // 3) if abs(number) < sys.float_info.max else LONGEST
    if digits >= LONGEST:
        raise OutOfReach(Message("an exact number here is too large to be rounded"))
    whole = lifted(int(sympy.floor(sympy.Float(decimal_of(number.value, digits), digits))))
    while whole > number:
        whole = whole - 1
    while whole + 1 <= number:
        whole = whole + 1
    return whole


def _compared(comparison: Callable[[Any, Any], bool], first: Any, second: Any) -> Any:
    if not isinstance(second, _NUMBERS):
        return NotImplemented
    a, b = lifted(first).value, lifted(second).value
    if isinstance(a, sympy.Basic) or isinstance(b, sympy.Basic):
        if isinstance(a, float) or isinstance(b, float):  # an infinity or nan, beside an ordinary number
            return comparison(a if isinstance(a, float) else 0.0, b if isinstance(b, float) else 0.0)
        return comparison(sign(as_expression(a) - as_expression(b)), 0)
    return comparison(a, b)
