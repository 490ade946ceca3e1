"""Sums of Kronecker deltas: `sum_i f(i) [i = j]` is `f(j)`."""

import functools
from collections.abc import Mapping
from typing import Any

import sympy

from diffcli.symbolic.functions import LOOPS, Choice
from diffcli.symbolic.indexed import fresh_index
from diffcli.symbolic.refusal import Refusal


def contract(expression: Any, components: Mapping[Any, Any]) -> Any:
    """The expression with each delta summed away that a sum runs over.

    `components` gives the size of the axis that each free index runs over.
    """
    if not expression.args:
        return expression
    if isinstance(expression, sympy.Sum):
        body = contract(expression.function, components)
        for index, low, high in expression.limits:
            body = _summed(body, index, low, high, components)
        return body
    arguments = [contract(argument, components) for argument in expression.args]
    if all(new is old for new, old in zip(arguments, expression.args, strict=True)):
        return expression
    return expression.func(*arguments)


def canonical(expression: Any) -> Any:
    """The expression with its bound indices named by nesting, so that equal sums are the same."""
    if not expression.args:
        return expression
    if not isinstance(expression, LOOPS):
        arguments = [canonical(argument) for argument in expression.args]
        return expression if list(expression.args) == arguments else expression.func(*arguments)
    body = canonical(expression.function)
    depth = _depth(body)
    limits = []
    for position, (index, low, high) in enumerate(expression.limits):
        bound = _bound(depth + position)
        body = body.xreplace({index: bound})
        limits.append((bound, low, high))
    return expression.func(body, *limits)


def _depth(expression: Any) -> int:
    if not expression.args:
        return 0
    inside = max(_depth(argument) for argument in expression.args)
    return inside + len(expression.limits) if isinstance(expression, LOOPS) else inside


@functools.cache
def _bound(depth: int) -> Any:
    return fresh_index()


def _summed(body: Any, index: Any, low: Any, high: Any, components: Mapping[Any, Any]) -> Any:
    deltas = {delta: sympy.Dummy() for delta in body.atoms(sympy.KroneckerDelta) if index in delta.free_symbols}
    linear = body.xreplace(deltas)
    marks = set(deltas.values())
    terms = []
    for delta, mark in deltas.items():
        coefficient = linear.diff(mark)
        if coefficient.free_symbols & marks:
            raise Refusal("its derivative could not be brought into index notation")
        terms.append(_selected(coefficient, delta, index, low, high, components))
    rest = linear.xreplace(dict.fromkeys(marks, sympy.Integer(0)))
    return sympy.Add(*terms, plain_sum(rest, index, low, high))


def plain_sum(body: Any, index: Any, low: Any, high: Any) -> Any:
    """The sum with what does not depend on its index put in front."""
    if body == 0:
        return body
    factor, rest = body.as_independent(index, as_Add=False)
    if rest == 1:
        return factor * (high - low + 1)
    return factor * sympy.Sum(rest, (index, low, high))


def _selected(coefficient: Any, delta: Any, index: Any, low: Any, high: Any, components: Mapping[Any, Any]) -> Any:
    """The sum of `coefficient * delta` over the index: the one term where the delta is 1."""
    difference = sympy.expand(delta.args[0] - delta.args[1])
    slope = difference.coeff(index)
    rest = difference - slope * index
    if not slope.is_Integer or index in rest.free_symbols:
        raise Refusal("its derivative could not be brought into index notation")
    place = sympy.expand(-rest / slope)
    conditions = [] if abs(slope) == 1 else [sympy.Eq(sympy.Mod(-rest, abs(slope)), 0)]
    for distance, relation in ((place - low, _not_before(place, low)), (high - place, _not_before(high, place))):
        if not _never_negative(distance, components):
            conditions.append(relation)
    term = coefficient.xreplace({index: place})
    return Choice(term, sympy.And(*conditions), 0) if conditions else term


def _not_before(later: Any, earlier: Any) -> Any:
    """`later >= earlier`, as a bound on the component index where there is one."""
    difference = sympy.expand(later - earlier)
    symbols = [symbol for symbol in difference.free_symbols if difference.coeff(symbol) in (1, -1)]
    symbols.sort(key=lambda symbol: symbol.is_positive is True)  # sizes are positive, indices may be 0
    if not symbols:
        return sympy.Ge(difference, 0)
    bound = sympy.expand(symbols[0] - difference / difference.coeff(symbols[0]))
    return sympy.Ge(symbols[0], bound) if difference.coeff(symbols[0]) == 1 else sympy.Le(symbols[0], bound)


def _never_negative(distance: Any, components: Mapping[Any, Any]) -> bool:
    """Whether an expression linear in the component indices is at least 0 wherever they are in range."""
    least = sympy.expand(distance)
    for index, size in components.items():
        slope = least.coeff(index)
        if slope.is_positive:
            least = least.xreplace({index: sympy.Integer(0)})
        elif slope.is_negative:
            least = sympy.expand(least.xreplace({index: size - 1}))
    shifted = {size: 1 + sympy.Dummy(integer=True, nonnegative=True) for size in least.free_symbols if size.is_positive}
    return bool(sympy.expand(least.xreplace(shifted)).is_nonnegative)
