"""Real arithmetic for evaluation: in mpmath's many digits, or in plain floats.

Outside a function's domain, and where a value would be complex, the result is nan; a division by
zero is infinite where its sign is clear.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

import sympy
from mpmath.ctx_mp import MPContext

from diffcli.symbolic import functions

#: Beyond this an exponential is infinite or 0 for every purpose, and its digits would fill the memory.
_LARGEST_EXPONENT = 1e15

_INSIDE: dict[str, Callable[[Any], bool]] = {
    "log": lambda x: x >= 0,
    "asin": lambda x: -1 <= x <= 1,
    "acos": lambda x: -1 <= x <= 1,
    "acosh": lambda x: x >= 1,
    "atanh": lambda x: -1 <= x <= 1,
}
_AT_EDGE: dict[tuple[str, int], float] = {("log", 0): -math.inf, ("atanh", 1): math.inf, ("atanh", -1): -math.inf}
_BY_NAME = ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "log"]


class Arithmetic:
    """Numbers of so many decimal digits; `digits` None stands for plain floats."""

    def __init__(self, digits: int | None) -> None:
        self.exact = digits is not None
        context: Any = MPContext() if self.exact else math  # a context of its own: mpmath.mp is shared by threads
        if self.exact:
            context.dps = digits
        self.context = context
        self.nan = self.number(math.nan)
        self.infinity = self.number(math.inf)
        self._functions: dict[Any, Callable[..., Any]] = {
            sympy.Add: lambda *terms: self.total(terms),
            sympy.Mul: lambda *factors: self.product(factors),
            sympy.Pow: self.power,
            sympy.atan2: self.context.atan2,
            sympy.Mod: lambda a, b: a % b,
            sympy.KroneckerDelta: lambda a, b: int(a == b),
            sympy.And: lambda *parts: all(parts),
            sympy.Or: lambda *parts: any(parts),
            sympy.Not: lambda part: not part,
            type(sympy.true): lambda: True,
            type(sympy.false): lambda: False,
            **dict.fromkeys((sympy.floor, functions.Floor), self._floor),
            **dict.fromkeys((sympy.ceiling, functions.Ceiling), self._ceiling),
            **dict.fromkeys((sympy.Abs, functions.Absolute), abs),
            **dict.fromkeys((sympy.sign, functions.Sign), self._sign),
            functions.Same: lambda a, b: int(a == b),
            sympy.Max: max,
            sympy.Min: min,
            **{getattr(sympy, name): self._elementary(name) for name in _BY_NAME},
        }

    def number(self, value: float) -> Any:
        """A float as a number of this arithmetic, without rounding."""
        return self.context.mpf(value) if self.exact else float(value)

    def constant(self, number: Any) -> Any:
        """A rational number, pi or e."""
        if number is sympy.pi or number is sympy.E:
            name = "pi" if number is sympy.pi else "e"
            return +getattr(self.context, name)
        if number.q == 1 and abs(int(number.p)) < 2**53:
            return int(number.p)
        try:
            return self.context.mpf(int(number.p)) / int(number.q) if self.exact else int(number.p) / int(number.q)
        except OverflowError:
            return math.copysign(math.inf, int(number.p))

    def function(self, kind: Any) -> Callable[..., Any]:
        """What computes a SymPy function."""
        return self._functions[kind]

    def total(self, terms: Iterable[Any]) -> Any:
        """The sum."""
        listed = list(terms)
        if self.exact:
            return self.context.fsum(listed)
        try:
            return math.fsum(listed)
        except (OverflowError, ValueError):  # it refuses infinities of both signs
            return sum(listed)

    def product(self, factors: Iterable[Any]) -> Any:
        """The product."""
        result: Any = 1
        for factor in factors:
            result = result * factor
        return result

    def together(self, loop: Any) -> Callable[[Iterable[Any]], Any]:
        """What makes one number of a loop's terms."""
        if isinstance(loop, functions.Extreme):
            return self._largest if isinstance(loop, functions.Largest) else self._smallest
        return self.total if isinstance(loop, sympy.Sum) else self.product

    def power(self, base: Any, exponent: Any) -> Any:
        """Real powers: a whole exponent takes any base, and 0^0 is 1."""
        if base != base or exponent != exponent:
            return self.nan
        whole = abs(exponent) != math.inf and exponent == self._floor(exponent)
        if base == 0:
            if exponent >= 0:
                return 1 if exponent == 0 else 0
            return self.nan if whole and exponent % 2 == 1 else self.infinity
        if base < 0 and not whole:
            return self.nan
        try:
            if self.exact and abs(exponent * self.context.log(abs(base))) > _LARGEST_EXPONENT:
                grows = (exponent > 0) == (abs(base) > 1)
                sign = -1 if base < 0 and exponent % 2 == 1 else 1
                return sign * self.infinity if grows else 0
            if exponent == 0.5:
                return self.context.sqrt(base)
            return (self.context.mpf(base) if self.exact else float(base)) ** (int(exponent) if whole else exponent)
        except OverflowError:
            return -self.infinity if base < 0 and exponent % 2 == 1 else self.infinity

    def _elementary(self, name: str) -> Callable[[Any], Any]:
        function = getattr(self.context, name)
        inside = _INSIDE.get(name)

        def computed(x: Any) -> Any:
            if x != x or (inside is not None and not inside(x)):
                return self.nan
            if (name, x) in _AT_EDGE:
                return self.number(_AT_EDGE[name, x])
            if name in ("exp", "sinh", "cosh") and abs(x) > _LARGEST_EXPONENT:
                if x < 0 and name == "exp":
                    return self.number(0.0)
                return -self.infinity if x < 0 and name == "sinh" else self.infinity
            if name in ("sin", "cos", "tan") and abs(x) > 1e300:
                return self.nan
            try:
                return function(x)
            except OverflowError:
                return -self.infinity if x < 0 and name == "sinh" else self.infinity

        return computed

    def _largest(self, terms: Iterable[Any]) -> Any:
        listed = list(terms)
        return next((term for term in listed if term != term), None) or max(listed)

    def _smallest(self, terms: Iterable[Any]) -> Any:
        listed = list(terms)
        return next((term for term in listed if term != term), None) or min(listed)

    def _sign(self, x: Any) -> Any:
        return self.nan if x != x else int(x > 0) - int(x < 0)

    def _floor(self, x: Any) -> Any:
        return x if x != x or abs(x) == math.inf else self.context.floor(x)

    def _ceiling(self, x: Any) -> Any:
        return x if x != x or abs(x) == math.inf else self.context.ceil(x)
