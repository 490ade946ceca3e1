"""Formulas of elements to formulas of whole arrays: each index becomes an axis.

`Sum(A[i, j]*x[j], (j, 0, n-1))` at `i` is `A @ x`: a sum of products over an index is a product
of matrices or vectors, any other loop a reduction of one axis.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.messages import Message
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.correspondence import OF_MATRICES
from diffcli.symbolic.matrix_notation.nodes import Diagonal, Part, Places
from diffcli.symbolic.matrix_notation.placing import Placed
from diffcli.symbolic.matrix_notation.summation import Summation, reduced_along
from diffcli.symbolic.vocabulary import matrices
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.conventions import Same
from diffcli.symbolic.vocabulary.index_arithmetic import Counted
from diffcli.symbolic.vocabulary.loops import LOOPS
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scattered import Scattered, scattered

_NEUTRAL = {sympy.Sum: sympy.Integer(0), sympy.Product: sympy.Integer(1)}


def lowered(
    element: Expr, components: Mapping[Symbol, Expr], variables: Mapping[Symbol, tuple[Expr, ...]], spreading: bool
) -> Expr:
    """The whole array whose element at the `components` (indices with their sizes) is `element`.

    `variables` are the sizes of the variables' axes, by symbol. Where the element does not depend
    on the first components, the array lacks these axes. With `spreading`, arrays may be given
    axes of 1 and be gathered; without it, what would need that raises Refusal.
    """
    scope = {index: (sympy.Integer(0), size - 1) for index, size in components.items()}
    lowering = _Lowering(variables, scope, spreading)
    placed = lowering.place(_with_unit_axes(element, components, variables))
    return lowering.aligned(placed, tuple(components))


def _with_unit_axes(
    element: Expr, components: Mapping[Symbol, Expr], variables: Mapping[Symbol, tuple[Expr, ...]]
) -> Expr:
    """The element with axes of 1 kept in operands where a component runs over one."""
    units = [index for index, size in components.items() if size == 1]
    if not units:
        return element
    replacements = {}
    for entry in element.atoms(sympy.Indexed):
        sizes = variables[entry.base.label]
        places = [units[-1] if size == 1 else place for place, size in zip(entry.indices, sizes, strict=True)]
        if places.count(units[-1]) <= 1:
            replacements[entry] = entry.base[tuple(places)]
    return element.xreplace(replacements)


class _Lowering(Summation):
    def __init__(
        self, variables: Mapping[Symbol, tuple[Expr, ...]], scope: Mapping[Symbol, tuple[Expr, Expr]], spreading: bool
    ) -> None:
        super().__init__(scope, spreading)
        self.variables = variables
        self.guarded = False
        self.looking_up = False

    def place(self, expression: Expr) -> Placed:
        """The expression with an axis for each of its indices."""
        if expression in self.ranges:
            numbers = () if self.looking_up else (1,)
            return Placed(Places(*self.ranges[expression], *numbers), (expression,))
        if isinstance(expression, sympy.Indexed):
            return self._variable(expression)
        if isinstance(expression, matrices.Matrix):
            return Placed(self._of_matrix(expression))
        if isinstance(expression, matrices.Entry):
            return self._entry(*expression.args)
        if isinstance(expression, LOOPS):
            return self._loop(expression)
        if isinstance(expression, sympy.Mul):
            return self._product([self.place(factor) for factor in expression.args])
        if isinstance(expression, Choice):
            return self._choice(expression)
        if isinstance(expression, sympy.KroneckerDelta):
            return self._together(Same, [self.place(index) for index in expression.args])
        if not expression.args or not (
            expression.free_symbols & set(self.ranges) or expression.atoms(sympy.Indexed, *LOOPS)
        ):
            return Placed(expression)
        return self._together(expression.func, [self.place(argument) for argument in expression.args])

    def _choice(self, choice: Expr) -> Placed:
        parts = []
        for position, argument in enumerate(choice.args):
            condition = position % 2 == 1
            with self._guard(self.guarded or not condition):
                parts.append(self.place(argument))
        return self._together(Choice, parts)

    @contextmanager
    def _guard(self, guarded: bool) -> Iterator[None]:
        """Inside, places may be out of range: the value is not taken there."""
        before, self.guarded = self.guarded, guarded
        yield
        self.guarded = before

    @contextmanager
    def _running(self, index: Symbol, low: Expr, high: Expr) -> Iterator[None]:
        before = self.ranges.pop(index, None)
        self.ranges[index] = (low, high)
        yield
        del self.ranges[index]
        if before is not None:
            self.ranges[index] = before

    def _loop(self, loop: Expr) -> Placed:
        found = scattered(loop, self.ranges) if self.spreading else None
        if found is not None:
            return self._scattered(found, loop.limits)
        return self._product(self._reduced(loop.func, loop.function, list(loop.limits)))

    def _reduced(self, kind: type, body: Expr, limits: list[Expr]) -> list[Placed]:
        """The loop's value as factors; its outermost index, the last, comes into scope first."""
        if not limits:
            factors = sympy.Mul.make_args(body) if kind is sympy.Sum else (body,)
            return [self.place(factor) for factor in factors]
        *inner, (index, low, high) = limits
        if (low.free_symbols | high.free_symbols) & set(self.ranges):
            body, low, high = self._masked(kind, body, index, low, high)
        with self._running(index, low, high):
            factors = self._reduced(kind, body, inner)
            if kind is sympy.Sum:
                return self._contracted(factors, index, high - low + 1)
            return [reduced_along(kind, self._product(factors), index, high - low + 1)]

    def _scattered(self, found: Scattered, limits: Sequence[Expr]) -> Placed:
        """Terms added at places; what the places do not depend on is summed first."""
        computed = set[Symbol]().union(*(place.free_symbols for place in found.places.values()))
        inner = [limit for limit in limits if limit[0] not in computed]
        with ExitStack() as scope:
            for limit in limits:
                if limit[0] in computed:
                    scope.enter_context(self._running(*limit))
            rows = self.place(sympy.Sum(found.term, *inner) if inner else found.term)
            before, self.looking_up = self.looking_up, True
            places = [self.place(_as_libraries_count(place)) for place in found.places.values()]
            self.looking_up = before
            own = self._order(places)
            rest = tuple(index for index in rows.indices if index not in own)
            arrays = [self.aligned(rows, (*own, *rest)), *(self.aligned(place, own) for place in places)]
        target = (*found.places, *rest)
        sizes = [self.ranges[index][1] + 1 for index in target]
        return Placed(nodes.Added(arrays[0], len(places), *arrays[1:], *sizes), target)

    def _masked(self, kind: type, body: Expr, index: Symbol, low: Expr, high: Expr) -> tuple[Expr, Expr, Expr]:
        """A range that moves with another index: the widest range, and a neutral element outside."""
        if kind not in _NEUTRAL or not self.spreading:
            raise Refusal(Message("a loop's range depends on an index"))
        condition = sympy.And(sympy.Ge(index, low), sympy.Le(index, high))
        least, greatest = self._bound(low, lowest=True), self._bound(high, lowest=False)
        return Choice(body, condition, _NEUTRAL[kind]), least, greatest

    def _bound(self, expression: Expr, lowest: bool) -> Expr:
        for index in sorted(expression.free_symbols & set(self.ranges), key=lambda symbol: symbol.dummy_index):
            slope = sympy.expand(expression).coeff(index)
            expression = expression.xreplace({index: self.ranges[index][0 if slope.is_positive == lowest else 1]})
        return sympy.expand(expression)

    def _of_matrix(self, function: Expr) -> Expr:
        """A function of a whole matrix."""
        (column, *columns), (row, *rows) = function.limits
        with self._running(row, *rows), self._running(column, *columns):
            matrix = self.place(function.function)
            if set(matrix.indices) != {row, column}:
                raise Refusal(Message("the matrix depends on an index"))
            return OF_MATRICES[function.func](self.aligned(matrix, (row, column)))

    def _entry(self, matrix: Expr, row: Expr, column: Expr) -> Placed:
        """An element of an inverse."""
        if row not in self.ranges or column not in self.ranges or row == column:
            raise Refusal(Message("one element of an inverse is taken"))
        return Placed(self._of_matrix(matrix), (row, column))

    def _variable(self, entry: Expr) -> Placed:
        symbol = entry.base.label
        sizes = self.variables[symbol]
        variable = nodes.whole(symbol, len(sizes))
        if (
            len(entry.indices) == 2
            and entry.indices[0] == entry.indices[1]
            and self._slice(entry.indices[0], sizes[0]) == (0, sizes[0])
        ):
            return Placed(Diagonal(variable), (entry.indices[0],))
        running = [_running_index(place, self.ranges) for place in entry.indices]
        met = [index for index in running if index is not None]
        places: list[Any] = []
        whole = True
        for place, size, index in zip(entry.indices, sizes, running, strict=True):
            found = self._slice(place, size)
            if found is None or len(set(met)) < len(met):
                return self._gathered(variable, entry.indices, sizes)
            whole &= found == (0, size)
            places.append(_as_libraries_count(place) if index is None else sympy.Tuple(*found))
        return Placed(variable if whole else Part(variable, *places), tuple(met))

    def _slice(self, place: Expr, size: Expr) -> tuple[Expr, Expr] | None:
        """The first place and the one after the last, where a place moves by ones; `(place, place)` where it stays."""
        index = _running_index(place, self.ranges)
        if index is None:
            return (place, place) if not place.free_symbols & set(self.ranges) else None
        offset = place - index
        low, high = self.ranges[index]
        start, stop = low + offset, high + offset + 1
        if self.guarded and not (start.is_nonnegative and (size - stop).is_nonnegative):
            return None
        return start, stop

    def _gathered(self, variable: Expr, places: Sequence[Expr], sizes: Sequence[Expr]) -> Placed:
        """Elements at computed places; last axes that are taken as they are need none."""
        if not self.spreading:
            raise Refusal(Message("elements are taken at computed places"))
        rest: tuple[Any, ...] = ()
        while self._slice(places[-1], sizes[-1]) == (0, sizes[-1]) and not any(
            places[-1] in place.free_symbols for place in places[:-1]
        ):
            rest, places, sizes = (places[-1], *rest), places[:-1], sizes[:-1]
        places = [
            nodes.Clipped(place, size)
            if self.guarded and not place.is_number and not isinstance(place, Counted)
            else _as_libraries_count(place)
            for place, size in zip(places, sizes, strict=True)
        ]
        before, self.looking_up = self.looking_up, True
        with self._guard(False):
            arrays = [self.place(place) for place in places]
        self.looking_up = before
        target = self._order(arrays)
        return Placed(Part(variable, *[self.aligned(array, target) for array in arrays]), (*target, *rest))


def _as_libraries_count(place: Expr) -> Expr:
    """The place of an element: libraries count from the end by themselves, and refuse what is out of range."""
    return place.args[0] if isinstance(place, Counted) else place


def _running_index(place: Expr, ranges: Mapping[Symbol, Any]) -> Symbol | None:
    """The index that a place follows at a fixed distance; None if there is none."""
    met = place.free_symbols & set(ranges)
    if len(met) != 1:
        return None
    index = next(iter(met))
    return index if not (place - index).free_symbols & met else None
