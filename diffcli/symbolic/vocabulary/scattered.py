"""Sums that add each term at a place of its own: `sum_k [i = p[k]] x[k]` adds x where p says."""

from collections.abc import Mapping
from typing import NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.vocabulary.index_arithmetic import Counted


class Scattered(NamedTuple):
    """The terms of such a sum, and by index of the result the place that each of them is added at."""

    term: Expr
    places: Mapping[Symbol, Expr]


def scattered(loop: Expr, ranges: Mapping[Symbol, tuple[Expr, Expr]]) -> Scattered | None:
    """The sum as one that adds at computed places of axes that indices in scope run over; None where it is none.

    `ranges` has the first and the last number of each index.
    """
    if not isinstance(loop, sympy.Sum):
        return None
    terms = [sympy.Mul.make_args(term) for term in sympy.Add.make_args(loop.function)]
    shared = [factor for factor in terms[0] if all(factor in factors for factors in terms)]
    places: dict[Symbol, Expr] = {}
    deltas = []
    for delta in shared:
        for index, place in (delta.args, reversed(delta.args)) if isinstance(delta, sympy.KroneckerDelta) else ():
            if isinstance(place, Counted) and index not in places and ranges.get(index) == (0, place.args[1] - 1):
                places[index] = place
                deltas.append(delta)
                break
    rest = sympy.Add(*[sympy.Mul(*[factor for factor in factors if factor not in deltas]) for factors in terms])
    met = rest.free_symbols.union(*(place.free_symbols for place in places.values()))
    return Scattered(rest, places) if places and met.isdisjoint(places) else None
