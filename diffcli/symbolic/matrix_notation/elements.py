"""Formulas of whole arrays back to formulas of their elements."""

from collections.abc import Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.correspondence import FUNCTIONS_OF, LOOPS_OF
from diffcli.symbolic.vocabulary import matrices
from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index
from diffcli.symbolic.vocabulary.real_functions import Kept


def element(term: Expr, indices: Sequence[Symbol], variables: Mapping[Symbol, tuple[Expr, ...]]) -> Expr:
    """The element of a whole array at the indices of its axes; it may have fewer axes than indices.

    `variables` are the sizes of the variables' axes, by symbol.
    """
    places = tuple(indices)[len(indices) - nodes.rank(term) :]
    if isinstance(term, nodes.Node):
        return _node(term, places, variables)
    if not term.args:
        return term
    made = term.func(*[element(argument, places, variables) for argument in term.args])
    return made.written if isinstance(made, Kept) else made


def _node(term: Expr, places: tuple[Expr, ...], variables: Mapping[Symbol, tuple[Expr, ...]]) -> Expr:
    if isinstance(term, nodes.Whole):
        return _entry(term, places, variables)
    if isinstance(term, nodes.Part):
        free = iter(places)
        return _entry(
            term.whole,
            [place[0] + next(free) if isinstance(place, sympy.Tuple) else place for place in term.places],
            variables,
        )
    if isinstance(term, nodes.Diagonal):
        return element(term.args[0], (*places, *places), variables)
    if isinstance(term, nodes.Outer):
        return element(term.args[0], places[:1], variables) * element(term.args[1], places[1:], variables)
    if isinstance(term, nodes.Transposed):
        before = dict(zip((int(axis) for axis in term.args[1:]), places, strict=True))
        return element(term.args[0], [before[axis] for axis in range(len(before))], variables)
    if isinstance(term, nodes.Contracted):
        return _product(term, places, variables)
    if isinstance(term, nodes.Reduction):
        return _loop(term, places, variables)
    if type(term) in FUNCTIONS_OF:
        return _of_matrix(term, places, variables)
    raise NotImplementedError(type(term).__name__)


def _entry(whole: Expr, places: Sequence[Expr], variables: Mapping[Symbol, tuple[Expr, ...]]) -> Expr:
    symbol = whole.args[0]
    kept = [sympy.Integer(0) if size == 1 else place for place, size in zip(places, variables[symbol], strict=True)]
    return sympy.IndexedBase(symbol, real=True)[tuple(kept)]


def _product(term: Expr, places: tuple[Expr, ...], variables: Mapping[Symbol, tuple[Expr, ...]]) -> Expr:
    left, right = term.args
    index = fresh_index()
    rows = places[: nodes.rank(left) - 1]
    factors = element(left, (*rows, index), variables) * element(right, (index, *places[len(rows) :]), variables)
    return sympy.Sum(factors, (index, 0, shape(left, variables)[-1] - 1))


def _of_matrix(term: Expr, places: tuple[Expr, ...], variables: Mapping[Symbol, tuple[Expr, ...]]) -> Expr:
    rows, columns = shape(term.args[0], variables)
    row, column = fresh_index(), fresh_index()
    function = FUNCTIONS_OF[type(term)](
        element(term.args[0], (row, column), variables), (column, 0, columns - 1), (row, 0, rows - 1)
    )
    return matrices.Entry(function, *places) if isinstance(term, (nodes.Inverted, nodes.Adjugated)) else function


def _loop(term: Expr, places: tuple[Expr, ...], variables: Mapping[Symbol, tuple[Expr, ...]]) -> Expr:
    sizes = shape(term.array, variables)
    if term.axis is None:
        inside = [fresh_index() for _ in sizes]
        bound = list(zip(inside, sizes, strict=True))
    else:
        index = fresh_index()
        inside = [*places[: term.axis], index, *places[term.axis :]]
        bound = [(index, sizes[term.axis])]
    return LOOPS_OF[type(term)](
        element(term.array, inside, variables), *[(index, 0, size - 1) for index, size in bound]
    )


def shape(term: Expr, variables: Mapping[Symbol, tuple[Expr, ...]]) -> tuple[Expr, ...]:
    """The sizes of an array's axes."""
    if isinstance(term, nodes.Whole):
        return variables[term.args[0]]
    if isinstance(term, nodes.Part):
        return tuple(place[1] - place[0] for place in term.places if isinstance(place, sympy.Tuple))
    if isinstance(term, nodes.Diagonal):
        return shape(term.args[0], variables)[:1]
    if isinstance(term, nodes.Outer):
        return shape(term.args[0], variables) + shape(term.args[1], variables)
    if isinstance(term, nodes.Transposed):
        sizes = shape(term.args[0], variables)
        return tuple(sizes[int(axis)] for axis in term.args[1:])
    if isinstance(term, nodes.Contracted):
        left, right = (shape(operand, variables) for operand in term.args)
        return left[:-1] + right[1:]
    if isinstance(term, (nodes.Inverted, nodes.Adjugated)):
        return shape(term.args[0], variables)
    if isinstance(term, (nodes.Determined, nodes.LogDetermined)):
        return ()
    if isinstance(term, nodes.Reduction):
        sizes = shape(term.array, variables)
        return () if term.axis is None else sizes[: term.axis] + sizes[term.axis + 1 :]
    found: tuple[Any, ...] = ()
    for argument in term.args:
        found = _broadcast(found, shape(argument, variables))
    return found


def _broadcast(first: tuple[Expr, ...], second: tuple[Expr, ...]) -> tuple[Expr, ...]:
    rank = max(len(first), len(second))
    padded = [(sympy.Integer(1),) * (rank - len(sizes)) + sizes for sizes in (first, second)]
    return tuple(b if a == 1 else a for a, b in zip(*padded, strict=True))
