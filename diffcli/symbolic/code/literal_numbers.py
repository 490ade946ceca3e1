"""Preparation of a formula for a program of any language."""

import math

import sympy
from sympy import Expr

from diffcli.messages import Message
from diffcli.symbolic.code.computable import computable, of_parts
from diffcli.symbolic.evaluate.evaluation import Evaluation
from diffcli.symbolic.evaluate.real_arithmetic import Arithmetic
from diffcli.symbolic.simplify.canonical import canonical
from diffcli.symbolic.simplify.stable import stable
from diffcli.symbolic.vocabulary.refusal import Refusal

#: Digits with which a number that a program writes out is computed, until two agree.
_DIGITS = (40, 80, 200, 700)
#: A fraction of larger whole numbers is written as the double nearest to it.
_LARGEST = 10**6
#: Whole numbers up to here are doubles.
_WHOLE = 2**53
#: Functions of numbers that every language has.
_PLAIN = (sympy.Add, sympy.Mul, sympy.Pow, sympy.exp, sympy.log, sympy.sin, sympy.cos, sympy.tan)


def prepared(element: Expr) -> Expr:
    """The element as programs compute it: nothing overflows on the way, numbers are literals."""
    return canonical(_literal(stable(computable(_literal(element)))))


def _literal(expression: Expr) -> Expr:
    """The expression with the numbers in it that a language could not take as they are written as decimals."""
    if (
        isinstance(expression, (sympy.Indexed, sympy.Tuple, sympy.core.relational.Relational))
        and not expression.free_symbols
    ):
        return expression
    if expression.is_Rational:
        size = max(abs(int(expression.p)), int(expression.q))
        return expression if size <= (_WHOLE if expression.q == 1 else _LARGEST) else _decimal(expression)
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return _defined(expression)
    if isinstance(expression, sympy.Expr) and not expression.free_symbols and not _is_plain(expression):
        return _decimal(expression)
    return of_parts(expression, [*map(_literal, expression.args)])


def _defined(leaf: Expr) -> Expr:
    if leaf in (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo):
        raise Refusal(Message("a number in it is not finite"))
    return leaf


def _is_plain(expression: Expr) -> bool:
    """Whether every language's own functions compute the number, and none of it is large."""
    if not expression.args:
        return bool(expression.is_Rational or expression in (sympy.pi, sympy.E))
    return isinstance(expression, _PLAIN) and all(map(_is_plain, expression.args))


def _decimal(number: Expr) -> Expr:
    """The double nearest to a number."""
    before = None
    for digits in _DIGITS:
        found = float(Evaluation(Arithmetic(digits), {}, {}).prepared(number)())
        if found == before:
            break
        before = found
    if not math.isfinite(found):
        raise Refusal(Message("a number in it is not finite"))
    return sympy.Float(found) if not found.is_integer() or abs(found) > _WHOLE else sympy.Integer(int(found))
