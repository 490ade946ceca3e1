"""Functions of all elements of an array, or of those along some axes."""

from collections.abc import Callable
from typing import Any

import sympy
from sympy import Expr

from diffcli.messages import Message
from diffcli.symbolic.arrays.assembly import exactly
from diffcli.symbolic.arrays.axes import Along, ArrayFunctions, axis_at, gone, left, places
from diffcli.symbolic.arrays.folds import PRODUCT, SUM, Fold, chosen, folded
from diffcli.symbolic.arrays.indexed import Array, Axis, broadcast
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.conventions import Absolute
from diffcli.symbolic.vocabulary.index_arithmetic import fresh_index
from diffcli.symbolic.vocabulary.loops import Largest, LowerMiddle, Middle, Smallest, UpperMiddle
from diffcli.symbolic.vocabulary.refusal import Refusal


class Reductions(ArrayFunctions):
    """Sums and what is made of them, and the elements chosen by size."""

    def sum(self, x: Array, axis: Along = None, keepdims: bool = False) -> Array:
        """The sum."""
        return self._joined(x, axis, keepdims, SUM)

    def prod(self, x: Array, axis: Along = None, keepdims: bool = False) -> Array:
        """The product."""
        return self._joined(x, axis, keepdims, PRODUCT)

    def mean(self, x: Array, axis: Along = None, keepdims: bool = False) -> Array:
        """The sum divided by the number of elements."""
        return self.sum(x, axis, keepdims).map(lambda total: total / self._count(x, axis))

    def max(self, x: Array, axis: Along = None, keepdims: bool = False) -> Array:
        """The largest element."""
        return self._chosen(x, axis, keepdims, Largest)

    def min(self, x: Array, axis: Along = None, keepdims: bool = False) -> Array:
        """The smallest element."""
        return self._chosen(x, axis, keepdims, Smallest)

    def median(self, x: Array, axis: Along = None, keepdims: bool = False) -> Array:
        """The middle element, or the mean of the two in the middle."""
        count = self._sizes.extent(self._count(x, axis))
        if count is not None and count % 2 == 1:
            return self._chosen(x, axis, keepdims, Middle)
        lower = self._chosen(x, axis, keepdims, LowerMiddle)
        upper = self._chosen(x, axis, keepdims, UpperMiddle)
        return self._elementwise(lambda low, high: (low + high) / 2, lower, upper)

    def logsumexp(self, x: Array, axis: Along = None, keepdims: bool = False) -> Array:
        """The logarithm of the sum of exponentials."""
        return self.sum(x.map(sympy.exp), axis, keepdims).map(sympy.log)

    def var(self, x: Array, axis: Along = None, ddof: float = 0, keepdims: bool = False) -> Array:
        """The mean of squared deviations from the mean, over `n - ddof`."""
        deviation = self._elementwise(lambda element, mean: (element - mean) ** 2, x, self.mean(x, axis, keepdims=True))
        count = self._count(x, axis) - exactly(ddof)
        return self.sum(deviation, axis, keepdims).map(lambda total: total / count)

    def std(self, x: Array, axis: Along = None, ddof: float = 0, keepdims: bool = False) -> Array:
        """The square root of the variance."""
        return self.var(x, axis, ddof, keepdims).map(sympy.sqrt)

    def norm(self, x: Array, ord: Any = 2, axis: Along = None, keepdims: bool = False) -> Array:
        """The root of the sum of squares; with `ord` 1 or inf, of a matrix the largest sum of a column or of a row."""
        if ord in (2, "fro", None):
            return self.sum(x.map(lambda element: element**2), axis, keepdims).map(sympy.sqrt)
        sizes = x.map(Absolute)
        along = places(x, axis)
        if len(along) == 1 or not x.axes:
            return self.sum(sizes, axis, keepdims) if ord == 1 else self.max(sizes, axis, keepdims)
        if len(along) != 2:
            raise Refusal(Message("norm takes the axes of a vector or of a matrix"))
        first, second = along if ord == 1 else along[::-1]
        return self.max(self.sum(sizes, first, keepdims=True), (first, second), keepdims)

    def softmax(self, x: Array, axis: int = -1) -> Array:
        """Exponentials divided by their sum."""
        exponentials = x.map(sympy.exp)
        return self._elementwise(
            lambda part, total: part / total, exponentials, self.sum(exponentials, axis, keepdims=True)
        )

    def log_softmax(self, x: Array, axis: int = -1) -> Array:
        """The logarithm of softmax."""
        return self._elementwise(lambda element, total: element - total, x, self.logsumexp(x, axis, keepdims=True))

    def cumsum(self, x: Array, axis: int | None = None) -> Array:
        """The sum up to each place."""
        if axis is None:
            x, axis = self.ravel(x), 0
        place = axis_at(x, axis)
        bound = fresh_index()
        index = x.axes[place].index
        return Array(sympy.Sum(x.at({index: bound}), (bound, 0, index)), x.axes)

    def at_target(self, x: Array, target: Array) -> Array:
        """The elements at places along the last axis; weighed and summed where the target has x's shape."""
        if len(target.axes) == len(x.axes):
            return self.sum(self._elementwise(lambda element, weight: element * weight, x, target), -1)
        if len(target.axes) != len(x.axes) - 1:
            raise Refusal(Message("the target's shape does not fit"))
        last = x.axes[-1]
        same, varying = x.element.as_independent(last.index, as_Add=True)
        (element, rest, place), axes = broadcast(
            [Array(varying, x.axes[:-1]), Array(same, x.axes[:-1]), target], self._sizes
        )
        if isinstance(place, Choice):  # labels that were written out
            return Array(rest + place.with_values(lambda label: element.xreplace({last.index: label})), axes)
        return Array(rest + element.xreplace({last.index: place}), axes)

    def one_hot(self, labels: Array, classes: int) -> Array:
        """For each label a row that is 1 at the label's place."""
        new = Axis(fresh_index(), sympy.Integer(classes))
        return Array(Choice(1, sympy.Eq(new.index, labels.element), 0), (*labels.axes, new))

    def _joined(self, x: Array, axis: Along, keepdims: bool, fold: Fold) -> Array:
        element = x.element
        for each in reversed(gone(x, axis)):
            element = folded(element, each, fold, self._sizes)
        return Array(element, left(x, axis, keepdims))

    def _chosen(self, x: Array, axis: Along, keepdims: bool, loop: Callable[..., Expr]) -> Array:
        return Array(chosen(x.element, gone(x, axis), loop, self._sizes), left(x, axis, keepdims))
