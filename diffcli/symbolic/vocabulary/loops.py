"""Functions of all elements over indices: each binds its indices, as a sum does."""

# ruff: noqa: D102
# Methods without a docstring are SymPy's hooks.

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.vocabulary.conventions import Absolute, Same
from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index
from diffcli.symbolic.vocabulary.kept import Ratio, Share
from diffcli.symbolic.vocabulary.real_functions import Kept


class Binder(sympy.Expr):  # type: ignore[misc]
    """A function of all elements over indices, each with its range: `(index, low, high)` as in a Sum."""

    is_commutative = True

    def __new__(cls, function: Expr, *limits: Expr) -> Expr:
        return sympy.Expr.__new__(cls, function, *[sympy.Tuple(*limit) for limit in limits])

    @property
    def function(self) -> Expr:
        """The element."""
        return self.args[0]

    @property
    def limits(self) -> tuple[Expr, ...]:
        """The indices and their ranges, the innermost first."""
        return tuple(self.args[1:])

    @property
    def free_symbols(self) -> set[Symbol]:
        """The symbols that the value depends on: not the indices."""
        inside = self.function.free_symbols.union(*(bound.free_symbols for limit in self.limits for bound in limit[1:]))
        return set(inside) - {limit[0] for limit in self.limits}

    def renamed(self) -> tuple[Expr, list[Expr]]:
        """The element and its limits with indices that occur nowhere else."""
        fresh = {limit[0]: fresh_index() for limit in self.limits}
        return self.function.xreplace(fresh), [(fresh[index], low, high) for index, low, high in self.limits]

    def _eval_is_extended_real(self) -> bool:
        return True


class Extreme(Binder):
    """An element chosen by its size. Elements that tie share its derivative equally."""

    def _eval_derivative(self, symbol: Symbol) -> Expr:
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


class LogSumExp(Kept, Binder):
    """`log(Sum(exp(u)))` over the limits."""

    __new__ = Binder.__new__

    @property
    def written(self) -> Expr:
        return sympy.log(sympy.Sum(sympy.exp(self.function), *self.limits))

    @property
    def free_symbols(self) -> set[Symbol]:
        return Binder.free_symbols.fget(self)  # type: ignore[attr-defined,no-any-return]  # a property

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        function, limits = self.renamed()
        slope = function.diff(symbol)
        return slope and sympy.Sum(Share(function, self) * slope, *limits)


class Length(Kept, Binder):
    """The Euclidean norm over the limits; its squares may overflow or vanish."""

    __new__ = Binder.__new__

    @property
    def written(self) -> Expr:
        return sympy.sqrt(sympy.Sum(self.function**2, *self.limits))

    @property
    def free_symbols(self) -> set[Symbol]:
        return Binder.free_symbols.fget(self)  # type: ignore[attr-defined,no-any-return]

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        function, limits = self.renamed()
        slope = function.diff(symbol)
        return slope and sympy.Sum(Ratio(function, self) * slope, *limits)


def length(function: Expr, *limits: Expr) -> Expr:
    """The norm of the elements; that of a single one is its absolute value."""
    return Length(function, *limits) if limits else Absolute(function)


#: What binds indices.
LOOPS = (sympy.Sum, sympy.Product, Binder)
