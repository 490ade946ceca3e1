"""A SymPy expression's value, by a walk that multiplies as the mathematics reads.

Each node becomes a function without arguments; the current place of each index is kept beside.
What does not depend on an index is computed once, so a sum inside a component's formula costs its
terms once for all components.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.evaluate.real_arithmetic import Arithmetic
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.loops import LOOPS
from diffcli.symbolic.vocabulary.matrices import Entry, Matrix
from diffcli.symbolic.vocabulary.real_functions import Kept

Thunk = Callable[[], Any]

_RELATIONS: dict[Any, Callable[[Any, Any], bool]] = {
    sympy.Gt: lambda a, b: a > b, sympy.Lt: lambda a, b: a < b, sympy.Ge: lambda a, b: a >= b,
    sympy.Le: lambda a, b: a <= b, sympy.Eq: lambda a, b: a == b, sympy.Ne: lambda a, b: a != b,
}  # fmt: skip


class Evaluation:
    """Turns expressions into functions, for fixed values of the variables.

    `elements` looks an element up by its variable's symbol: a function of its places.
    `places` holds the current place of each index; the caller sets those of the components.
    """

    def __init__(
        self,
        arithmetic: Arithmetic,
        numbers: Mapping[Symbol, Any],
        elements: Mapping[Symbol, Callable[[Sequence[int]], Any]],
    ) -> None:
        self.arithmetic = arithmetic
        self.numbers = numbers
        self.elements = elements
        self.places: dict[Any, int] = {}
        self._known: dict[tuple[Any, frozenset[Any]], Thunk] = {}
        self._free: dict[Any, frozenset[Any]] = {}
        self._computed: list[dict[tuple[int, ...], Any]] = []

    def forget(self) -> None:
        """Drop what has been computed: the variables' values have changed."""
        for computed in self._computed:
            computed.clear()

    def prepared(self, expression: Expr, indices: frozenset[Symbol] = frozenset()) -> Thunk:
        """The function that computes the expression; `indices` are those that vary."""
        known = self._known.get((expression, indices))
        if known is None:
            known = self._known[expression, indices] = self._remembering(expression, indices)
        return known

    def _remembering(self, expression: Expr, indices: frozenset[Symbol]) -> Thunk:
        thunk = self._node(expression, indices)
        if not expression.args:
            return thunk
        varying = sorted(self._indices(expression) & indices, key=lambda index: index.dummy_index)
        if varying and not isinstance(expression, LOOPS):
            return thunk
        computed: dict[tuple[int, ...], Any] = {}
        self._computed.append(computed)

        def remembered() -> Any:
            key = tuple([self.places[index] for index in varying])
            if key not in computed:
                computed[key] = thunk()
            return computed[key]

        return remembered

    def _node(self, expression: Expr, indices: frozenset[Symbol]) -> Thunk:
        arithmetic = self.arithmetic
        if expression in indices:
            places = self.places
            return lambda: places[expression]
        if expression.is_Symbol:
            numbers = self.numbers
            return lambda: numbers[expression]
        if expression.is_Rational or expression in (sympy.pi, sympy.E):
            constant = arithmetic.constant(expression)
            return lambda: constant
        if isinstance(expression, sympy.Indexed):
            return self._element(expression, indices)
        if isinstance(expression, Kept):
            return self.prepared(expression.written, indices)
        if isinstance(expression, Matrix):
            return self._matrix(expression, indices)
        if isinstance(expression, LOOPS):
            return self._loop(expression, indices)
        if isinstance(expression, Entry):
            inverse, row, column = [self.prepared(argument, indices) for argument in expression.args]
            return lambda: inverse()[int(row())][int(column())]
        if isinstance(expression, Choice):
            return self._choice(expression, indices)
        if isinstance(expression, sympy.Pow) and expression.exp.is_Integer:
            base, exponent = self.prepared(expression.base, indices), int(expression.exp)
            return lambda: arithmetic.power(base(), exponent)
        operands = [self.prepared(argument, indices) for argument in expression.args]
        if type(expression) in _RELATIONS:
            relation = _RELATIONS[type(expression)]
            left, right = operands
            return lambda: relation(left(), right())
        function = arithmetic.function(type(expression))
        return lambda: function(*[operand() for operand in operands])

    def _indices(self, expression: Expr) -> frozenset[Symbol]:
        """The index symbols that the expression depends on, among others."""
        if not expression.args:
            return frozenset({expression}) if expression.is_Dummy else frozenset()
        known = self._free.get(expression)
        if known is None:
            known = frozenset().union(*[self._indices(argument) for argument in expression.args])
            if isinstance(expression, LOOPS):
                known -= {limit[0] for limit in expression.limits}
            self._free[expression] = known
        return known

    def _element(self, expression: Expr, indices: frozenset[Symbol]) -> Thunk:
        look_up = self.elements[expression.base.label]
        if len(expression.indices) == 1 and expression.indices[0] in indices:
            places, only = self.places, expression.indices[0]
            return lambda: look_up((places[only],))
        where = [self.prepared(index, indices) for index in expression.indices]
        return lambda: look_up([int(place()) for place in where])

    def _choice(self, expression: Expr, indices: frozenset[Symbol]) -> Thunk:
        """The branch taken alone is computed: what lies outside another's domain does not matter."""
        branches = [
            (self.prepared(value, indices), self.prepared(condition, indices))
            for value, condition in expression.choices
        ]
        otherwise = self.prepared(expression.otherwise, indices)

        def chosen() -> Any:
            for value, condition in branches:
                if condition():
                    return value()
            return otherwise()

        return chosen

    def _loop(self, expression: Expr, indices: frozenset[Symbol]) -> Thunk:
        together = self.arithmetic.together(expression)
        if isinstance(expression, (sympy.Sum, sympy.Product)) and _triangular(expression.limits):
            *within, last = expression.limits  # loop by loop, so that the inner one's partial results are kept
            nested = [expression.func(expression.function, *within), last]
        else:
            nested = [expression.function, *expression.limits]
        function, (index, low, high), *outer = nested
        inner = indices | {index} | {limit[0] for limit in outer}
        body = self.prepared(function, inner)
        bounds = [(index, self.prepared(low, inner), self.prepared(high, inner))]
        bounds += [(symbol, self.prepared(first, inner), self.prepared(last, inner)) for symbol, first, last in outer]
        moving = [bool(self._indices(bound) & indices) for bound in (low, high)]
        if (
            sum(moving) == 1
            and isinstance(expression, (sympy.Sum, sympy.Product))
            and len(bounds) == 1
            and not self._indices(function) & indices
        ):
            return self._running(body, bounds[0], moving[1], together)
        places = self.places

        def terms(level: int) -> Any:
            symbol, first, last = bounds[level]
            for place in range(int(first()), int(last()) + 1):
                places[symbol] = place
                if level:
                    yield from terms(level - 1)
                else:
                    yield body()

        return lambda: together(terms(len(bounds) - 1))

    def _matrix(self, expression: Expr, indices: frozenset[Symbol]) -> Thunk:
        (column, _, last_column), (row, _, last_row) = expression.limits
        element = self.prepared(expression.function, indices | {row, column})
        extents = [self.prepared(last, indices) for last in (last_row, last_column)]
        function = self.arithmetic.of_matrix(type(expression))
        places = self.places

        def at(i: int, j: int) -> Any:
            places[row], places[column] = i, j
            return element()

        def computed() -> Any:
            rows, columns = (int(extent()) + 1 for extent in extents)
            return function([[at(i, j) for j in range(columns)] for i in range(rows)])

        return computed

    def _running(
        self, body: Thunk, bound: tuple[Symbol, Thunk, Thunk], forward: bool, together: Callable[[Any], Any]
    ) -> Thunk:
        """A loop whose terms stay while one bound moves with a component: partial results are kept.

        `forward` if it is the upper one.
        """
        symbol, first, last = bound
        kept: dict[tuple[int, ...], Any] = {}
        self._computed.append(kept)

        def computed() -> Any:
            partial = kept.setdefault((), [together(())])
            low, high = int(first()), int(last())
            while len(partial) <= high - low + 1:
                self.places[symbol] = low + len(partial) - 1 if forward else high - len(partial) + 1
                partial.append(together((partial[-1], body())))
            return partial[max(0, high - low + 1)]

        return computed


