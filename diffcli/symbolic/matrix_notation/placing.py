"""Arrays whose axes stand for indices, and how they meet: in the order that takes the fewest transposes."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.messages import Message
from diffcli.symbolic.matrix_notation import nodes
from diffcli.symbolic.matrix_notation.nodes import Outer
from diffcli.symbolic.vocabulary.refusal import Refusal


class Placed(NamedTuple):
    """An array, and the index that each of its axes stands for."""

    term: Expr
    indices: tuple[Symbol, ...] = ()


class Placing:
    """Operations on placed arrays; `ranges` are those of the indices in scope.

    With `spreading`, arrays may be given axes of 1; without it, what would need that raises Refusal.
    """

    def __init__(self, scope: Mapping[Symbol, tuple[Expr, Expr]], spreading: bool) -> None:
        self.ranges = dict(scope)
        self.spreading = spreading

    def aligned(self, placed: Placed, target: Sequence[Symbol]) -> Expr:
        """The array with axes in the order of `target`, of which it may lack some."""
        kept = tuple(index in placed.indices for index in target)
        axes = tuple(placed.indices.index(index) for index in target if index in placed.indices)
        term = nodes.transposed(placed.term, axes)
        result = nodes.spread(term, kept)
        if result is not term and not self.spreading:
            raise Refusal(Message("an array would need axes of 1"))
        return result

    def _together(self, function: Callable[..., Expr], operands: Sequence[Placed]) -> Placed:
        """An elementwise operation."""
        target = self._order(operands)
        return _trimmed(function(*[self.aligned(operand, target) for operand in operands]), target)

    def _order(self, operands: Sequence[Placed]) -> tuple[Symbol, ...]:
        """The order of axes that takes the fewest transposes and axes of 1."""
        met = {index for operand in operands for index in operand.indices}
        inside = [index for index in self.ranges if index in met]
        if len(inside) > 4:
            raise Refusal(Message("it needs arrays of more than four axes"))

        def cost(target: tuple[Symbol, ...]) -> float:
            total = 0.0
            for operand in operands:
                wanted = tuple(index for index in target if index in operand.indices)
                total += (wanted != operand.indices) + (0.5 if self.spreading else 9.0) * (
                    wanted != target[len(target) - len(wanted) :]
                )
            return total

        return min(itertools.permutations(inside), key=cost)

    def _product(self, factors: Sequence[Placed]) -> Placed:
        """Factors along the same axes multiplied by elements; two vectors along different ones make a matrix."""
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


def _trimmed(term: Expr, target: tuple[Symbol, ...]) -> Placed:
    """Without the first axes if the term has come to lack them."""
    return Placed(term, target[len(target) - nodes.rank(term) :])
