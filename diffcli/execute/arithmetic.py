"""The functions with which a graph is executed, by the names that primitives compute with.

`FLOAT64` is NumPy's double precision. `Numbers(context)` runs the same graph on arrays of Python
objects, with the elementary functions of an mpmath context.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from diffcli.primitives.shape import Shape


class _Arithmetic:
    """What every arithmetic shares: operators, and the moves that NumPy makes on any elements."""

    add = staticmethod(operator.add)
    sub = staticmethod(operator.sub)
    mul = staticmethod(operator.mul)
    truediv = staticmethod(operator.truediv)
    pow = staticmethod(operator.pow)
    neg = staticmethod(operator.neg)
    broadcast_to = staticmethod(np.broadcast_to)
    reshape = staticmethod(np.reshape)
    sum = staticmethod(np.sum)
    prod = staticmethod(np.prod)
    max = staticmethod(np.max)
    min = staticmethod(np.min)
    dot = staticmethod(np.dot)
    abs = staticmethod(np.abs)
    minimum = staticmethod(np.minimum)
    maximum = staticmethod(np.maximum)

    @staticmethod
    def square(x: Any) -> Any:
        """x times x."""
        return x * x

    @staticmethod
    def sum_to(x: Any, shape: Shape) -> Any:
        """The sum over leading axes, and over axes of extent 1, that brings `x` to `shape`."""
        leading = x.ndim - len(shape)
        axes = tuple(axis for axis in range(x.ndim) if axis < leading or (shape[axis - leading] == 1 and x.shape[axis] != 1))
        return np.reshape(np.sum(x, axis=axes), shape)[()]


class _Float64(_Arithmetic):
    """NumPy's functions; a single number is a `numpy.float64`."""

    def __getattr__(self, name: str) -> Any:
        function = getattr(np, name)
        setattr(self, name, function)
        return function

    @staticmethod
    def number(value: Any, shape: Shape) -> Any:
        """A constant of the graph: a number that fills the shape, or nested tuples."""
        if shape == ():
            return np.float64(value)
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)

    @staticmethod
    def where(condition: Any, a: Any, b: Any) -> Any:
        """`a` where the condition holds, else `b`."""
        return np.where(condition, a, b)[()]

    @staticmethod
    def weigh(upstream: Any, local: Any) -> Any:
        """The product, or 0 where upstream is 0."""
        product = upstream * local
        if isinstance(product, float):
            return product if product == product or upstream != 0 else FLOAT64.number(0.0, ())
        if np.isnan(np.min(product)):  # 0 * inf: what does not flow back contributes nothing
            return np.where(upstream == 0, 0.0, product)[()]
        return product

    @staticmethod
    def norm(x: Any) -> Any:
        """The Euclidean norm, also where squares overflow or vanish."""
        root = np.sqrt(np.sum(x * x))
        if 1e-140 < root < 1e140:
            return root
        largest = np.max(np.abs(x))  # squares overflow or vanish: scale first
        if largest == 0 or not np.isfinite(largest):
            return largest
        return largest * np.sqrt(np.sum((x / largest) ** 2))


class Numbers(_Arithmetic):
    """Elementary functions of an mpmath context, on single numbers and on arrays of objects.

    A result that is infinite, undefined or not real is nan: nothing is raised.
    """

    def __init__(self, context: Any) -> None:
        self._context = context

    def __getattr__(self, name: str) -> Callable[..., Any]:
        elementwise = self._elementwise(getattr(self._context, name))
        setattr(self, name, elementwise)
        return elementwise

    def _elementwise(self, function: Callable[..., Any]) -> Callable[..., Any]:
        context = self._context

        def defined(*operands: Any) -> Any:
            try:
                result = function(*operands)
            except (ArithmeticError, ValueError):
                return context.nan
            return context.nan if isinstance(result, (complex, context.mpc)) else result

        return lambda *operands: np.frompyfunc(defined, len(operands), 1)(*operands)

    def truediv(self, a: Any, b: Any) -> Any:
        """Quotient; nan where the divisor is 0."""
        return self._elementwise(operator.truediv)(a, b)

    def pow(self, a: Any, b: Any) -> Any:
        """Power; nan where it is not real."""
        return self._elementwise(operator.pow)(a, b)

    def number(self, value: Any, shape: Shape) -> Any:
        """A constant of the graph, exactly the double that NumPy would use."""
        if shape == ():
            return self._context.mpf(float(value))
        exact = np.frompyfunc(lambda element: self._context.mpf(float(element)), 1, 1)
        return np.broadcast_to(exact(np.asarray(value, dtype=object)), shape)

    def zeros(self, shape: Shape) -> Any:
        """Zeros of this arithmetic."""
        return np.full(shape, self._context.mpf(0), dtype=object)

    def where(self, condition: Any, a: Any, b: Any) -> Any:
        """`a` where the condition holds, else `b`."""
        return np.where(condition, np.asarray(a, dtype=object), np.asarray(b, dtype=object))[()]

    def stack(self, elements: Sequence[Any]) -> Any:
        """An array of elements of one shape."""
        return np.array(elements, dtype=object)

    def cbrt(self, x: Any) -> Any:
        """The real cube root, also of negative numbers."""
        magnitude = self._elementwise(self._context.cbrt)(abs(x))
        return self.where(x < 0, -magnitude, magnitude)

    def log2(self, x: Any) -> Any:
        """Logarithm to base 2."""
        return self.log(x) / self._context.log(2)

    def mean(self, x: Any) -> Any:
        """The mean of all elements."""
        return np.sum(x) / np.size(x)

    def norm(self, x: Any) -> Any:
        """The root of the sum of squares; numbers of this arithmetic do not overflow."""
        return self.sqrt(np.sum(x * x))

    def weigh(self, upstream: Any, local: Any) -> Any:
        """The product, or 0 where upstream is 0."""
        return self.where(upstream == 0, self.number(0.0, ()), upstream * local)


FLOAT64 = _Float64()
