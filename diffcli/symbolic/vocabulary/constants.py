"""The constants of a program as SymPy has them."""

import operator

import sympy
from sympy import Expr

from diffcli.primitives.number import Computed, Exact

_CONSTANTS = {"pi": sympy.pi, "e": sympy.E, "tau": 2 * sympy.pi}
_FUNCTIONS = {"sqrt": sympy.sqrt}


def expression(exact: Exact) -> Expr:
    """The number that a constant stands for."""
    if not isinstance(exact, Computed):
        return sympy.Rational(exact.numerator, exact.denominator)
    if not exact.operands:
        return _CONSTANTS[exact.function]
    function = _FUNCTIONS.get(exact.function) or getattr(operator, exact.function)
    return function(*map(expression, exact.operands))
