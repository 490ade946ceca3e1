"""Exact real numbers, and the functions with which a graph is run on them.

A number is a fraction as long as it can be, else a SymPy expression without symbols. Its sign is
decided by computing with more and more digits; that it is 0 must be proved. Where neither succeeds
OutOfReach is raised: no branch is taken on a guess.
"""

import math
import operator
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from numbers import Rational, Real
from typing import Any, cast

import mpmath
import sympy

from diffcli.errors import OutOfReach
from diffcli.messages import Message
from diffcli.symbolic.evaluate.evaluation import Evaluation
from diffcli.symbolic.evaluate.real_arithmetic import Arithmetic
from diffcli.symbolic.text.printer import Printer
from diffcli.symbolic.vocabulary import special
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scope import Scope

#: Digits with which a sign is looked for, and the digits to which two of them must agree.
_DIGITS, _CERTAIN = (20, 40, 80, 160, 320, 640), 8
#: Digits beyond those of a decimal, until two agree.
_MORE_DIGITS = (5, 20, 80, 320, 1280)
#: Whole numbers of more bits are refused: to write one out takes time that grows with the square of its length.
_LONGEST = 500_000
#: Beyond this a sum of so many fractions is not tried as the value of a polygamma function.
_FARTHEST_HARMONIC = 1000
#: SymPy factors a root's radicand to the power of the exponent's denominator: beyond so many bits that takes for ever.
_LONGEST_ROOT = 2048
#: An expression of more operations is printed as it is.
_LARGEST_TIDIED = 40
#: So is one with a higher power.
_HIGHEST = 6


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
            return Arithmetic(digits).constant(_expression(self.value))
        if isinstance(self.value, float):
            return mpmath.mpf(self.value)
        before = None
        for more in _MORE_DIGITS:
            found = _decimal(_expression(self.value), digits + more)
            if before is not None and not abs(found - before) * 10**digits > abs(found):
                break
            before = found
        return found

    def latex(self) -> str:
        """The number in LaTeX, in the form in which it is written as text."""
        from diffcli.symbolic.forms.latex import LatexForm  # which nobody else who computes exactly needs

        return LatexForm({}, Scope(), False).form(
            _tidied(self.value) if isinstance(self.value, sympy.Basic) else _expression(self.value)
        )

    def __add__(self, other: Any) -> Any:
        return _combined(operator.add, self, other)

    def __radd__(self, other: Any) -> Any:
        return _combined(operator.add, other, self)

    def __sub__(self, other: Any) -> Any:
        return _combined(operator.sub, self, other)

    def __rsub__(self, other: Any) -> Any:
        return _combined(operator.sub, other, self)

    def __mul__(self, other: Any) -> Any:
        return _combined(operator.mul, self, other)

    def __rmul__(self, other: Any) -> Any:
        return _combined(operator.mul, other, self)

    def __truediv__(self, other: Any) -> Any:
        return _combined(_quotient, self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return _combined(_quotient, other, self)

    def __floordiv__(self, other: Any) -> "ExactNumber":
        return _rounded(math.floor, self / other)

    def __pow__(self, other: Any) -> Any:
        return _combined(_power, self, other)

    def __rpow__(self, other: Any) -> Any:
        return _combined(_power, other, self)

    def __neg__(self) -> "ExactNumber":
        return ExactNumber(-self.value)

    def __pos__(self) -> "ExactNumber":
        return self

    def __abs__(self) -> "ExactNumber":
        return -self if self < 0 else self

    def __eq__(self, other: object) -> Any:
        return _compared(operator.eq, self, other)

    def __ne__(self, other: object) -> Any:
        return _compared(operator.ne, self, other)

    def __lt__(self, other: Any) -> Any:
        return _compared(operator.lt, self, other)

    def __le__(self, other: Any) -> Any:
        return _compared(operator.le, self, other)

    def __gt__(self, other: Any) -> Any:
        return _compared(operator.gt, self, other)

    def __ge__(self, other: Any) -> Any:
        return _compared(operator.ge, self, other)

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
        return _text(self.value)

    def __repr__(self) -> str:
        return str(self)

    def __format__(self, wanted: str) -> str:
        return str(self)


#: What an exact number computes with.
_NUMBERS = (ExactNumber, Real)


class Context:
    """Functions of exact numbers by mpmath's names. Where one is not real it is nan."""

    #: What a complex result would be: there is none.
    mpc = ()

    def __init__(self) -> None:
        self.nan = ExactNumber(math.nan)
        self.pi = ExactNumber(sympy.pi)
        self.e = ExactNumber(sympy.E)

    @staticmethod
    def mpf(value: Any) -> ExactNumber:
        """Any number, exactly."""
        return _lifted(value)

    @staticmethod
    def fdiv(a: Any, b: Any) -> ExactNumber:
        """The quotient of two numbers, exactly."""
        return cast("ExactNumber", _lifted(a) / b)

    def __getattr__(self, name: str) -> Callable[..., ExactNumber]:
        """A function that is real on all real numbers and that SymPy knows by this name."""
        return _applied(getattr(sympy, name))

    def sqrt(self, x: Any) -> ExactNumber:
        """The square root."""
        return self.nan if x < 0 else _applied(sympy.sqrt)(x)

    def cbrt(self, x: Any) -> ExactNumber:
        """The cube root of what is not negative."""
        return _applied(lambda each: each ** sympy.Rational(1, 3))(x)

    def hypot(self, x: Any, y: Any) -> ExactNumber:
        """sqrt(x^2 + y^2)."""
        return self.sqrt(_lifted(x) * x + _lifted(y) * y)

    def log(self, x: Any, base: int | None = None) -> ExactNumber:
        """The logarithm, natural or to a base."""
        if not x > 0:
            return ExactNumber(-math.inf) if x == 0 else self.nan
        return _applied(lambda each: sympy.log(each) if base is None else sympy.log(each, base))(x)

    def log10(self, x: Any) -> ExactNumber:
        """The logarithm to base 10."""
        return self.log(x, 10)

    def log1p(self, x: Any) -> ExactNumber:
        """log(1 + x)."""
        return self.log(_lifted(x) + 1)

    def expm1(self, x: Any) -> ExactNumber:
        """exp(x) - 1."""
        return cast("ExactNumber", _applied(sympy.exp)(x) - 1)

    def asin(self, x: Any) -> ExactNumber:
        """The arc sine."""
        return _applied(sympy.asin)(x) if -1 <= x <= 1 else self.nan

    def acos(self, x: Any) -> ExactNumber:
        """The arc cosine."""
        return _applied(sympy.acos)(x) if -1 <= x <= 1 else self.nan

    def acosh(self, x: Any) -> ExactNumber:
        """The inverse hyperbolic cosine."""
        return _applied(sympy.acosh)(x) if x >= 1 else self.nan

    def atanh(self, x: Any) -> ExactNumber:
        """The inverse hyperbolic tangent."""
        return _applied(sympy.atanh)(x) if -1 < x < 1 else self.nan if abs(x) != 1 else x * math.inf

    def atan2(self, y: Any, x: Any) -> ExactNumber:
        """The angle of the point (x, y); 0 at the origin, as in double precision."""
        return _lifted(0) if x == 0 and y == 0 else _applied(sympy.atan2)(y, x)

    def sign(self, x: Any) -> ExactNumber:
        """-1, 0 or 1."""
        return _lifted(x) if x != x else _lifted(int(x > 0) - int(x < 0))

    def floor(self, x: Any) -> ExactNumber:
        """The largest whole number not above x."""
        return _rounded(math.floor, _lifted(x))

    def ceil(self, x: Any) -> ExactNumber:
        """The smallest whole number not below x."""
        return -_rounded(math.floor, -_lifted(x))

    def gamma(self, x: Any) -> ExactNumber:
        """The gamma function."""
        _check_factorial(x)
        return self.nan if _is_pole(x) else _applied(_named(sympy.gamma, special.Gamma))(x)

    def loggamma(self, x: Any) -> ExactNumber:
        """The logarithm of the gamma function's magnitude."""
        _check_factorial(x)
        return (
            self.nan
            if _is_pole(x)
            else _applied(_named(lambda each: sympy.log(abs(sympy.gamma(each))), special.LogGamma))(x)
        )

    def digamma(self, x: Any) -> ExactNumber:
        """The derivative of loggamma."""
        return self.psi(0, x)

    def psi(self, order: int, x: Any) -> ExactNumber:
        """A derivative of digamma."""
        if not -_FARTHEST_HARMONIC <= x <= _FARTHEST_HARMONIC:
            return (
                _applied(lambda each: special.Polygamma(sympy.Integer(order), each))(x)
                if x == x and not _is_pole(x)
                else self.nan
            )
        return (
            self.nan
            if _is_pole(x)
            else _applied(lambda each: _named(sympy.polygamma, special.Polygamma)(sympy.Integer(order), each))(x)
        )

    def beta(self, a: Any, b: Any) -> ExactNumber:
        """gamma(a) gamma(b) / gamma(a + b)."""
        if any(_is_pole(each) for each in (a, b, a + b)):
            return self.nan
        for each in (a, b, a + b):
            _check_factorial(each)
        return _applied(_named(lambda p, q: sympy.gamma(p) * sympy.gamma(q) / sympy.gamma(p + q), special.Beta))(a, b)

    @staticmethod
    def re(x: Any) -> Any:
        """The real part: the number."""
        return x


def _lifted(value: Any) -> ExactNumber:
    if isinstance(value, ExactNumber):
        return value
    number = float(value) if not isinstance(value, Rational) else value
    return ExactNumber(number if isinstance(number, float) and not math.isfinite(number) else Fraction(number))


def _expression(value: Any) -> Any:
    """A finite number as SymPy has it."""
    return sympy.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value


def _made(value: Any) -> ExactNumber:
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
    a, b = _lifted(first).value, _lifted(second).value
    if isinstance(a, float) or isinstance(b, float):
        plain = operator.truediv if operation is _quotient else operator.pow if operation is _power else operation
        return _lifted(plain(float(_lifted(first)), float(_lifted(second))))
    if operation in (_quotient, _power) or (isinstance(a, Fraction) and isinstance(b, Fraction)):
        result = operation(a, b)
    else:
        result = operation(_expression(a), _expression(b))
    return ExactNumber(result) if isinstance(result, Fraction) else _made(result)


def _quotient(a: Any, b: Any) -> Any:
    if ExactNumber(b) == 0:
        raise ZeroDivisionError
    return a / b if isinstance(a, Fraction) and isinstance(b, Fraction) else _expression(a) / _expression(b)


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
        if bits * abs(b) > _LONGEST:
            raise OutOfReach(Message("an exact power here has more than {most:,} digits", most=_LONGEST * 3 // 10))
        if whole:
            return a ** int(b)
        if bits * max(b.denominator, abs(b.numerator)) > _LONGEST_ROOT:
            raise OutOfReach(Message("the exact power with the exponent {exponent} is out of reach", exponent=b))
    return _expression(a) ** _expression(b)


def _applied(function: Callable[..., Any]) -> Callable[..., ExactNumber]:
    """A function of SymPy's on numbers; of nan it is nan."""

    def applied(*operands: Any) -> ExactNumber:
        values = [_lifted(operand).value for operand in operands]
        if any(isinstance(value, float) for value in values):
            values = [
                sympy.nan
                if value != value
                else sympy.oo
                if value == math.inf
                else -sympy.oo
                if value == -math.inf
                else value
                for value in values
            ]
        return _made(sympy.sympify(function(*map(_expression, values))))

    return applied


def _named(function: Callable[..., Any], named: Any) -> Callable[..., Any]:
    """SymPy's value where the language has words for it, else the function as it stands."""

    def found(*operands: Any) -> Any:
        value = sympy.sympify(function(*operands))
        foreign = value.has(sympy.gamma, sympy.polygamma, sympy.zeta, sympy.EulerGamma, sympy.Catalan, sympy.harmonic)
        return named(*operands) if foreign else value

    return found


def _is_pole(x: Any) -> bool:
    number = _lifted(x)
    return number.fraction is not None and number.fraction <= 0 and number.fraction.denominator == 1


def _check_factorial(x: Any) -> None:
    """Raise OutOfReach where gamma of a fraction is the fraction, or the product of one, of too many digits."""
    number = _lifted(x).fraction
    if (
        number is not None
        and number.denominator <= 2
        and abs(number) > 3
        and abs(number) * math.log2(abs(number)) > _LONGEST
    ):
        raise OutOfReach(
            Message("the exact gamma function has more than {most:,} digits here", most=_LONGEST * 3 // 10)
        )


def _rounded(function: Callable[[Any], int], number: ExactNumber) -> ExactNumber:
    if isinstance(number.value, (Fraction, float)):
        return _lifted(function(number.value)) if isinstance(number.value, Fraction) else number
    digits = 20 + max(0, math.frexp(float(abs(number)))[1] // 3) if abs(number) < sys.float_info.max else _LONGEST
    if digits >= _LONGEST:
        raise OutOfReach(Message("an exact number here is too large to be rounded"))
    whole = _lifted(int(sympy.floor(sympy.Float(_decimal(number.value, digits), digits))))
    while whole > number:
        whole = whole - 1
    while whole + 1 <= number:
        whole = whole + 1
    return whole


def _compared(comparison: Callable[[Any, Any], bool], first: Any, second: Any) -> Any:
    if not isinstance(second, _NUMBERS):
        return NotImplemented
    a, b = _lifted(first).value, _lifted(second).value
    if isinstance(a, sympy.Basic) or isinstance(b, sympy.Basic):
        if isinstance(a, float) or isinstance(b, float):  # an infinity or nan, beside an ordinary number
            return comparison(a if isinstance(a, float) else 0.0, b if isinstance(b, float) else 0.0)
        return comparison(_sign(_expression(a) - _expression(b)), 0)
    return comparison(a, b)


@lru_cache(maxsize=100_000)
def _sign(number: Any) -> int:
    """-1, 0 or 1. Raises OutOfReach where it cannot be told."""
    if number.is_Rational:
        return int(bool(number > 0)) - int(bool(number < 0))
    before = None
    for digits in _DIGITS:
        found = _decimal(number, digits)
        if before is not None and abs(found - before) <= abs(found) * 10.0**-_CERTAIN and found != 0:
            return 1 if found > 0 else -1
        if abs(found) == math.inf:
            return 1 if found > 0 else -1
        before = found
    if _vanishes(number):
        return 0
    raise OutOfReach(Message("cannot tell whether the exact number {number} is 0", number=_shortened(number)))


def _decimal(number: Any, digits: int) -> Any:
    return +Evaluation(Arithmetic(digits), {}, {}).prepared(number)()


def _vanishes(number: Any) -> bool:
    """Whether the number is proved to be 0."""
    forms: tuple[Callable[[Any], Any], ...] = (
        sympy.expand,
        lambda each: sympy.radsimp(sympy.expand(each)),
        lambda each: sympy.expand(sympy.expand_log(each, force=True, factor=True)),
        lambda each: sympy.expand(sympy.expand(each.rewrite(sympy.exp)), complex=False),
    )
    if any(form(number) == 0 for form in forms):
        return True
    unknown = sympy.Dummy()
    return bool(number.is_algebraic) and sympy.minimal_polynomial(number, unknown) == unknown


@lru_cache(maxsize=100_000)
def _text(value: Any) -> str:
    if isinstance(value, float):
        return str(value)
    if isinstance(value, Fraction):
        # Decimal writes integers of any length
        return f"{Decimal(value.numerator)}" + (f"/{Decimal(value.denominator)}" if value.denominator != 1 else "")
    return _printed(_tidied(value))


@lru_cache(maxsize=100_000)
def _tidied(value: Any) -> Any:
    """The irrational number in the form whose text is shortest."""
    forms = [value]
    if sympy.count_ops(value) <= _LARGEST_TIDIED and not any(
        abs(power.exp) > _HIGHEST for power in value.atoms(sympy.Pow) if power.exp.is_Integer
    ):
        tidied = [
            sympy.together(value),
            sympy.expand(value),
            *(
                []
                if value.atoms(sympy.Function)
                else [sympy.radsimp(value), sympy.expand(sympy.radsimp(value)), sympy.cancel(value)]
            ),
        ]
        forms += [form for form in tidied if _same(form, value)]
    return min(forms, key=lambda form: len(_printed(form)))


def _printed(value: Any) -> str:
    try:
        return Printer({}, Scope(), None, False).text(value)
    except (Refusal, ValueError):
        return str(value)


def _same(form: Any, value: Any) -> bool:
    """Whether a form that was found for a number has its value."""
    try:
        found, wanted = _decimal(form, 40), _decimal(value, 40)
    except (KeyError, ArithmeticError, ValueError):
        return False
    return bool(abs(found - wanted) <= abs(wanted) * 1e-25)


def _shortened(number: Any) -> str:
    text = _printed(number)
    return text if len(text) <= 60 else f"{text[:40]} ... {text[-15:]}"
