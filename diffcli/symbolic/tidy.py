"""Simplification that only collects and cancels; of the results the shortest text wins."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import sympy

from diffcli.symbolic.contract import canonical, plain_sum
from diffcli.symbolic.functions import Choice

#: Larger expressions are shown as they come: cancelling expands them.
_MOST_OPERATIONS = 150
_MOST_TO_CANCEL = 60
_HIGHEST_POWER = 6
_SECONDS = 1.0


def candidates(expression: Any) -> Iterator[Any]:
    """The expression, and other ways to write it."""
    yield expression
    if expression.count_ops() > _MOST_OPERATIONS:
        return
    end = time.monotonic() + _SECONDS
    inside = _in_bodies(expression, sympy.factor_terms)
    steps: list[Callable[[Any], Any]] = [sympy.factor_terms, sympy.together, sympy.powsimp, lambda e: sympy.factor_terms(sympy.together(e)), _common_powers]
    if expression.count_ops() <= _MOST_TO_CANCEL and _low_powers(expression):
        steps += [sympy.cancel, lambda e: sympy.factor_terms(sympy.cancel(e)), sympy.factor, lambda e: _in_bodies(e, sympy.cancel)]
    for start in dict.fromkeys((expression, inside, canonical(_split_sums(expression)))):
        yield start
        for step in steps:
            if time.monotonic() > end:
                return
            try:
                yield step(start)
            except (sympy.PolynomialError, NotImplementedError, ValueError, TypeError, AttributeError):
                continue  # not the kind of expression that this step is for


def _split_sums(expression: Any) -> Any:
    """Sums taken term by term."""
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return expression
    if isinstance(expression, sympy.Sum):
        body = _split_sums(expression.function)
        for limit in expression.limits:
            body = sympy.Add(*[plain_sum(term, *limit) for term in sympy.Add.make_args(sympy.expand_mul(body))])
        return body
    return expression.func(*[_split_sums(argument) for argument in expression.args])


def _in_bodies(expression: Any, step: Callable[[Any], Any]) -> Any:
    """The step applied to what is summed and to what is chosen among."""
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return expression
    if isinstance(expression, sympy.Sum):
        body = step(_in_bodies(expression.function, step))
        indices = [limit[0] for limit in expression.limits]
        factor, rest = body.as_independent(*indices, as_Add=False)
        return factor * sympy.Sum(rest, *expression.limits)
    if isinstance(expression, Choice):
        return expression.with_values(lambda value: step(_in_bodies(value, step)))
    return expression.func(*[_in_bodies(argument, step) for argument in expression.args])


def _common_powers(expression: Any) -> Any:
    """Powers of one base made one, also in each term of a sum."""
    return sympy.factor_terms(sympy.powsimp(sympy.expand_mul(expression)))


def _low_powers(expression: Any) -> bool:
    return all(not power.exp.is_Integer or abs(power.exp) <= _HIGHEST_POWER for power in expression.atoms(sympy.Pow))
