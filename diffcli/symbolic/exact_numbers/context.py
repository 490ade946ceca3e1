"""The functions with which a graph is run on exact numbers, by the names that mpmath has for them."""

import math
from collections.abc import Callable
from typing import Any, cast

import sympy

from diffcli.errors import OutOfReach
from diffcli.messages import Message
from diffcli.primitives.table import PRIMITIVES
from diffcli.symbolic.exact_numbers.decimals import as_expression
from diffcli.symbolic.exact_numbers.exact_number import LONGEST, ExactNumber, floored, lifted, made
from diffcli.symbolic.vocabulary import special

#: Beyond this a sum of so many fractions is not tried as the value of a polygamma function.
_FARTHEST_HARMONIC = 1000
_INFINITE = {math.inf: sympy.oo, -math.inf: -sympy.oo}


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
        return lifted(value)

    @staticmethod
    def fdiv(a: Any, b: Any) -> ExactNumber:
        """The quotient of two numbers, exactly."""
        return cast("ExactNumber", lifted(a) / b)

    def __getattr__(self, name: str) -> Callable[..., ExactNumber]:
        """A function that SymPy knows by this name, nan outside its domain."""
        primitive = PRIMITIVES.get(name)
        if primitive is None:
            raise AttributeError(name)
        function = _applied(getattr(sympy, name))
        return lambda *operands: function(*operands) if primitive.domain.contains(*operands) else self.nan

    def sqrt(self, x: Any) -> ExactNumber:
        """The square root."""
        return self.nan if x < 0 else _applied(sympy.sqrt)(x)

    def cbrt(self, x: Any) -> ExactNumber:
        """The cube root of what is not negative."""
        return _applied(lambda each: each ** sympy.Rational(1, 3))(x)

    def hypot(self, x: Any, y: Any) -> ExactNumber:
        """sqrt(x^2 + y^2)."""
        return self.sqrt(lifted(x) * x + lifted(y) * y)

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
        return self.log(lifted(x) + 1)

    def expm1(self, x: Any) -> ExactNumber:
        """exp(x) - 1."""
        return cast("ExactNumber", _applied(sympy.exp)(x) - 1)

    def atanh(self, x: Any) -> ExactNumber:
        """The inverse hyperbolic tangent."""
        return _applied(sympy.atanh)(x) if -1 < x < 1 else self.nan if abs(x) != 1 else x * math.inf

    def atan2(self, y: Any, x: Any) -> ExactNumber:
        """The angle of the point (x, y); 0 at the origin, as in double precision."""
        return lifted(0) if x == 0 and y == 0 else _applied(sympy.atan2)(y, x)

    def sign(self, x: Any) -> ExactNumber:
        """-1, 0 or 1."""
        return lifted(x) if x != x else lifted(int(x > 0) - int(x < 0))

    def floor(self, x: Any) -> ExactNumber:
        """The largest whole number not above x."""
        return floored(lifted(x))

    def ceil(self, x: Any) -> ExactNumber:
        """The smallest whole number not below x."""
        return -floored(-lifted(x))

    def gamma(self, x: Any) -> ExactNumber:
        """The gamma function."""
        _check_factorial(x)
        return self.nan if _is_pole(x) else _applied(_named(sympy.gamma, special.Gamma))(x)

    def loggamma(self, x: Any) -> ExactNumber:
        """The logarithm of the gamma function's magnitude."""
        _check_factorial(x)
        if _is_pole(x):
            return self.nan
        return _applied(_named(lambda each: sympy.log(abs(sympy.gamma(each))), special.LogGamma))(x)

    def digamma(self, x: Any) -> ExactNumber:
        """The derivative of loggamma."""
        return self.psi(0, x)

    def psi(self, order: int, x: Any) -> ExactNumber:
        """A derivative of digamma."""
        if not -_FARTHEST_HARMONIC <= x <= _FARTHEST_HARMONIC:
            if x == x and not _is_pole(x):
                return _applied(lambda each: special.Polygamma(sympy.Integer(order), each))(x)
            return self.nan
        if _is_pole(x):
            return self.nan
        return _applied(lambda each: _named(sympy.polygamma, special.Polygamma)(sympy.Integer(order), each))(x)

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


def _applied(function: Callable[..., Any]) -> Callable[..., ExactNumber]:
    """A function of SymPy's on numbers; of nan it is nan."""

    def applied(*operands: Any) -> ExactNumber:
        values = [lifted(operand).value for operand in operands]
        if any(isinstance(value, float) for value in values):
            values = [_INFINITE.get(value, sympy.nan) if isinstance(value, float) else value for value in values]
        return made(sympy.sympify(function(*map(as_expression, values))))

    return applied


def _named(function: Callable[..., Any], named: Any) -> Callable[..., Any]:
    """SymPy's value where the language has words for it, else the function as it stands."""

    def found(*operands: Any) -> Any:
        value = sympy.sympify(function(*operands))
        foreign = value.has(sympy.gamma, sympy.polygamma, sympy.zeta, sympy.EulerGamma, sympy.Catalan, sympy.harmonic)
        return named(*operands) if foreign else value

    return found


def _is_pole(x: Any) -> bool:
    number = lifted(x)
    return number.fraction is not None and number.fraction <= 0 and number.fraction.denominator == 1


def _check_factorial(x: Any) -> None:
    """Raise OutOfReach where gamma of a fraction is the fraction, or the product of one, of too many digits."""
    number = lifted(x).fraction
    if (
        number is not None
        and number.denominator <= 2
        and abs(number) > 3
        and abs(number) * math.log2(abs(number)) > LONGEST
    ):
        raise OutOfReach(Message("the exact gamma function has more than {most:,} digits here", most=LONGEST * 3 // 10))
