"""Simplification that only collects and cancels; of the results the shortest text wins."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import sympy
from sympy import Expr

from diffcli.symbolic.simplify.canonical import canonical
from diffcli.symbolic.simplify.contraction import plain_sum
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.limits import check_power
from diffcli.symbolic.vocabulary.matrices import ordered
from diffcli.symbolic.vocabulary.refusal import TooLarge

#: Larger expressions (by their parts, also those inside sums) are shown as they come: cancelling expands them.
_LARGEST = 400
_LARGEST_TO_CANCEL = 120
_HIGHEST_POWER = 6
#: Cancelling multiplies out: a polynomial of more terms than this is left as it is.
_MOST_TERMS = 200
#: SymPy takes `exp(1.234*x)` for the power 1234 of `exp(x/1000)`: up to such numbers it may.
_LARGEST_NUMBER = 12
_SECONDS = 0.7  # of computing: what else runs does not change the formula


def candidates(expression: Expr) -> Iterator[Expr]:
    """The expression, and other ways to write it."""
    yield expression
    size = _size(expression)
    if size > _LARGEST or any(map(_is_written_out, expression.atoms(sympy.Pow))):
        return
    end = time.thread_time() + _SECONDS
    inside = _in_bodies(expression, sympy.factor_terms)
    together = cache(sympy.together)
    steps: list[Callable[[Any], Any]] = [
        sympy.factor_terms,
        together,
        sympy.powsimp,
        lambda e: sympy.factor_terms(together(e)),
        _common_powers,
    ]
    if size <= _LARGEST_TO_CANCEL and _low_powers(expression) and _terms(expression) <= _MOST_TERMS:
        cancel, factor = cache(_by_polynomials(sympy.cancel)), _by_polynomials(sympy.factor)
        steps += [cancel, lambda e: sympy.factor_terms(cancel(e)), factor, lambda e: _in_bodies(e, cancel)]
    merged = _merged(ordered(expression))
    for start in dict.fromkeys((expression, merged, inside, canonical(_split_sums(merged)))):
        yield start
        for step in steps:
            if time.thread_time() > end:
                return
            try:
                yield step(start)
            except (sympy.PolynomialError, NotImplementedError, ValueError, TypeError, AttributeError):
                continue  # not the kind of expression that this step is for


def _size(expression: Expr) -> int:
    return 1 if isinstance(expression, sympy.Indexed) else 1 + sum(_size(argument) for argument in expression.args)


def _is_written_out(power: Expr) -> bool:
    """Whether the terms of its base share a number that has too many digits outside it.

    Of `(sqrt(2)*x + sqrt(8))^1e12` that is 2^(5e11).
    """
    try:
        check_power(sympy.factor_terms(power.base), power.exp)
    except TooLarge:
        return True
    return False


def _split_sums(expression: Expr) -> Expr:
    """Sums taken term by term."""
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return expression
    if isinstance(expression, sympy.Sum):
        body = _split_sums(expression.function)
        for limit in expression.limits:
            body = sympy.Add(*[plain_sum(term, *limit) for term in sympy.Add.make_args(sympy.expand_mul(body))])
        return body
    return expression.func(*[_split_sums(argument) for argument in expression.args])


def _merged(expression: Expr) -> Expr:
    """Products of choices by one condition as one choice."""
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return expression
    changed = expression.func(*[_merged(argument) for argument in expression.args])
    if not isinstance(changed, sympy.Mul):
        return changed
    by_condition: dict[Any, list[Any]] = {}
    others = []
    for factor in changed.args:
        base, power = factor.as_base_exp()
        if isinstance(base, Choice) and power.is_Integer and 0 < power <= _HIGHEST_POWER:
            by_condition.setdefault(base.args[1::2], []).extend([base] * int(power))
        else:
            others.append(factor)
    return sympy.Mul(*others, *[_product(choices) for choices in by_condition.values()])


def _product(choices: Sequence[Expr]) -> Expr:
    values = [sympy.Mul(*column) for column in zip(*[choice.args[::2] for choice in choices], strict=True)]
    return Choice(*[part for pair in zip(values, choices[0].args[1::2], strict=False) for part in pair], values[-1])


def _in_bodies(expression: Expr, step: Callable[[Expr], Expr]) -> Expr:
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


def _common_powers(expression: Expr) -> Expr:
    """Powers of one base made one, also in each term of a sum."""
    return sympy.factor_terms(sympy.powsimp(sympy.expand_mul(expression)))


def _low_powers(expression: Expr) -> bool:
    return all(not power.exp.is_Integer or abs(power.exp) <= _HIGHEST_POWER for power in expression.atoms(sympy.Pow))


def _terms(expression: Expr) -> int:
    """The number of terms when it is multiplied out, about."""
    if isinstance(expression, sympy.Add):
        return sum(map(_terms, expression.args))
    if isinstance(expression, sympy.Mul):
        return math.prod(map(_terms, expression.args))
    if isinstance(expression, sympy.Pow) and expression.exp.is_Integer:
        power = abs(int(expression.exp))
        return math.comb(_terms(expression.base) + power - 1, power)
    return 1


def _by_polynomials(step: Callable[[Expr], Expr]) -> Callable[[Expr], Expr]:
    """The step with each power that would be one of a high degree taken for a name of its own."""

    def taken(expression: Expr) -> Expr:
        names = {
            power: sympy.Dummy(positive=power.is_positive, real=True)
            for power in expression.atoms(sympy.Pow, sympy.exp)
            if _of_high_degree(power)
        }
        if not names:
            return step(expression)
        return step(expression.xreplace(names)).xreplace({name: power for power, name in names.items()})

    return taken


def _of_high_degree(power: Expr) -> bool:
    """Whether its exponent is made of numbers of several digits: as a polynomial it has a degree of that size."""
    base, exponent = power.as_base_exp()
    if exponent.is_Integer and base is not sympy.E:
        return False  # a power as it is written
    if _terms(exponent) > _LARGEST_NUMBER:
        return True
    coefficients = [term.as_coeff_Mul()[0] for term in sympy.Add.make_args(sympy.expand(exponent))]
    return any(max(abs(number.p), number.q) > _LARGEST_NUMBER for number in coefficients if number.is_Rational)
