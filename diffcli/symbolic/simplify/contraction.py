"""Sums of Kronecker deltas: `sum_i f(i) [i = j]` is `f(j)`; sums over part of a range."""

import operator
from collections.abc import Sequence
from typing import NamedTuple

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from diffcli.symbolic.simplify.bounds import Ranges, not_before
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.index_arithmetic import Quotient, Remainder
from diffcli.symbolic.vocabulary.limits import check_power

#: A sum of at most this many terms is written out where its deltas cannot be summed away otherwise.
_MOST_TERMS = 64


class _Loop(NamedTuple):
    """A sum's index and its range, and what is known of the indices around it."""

    index: Symbol
    low: Expr
    high: Expr
    ranges: Ranges


def contract(expression: Expr, ranges: Ranges) -> Expr:
    """The expression with each delta summed away that a sum runs over; `ranges` are those of the free indices."""
    if not expression.args:
        return expression
    if isinstance(expression, sympy.Sum):
        inside = ranges.joined(expression.limits)
        body = contract(expression.function, inside)
        for index, low, high in expression.limits:
            body = _summed(body, _Loop(index, low, high, inside))
        return body
    arguments = [contract(argument, ranges) for argument in expression.args]
    if all(new is old for new, old in zip(arguments, expression.args, strict=True)):
        return expression
    if isinstance(expression, sympy.Pow):
        check_power(*arguments)
    return expression.func(*arguments)


def plain_sum(body: Expr, index: Symbol, low: Expr, high: Expr) -> Expr:
    """The sum with what does not depend on its index put in front."""
    if body == 0:
        return body
    factor, rest = body.as_independent(index, as_Add=False)
    if rest == 1:
        return factor * (high - low + 1)
    return factor * sympy.Sum(rest, (index, low, high))


def _summed(body: Expr, loop: _Loop) -> Expr:
    terms = []
    deltas = [delta for delta in body.atoms(sympy.KroneckerDelta) if loop.index in delta.free_symbols]
    for delta in sorted(deltas, key=lambda delta: (len(delta.free_symbols), str(delta))):
        parted = _parted(body, delta)
        if parted is None:
            continue  # a delta that is not a factor stays where it is
        coefficient, rest = parted
        selected = _selected(coefficient, delta, loop) if coefficient != 0 else sympy.Integer(0)
        if selected is not None:
            terms.append(selected)
            body = rest
    return sympy.Add(*terms, _cut(body, loop))


def _parted(expression: Expr, delta: Expr) -> tuple[Expr, Expr] | None:
    """Coefficient and rest of an expression that is a multiple of the delta and something without it."""
    if expression == delta:
        return sympy.Integer(1), sympy.Integer(0)
    if not expression.args or isinstance(expression, sympy.Indexed):
        return sympy.Integer(0), expression
    parts = []
    for argument in expression.args:
        part = _parted(argument, delta)
        if part is None:
            return None
        parts.append(part)
    coefficients, rests = zip(*parts, strict=True)
    inside = [coefficient for coefficient in coefficients if coefficient != 0]
    if not inside and all(map(operator.is_, rests, expression.args)):
        return sympy.Integer(0), expression
    if isinstance(expression, sympy.Add):
        return sympy.Add(*coefficients), sympy.Add(*rests)
    if isinstance(expression, sympy.Mul) and len(inside) == 1:
        others = [
            argument for argument, coefficient in zip(expression.args, coefficients, strict=True) if coefficient == 0
        ]
        return sympy.Mul(*inside, *others), sympy.Mul(*rests)
    if isinstance(expression, Choice) and not any(coefficients[1::2]):
        conditions = expression.args[1::2]
        return _chosen(coefficients, conditions), _chosen(rests, conditions)
    if isinstance(expression, sympy.Sum) and not any(coefficients[1:]):
        coefficient, rest = (
            sympy.Sum(part, *expression.limits) if part != 0 else part for part in (coefficients[0], rests[0])
        )
        return coefficient, rest
    return None


def _chosen(values: Sequence[Expr], conditions: Sequence[Expr]) -> Expr:
    pairs = zip(values[::2], conditions, strict=False)
    return Choice(*[part for pair in pairs for part in pair], values[-1])


