"""A choice among values by conditions."""

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Expr, Symbol


class Choice(sympy.Expr):  # type: ignore[misc]
    """The value of the first condition that holds: `(value, condition, value, condition, ..., otherwise)`.

    As SymPy's Piecewise, which however takes conditions apart that contain choices themselves: a
    network of a few layers with kinks would never end.
    """

    is_commutative = True

    def __new__(cls, *arguments: Expr) -> Expr:
        """The choice without what is known never to be taken; the value alone, where nothing is left to choose."""
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
    def choices(self) -> list[tuple[Expr, Expr]]:
        """Values with their conditions."""
        return list(zip(self.args[:-1:2], self.args[1::2], strict=True))

    @property
    def otherwise(self) -> Expr:
        """The value where no condition holds."""
        return self.args[-1]

    def with_values(self, change: Callable[[Expr], Expr]) -> Expr:
        """The same choice among changed values."""
        return Choice(
            *[part for value, condition in self.choices for part in (change(value), condition)], change(self.otherwise)
        )

    def _eval_is_extended_real(self) -> bool:
        return True

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        return self.with_values(lambda value: value.diff(symbol))
