"""Functions that a program calls by name, because the formulas for them lose digits or overflow.

A formula for people says `log(1 + x)`; a program that computes it says `log1p(x)`. Derivatives are
formulas of the same kind: that of `asin` needs `(1 - x)*(1 + x)`, which `1 - x^2` is not in doubles.
"""

# ruff: noqa: D102
# Methods without a docstring are SymPy's hooks.

from collections.abc import Callable, Mapping
from typing import Any

import sympy

from diffcli.symbolic.vocabulary.functions import Absolute, Binder, Choice, Kept, Largest


class Sigmoid(Kept):
    """`1/(1 + exp(-x))`."""

    @property
    def written(self) -> Any:
        return 1 / (1 + sympy.exp(-self.args[0]))

    def fdiff(self, argindex: int = 1) -> Any:
        return self * Sigmoid(-self.args[0])

    def _eval_is_positive(self) -> bool:
        return True


class Softplus(Kept):
    """`log(1 + exp(x))`."""

    @property
    def written(self) -> Any:
        return sympy.log(1 + sympy.exp(self.args[0]))

    def fdiff(self, argindex: int = 1) -> Any:
        return Sigmoid(self.args[0])

    def _eval_is_positive(self) -> bool:
        return True


class Log1p(Kept):
    """`log(1 + x)`."""

    @property
    def written(self) -> Any:
        return sympy.log(1 + self.args[0])

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (1 + self.args[0])


class Expm1(Kept):
    """`exp(x) - 1`."""

    @property
    def written(self) -> Any:
        return sympy.exp(self.args[0]) - 1

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.exp(self.args[0])


class Log2(Kept):
    """The logarithm to base 2, a whole number at powers of 2."""

    @property
    def written(self) -> Any:
        return sympy.log(self.args[0]) / sympy.log(2)

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (self.args[0] * sympy.log(2))


class Log10(Kept):
    """The logarithm to base 10, a whole number at powers of 10."""

    @property
    def written(self) -> Any:
        return sympy.log(self.args[0]) / sympy.log(10)

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (self.args[0] * sympy.log(10))


class Cbrt(Kept):
    """The real cube root."""

    @property
    def written(self) -> Any:
        x = self.args[0]
        third = sympy.Rational(1, 3)
        return Choice(x**third, sympy.Ge(x, 0), -((-x) ** third))

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / (3 * self**2)


class Hypot(Kept):
    """`sqrt(x^2 + y^2)`, the squares of which may overflow."""

    @property
    def written(self) -> Any:
        return sympy.sqrt(self.args[0] ** 2 + self.args[1] ** 2)

    def fdiff(self, argindex: int = 1) -> Any:
        return Ratio(self.args[argindex - 1], self)


class Ratio(Kept):
    """`x/y`, 0 where x is 0: the slope of a norm at the origin."""

    @classmethod
    def eval(cls, x: Any, y: Any) -> Any:
        return x / y if x.is_Rational else None

    @property
    def written(self) -> Any:
        return self.args[0] / self.args[1]

    def fdiff(self, argindex: int = 1) -> Any:
        x, y = self.args
        return 1 / y if argindex == 1 else -Ratio(x, y) / y


class Weighed(Kept):
    """`x*y`, 0 where x is 0 whatever y is."""

    @classmethod
    def eval(cls, x: Any, y: Any) -> Any:
        return x * y if x.is_Rational else None

    @property
    def written(self) -> Any:
        return self.args[0] * self.args[1]

    def fdiff(self, argindex: int = 1) -> Any:
        return self.args[2 - argindex]


class Power(Kept):
    """`a^b` of an exponent that varies: at a = 0 its slopes are those of the language."""

    @classmethod
    def eval(cls, a: Any, b: Any) -> Any:
        return a**b if b.is_number or a.is_number else None

    @property
    def written(self) -> Any:
        return self.args[0] ** self.args[1]

    def fdiff(self, argindex: int = 1) -> Any:
        a, b = self.args
        return Weighed(b, Power(a, b - 1)) if argindex == 1 else Weighed(self, sympy.log(a))


class XLogY(Kept):
    """`x*log(y)`, 0 where x is 0."""

    @property
    def written(self) -> Any:
        return Weighed(self.args[0], sympy.log(self.args[1]))

    def fdiff(self, argindex: int = 1) -> Any:
        x, y = self.args
        return sympy.log(y) if argindex == 1 else Ratio(x, y)


class XLog1pY(Kept):
    """`x*log(1 + y)`, 0 where x is 0."""

    @property
    def written(self) -> Any:
        return Weighed(self.args[0], Log1p(self.args[1]))

    def fdiff(self, argindex: int = 1) -> Any:
        x, y = self.args
        return Log1p(y) if argindex == 1 else Ratio(x, 1 + y)


class LogAddExp(Kept):
    """`log(exp(a) + exp(b))`."""

    @property
    def written(self) -> Any:
        return sympy.log(sympy.exp(self.args[0]) + sympy.exp(self.args[1]))

    def fdiff(self, argindex: int = 1) -> Any:
        return Sigmoid(self.args[argindex - 1] - self.args[2 - argindex])


class Tanh(Kept):
    """The hyperbolic tangent."""

    @property
    def written(self) -> Any:
        return sympy.tanh(self.args[0])

    def fdiff(self, argindex: int = 1) -> Any:
        return SechSquared(self.args[0])


class SechSquared(Kept):
    """The slope of tanh, which `1 - tanh(x)^2` loses where that is near 1."""

    @property
    def written(self) -> Any:
        return 1 - sympy.tanh(self.args[0]) ** 2

    def fdiff(self, argindex: int = 1) -> Any:
        return -2 * Tanh(self.args[0]) * self


