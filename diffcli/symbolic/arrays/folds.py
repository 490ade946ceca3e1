"""Loops over the range of an axis: sums, products, the largest and the smallest."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.arrays.indexed import Axis
from diffcli.symbolic.arrays.sizes import Sizes
from diffcli.symbolic.vocabulary.index_arithmetic import Quotient, Remainder, fresh_index

#: An axis of at most this many elements may be written out element by element.
WRITTEN_OUT = 8


class Fold(NamedTuple):
    """A loop, and what makes one number of two or more: both join the elements along an axis."""

    loop: Callable[..., Expr]
    together: Callable[..., Expr]


SUM = Fold(sympy.Sum, sympy.Add)
PRODUCT = Fold(sympy.Product, sympy.Mul)


def folded(element: Expr, axis: Axis, fold: Fold, sizes: Sizes) -> Expr:
    """The elements along an axis joined.

    The range is cut where the array was put together of several, and taken digit by digit where
    it had been given another shape, so that nothing is left to choose within a loop.
    """
    index, size = axis.index, sizes.resolve(axis.size)
    if size.is_Integer and size <= WRITTEN_OUT and fold is SUM and element.is_Add and _tabular(element, index):
        tables = [term for term in element.args if _tabular(term, index)]
        if len(tables) < len(element.args):
            others = sympy.Add(*[term for term in element.args if term not in tables])
            return folded(sympy.Add(*tables), axis, fold, sizes) + folded(others, axis, fold, sizes)
    if size.is_Integer and (size == 1 or (size <= WRITTEN_OUT and _tabular(element, index))):
        return fold.together(*[element.xreplace({index: sympy.Integer(place)}) for place in range(int(size))])
    pieces = _pieces(element, index, size, sizes)
    if len(pieces) > 1:
        return fold.together(*[folded(piece, part, fold, sizes) for piece, part in pieces])
    split = _by_digits(element, index, size)
    if split is not None:
        element, high, low = split
        return folded(folded(element, low, fold, sizes), high, fold, sizes)
    bound = fresh_index()  # the array may be used again outside the loop
    return fold.loop(element.xreplace({index: bound}), (bound, 0, size - 1))


def chosen(element: Expr, axes: Sequence[Axis], loop: Callable[..., Expr], sizes: Sizes) -> Expr:
    """The element that a loop over several axes chooses."""
    limits: list[Any] = []
    waiting = list(axes)
    while waiting:
        axis = waiting.pop()
        size = sizes.resolve(axis.size)
        split = _by_digits(element, axis.index, size)
        if split is not None:
            element, high, low = split
            waiting += [high, low]
        elif size == 1:
            element = element.xreplace({axis.index: sympy.Integer(0)})
        else:
            bound = fresh_index()
            element = element.xreplace({axis.index: bound})
            limits.append((bound, 0, size - 1))
    return loop(element, *limits) if limits else element


def _tabular(element: Expr, index: Symbol) -> bool:
    """Whether an element depends on its index otherwise than through variables: `[1, 2, 3][i]`."""
    return any(relation.lhs == index for relation in element.atoms(sympy.Eq))


def _pieces(element: Expr, index: Symbol, size: Expr, sizes: Sizes) -> list[tuple[Expr, Axis]]:
    """The element on each part of the range in which the conditions `index < place` do not change."""
    relations = [relation for relation in element.atoms(sympy.StrictLessThan) if relation.lhs == index]
    places = list(dict.fromkeys(sizes.resolve(relation.rhs) for relation in relations))
    ordered = _ordered([sympy.Integer(0), *places, size], sizes) if places else None
    if ordered is None:
        return []
    pieces = []
    for start, stop in itertools.pairwise(ordered):
        part = Axis(fresh_index(), sympy.expand(stop - start))
        decided = {
            relation: sympy.true if ordered.index(sizes.resolve(relation.rhs)) > ordered.index(start) else sympy.false
            for relation in relations
        }
        pieces.append((element.xreplace(decided).xreplace({index: start + part.index}), part))
    return pieces


def _ordered(places: Sequence[Expr], sizes: Sizes) -> list[Expr] | None:
    """The places from the first to the last, if each is known to come before the next."""
    remaining = list(places)
    ordered: list[Any] = []
    while remaining:
        first = next(
            (place for place in remaining if all(sympy.expand(other - place).is_nonnegative for other in remaining)),
            None,
        )
        if first is None:
            return _ordered_by_numbers(places, sizes)
        ordered.append(first)
        remaining.remove(first)
    return ordered


def _ordered_by_numbers(places: Sequence[Expr], sizes: Sizes) -> list[Expr] | None:
    numbers = {place: sizes.extent(place) for place in places}
    if None in numbers.values():
        return None
    sizes.fixed = True
    return sorted(places, key=lambda place: numbers[place] or 0)


def _by_digits(element: Expr, index: Symbol, size: Expr) -> tuple[Expr, Axis, Axis] | None:
    """The element at `high * step + low`, where it depends on the index's quotient or remainder by a step."""
    digits = [atom for atom in element.atoms(Quotient, Remainder) if atom.args[0] == index]
    steps = {atom.args[1] for atom in digits}
    if not steps:
        return None
    step = max(steps) if all(each.is_Integer for each in steps) else steps.pop()
    count = sympy.cancel(size / step)
    if any(not sympy.cancel(step / each).is_integer for each in steps) or sympy.denom(count) != 1:
        return None
    high, low = Axis(fresh_index(), count), Axis(fresh_index(), step)
    places: dict[Any, Any] = {index: step * high.index + low.index}
    for atom in digits:
        ratio = sympy.cancel(step / atom.args[1])
        places[atom] = (
            ratio * high.index + Quotient(low.index, atom.args[1])
            if isinstance(atom, Quotient)
            else Remainder(low.index, atom.args[1])
        )
        if ratio == 1:
            places[atom] = high.index if isinstance(atom, Quotient) else low.index
    return element.xreplace(places), high, low