def _triangular(limits: Sequence[Expr]) -> bool:
    """Whether the range of an inner loop depends on the index of an outer one."""
    return any(
        {limit[0] for limit in limits[place + 1 :]} & (low.free_symbols | high.free_symbols)
        for place, (_, low, high) in enumerate(limits)
    )


def operations(
    expression: Expr, sizes: Mapping[Symbol, Expr], indices: frozenset[Symbol] = frozenset()
) -> tuple[int, int]:
    """About how many operations a component takes, and how many are made once for all."""
    counted: dict[Any, int] = {}
    each = _count(expression, dict(sizes), {}, counted)
    each += sum(count for loop, count in counted.items() if loop.free_symbols & indices)
    return each, sum(count for loop, count in counted.items() if not loop.free_symbols & indices)


def _count(expression: Expr, sizes: dict[Symbol, Expr], extents: dict[Symbol, int], counted: dict[Expr, int]) -> int:
    """The operations outside its loops.

    Each loop's own are `counted`, once for each place of the indices that it depends on.
    """
    if isinstance(expression, LOOPS):
        if expression in counted:
            return 1
        counted[expression] = 0
        inside = dict(extents)
        terms = 1
        for index, low, high in expression.limits:
            extent = (high - low + 1).xreplace(sizes)
            inside[index] = max(1, int(extent) if extent.is_Integer else max(map(int, sizes.values()), default=1))
            terms *= inside[index]
        if isinstance(expression, Matrix):
            terms *= max(inside[limit[0]] for limit in expression.limits)
        times = math.prod(extents[index] for index in expression.free_symbols & set(extents))
        counted[expression] = times * terms * _count(expression.function, sizes, inside, counted)
        return 1
    return 1 + sum(_count(argument, sizes, extents, counted) for argument in expression.args)
