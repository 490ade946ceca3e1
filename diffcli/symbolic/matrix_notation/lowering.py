"""Formulas of elements to formulas of whole arrays: each index becomes an axis.

`Sum(A[i, j]*x[j], (j, 0, n-1))` at `i` is `A @ x`: a sum of products over an index is a product
of matrices or vectors, any other loop a reduction of one axis.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import sympy

from diffcli.messages import Message
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.nodes import Contracted, Diagonal, Outer, Part, Places, Reduction, Total
from diffcli.symbolic.vocabulary import functions, kept, matrices
from diffcli.symbolic.vocabulary.refusal import Refusal

_REDUCTIONS: Mapping[Any, Any] = {
    sympy.Sum: Total,
    sympy.Product: nodes.TotalProduct,
    functions.Largest: nodes.Highest,
    functions.Smallest: nodes.Lowest,
    functions.Middle: nodes.Middle,
    functions.LowerMiddle: nodes.LowerMiddle,
    functions.UpperMiddle: nodes.UpperMiddle,
    kept.Length: nodes.Length,
}
_OF_MATRICES: Mapping[Any, Any] = {
    matrices.Determinant: nodes.Determined,
    matrices.LogDeterminant: nodes.LogDetermined,
    matrices.Inverse: nodes.Inverted,
    matrices.Adjugate: nodes.Adjugated,
    matrices.AnyDeterminant: nodes.Determined,
}
_NEUTRAL = {sympy.Sum: sympy.Integer(0), sympy.Product: sympy.Integer(1)}


class Placed(NamedTuple):
    """An array, and the index that each of its axes stands for."""

    term: Any
    indices: tuple[Any, ...] = ()


def lowered(
    element: Any, components: Mapping[Any, Any], variables: Mapping[Any, tuple[Any, ...]], spreading: bool
) -> Any:
    """The whole array whose element at the `components` (indices with their sizes) is `element`.

    `variables` are the sizes of the variables' axes, by symbol. Where the element does not depend
    on the first components, the array lacks these axes. With `spreading`, arrays may be given
    axes of 1 and be gathered; without it, what would need that raises Refusal.
    """
    scope = {index: (sympy.Integer(0), size - 1) for index, size in components.items()}
    lowering = _Lowering(variables, scope, spreading)
    placed = lowering.place(_with_unit_axes(element, components, variables))
    return lowering.aligned(placed, tuple(components))


def _with_unit_axes(element: Any, components: Mapping[Any, Any], variables: Mapping[Any, tuple[Any, ...]]) -> Any:
    """Where a component runs over an axis of 1, operands keep their axes of 1 too."""
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


class _Lowering:
    def __init__(
        self, variables: Mapping[Any, tuple[Any, ...]], scope: Mapping[Any, tuple[Any, Any]], spreading: bool
    ) -> None:
        self.variables = variables
        self.ranges = dict(scope)
        self.spreading = spreading
        self.guarded = False
        self.looking_up = False

    def place(self, expression: Any) -> Placed:
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
        if isinstance(expression, functions.LOOPS):
            return self._loop(expression)
        if isinstance(expression, sympy.Mul):
            return self._product([self.place(factor) for factor in expression.args])
        if isinstance(expression, functions.Choice):
            return self._choice(expression)
        if isinstance(expression, sympy.KroneckerDelta):
            return self._together(functions.Same, [self.place(index) for index in expression.args])
        if not expression.args or not (
            expression.free_symbols & set(self.ranges) or expression.atoms(sympy.Indexed, *functions.LOOPS)
        ):
            return Placed(expression)
        return self._together(expression.func, [self.place(argument) for argument in expression.args])

    def aligned(self, placed: Placed, target: Sequence[Any]) -> Any:
        """The array with axes in the order of `target`, of which it may lack some."""
        kept = tuple(index in placed.indices for index in target)
        axes = tuple(placed.indices.index(index) for index in target if index in placed.indices)
        term = nodes.transposed(placed.term, axes)
        result = nodes.spread(term, kept)
        if result is not term and not self.spreading:
            raise Refusal(Message("an array would need axes of 1"))
        return result

    def _together(self, function: Any, operands: Sequence[Placed]) -> Placed:
        """An elementwise operation."""
        target = self._order(operands)
        return _trimmed(function(*[self.aligned(operand, target) for operand in operands]), target)

    def _order(self, operands: Sequence[Placed]) -> tuple[Any, ...]:
        """The order of axes that takes the fewest transposes and axes of 1."""
        met = {index for operand in operands for index in operand.indices}
        inside = [index for index in self.ranges if index in met]
        if len(inside) > 4:
            raise Refusal(Message("it needs arrays of more than four axes"))

        def cost(target: tuple[Any, ...]) -> float:
            total = 0.0
            for operand in operands:
                wanted = tuple(index for index in target if index in operand.indices)
                total += (wanted != operand.indices) + (0.5 if self.spreading else 9.0) * (
                    wanted != target[len(target) - len(wanted) :]
                )
            return total

        return min(itertools.permutations(inside), key=cost)

    def _product(self, factors: Sequence[Placed]) -> Placed:
        """Factors of one set of axes are multiplied element by element; two vectors along different ones make a matrix."""
        groups: dict[frozenset[Any], list[Placed]] = {}
        for factor in factors:
            groups.setdefault(frozenset(factor.indices), []).append(factor)
        merged = {indices: self._together(sympy.Mul, members) for indices, members in groups.items()}
        vectors = [placed for indices, placed in merged.items() if len(indices) == 1]
        matrices = [indices for indices in merged if len(indices) > 1]
        union = frozenset().union(*merged)
        if len(vectors) == len(union) == 2 and not (self.spreading and matrices):
            vectors.sort(key=lambda placed: list(self.ranges).index(placed.indices[0]))
            rest = [placed for indices, placed in merged.items() if len(indices) != 1]
            outer = Placed(Outer(vectors[0].term, vectors[1].term), vectors[0].indices + vectors[1].indices)
            return self._together(sympy.Mul, [*rest, outer])
        return self._together(sympy.Mul, list(merged.values()))

    def _choice(self, choice: Any) -> Placed:
        parts = []
        for position, argument in enumerate(choice.args):
            condition = position % 2 == 1
            with self._guard(self.guarded or not condition):
                parts.append(self.place(argument))
        return self._together(functions.Choice, parts)

    @contextmanager
    def _guard(self, guarded: bool) -> Iterator[None]:
        """Inside, places may be out of range: the value is not taken there."""
        before, self.guarded = self.guarded, guarded
        yield
        self.guarded = before

    @contextmanager
    def _running(self, index: Any, low: Any, high: Any) -> Iterator[None]:
        before = self.ranges.pop(index, None)
        self.ranges[index] = (low, high)
        yield
        del self.ranges[index]
        if before is not None:
            self.ranges[index] = before

    def _loop(self, loop: Any) -> Placed:
        return self._product(self._reduced(loop.func, loop.function, list(loop.limits)))

    def _reduced(self, kind: Any, body: Any, limits: list[Any]) -> list[Placed]:
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
            return [_reduction(kind, self._product(factors), index, high - low + 1)]

    def _masked(self, kind: Any, body: Any, index: Any, low: Any, high: Any) -> tuple[Any, Any, Any]:
        """A range that moves with another index: the widest range, and a neutral element outside."""
        if kind not in _NEUTRAL or not self.spreading:
            raise Refusal(Message("a loop's range depends on an index"))
        condition = sympy.And(sympy.Ge(index, low), sympy.Le(index, high))
        least, greatest = self._bound(low, lowest=True), self._bound(high, lowest=False)
        return functions.Choice(body, condition, _NEUTRAL[kind]), least, greatest

    def _bound(self, expression: Any, lowest: bool) -> Any:
        for index in sorted(expression.free_symbols & set(self.ranges), key=lambda symbol: symbol.dummy_index):
            slope = sympy.expand(expression).coeff(index)
            expression = expression.xreplace({index: self.ranges[index][0 if slope.is_positive == lowest else 1]})
        return sympy.expand(expression)

    def _contracted(self, factors: Sequence[Placed], index: Any, count: Any) -> list[Placed]:
        """The sum over an index of a product, again as factors."""
        without = [factor for factor in factors if index not in factor.indices]
        inside = [factor for factor in factors if index in factor.indices]
        if not inside:
            return [*without, Placed(count)]
        others = [
            other for other in self.ranges if other != index and any(other in factor.indices for factor in inside)
        ]
        vector = [factor for factor in inside if factor.indices == (index,)]
        if not others:
            return [*without, self._dot(vector)]
        if len(others) == 1:
            matrix = self._product([factor for factor in inside if factor not in vector])
            if not vector:
                return [*without, _reduction(sympy.Sum, matrix, index, count)]
            left = self.aligned(matrix, (others[0], index))
            return [*without, Placed(nodes.applied(left, self._product(vector).term), (others[0],))]
        by_other = [[factor for factor in inside if set(factor.indices) == {index, other}] for other in others]
        if len(others) == 2 and all(by_other) and len(vector) + sum(map(len, by_other)) == len(inside):
            return [*without, self._matrices(others, index, by_other, vector)]
        return [*without, _reduction(sympy.Sum, self._product(inside), index, count)]

    def _dot(self, vectors: Sequence[Placed]) -> Placed:
        if len(vectors) == 1:
            return _reduction(sympy.Sum, vectors[0], vectors[0].indices[0], None)
        return Placed(Contracted(vectors[0].term, sympy.Mul(*[placed.term for placed in vectors[1:]])))

    def _matrices(
        self, others: Sequence[Any], index: Any, by_other: Sequence[list[Placed]], vector: list[Placed]
    ) -> Placed:
        """The product of two matrices, in the order that takes fewer transposes."""
        first, second = (self._product(factors) for factors in by_other)
        if (first.indices[0] == index) + (second.indices[0] != index) > 1:
            others, first, second = (others[1], others[0]), second, first
        if vector:
            first = self._product([first, *vector])
        left, right = self.aligned(first, (others[0], index)), self.aligned(second, (index, others[1]))
        return Placed(Contracted(left, right), (others[0], others[1]))

    def _of_matrix(self, function: Any) -> Any:
        """A function of a whole matrix."""
        (column, *columns), (row, *rows) = function.limits
        with self._running(row, *rows), self._running(column, *columns):
            matrix = self.place(function.function)
            if set(matrix.indices) != {row, column}:
                raise Refusal(Message("the matrix depends on an index"))
            return _OF_MATRICES[function.func](self.aligned(matrix, (row, column)))

    def _entry(self, matrix: Any, row: Any, column: Any) -> Placed:
        """An element of an inverse."""
        if row not in self.ranges or column not in self.ranges or row == column:
            raise Refusal(Message("one element of an inverse is taken"))
        return Placed(self._of_matrix(matrix), (row, column))

    def _variable(self, entry: Any) -> Placed:
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
            places.append(place if index is None else sympy.Tuple(*found))
        return Placed(variable if whole else Part(variable, *places), tuple(met))

    def _slice(self, place: Any, size: Any) -> tuple[Any, Any] | None:
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

    def _gathered(self, variable: Any, places: Sequence[Any], sizes: Sequence[Any]) -> Placed:
        """Elements at computed places."""
        if not self.spreading:
            raise Refusal(Message("elements are taken at computed places"))
        if self.guarded:
            places = [
                place if place.is_number else nodes.Clipped(place, size)
                for place, size in zip(places, sizes, strict=True)
            ]
        before, self.looking_up = self.looking_up, True
        with self._guard(False):
            arrays = [self.place(place) for place in places]
        self.looking_up = before
        target = self._order(arrays)
        return Placed(Part(variable, *[self.aligned(array, target) for array in arrays]), target)


def _running_index(place: Any, ranges: Mapping[Any, Any]) -> Any:
    """The index that a place follows at a fixed distance; None if there is none."""
    met = place.free_symbols & set(ranges)
    if len(met) != 1:
        return None
    index = next(iter(met))
    return index if not (place - index).free_symbols & met else None


def _reduction(kind: Any, placed: Placed, index: Any, count: Any) -> Placed:
    """One axis of an array reduced."""
    if index not in placed.indices:
        repeated = {
            sympy.Sum: lambda: placed.term * count,
            sympy.Product: lambda: placed.term**count,
            kept.Length: lambda: functions.Absolute(placed.term) * sympy.sqrt(count),
        }
        return placed._replace(term=repeated.get(kind, lambda: placed.term)())
    node: Any = _REDUCTIONS[kind]
    rest = tuple(other for other in placed.indices if other != index)
    if rest:
        return Placed(node(placed.term, placed.indices.index(index)), rest)
    inner = placed.term
    whole_matrix = isinstance(inner, Reduction) and type(inner) is node and nodes.rank(inner.array) == 2
    return Placed(node(inner.array if whole_matrix else inner))


def _trimmed(term: Any, target: tuple[Any, ...]) -> Placed:
    """Without the first axes if the term has come to lack them."""
    return Placed(term, target[len(target) - nodes.rank(term) :])
