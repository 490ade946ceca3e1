"""Functions that a program calls by name, because the formulas for them lose digits or overflow.

A formula for people says `log(1 + x)`; a program that computes it says `log1p(x)`. Derivatives are
formulas of the same kind: that of `asin` needs `(1 - x)*(1 + x)`, which `1 - x^2` is not in doubles.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import sympy
from sympy import Expr

from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.real_functions import Kept, Rule, real_function


def _kept(name: str, summary: str, meaning: Rule, *slopes: Rule, **details: Any) -> Any:
    return real_function(name, summary, *slopes, kind=Kept, module=__name__, meaning=meaning, **details)


_positive = partial(_kept, _eval_is_positive=lambda self: True)


def _cube_root(x: Expr) -> Expr:
    third = sympy.Rational(1, 3)
    return Choice(x**third, sympy.Ge(x, 0), -((-x) ** third))


def _radius(x: Expr, y: Expr) -> Expr:
    return sympy.sqrt(x**2 + y**2)


Sigmoid: Any = _positive(
    "Sigmoid", "`1/(1 + exp(-x))`.", lambda x: 1 / (1 + sympy.exp(-x)), lambda x, out: out * Sigmoid(-x)
)
Softplus = _positive("Softplus", "`log(1 + exp(x))`.", lambda x: sympy.log(1 + sympy.exp(x)), lambda x, out: Sigmoid(x))
Log1p = _kept("Log1p", "`log(1 + x)`.", lambda x: sympy.log(1 + x), lambda x, out: 1 / (1 + x))
Expm1 = _kept("Expm1", "`exp(x) - 1`.", lambda x: sympy.exp(x) - 1, lambda x, out: sympy.exp(x))
Log2 = _kept(
    "Log2",
    "The logarithm to base 2, a whole number at powers of 2.",
    lambda x: sympy.log(x) / sympy.log(2),
    lambda x, out: 1 / (x * sympy.log(2)),
)
Log10 = _kept(
    "Log10",
    "The logarithm to base 10, a whole number at powers of 10.",
    lambda x: sympy.log(x) / sympy.log(10),
    lambda x, out: 1 / (x * sympy.log(10)),
)
Cbrt = _kept("Cbrt", "The real cube root.", _cube_root, lambda x, out: 1 / (3 * out**2))
Ratio = _kept(
    "Ratio",
    "`x/y`, 0 where x is 0: the slope of a norm at the origin.",
    lambda x, y: x / y,
    lambda x, y, out: 1 / y,
    lambda x, y, out: -out / y,
    at_once=lambda x, y: x / y if x.is_Rational else None,
)
Weighed = _kept(
    "Weighed",
    "`x*y`, 0 where x is 0 whatever y is.",
    lambda x, y: x * y,
    lambda x, y, out: y,
    lambda x, y, out: x,
    at_once=lambda x, y: x * y if x.is_Rational else None,
)
Power: Any = _kept(
    "Power",
    "`a^b` of an exponent that varies: at a = 0 its slopes are those of the language.",
    lambda a, b: a**b,
    lambda a, b, out: Weighed(b, Power(a, b - 1)),
    lambda a, b, out: Weighed(out, sympy.log(a)),
    at_once=lambda a, b: a**b if b.is_number or a.is_number else None,
)
Hypot = _kept(
    "Hypot",
    "`sqrt(x^2 + y^2)`, the squares of which may overflow.",
    _radius,
    lambda x, y, out: Ratio(x, out),
    lambda x, y, out: Ratio(y, out),
)
Atan2 = _kept(
    "Atan2",
    "The angle of a point; the square of its radius may overflow or vanish.",
    sympy.atan2,
    lambda y, x, out: Ratio(x, Hypot(y, x)) / Hypot(y, x),
    lambda y, x, out: -Ratio(y, Hypot(y, x)) / Hypot(y, x),
)
XLogY = _kept(
    "XLogY",
    "`x*log(y)`, 0 where x is 0.",
    lambda x, y: Weighed(x, sympy.log(y)),
    lambda x, y, out: sympy.log(y),
    lambda x, y, out: Ratio(x, y),
)
XLog1pY = _kept(
    "XLog1pY",
    "`x*log(1 + y)`, 0 where x is 0.",
    lambda x, y: Weighed(x, Log1p(y)),
    lambda x, y, out: Log1p(y),
    lambda x, y, out: Ratio(x, 1 + y),
)
LogAddExp = _kept(
    "LogAddExp",
    "`log(exp(a) + exp(b))`.",
    lambda a, b: sympy.log(sympy.exp(a) + sympy.exp(b)),
    lambda a, b, out: Sigmoid(a - b),
    lambda a, b, out: Sigmoid(b - a),
)
Tanh = _kept("Tanh", "The hyperbolic tangent.", sympy.tanh, lambda x, out: SechSquared(x))
SechSquared: Any = _kept(
    "SechSquared",
    "The slope of tanh, which `1 - tanh(x)^2` loses where that is near 1.",
    lambda x: 1 - sympy.tanh(x) ** 2,
    lambda x, out: -2 * Tanh(x) * out,
)
OneMinusSquare = _kept("OneMinusSquare", "`(1 - x)*(1 + x)`, exact near 1.", lambda x: 1 - x**2, lambda x, out: -2 * x)
Asin = _kept("Asin", "The inverse sine.", sympy.asin, lambda x, out: 1 / sympy.sqrt(OneMinusSquare(x)))
Acos = _kept("Acos", "The inverse cosine.", sympy.acos, lambda x, out: -1 / sympy.sqrt(OneMinusSquare(x)))
Atanh = _kept("Atanh", "The inverse hyperbolic tangent.", sympy.atanh, lambda x, out: 1 / OneMinusSquare(x))
Asinh = _kept("Asinh", "The inverse hyperbolic sine.", sympy.asinh, lambda x, out: 1 / Hypot(x, 1))
Erfc = _kept(
    "Erfc",
    "`1 - erf(x)`, which SymPy makes `2 - erfc(-x)` of where x has a sign.",
    sympy.erfc,
    lambda x, out: -2 * sympy.exp(-(x**2)) / sympy.sqrt(sympy.pi),
)
Share = _kept(
    "Share",
    "`exp(v - l)` with l a LogSumExp: a component of a softmax.",
    lambda v, whole: sympy.exp(v - whole),
    lambda v, whole, out: out,
    lambda v, whole, out: -out,
)

#: The language's functions of numbers that are kept, by name.
KEPT: Mapping[str, Callable[..., Any]] = {
    "log1p": Log1p,
    "expm1": Expm1,
    "log2": Log2,
    "log10": Log10,
    "cbrt": Cbrt,
    "hypot": Hypot,
    "sigmoid": Sigmoid,
    "softplus": Softplus,
    "logaddexp": LogAddExp,
    "tanh": Tanh,
    "asin": Asin,
    "acos": Acos,
    "atanh": Atanh,
    "asinh": Asinh,
    "atan2": Atan2,
    "xlogy": XLogY,
    "xlog1py": XLog1pY,
    "pow": Power,
    "silu": lambda x: x * Sigmoid(x),
    "log_sigmoid": lambda x: -Softplus(-x),
    "erfc": Erfc,
    "gelu": lambda x: x * Erfc(-x / sympy.sqrt(2)) / 2,
    "elu": lambda x, alpha: Choice(x, sympy.Gt(x, 0), alpha * Expm1(x)),
}