class OneMinusSquare(Kept):
    """`(1 - x)*(1 + x)`, exact near 1."""

    @property
    def written(self) -> Any:
        return 1 - self.args[0] ** 2

    def fdiff(self, argindex: int = 1) -> Any:
        return -2 * self.args[0]


class Asin(Kept):
    """The inverse sine."""

    @property
    def written(self) -> Any:
        return sympy.asin(self.args[0])

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / sympy.sqrt(OneMinusSquare(self.args[0]))


class Acos(Kept):
    """The inverse cosine."""

    @property
    def written(self) -> Any:
        return sympy.acos(self.args[0])

    def fdiff(self, argindex: int = 1) -> Any:
        return -1 / sympy.sqrt(OneMinusSquare(self.args[0]))


class Atanh(Kept):
    """The inverse hyperbolic tangent."""

    @property
    def written(self) -> Any:
        return sympy.atanh(self.args[0])

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / OneMinusSquare(self.args[0])


class Asinh(Kept):
    """The inverse hyperbolic sine."""

    @property
    def written(self) -> Any:
        return sympy.asinh(self.args[0])

    def fdiff(self, argindex: int = 1) -> Any:
        return 1 / Hypot(self.args[0], 1)


class Atan2(Kept):
    """The angle of a point."""

    @property
    def written(self) -> Any:
        return sympy.atan2(*self.args)

    def fdiff(self, argindex: int = 1) -> Any:
        y, x = self.args
        radius = Hypot(y, x)  # its square may overflow or vanish
        return Ratio(x, radius) / radius if argindex == 1 else -Ratio(y, radius) / radius


class Erfc(Kept):
    """`1 - erf(x)`, which SymPy makes `2 - erfc(-x)` of where x has a sign."""

    @property
    def written(self) -> Any:
        return sympy.erfc(self.args[0])

    def fdiff(self, argindex: int = 1) -> Any:
        return -2 * sympy.exp(-(self.args[0] ** 2)) / sympy.sqrt(sympy.pi)


class LogSumExp(Kept, Binder):
    """`log(Sum(exp(u)))` over the limits."""

    __new__ = Binder.__new__

    @property
    def written(self) -> Any:
        return sympy.log(sympy.Sum(sympy.exp(self.function), *self.limits))

    @property
    def free_symbols(self) -> set[Any]:
        return Binder.free_symbols.fget(self)  # type: ignore[attr-defined,no-any-return]  # a property

    def _eval_derivative(self, symbol: Any) -> Any:
        function, limits = self.renamed()
        slope = function.diff(symbol)
        return slope and sympy.Sum(Share(function, self) * slope, *limits)


class Share(Kept):
    """`exp(v - l)` with l a LogSumExp: a component of a softmax."""

    @property
    def written(self) -> Any:
        return sympy.exp(self.args[0] - self.args[1])

    def fdiff(self, argindex: int = 1) -> Any:
        return self if argindex == 1 else -self


class Length(Kept, Binder):
    """The Euclidean norm over the limits; its squares may overflow or vanish."""

    __new__ = Binder.__new__

    @property
    def written(self) -> Any:
        return sympy.sqrt(sympy.Sum(self.function**2, *self.limits))

    @property
    def free_symbols(self) -> set[Any]:
        return Binder.free_symbols.fget(self)  # type: ignore[attr-defined,no-any-return]

    def _eval_derivative(self, symbol: Any) -> Any:
        function, limits = self.renamed()
        slope = function.diff(symbol)
        return slope and sympy.Sum(Ratio(function, self) * slope, *limits)


#: The language's functions of numbers that are kept, by name.
KEPT: Mapping[str, Callable[..., Any]] = {
    "log1p": Log1p, "expm1": Expm1, "log2": Log2, "log10": Log10, "cbrt": Cbrt, "hypot": Hypot, "sigmoid": Sigmoid, "softplus": Softplus,
    "logaddexp": LogAddExp, "tanh": Tanh, "asin": Asin, "acos": Acos, "atanh": Atanh, "asinh": Asinh, "atan2": Atan2, "xlogy": XLogY, "xlog1py": XLog1pY,
    "pow": Power, "silu": lambda x: x * Sigmoid(x), "log_sigmoid": lambda x: -Softplus(-x),
    "erfc": Erfc, "gelu": lambda x: x * Erfc(-x / sympy.sqrt(2)) / 2,
    "elu": lambda x, alpha: Choice(x, sympy.Gt(x, 0), alpha * Expm1(x)),
}  # fmt: skip


def length(function: Any, *limits: Any) -> Any:
    """The norm of the elements; that of a single one is its absolute value."""
    return Length(function, *limits) if limits else Absolute(function)


def computable(expression: Any) -> Any:
    """The expression with what programs have no name for written so that it neither overflows nor loses digits."""
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return expression
    if isinstance(expression, Share) and isinstance(expression.args[1], LogSumExp):
        largest, total = _shifted(expression.args[1])
        return sympy.exp(computable(expression.args[0]) - largest) / total
    if isinstance(expression, LogSumExp):
        largest, total = _shifted(expression)
        return largest + sympy.log(total)
    expression = expression.func(*map(computable, expression.args))
    if isinstance(expression, Share):
        return sympy.exp(expression.args[0] - expression.args[1])
    if isinstance(expression, OneMinusSquare):
        return (1 - expression.args[0]) * (1 + expression.args[0])
    return expression


def _shifted(logarithm: LogSumExp) -> tuple[Any, Any]:
    """The largest exponent, and the sum of exponentials of the differences from it: their largest is 1."""
    function, limits = logarithm.func(computable(logarithm.function), *logarithm.limits).renamed()
    largest = Largest(function, *limits)
    exponent = computable(logarithm.function)
    return largest, sympy.Sum(sympy.exp(exponent - largest), *logarithm.limits)
