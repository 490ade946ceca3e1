"""How far an expression is from its forms: expanded, factored, as short as it can be; and whether two are equal."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Expr

from diffcli.symbolic.convert.conversion import convert
from diffcli.symbolic.derive.formula import Formula
from diffcli.syntax.resolved import Resolved

#: What is longer than the shortest form by this factor, and one thing more, is not simplified.
_LONGER = 1.5


def element(resolved: Resolved) -> Expr:
    """An expression of numbers as SymPy. Raises Refusal where it has no formula."""
    converted: Expr = convert(resolved, {}, dict.fromkeys(resolved.variables, ())).value.element
    return converted


def least_terms(resolved: Resolved) -> int:
    """The number of terms of an expression that is expanded, like terms together."""
    return len(sympy.Add.make_args(sympy.expand(element(resolved))))


def is_factorable(resolved: Resolved) -> bool:
    """Whether a sum is a product of others, or all of its terms have a whole number in common: 2x + 2 is 2(x + 1)."""
    number, rest = sympy.factor(element(resolved)).as_coeff_Mul()
    factors = sympy.Mul.make_args(rest)
    in_common = rest != 1 and number.is_Rational and abs(number.p) > 1
    return in_common or len(factors) > 1 or any(isinstance(factor, sympy.Pow) for factor in factors)


def longest_simple(resolved: Resolved) -> float:
    """The weight up to which the expression counts as simplified: that of its expanded or its factored form, unless
    there is a form that is much shorter.
    """
    expression = element(resolved)
    ways: list[Callable[[Expr], Expr]] = [sympy.expand, sympy.factor, sympy.cancel, sympy.simplify]
    weights = []
    for way in ways:
        with contextlib.suppress(sympy.SympifyError, ValueError, NotImplementedError, sympy.PolynomialError):
            weights.append(weight(way(expression)))
    return min(max(weights[:-1], default=weight(expression)), _LONGER * min(weights, default=0) + 1)


def weight(expression: Any) -> int:
    """The numbers and names that an expression is written with."""
    if expression.is_Rational:
        return 1 if expression.q == 1 else 2
    if expression.is_Mul and expression.args[0] == -1:
        return sum(map(weight, expression.args[1:]))
    if expression.is_Pow and (expression.exp == -1 or expression.exp == sympy.Rational(1, 2)):
        return weight(expression.base)
    if expression.is_Pow and expression.exp.is_number and expression.exp < 0:
        return weight(expression.base**-expression.exp)
    return sum(map(weight, expression.args)) if expression.args else 1


def proved_equal(formula: Formula, answer: Resolved) -> bool:
    """Whether algebra shows that an expression of numbers is a derivative's formula; False says nothing."""
    difference = formula.derivative.element - element(answer)
    return any(way(difference) == 0 for way in (sympy.expand, sympy.cancel, sympy.simplify))


def attempted(work: Callable[..., Any], *arguments: Any) -> Any:
    """The work's result; None where SymPy, which raises of every kind, makes nothing of it."""
    try:
        return work(*arguments)
    except Exception:
        return None


#: The names by which work is asked for from outside: functions of a module cross to another process.
WORK: Mapping[str, Callable[..., Any]] = {
    "terms": least_terms, "factorable": is_factorable, "longest": longest_simple, "equal": proved_equal,
}  # fmt: skip


def asked(name: str, *arguments: Any) -> Any:
    """One of these by its name, attempted."""
    return attempted(WORK[name], *arguments)
