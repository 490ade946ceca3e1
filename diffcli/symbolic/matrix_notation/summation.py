"""Sums of products over an index: products of matrices and vectors; any other loop reduces one axis."""

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.correspondence import REDUCTIONS
from diffcli.symbolic.matrix_notation.nodes import Contracted, Reduction
from diffcli.symbolic.matrix_notation.placing import Placed, Placing
from diffcli.symbolic.vocabulary.conventions import Absolute
from diffcli.symbolic.vocabulary.loops import Length


class Summation(Placing):
    """Sums over one index after the other."""

    def _contracted(self, factors: Sequence[Placed], index: Symbol, count: Expr) -> list[Placed]:
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
                return [*without, reduced_along(sympy.Sum, matrix, index, count)]
            left = self.aligned(matrix, (others[0], index))
            return [*without, Placed(nodes.applied(left, self._product(vector).term), (others[0],))]
        by_other = [[factor for factor in inside if set(factor.indices) == {index, other}] for other in others]
        if len(others) == 2 and all(by_other) and len(vector) + sum(map(len, by_other)) == len(inside):
            return [*without, self._matrices(others, index, by_other, vector)]
        return [*without, reduced_along(sympy.Sum, self._product(inside), index, count)]

    def _dot(self, vectors: Sequence[Placed]) -> Placed:
        if len(vectors) == 1:
            return reduced_along(sympy.Sum, vectors[0], vectors[0].indices[0], None)
        return Placed(Contracted(vectors[0].term, sympy.Mul(*[placed.term for placed in vectors[1:]])))

    def _matrices(
        self, others: Sequence[Expr], index: Symbol, by_other: Sequence[list[Placed]], vector: list[Placed]
    ) -> Placed:
        """The product of two matrices, in the order that takes fewer transposes."""
        first, second = (self._product(factors) for factors in by_other)
        if (first.indices[0] == index) + (second.indices[0] != index) > 1:
            others, first, second = (others[1], others[0]), second, first
        if vector:
            first = self._product([first, *vector])
        left, right = self.aligned(first, (others[0], index)), self.aligned(second, (index, others[1]))
        return Placed(Contracted(left, right), (others[0], others[1]))


def reduced_along(kind: type, placed: Placed, index: Symbol, count: Expr) -> Placed:
    """One axis of an array reduced."""
    if index not in placed.indices:
        repeated = {
            sympy.Sum: lambda: placed.term * count,
            sympy.Product: lambda: placed.term**count,
            Length: lambda: Absolute(placed.term) * sympy.sqrt(count),
        }
        return placed._replace(term=repeated.get(kind, lambda: placed.term)())
    node: Any = REDUCTIONS[kind]
    rest = tuple(other for other in placed.indices if other != index)
    if rest:
        return Placed(node(placed.term, placed.indices.index(index)), rest)
    inner = placed.term
    whole_matrix = isinstance(inner, Reduction) and type(inner) is node and nodes.rank(inner.array) == 2
    return Placed(node(inner.array if whole_matrix else inner))
