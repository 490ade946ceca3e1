"""Indices that count from 1."""

import sympy
from sympy import Expr

from diffcli.symbolic.vocabulary.loops import LOOPS


def from_one(expression: Expr) -> Expr:
    """The same formula with indices that start at 1: `Sum(x[i], (i, 0, n - 1))` is the sum of x_i for i = 1, ..., n.

    An index keeps its symbol, which now stands for a number higher by one.
    """
    if isinstance(expression, sympy.Indexed):
        return expression.base[tuple(_moved(place) for place in expression.indices)]
    if isinstance(expression, LOOPS):
        limits = [(index, _moved(low), _moved(high)) for index, low, high in expression.limits]
        return expression.func(from_one(expression.function), *limits)
    if _is_index(expression):
        return expression - 1
    if isinstance(expression, sympy.KroneckerDelta):
        return sympy.KroneckerDelta(*[_moved(place) for place in expression.args])
    if isinstance(expression, sympy.core.relational.Relational) and all(side.is_integer for side in expression.args):
        return expression.func(*[_moved(side) for side in expression.args])
    if not expression.args:
        return expression
    return expression.func(*[from_one(argument) for argument in expression.args])


def _is_index(expression: Expr) -> bool:
    """Sizes are positive, indices start at 0."""
    return bool(isinstance(expression, sympy.Dummy) and expression.is_integer and not expression.is_positive)


def _moved(place: Expr) -> Expr:
    """A place, one higher."""
    return sympy.expand(from_one(place) + 1)
