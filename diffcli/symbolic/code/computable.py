"""Functions that programs have no name for, written so that they neither overflow nor lose digits."""

import operator
from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr

from diffcli.symbolic.vocabulary.kept import OneMinusSquare, Share
from diffcli.symbolic.vocabulary.loops import Largest, LogSumExp


def computable(expression: Expr) -> Expr:
    """The expression with what programs have no name for written so that it neither overflows nor loses digits."""
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return expression
    if isinstance(expression, Share) and isinstance(expression.args[1], LogSumExp):
        largest, total = _shifted(expression.args[1])
        return sympy.exp(computable(expression.args[0]) - largest) / total
    if isinstance(expression, LogSumExp):
        largest, total = _shifted(expression)
        return largest + sympy.log(total)
    expression = of_parts(expression, [*map(computable, expression.args)])
    if isinstance(expression, Share):
        return sympy.exp(expression.args[0] - expression.args[1])
    if isinstance(expression, OneMinusSquare):
        return (1 - expression.args[0]) * (1 + expression.args[0])
    return expression


def of_parts(expression: Expr, parts: Sequence[Any]) -> Expr:
    """The expression with other arguments; itself, with all that SymPy knows of it, where they are its own."""
    return expression if all(map(operator.is_, parts, expression.args)) else expression.func(*parts)


def _shifted(logarithm: LogSumExp) -> tuple[Expr, Expr]:
    """The largest exponent, and the sum of exponentials of the differences from it: their largest is 1."""
    function, limits = logarithm.func(computable(logarithm.function), *logarithm.limits).renamed()
    largest = Largest(function, *limits)
    exponent = computable(logarithm.function)
    return largest, sympy.Sum(sympy.exp(exponent - largest), *logarithm.limits)
