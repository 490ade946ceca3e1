"""Real arithmetic for evaluation: in mpmath's many digits, or in plain floats.

Outside a function's domain, and where a value would be complex, the result is nan; a division by
zero is infinite where its sign is clear.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

import mpmath
import sympy
from mpmath.ctx_mp import MPContext

from diffcli.messages import Message
from diffcli.primitives.gamma_family import by_arb
from diffcli.primitives.number import MOST_BITS
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import PRIMITIVES, function_in
from diffcli.symbolic.vocabulary import special
from diffcli.symbolic.vocabulary.conventions import Absolute, Ceiling, Floor, Same, Sign
from diffcli.symbolic.vocabulary.dictionary import DICTIONARY
from diffcli.symbolic.vocabulary.index_arithmetic import Counted, Quotient, Remainder
from diffcli.symbolic.vocabulary.loops import Extreme, Largest, LowerMiddle, Middle, Smallest, UpperMiddle
from diffcli.symbolic.vocabulary.matrices import Adjugate, Determinant, Inverse
from diffcli.symbolic.vocabulary.refusal import Refusal

_AT_EDGE: dict[tuple[str, int], float] = {("log", 0): -math.inf, ("atanh", 1): math.inf, ("atanh", -1): -math.inf}


class Arithmetic:
    """Numbers of so many decimal digits; `digits` None stands for plain floats."""

    def __init__(self, digits: int | None) -> None:
        self.exact = digits is not None
        context: Any = MPContext() if self.exact else math  # a context of its own: mpmath.mp is shared by threads
        if self.exact:
            context.dps = digits
            by_arb(context)
        self.context = context
        #: Matrices, and functions that plain floats do not have.
        self.special: Any = context if self.exact else mpmath.fp
        self.nan = self.number(math.nan)
        self.infinity = self.number(math.inf)
        self._extremes: dict[Any, Callable[[Iterable[Any]], Any]] = {
            Largest: _chosen(max),
            Smallest: _chosen(min),
            Middle: _chosen(lambda listed: sorted(listed)[len(listed) // 2]),
            LowerMiddle: _chosen(lambda listed: sorted(listed)[(len(listed) - 1) // 2]),
            UpperMiddle: _chosen(lambda listed: sorted(listed)[len(listed) // 2]),
        }
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
            **dict.fromkeys((sympy.floor, Floor), self._floor),
            **dict.fromkeys((sympy.ceiling, Ceiling), self._ceiling),
            **dict.fromkeys((sympy.Abs, Absolute), abs),
            **dict.fromkeys((sympy.sign, Sign), self._sign),
            Same: lambda a, b: int(a == b),
            Quotient: lambda place, size: int(place) // int(size),
            **dict.fromkeys((Remainder, Counted), lambda place, size: int(place) % int(size)),
            special.Gamma: self._unless_pole(self.context.gamma),
            special.LogGamma: self.context.loggamma if self.exact else math.lgamma,
            special.Polygamma: lambda order, x: self._unless_pole(lambda place: self.special.psi(int(order), place))(x),
            special.Beta: self._beta,
            sympy.Max: max,
            sympy.Min: min,
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
        """The computation of a SymPy function. Raises Refusal where there is none."""
        if kind not in self._functions:
            row = DICTIONARY.get(kind)
            if row is None or not isinstance(row.text, str):
                raise Refusal(Message("nothing computes {name} in a formula", name=kind.__name__.lower()))
            self._functions[kind] = self._elementary(PRIMITIVES[row.text])
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
        """The function that makes one number of a loop's terms."""
        if isinstance(loop, Extreme):
            return self._extremes[type(loop)]
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
            if self._is_beyond(exponent * self.context.log(abs(base))):
                grows = (exponent > 0) == (abs(base) > 1)
                sign = -1 if base < 0 and exponent % 2 == 1 else 1
                return sign * self.infinity if grows else 0
            if exponent == 0.5:
                return self.context.sqrt(base)
            return (self.context.mpf(base) if self.exact else float(base)) ** (int(exponent) if whole else exponent)
        except OverflowError:
            return -self.infinity if base < 0 and exponent % 2 == 1 else self.infinity

    def _elementary(self, primitive: Primitive) -> Callable[[Any], Any]:
        """A function of one number, nan outside its domain."""
        name = primitive.name
        function = function_in(self.context if hasattr(self.context, name) else self.special, name)

        def computed(x: Any) -> Any:
            if (name, x) in _AT_EDGE:
                return self.number(_AT_EDGE[name, x])
            if not primitive.domain.contains(x):
                return self.nan
            if name in ("exp", "sinh", "cosh") and self._is_beyond(x):
                if x < 0 and name == "exp":
                    return self.number(0.0)
                return -self.infinity if x < 0 and name == "sinh" else self.infinity
            if name in ("sin", "cos", "tan") and self._is_beyond(x):
                return self.nan
            try:
                return function(x)
            except OverflowError:
                return -self.infinity if x < 0 and name == "sinh" else self.infinity

        return computed

    def _is_beyond(self, x: Any) -> bool:
        return abs(x) == math.inf or (self.exact and self.context.mag(x) > MOST_BITS)

    def of_matrix(self, kind: Any) -> Callable[[list[list[Any]]], Any]:
        """The computation of a function of a matrix given by its rows; an inverse is returned by rows."""

        def computed(rows: list[list[Any]]) -> Any:
            undefined = [[self.nan] * len(rows) for _ in rows] if kind in (Inverse, Adjugate) else self.nan
            if any(not abs(element) < math.inf for row in rows for element in row):
                return undefined
            matrix = self.special.matrix(rows)
            try:
                result = self.special.inverse(matrix) if kind in (Inverse, Adjugate) else self.special.det(matrix)
                if kind is Adjugate:
                    result = result * self.special.det(matrix)
            except ZeroDivisionError:  # it is singular
                return undefined
            if kind in (Inverse, Adjugate):
                return result.tolist()
            return result if issubclass(kind, Determinant) else self.function(sympy.log)(abs(result))

        return computed

    def _beta(self, a: Any, b: Any) -> Any:
        if self.exact:
            return self._unless_pole(lambda _: self.context.beta(a, b))(a + b)
        gamma = self._unless_pole(self.context.gamma)
        return gamma(a) * gamma(b) / gamma(a + b) if a + b < 100 else self.special.beta(a, b)

    def _unless_pole(self, function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """The function, nan at the whole numbers that are not positive."""

        def computed(x: Any) -> Any:
            return self.nan if x != x or (x <= 0 and x == self._floor(x)) else function(x)

        return computed

    def _sign(self, x: Any) -> Any:
        return self.nan if x != x else int(x > 0) - int(x < 0)

    def _floor(self, x: Any) -> Any:
        return x if x != x or abs(x) == math.inf else self.context.floor(x)

    def _ceiling(self, x: Any) -> Any:
        return x if x != x or abs(x) == math.inf else self.context.ceil(x)


def _chosen(choose: Callable[[list[Any]], Any]) -> Callable[[Iterable[Any]], Any]:
    """The choice among a loop's terms; nan if one of them is."""

    def computed(terms: Iterable[Any]) -> Any:
        listed = list(terms)
        undefined = [term for term in listed if term != term]
        return undefined[0] if undefined else choose(listed)

    return computed
