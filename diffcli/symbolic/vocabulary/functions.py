"""Functions whose derivatives follow the program's conventions, which SymPy does not share."""

# ruff: noqa: D102
# Methods without a docstring are SymPy's hooks.

from collections.abc import Callable
from typing import Any

import sympy

from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index


class _Real(sympy.Function):  # type: ignore[misc]  # SymPy has no type stubs
    """A real function of a real number that is computed where the number is known."""

    def _eval_is_extended_real(self) -> bool:
        return True


class Sign(_Real):
    """-1, 0 or 1; its derivative is 0."""

    @classmethod
    def eval(cls, argument: Any) -> Any:
        return sympy.sign(argument) if argument.is_Rational else None

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.Integer(0)


class Absolute(_Real):
    """The absolute value; its derivative is the sign, so 0 at 0."""

    @classmethod
    def eval(cls, argument: Any) -> Any:
        return abs(argument) if argument.is_Rational else None

    def fdiff(self, argindex: int = 1) -> Any:
        return Sign(self.args[0])


class Floor(_Real):
    """The largest whole number not above; its derivative is 0."""

    @classmethod
    def eval(cls, argument: Any) -> Any:
        return sympy.floor(argument) if argument.is_Rational else None

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.Integer(0)


class Ceiling(_Real):
    """The smallest whole number not below; its derivative is 0."""

    @classmethod
    def eval(cls, argument: Any) -> Any:
        return sympy.ceiling(argument) if argument.is_Rational else None

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.Integer(0)


class Same(sympy.Function):  # type: ignore[misc]  # SymPy has no type stubs
    """1 where its arguments are equal, else 0; its derivative is 0."""

    def fdiff(self, argindex: int = 1) -> Any:
        return sympy.Integer(0)

    def _eval_is_extended_real(self) -> bool:
        return True


class Kept(sympy.Function):  # type: ignore[misc]
    """A real function that programs call by name; `written` is what it means."""

    @property
    def written(self) -> Any:
        """The function in elementary terms."""
        raise NotImplementedError

    def _eval_is_extended_real(self) -> bool:
        return True


class Binder(sympy.Expr):  # type: ignore[misc]
    """A function of all elements over indices, each with its range: `(index, low, high)` as in a Sum."""

    is_commutative = True

    def __new__(cls, function: Any, *limits: Any) -> Any:
        return sympy.Expr.__new__(cls, function, *[sympy.Tuple(*limit) for limit in limits])

    @property
    def function(self) -> Any:
        """The element."""
        return self.args[0]

    @property
    def limits(self) -> Any:
        """The indices and their ranges, the innermost first."""
        return self.args[1:]

    @property
    def free_symbols(self) -> set[Any]:
        """The symbols that the value depends on: not the indices."""
        inside = self.function.free_symbols.union(*(bound.free_symbols for limit in self.limits for bound in limit[1:]))
        return set(inside) - {limit[0] for limit in self.limits}

    def renamed(self) -> tuple[Any, list[Any]]:
        """The element and its limits with indices that occur nowhere else."""
        fresh = {limit[0]: fresh_index() for limit in self.limits}
        return self.function.xreplace(fresh), [(fresh[index], low, high) for index, low, high in self.limits]

    def _eval_is_extended_real(self) -> bool:
        return True


class Extreme(Binder):
    """An element chosen by its size. Elements that tie share its derivative equally."""

    def _eval_derivative(self, symbol: Any) -> Any:
        function, limits = self.renamed()
        slope = function.diff(symbol)
        if slope == 0:
            return slope
        chosen = Same(function, self)
        return sympy.Sum(chosen * slope, *limits) / sympy.Sum(chosen, *limits)


class Largest(Extreme):
    """The largest element."""


class Smallest(Extreme):
    """The smallest element."""


class Middle(Extreme):
    """The element in the middle by size, where their number is odd."""


class LowerMiddle(Extreme):
    """The element in the middle; the lower of the two where their number is even."""


class UpperMiddle(Extreme):
    """The element in the middle; the upper of the two where their number is even."""


class Choice(sympy.Expr):  # type: ignore[misc]
    """The value of the first condition that holds: `(value, condition, value, condition, ..., otherwise)`.

    As SymPy's Piecewise, which however takes conditions apart that contain choices themselves: a
    network of a few layers with kinks would never end.
    """

    is_commutative = True

    def __new__(cls, *arguments: Any) -> Any:
        *choices, otherwise = map(sympy.sympify, arguments)
        kept: list[Any] = []
        for value, condition in zip(choices[::2], choices[1::2], strict=True):
            if condition == sympy.true:
                otherwise = value
                break
            if condition != sympy.false:
                kept += [value, condition]
        while kept and kept[-2] == otherwise:
            del kept[-2:]
        return sympy.Expr.__new__(cls, *kept, otherwise) if kept else otherwise

    @property
    def choices(self) -> list[tuple[Any, Any]]:
        """Values with their conditions."""
        return list(zip(self.args[:-1:2], self.args[1::2], strict=True))

    @property
    def otherwise(self) -> Any:
        """The value where no condition holds."""
        return self.args[-1]

    def with_values(self, change: Callable[[Any], Any]) -> Any:
        """The same choice among changed values."""
        return Choice(
            *[part for value, condition in self.choices for part in (change(value), condition)], change(self.otherwise)
        )

    def _eval_is_extended_real(self) -> bool:
        return True

    def _eval_derivative(self, symbol: Any) -> Any:
        return self.with_values(lambda value: value.diff(symbol))


#: What binds indices.
LOOPS = (sympy.Sum, sympy.Product, Binder)
