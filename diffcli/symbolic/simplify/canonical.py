"""One name for each way to bind an index, so that equal sums are the same expression."""

import operator
from collections.abc import Mapping
from typing import Any

from sympy import Expr, Symbol

from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index
from diffcli.symbolic.vocabulary.loops import LOOPS

#: The names, older than any other index: SymPy orders symbols by age, and so terms.
_BOUND = [fresh_index() for _ in range(32)]


def canonical(expression: Expr) -> Expr:
    """The expression with its bound indices named by nesting."""
    depths: dict[Any, int] = {}
    _measure(expression, depths)
    return _renamed(expression, {}, depths)


def _measure(expression: Expr, depths: dict[Expr, int]) -> int:
    """The number of indices bound inside."""
    if not expression.args:
        return 0
    known = depths.get(expression)
    if known is None:
        known = max([_measure(argument, depths) for argument in expression.args])
        if isinstance(expression, LOOPS):
            known += len(expression.limits)
        depths[expression] = known
    return known


def _renamed(expression: Expr, names: Mapping[Symbol, Expr], depths: Mapping[Expr, int]) -> Expr:
    if not depths.get(expression) and not names:
        return expression
    if not expression.args:
        return names.get(expression, expression)
    if isinstance(expression, LOOPS):
        below = depths.get(expression.function, 0)
        names = {**names, **{limit[0]: _bound(below + position) for position, limit in enumerate(expression.limits)}}
    arguments = [_renamed(argument, names, depths) for argument in expression.args]
    return expression if all(map(operator.is_, arguments, expression.args)) else expression.func(*arguments)


def _bound(depth: int) -> Expr:
    while len(_BOUND) <= depth:
        _BOUND.append(fresh_index())
    return _BOUND[depth]
