"""What a primitive's `formula` may use: SymPy's functions, and the language's functions of arrays."""

from typing import Any

import sympy

from diffcli.symbolic import functions, special
from diffcli.symbolic.assembly import Assembly
from diffcli.symbolic.moves import Moves
from diffcli.symbolic.products import Products
from diffcli.symbolic.reductions import Reductions


class Namespace(Reductions, Moves, Assembly, Products):
    """SymPy with the program's conventions. One serves one expression: it relates sizes.

    Its methods are functions of arrays, with their options as keywords; any other name is SymPy's.
    """

    floor = functions.Floor
    ceiling = functions.Ceiling
    absolute = functions.Absolute
    gamma = special.Gamma
    lgamma = special.LogGamma
    polygamma = special.Polygamma
    beta = special.Beta

    def __getattr__(self, name: str) -> Any:
        return getattr(sympy, name)

    def Piecewise(self, *pairs: tuple[Any, Any]) -> Any:  # noqa: N802  # SymPy's name
        """The value of the first pair whose condition holds; the last condition is True."""
        return functions.Choice(*[part for pair in pairs[:-1] for part in pair], pairs[-1][0])

    def digamma(self, x: Any) -> Any:
        """The logarithmic derivative of the gamma function."""
        return special.Polygamma(0, x)

    def indicator(self, relation: Any) -> Any:
        """1 where the relation holds, else 0."""
        return functions.Choice(1, relation, 0)

    def truth(self, element: Any) -> Any:
        """The condition that a number is not 0."""
        if isinstance(element, functions.Choice) and len(element.args) == 3 and element.args[0] == 1 and element.otherwise == 0:
            return element.args[1]
        return sympy.Ne(element, 0)


def of_arrays(name: str) -> Any:
    """The function of arrays with this name, or None; it takes the namespace first."""
    return next((vars(family)[name] for family in Namespace.__mro__ if name in vars(family) and family.__module__ != __name__), None)
