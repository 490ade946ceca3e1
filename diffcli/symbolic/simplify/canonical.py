"""One name for each way to bind an index, so that equal sums are the same expression."""

import operator
from collections.abc import Mapping
from typing import Any

from diffcli.symbolic.vocabulary.functions import LOOPS
from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index

#: The names, older than any other index: SymPy orders symbols by age, and so terms.
_BOUND = [fresh_index() for _ in range(32)]


def canonical(expression: Any) -> Any:
    """The expression with its bound indices named by nesting."""
    depths: dict[Any, int] = {}
    _measure(expression, depths)
    return _renamed(expression, {}, depths)


def _measure(expression: Any, depths: dict[Any, int]) -> int:
    """How many indices are bound inside."""
    if not expression.args:
        return 0
    known = depths.get(expression)
    if known is None:
        known = max([_measure(argument, depths) for argument in expression.args])
        if isinstance(expression, LOOPS):
            known += len(expression.limits)
        depths[expression] = known
    return known


def _renamed(expression: Any, names: Mapping[Any, Any], depths: Mapping[Any, int]) -> Any:
    if not depths.get(expression) and not names:
        return expression
    if not expression.args:
        return names.get(expression, expression)
    if isinstance(expression, LOOPS):
        below = depths.get(expression.function, 0)
        names = {**names, **{limit[0]: _bound(below + position) for position, limit in enumerate(expression.limits)}}
    arguments = [_renamed(argument, names, depths) for argument in expression.args]
    return expression if all(map(operator.is_, arguments, expression.args)) else expression.func(*arguments)


def _bound(depth: int) -> Any:
    while len(_BOUND) <= depth:
        _BOUND.append(fresh_index())
    return _BOUND[depth]