def _selected(coefficient: Expr, delta: Expr, loop: _Loop) -> Expr:
    """The sum of `coefficient * delta`: the one term where the delta is 1; None where that cannot be told."""
    index, low, high, ranges = loop
    difference = sympy.expand(delta.args[0] - delta.args[1])
    slope = difference.coeff(index)
    rest = difference - slope * index
    if not slope.is_Integer or slope == 0 or index in rest.free_symbols:
        computed = any(index in digit.free_symbols for digit in difference.atoms(Quotient, Remainder))
        places = ranges.places(low, high, _MOST_TERMS) if computed else None
        if places is None:
            return None
        return sympy.Add(*[(coefficient * delta).xreplace({index: sympy.Integer(place)}) for place in places])
    place = sympy.expand(-rest / slope)
    digits = _as_digit(place, loop) if abs(slope) == 1 else _as_quotient(rest / sympy.sign(slope), abs(slope), loop)
    if digits is not None:
        place, factor = digits
        coefficient = coefficient * factor
        slope = sympy.Integer(1)
    conditions = [] if abs(slope) == 1 else [sympy.Eq(Remainder(-rest, abs(slope)), 0)]
    for distance, relation in ((place - low, not_before(place, low)), (high - place, not_before(high, place))):
        if not ranges.never_negative(distance):
            conditions.append(relation)
    term = _decided(coefficient.xreplace({index: place}), ranges)
    return Choice(term, sympy.And(*conditions), 0) if conditions else term


def _decided(term: Expr, ranges: Ranges) -> Expr:
    """The term without the conditions on places that always or never hold."""
    known = {}
    for relation in term.atoms(sympy.StrictLessThan):
        if relation.lhs.is_integer and relation.rhs.is_integer:
            if ranges.never_negative(relation.rhs - 1 - relation.lhs):
                known[relation] = sympy.true
            elif ranges.never_negative(relation.lhs - relation.rhs):
                known[relation] = sympy.false
    return term.xreplace(known)


def _as_digit(place: Expr, loop: _Loop) -> tuple[Expr, Expr] | None:
    """Of `step * other + index = number`, with the index below the step, the index and a delta for the other."""
    step = loop.high + 1
    if loop.low != 0 or not step.is_Integer:
        return None
    for other in place.free_symbols & set(loop.ranges.indices):
        ratio = place.coeff(other)
        if ratio in (step, -step):
            number = sympy.expand(place - ratio * other)
            return Remainder(number, step), sympy.KroneckerDelta(other, -Quotient(number, step) * sympy.sign(ratio))
    return None


def _as_quotient(rest: Expr, step: Expr, loop: _Loop) -> tuple[Expr, Expr] | None:
    """Of `step * index + other = number`, with the other below the step, the index and a delta for the other."""
    number = sympy.expand(-rest)
    for other in number.free_symbols & set(loop.ranges.indices):
        if number.coeff(other) == -1 and loop.ranges.indices[other] == step:
            number = sympy.expand(number + other)
            return Quotient(number, step), sympy.KroneckerDelta(other, Remainder(number, step))
    return None


def _cut(body: Expr, loop: _Loop) -> Expr:
    """The sum without the part of its range where what is summed is 0."""
    index, low, high, ranges = loop
    factor, rest = body.as_independent(index, as_Add=False)
    choice = next((part for part in sympy.Mul.make_args(rest) if isinstance(part, Choice)), None)
    if choice is None or len(choice.choices) > 1 or choice.otherwise != 0:
        return plain_sum(body, index, low, high)
    value, condition = choice.choices[0]
    kept = []
    for part in sympy.And.make_args(condition):
        first, last = _bounds(part, index)
        if first is not None and ranges.never_negative(first - low):
            low = first
        elif last is not None and ranges.never_negative(high - last):
            high = last
        elif not (first is not None and ranges.never_negative(low - first)) and not (
            last is not None and ranges.never_negative(last - high)
        ):
            kept.append(part)
    others = rest.xreplace({choice: sympy.Integer(1)})
    part = plain_sum(factor * others * Choice(value, sympy.And(*kept), 0), index, low, high)
    empty = index not in (others * value).free_symbols and not kept and not ranges.never_negative(high - low + 1)
    return Choice(part, not_before(high, low), 0) if empty else part


def _bounds(condition: Boolean, index: Symbol) -> tuple[Expr, Expr]:
    """The least and the largest index for which `a >= b` holds; None where there is no such bound."""
    if not isinstance(condition, (sympy.GreaterThan, sympy.LessThan)):
        return None, None
    difference = sympy.expand(condition.gts - condition.lts)
    slope = difference.coeff(index)
    bound = sympy.expand(index - difference / slope) if slope in (1, -1) else None
    return (bound, None) if slope == 1 else (None, bound)
