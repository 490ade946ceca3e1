"""Forms that neither overflow nor lose digits: sigmoid, softplus, exponentials of differences."""

from typing import Any

import sympy
from sympy import Expr

from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index
from diffcli.symbolic.vocabulary.kept import Sigmoid, Softplus
from diffcli.symbolic.vocabulary.loops import Largest


def named(expression: Expr) -> Expr:
    """The expression with sigmoid and softplus called by name."""
    return _rewritten(expression, shifting=False)


def stable(expression: Expr) -> Expr:
    """The expression so that it can be computed in doubles: also `log(Sum(exp))` and its kin."""
    return _rewritten(expression, shifting=True)


def _rewritten(expression: Expr, shifting: bool) -> Expr:
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return expression
    if isinstance(expression, sympy.log):
        found = _softplus(expression) or (_log_of_sum(expression) if shifting else None)
    elif isinstance(expression, (sympy.Mul, sympy.Pow)):
        found = _logistic(expression)
        if found is None and shifting:
            found = _share_of_sum(expression)
    else:
        found = None
    if found is not None and found != expression:
        return _rewritten(found, shifting)
    return expression.func(*[_rewritten(argument, shifting) for argument in expression.args])


def _softplus(logarithm: Expr) -> Expr | None:
    """`log(1 + exp(u))` is softplus(u)."""
    exponent = _one_and_exponential(logarithm.args[0])
    return None if exponent is None else Softplus(exponent)


def _one_and_exponential(total: Expr) -> Expr | None:
    """u, where the expression is 1 + exp(u)."""
    if (
        isinstance(total, sympy.Add)
        and len(total.args) == 2
        and total.args[0] == 1
        and isinstance(total.args[1], sympy.exp)
    ):
        return total.args[1].args[0]
    return None


def _logistic(product: Expr) -> Expr | None:
    """`exp(u)^m/(1 + exp(u))^k` is sigmoid(u)^m*sigmoid(-u)^(k - m), for 0 <= m <= k."""
    factors = list(sympy.Mul.make_args(product))
    for factor in factors:
        base, power = factor.as_base_exp()
        exponent = _one_and_exponential(base)
        if exponent is None or not (power.is_Integer and power < 0):
            continue
        rest = [other for other in factors if other is not factor]
        above = 0
        for other in rest:
            if isinstance(other, sympy.exp):
                ratio = sympy.cancel(other.args[0] / exponent)
                if ratio.is_Integer and 0 < ratio <= -power:
                    above = int(ratio)
                    rest.remove(other)
                    break
        return sympy.Mul(*rest, Sigmoid(exponent) ** above, Sigmoid(-exponent) ** (-power - above))
    return None


def _exponential_sum(loop: Expr) -> tuple[Expr, Expr] | None:
    """The factor and the exponents, where the expression is Sum(factor*exp(u)) with u depending on the indices."""
    if not isinstance(loop, sympy.Sum):
        return None
    exponentials = [factor for factor in sympy.Mul.make_args(loop.function) if isinstance(factor, sympy.exp)]
    indices = {limit[0] for limit in loop.limits}
    if len(exponentials) != 1 or not exponentials[0].free_symbols & indices or exponentials[0].atoms(Largest):
        return None
    return loop.function / exponentials[0], exponentials[0].args[0]


def _shifted(loop: Expr, factor: Expr, exponent: Expr) -> tuple[Expr, Expr]:
    """The largest exponent, and the sum of exponentials of the differences to it: their largest is 1."""
    fresh = {limit[0]: fresh_index() for limit in loop.limits}
    limits = [(fresh[index], low.xreplace(fresh), high.xreplace(fresh)) for index, low, high in loop.limits]
    largest = Largest(exponent.xreplace(fresh), *limits)
    return largest, sympy.Sum(factor * sympy.exp(exponent - largest), *loop.limits)


def _log_of_sum(logarithm: Expr) -> Expr | None:
    """`log(Sum(exp(u)))` is max(u) + log(Sum(exp(u - max(u))))."""
    coefficient, loop = logarithm.args[0].as_independent(sympy.Sum, as_Add=False)
    found = _exponential_sum(loop)
    if found is None or found[0] != 1 or coefficient.is_positive is not True:
        return None
    largest, shifted = _shifted(loop, *found)
    return largest + sympy.log(coefficient * shifted)


def _share_of_sum(product: Expr) -> Expr | None:
    """`exp(v)/Sum(exp(u))` is exp(v - max(u))/Sum(exp(u - max(u)))."""
    factors = list(sympy.Mul.make_args(product))
    for divisor in factors:
        base, power = divisor.as_base_exp()
        found = _exponential_sum(base)
        if found is None or found[0] != 1 or not (power.is_Integer and power < 0):
            continue
        largest, shifted = _shifted(base, *found)
        rest = [other for other in factors if other is not divisor]
        return sympy.Mul(*_share(rest, largest, -int(power)), shifted**power)
    return None


def _share(factors: list[Expr], largest: Expr, count: int) -> list[Expr]:
    """The factors times exp(-largest) `count` times, put where an exponential is."""
    shared: list[Any] = []
    for factor in factors:
        found = _exponential_sum(factor)
        if count and isinstance(factor, sympy.exp):
            shared.append(sympy.exp(factor.args[0] - count * largest))
            count = 0
        elif count and found is not None:
            limits = factor.limits
            shared.append(sympy.Sum(found[0] * sympy.exp(found[1] - count * largest), *limits))
            count = 0
        else:
            shared.append(factor)
    return [*shared, sympy.exp(-count * largest)] if count else shared
