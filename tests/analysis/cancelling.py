"""Expressions that cancel, made up at random, and their true values and derivatives:
differences of mpmath's own functions.
"""

import re
from random import Random
from typing import Any, NamedTuple

from mpmath.ctx_mp import MPContext

#: Digits of the truth, and of the inverse of the step of its differences.
_DIGITS, _STEP = 4000, 900
_NUMERAL = re.compile(r"(?<![\w.])\d+(\.\d+)?(e\d+)?")

#: Pairs of terms of which all digits but the last are equal, where {x} is large, near 0, or anything.
_LARGE = (
    "log({x} + {a}) - log({x} + {b})", "sqrt({x}^2 + {a}) - {x}", "{x}*sqrt({x}^2 + {a}) - {x}^2", "atan({x}) - pi/2",
    "asinh({x}) - log(2*{x})",
    "acosh({x}) - log(2*{x})", "({x} + {a}) - {x}", "({x} + {a})^2 - {x}^2 - 2*{a}*{x}",
    "{x}/({x} + {a}) - {x}/({x} + {b})", "cbrt({x} + {a}) - cbrt({x})",
    "1/{x} - 1/({x} + {a})", "log1p({x}) - log({x})", "{x}^({a}/{b}) - ({x} + 1)^({a}/{b})",
)  # fmt: skip
_SMALL = (
    "(1 - cos({x}))/{x}^2", "(exp({x}) - 1 - {x})/{x}^{a}", "(sin({x}) - {x})/{x}^3", "tan({x}) - sin({x})",
    "log(1 + {x})/{x} - 1", "sinh({x}) - sin({x})",
    "({a} + {x})^{b} - {a}^{b}", "sqrt(1 + {x}) - sqrt(1 - {x})", "cosh({x}) - cos({x})", "exp({x}) - exp(-{x})",
    "acos(1 - {x}) - sqrt(2*{x})",
    "atan({a} + {x}) - atan({a})", "erf({x}) - 2*{x}/sqrt(pi)", "exp({x})*cos({x}) - 1", "asin({x}) - atan({x})",
)  # fmt: skip
_MIDDLE = (
    "1 - tanh({x})", "sinh({x}) - cosh({x})", "erf({x}) - 1", "exp({x}) - 2*sinh({x})", "1/(1 + exp(-{x})) - 1",
    "tanh({x}) - tanh({x} + {a})",
    "log(cosh({x})) - {x} + log(2)", "erf({x}) + exp(-{x}^2) - 1", "sin({x})^2 + cos({x})^2 - 1 + exp(-{x})",
    "exp({a}*log({x})) - {x}^{a} + 1/{x}",
)  # fmt: skip
#: What is made of the difference.
_OUTSIDE = (
    "{d}",
    "{d}",
    "{d}*{s}",
    "({d})^2",
    "sin({d})",
    "exp({d}) - 1",
    "{s}*({d}) - {t}",
    "{t} + ({d}) - {t}",
    "({d})/({d} + {s})",
)
_FUNCTIONS = [
    "log",
    "log1p",
    "sqrt",
    "cbrt",
    "exp",
    "sin",
    "cos",
    "tan",
    "asin",
    "acos",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "acosh",
    "erf",
]


class Cancelling(NamedTuple):
    """An expression of x, and a point as it is typed."""

    expression: str
    at: str

    def truth(self) -> tuple[Any, Any]:
        """The value and the derivative, which no rule of differentiation has seen."""
        text = _NUMERAL.sub(r"number('\g<0>')", self.expression).replace("^", "**")
        function, x = eval(f"lambda x: {text}", _NAMES), _MANY.mpf(self.at)
        step = x * _MANY.mpf(10) ** -_STEP
        slope = (function(x + step) - function(x - step)) / (2 * step)
        return function(x), slope if abs(slope * x) > _NOISE else _MANY.zero


def cancelling(seed: int) -> Cancelling:
    """The expression of a seed."""
    random = Random(seed)
    x, a, b = "x", random.randint(2, 5), random.randint(6, 9)
    kind = random.choice((_LARGE, _LARGE, _SMALL, _SMALL, _MIDDLE))
    if kind is _LARGE:
        at = (
            f"{random.uniform(1, 9.9):.{random.randint(0, 6)}f}"
            f"e{random.choice((random.randint(6, 30), random.randint(30, 160)))}"
        )
    elif kind is _SMALL:
        at = (
            f"{random.uniform(1, 9.9):.{random.randint(0, 6)}f}"
            f"e-{random.choice((random.randint(5, 20), random.randint(20, 120)))}"
        )
    else:
        at = f"{random.uniform(5, 25):.{random.randint(0, 6)}f}"
    difference = random.choice(kind).format(x=x, a=a, b=b)
    s, t = (random.choice(("3", "0.1", "x", "sqrt(2)", "exp(1)", "1e40", "x^2")) for _ in range(2))
    return Cancelling(random.choice(_OUTSIDE).format(d=f"({difference})", s=s, t=t), at)


def _many() -> Any:
    context = MPContext()
    context.dps = _DIGITS
    return context


_MANY = _many()
#: A derivative that is smaller, beside the point's inverse, is 0.
_NOISE = _MANY.mpf(10) ** -2500


_NAMES: dict[str, Any] = {name: getattr(_MANY, name) for name in _FUNCTIONS} | {"number": _MANY.mpf, "pi": +_MANY.pi}
