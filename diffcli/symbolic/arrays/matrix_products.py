"""Products of arrays, and functions of a matrix."""

import sympy
from sympy import Expr

from diffcli.messages import Message
from diffcli.symbolic.arrays.axes import ArrayFunctions
from diffcli.symbolic.arrays.folds import SUM, folded
from diffcli.symbolic.arrays.indexed import Array, Axis, broadcast
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index
from diffcli.symbolic.vocabulary.matrices import Determinant, Entry, Inverse, LogDeterminant
from diffcli.symbolic.vocabulary.refusal import Refusal, without_values


class MatrixProducts(ArrayFunctions):
    """Linear algebra."""

    def matmul(self, a: Array, b: Array) -> Array:
        """The matrix product over the last axis of the first and the last but one of the second."""
        if not a.axes or not b.axes:
            raise without_values(Message("@ takes no single numbers"))
        b = _renamed(b)  # it may be the first array itself
        shared = self._met(a.axes[-1], b.axes[-2:][0])
        firsts = Array(a.at({a.axes[-1].index: shared.index}), a.axes[:-2])
        seconds = Array(b.at({b.axes[-2:][0].index: shared.index}), b.axes[:-2])
        elements, axes = broadcast([firsts, seconds], self._sizes)
        rows, columns = a.axes[-2:-1], b.axes[1:][-1:]
        return Array(folded(sympy.Mul(*elements), shared, SUM, self._sizes), (*axes, *rows, *columns))

    def dot(self, a: Array, b: Array) -> Array:
        """The matrix product; of single numbers and with them the product."""
        if not a.axes or not b.axes:
            return self._elementwise(lambda first, second: first * second, a, b)
        if len(b.axes) > 2 or (len(a.axes) > 2 and len(b.axes) > 1):
            raise Refusal(Message("dot takes vectors and matrices; for more axes write @"))
        return self.matmul(a, b)

    def inner(self, a: Array, b: Array) -> Array:
        """The sum of products over the last axes."""
        if not a.axes or not b.axes:
            return self._elementwise(lambda first, second: first * second, a, b)
        shared = self._met(a.axes[-1], b.axes[-1])
        second = _renamed(b)
        product = a.at({a.axes[-1].index: shared.index}) * second.at({second.axes[-1].index: shared.index})
        return Array(folded(product, shared, SUM, self._sizes), (*a.axes[:-1], *second.axes[:-1]))

    def outer(self, a: Array, b: Array) -> Array:
        """All products of an element of the first with one of the second."""
        first, second = self._row(a), _renamed(self._row(b))
        return Array(first.element * second.element, (*first.axes, *second.axes))

    def cross(self, a: Array, b: Array) -> Array:
        """The cross product of vectors of three along the last axis."""
        for each in (a, b):
            if not each.axes:
                raise without_values(Message("cross takes vectors"))
            self._sizes.unify(each.axes[-1].size, sympy.Integer(3))
        parts = [
            Array(each.at({each.axes[-1].index: sympy.Integer(k)}), each.axes[:-1]) for each in (a, b) for k in range(3)
        ]
        (a0, a1, a2, b0, b1, b2), axes = broadcast(parts, self._sizes)
        index = fresh_index()
        element = Choice(
            a1 * b2 - a2 * b1, sympy.Eq(index, 0), a2 * b0 - a0 * b2, sympy.Eq(index, 1), a0 * b1 - a1 * b0
        )
        return Array(element, (*axes, Axis(index, sympy.Integer(3))))

    def trace(self, a: Array) -> Array:
        """The sum of the diagonal."""
        diagonal = self.diag(_matrix(a, "trace"))
        return Array(folded(diagonal.element, diagonal.axes[0], SUM, self._sizes))

    def diag(self, x: Array, k: int = 0) -> Array:
        """A vector as a diagonal of a matrix, or that diagonal of a matrix."""
        if len(x.axes) == 1:
            size = self._sizes.resolve(x.axes[0].size) + abs(k)
            row, column = Axis(fresh_index(), size), Axis(fresh_index(), size)
            place, other = (row.index, column.index - k) if k >= 0 else (column.index, row.index + k)
            within = sympy.KroneckerDelta(place, other)
            element = x.at({x.axes[0].index: place})
            return Array(
                Choice(element, sympy.StrictLessThan(place, x.axes[0].size), 0) * within if k else element * within,
                (row, column),
            )
        _matrix(x, "diag")
        index = fresh_index()
        places = {x.axes[0].index: index + max(0, -k), x.axes[1].index: index + max(0, k)}
        return Array(x.at(places), (Axis(index, self._diagonal(x, k)),))

    def det(self, a: Array) -> Array:
        """The determinant."""
        return self._of_matrix(a, "det", Determinant)

    def logdet(self, a: Array) -> Array:
        """The logarithm of the determinant's absolute value."""
        return self._of_matrix(a, "logdet", LogDeterminant)

    def inv(self, a: Array) -> Array:
        """The inverse."""
        inverse = self._of_matrix(a, "inv", Inverse)
        size = self._sizes.resolve(a.axes[-1].size)
        row, column = Axis(fresh_index(), size), Axis(fresh_index(), size)
        return Array(Entry(inverse.element, row.index, column.index), (*inverse.axes, row, column))

    def solve(self, a: Array, b: Array) -> Array:
        """The inverse of the first times the second."""
        return self.matmul(self.inv(a), b)

    def _of_matrix(self, a: Array, name: str, kind: type) -> Array:
        if len(a.axes) < 2:
            raise without_values(Message("{name} takes a matrix", name=name))
        row, column = a.axes[-2:]
        last = self._sizes.unify(row.size, column.size) - 1
        below, beside = fresh_index(), fresh_index()
        return Array(
            kind(a.at({row.index: below, column.index: beside}), (beside, 0, last), (below, 0, last)), a.axes[:-2]
        )

    def _met(self, first: Axis, second: Axis) -> Axis:
        """The axis that two arrays are summed over together."""
        return Axis(fresh_index(), self._sizes.unify(first.size, second.size))

    def _row(self, x: Array) -> Array:
        return self.ravel(x) if x.axes else Array(x.element, (Axis(fresh_index(), sympy.Integer(1)),))

    def _diagonal(self, x: Array, k: int) -> Expr:
        """The length of a diagonal."""
        rows, columns = (self._sizes.resolve(axis.size) for axis in x.axes)
        known = self._sizes.extent(rows), self._sizes.extent(columns)
        if known[0] is not None and known[1] is not None and (known[0] != known[1] or k):
            length = min(known[0] - max(0, -k), known[1] - max(0, k))
            if length < 1:
                raise Refusal(Message("a diagonal is empty"))
            self._sizes.settled(rows)
            self._sizes.settled(columns)
            return sympy.Integer(length)
        return self._sizes.unify(rows, columns) - abs(k)


def _matrix(x: Array, name: str) -> Array:
    if len(x.axes) != 2:
        raise without_values(Message("{name} takes a matrix", name=name))
    return x


def _renamed(x: Array) -> Array:
    """The array with indices that no other has."""
    axes = tuple(Axis(fresh_index(), axis.size) for axis in x.axes)
    return Array(x.at({old.index: new.index for old, new in zip(x.axes, axes, strict=True)}), axes)
