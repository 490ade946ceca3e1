"""Running a graph on numbers of any type: arrays of Python objects, with the functions of a context.

A context has the interface of mpmath's: `mpf` makes a number, and functions go by their usual
names. Its numbers have Python's operators.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from decimal import Decimal
from fractions import Fraction
from functools import partial, reduce
from typing import Any, Literal

import numpy as np

from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.linear_algebra import ExactLinearAlgebra
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph
from diffcli.primitives.number import MOST_BITS, Computed, Exact, Real
from diffcli.primitives.shape import Axes, Shape, axes_of, kept, reduced
from diffcli.primitives.table import function_in

Rounding = Literal["nearest", "floor", "ceiling"]

#: Functions that compute every digit of their operand before the point.
_OF_ALL_DIGITS = frozenset(
    [
        "exp",
        "expm1",
        "sin",
        "cos",
        "tan",
        "sinh",
        "cosh",
        "tanh",
        "erf",
        "erfc",
        "gamma",
        "loggamma",
        "digamma",
        "psi",
        "beta",
    ]
)

#: Functions that are not rounded like everything else: against it, always down, always up. Two that
#: are equal but for digits beyond all that are computed, sinh and cosh of 100 say, would otherwise
#: cancel in each of two runs that round in opposite directions.
_AGAINST = frozenset({"exp", "log", "log10", "erf", "pi", "e"})
_ALWAYS: dict[str, Rounding] = {"sinh": "floor", "asinh": "floor", "atan": "floor", "acosh": "ceiling"}


class Numbers(ExactLinearAlgebra, Arithmetic):
    """Elementary functions of a context, on single numbers and on arrays of objects.

    A result that is infinite, undefined, not real or out of reach is nan: nothing is raised.
    """

    def __init__(self, context: Any) -> None:
        self.context = context
        super().__init__(context.mpf, self.log)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        elementwise = self._elementwise(function_in(self.context, name), self._rounding(name), name in _OF_ALL_DIGITS)
        setattr(self, name, elementwise)
        return elementwise

    def __reduce__(self) -> Any:
        return getattr(self.context, "again", (Numbers, (self.context,)))

    def _rounding(self, name: str) -> Rounding | None:
        """The rounding of a function that is not rounded like everything else."""
        own = getattr(self.context, "rounding", "nearest")
        if own == "nearest":
            return None
        against: Rounding = "floor" if own == "ceiling" else "ceiling"
        return against if name in _AGAINST else _ALWAYS.get(name)

    def _elementwise(
        self, function: Callable[..., Any], rounding: Rounding | None = None, of_all_digits: bool = False
    ) -> Callable[..., Any]:
        context = self.context
        bits = getattr(context, "mag", None) if of_all_digits else None

        def defined(*operands: Any) -> Any:
            if bits is not None and any(bits(operand) > MOST_BITS for operand in operands if operand - operand == 0):
                return context.nan
            try:
                result = function(*operands) if rounding is None else context.rounded(rounding, function, *operands)
            except (ArithmeticError, ValueError):
                return context.nan
            return context.nan if isinstance(result, complex) or hasattr(result, "_mpc_") else result  # of any context

        def elementwise(*operands: Any) -> Any:
            with np.errstate(all="ignore"):
                return np.frompyfunc(defined, len(operands), 1)(*operands)

        return elementwise

    def truediv(self, a: Array, b: Array) -> Array:
        """Quotient; nan where the divisor is 0."""
        return self._elementwise(operator.truediv)(a, b)

    def pow(self, a: Array, b: Array) -> Array:
        """Power; nan where it is not real, or its exponent is out of reach."""
        bits = getattr(self.context, "mag", None)
        return self._elementwise(
            lambda x, y: self.context.nan if bits is not None and y - y == 0 and bits(y) > MOST_BITS else x**y
        )(a, b)

    def maximum(self, a: Array, b: Array) -> Array:
        """The larger of a and b; nan where one of them is."""
        return self._elementwise(lambda x, y: x if x != x or x >= y else y)(self.lifted(a), self.lifted(b))

    def minimum(self, a: Array, b: Array) -> Array:
        """The smaller of a and b; nan where one of them is."""
        return self._elementwise(lambda x, y: x if x != x or x <= y else y)(self.lifted(a), self.lifted(b))

    def number(self, value: Any, shape: Shape) -> Array:
        """A constant of the graph, exactly what it stands for; a plain float is the double that NumPy would use."""
        if shape == ():
            return self.one(value.item() if isinstance(value, np.ndarray) else value)
        return np.broadcast_to(self.lifted(np.asarray(value, dtype=object)), shape)

    def one(self, value: Any) -> Any:
        """A number of any type as one of this arithmetic."""
        if isinstance(value, Real):
            return self.exactly(value.exact)
        if isinstance(value, Fraction):
            return self.exactly(value)
        if isinstance(value, Decimal):
            return self.exactly(Fraction(value)) if value.is_finite() else self.context.mpf(float(value))
        if isinstance(value, int):
            return self.context.mpf(int(value))
        if isinstance(value, type(self.context.nan)):
            return value
        if isinstance(value, (float, np.floating, np.integer, np.bool_)):
            return self.context.mpf(float(value))
        decimal = getattr(value, "decimal", None)  # an exact number
        return self.context.mpf(value if decimal is None else decimal(self.context.dps))

    def lifted(self, values: Any) -> Any:
        """Numbers of any type, or an array of them, as numbers of this arithmetic."""
        with np.errstate(invalid="ignore"):  # nan among doubles is a number like others
            return np.frompyfunc(self.one, 1, 1)(values)

    def exactly(self, exact: Exact) -> Any:
        """A number that a program's constant stands for."""
        if not isinstance(exact, Computed):
            return self.context.fdiv(exact.numerator, exact.denominator)  # which rounds once
        if exact.operands:
            return getattr(self, exact.function)(*map(self.exactly, exact.operands))
        constant = self._elementwise(
            lambda: +(self.context.e if exact.function == "e" else self.context.pi), self._rounding("pi")
        )()
        return constant * 2 if exact.function == "tau" else constant

    def zeros(self, shape: Shape) -> Array:
        """Zeros of this arithmetic."""
        return np.full(shape, self.context.mpf(0), dtype=object)

    def indicator(self, condition: Array) -> Array:
        """1 where the condition holds, else 0."""
        return self.where(condition, self.context.mpf(1), self.context.mpf(0))

    def where(self, condition: Array, a: Array, b: Array) -> Array:
        """`a` where the condition holds, else `b`."""
        return np.where(condition, np.asarray(a, dtype=object), np.asarray(b, dtype=object))[()]

    def stack(self, elements: Sequence[Any], axis: int = 0) -> Array:
        """An array of elements of one shape."""
        return np.stack([np.asarray(element, dtype=object) for element in elements], axis=axis)

    def triu(self, a: Any, k: int = 0) -> Any:
        """The upper triangle."""
        return self.lifted(np.triu(a, k))

    def tril(self, a: Any, k: int = 0) -> Any:
        """The lower triangle."""
        return self.lifted(np.tril(a, k))

    def diag(self, a: Any, k: int = 0) -> Any:
        """The matrix with this diagonal, or the diagonal of a matrix."""
        return self.lifted(np.diag(a, k))

    def eye(self, rows: int, columns: int) -> Array:
        """The identity."""
        return self.lifted(np.eye(rows, columns))

    def random(self, draw: str, shape: Shape, seed: int) -> Array:
        """The random numbers of double precision, exactly."""
        return self.lifted(FLOAT64.random(draw, shape, seed))

    def progression(self, start: float, stop: float, step: float) -> Array:
        """Numbers from start up to, not including, stop."""
        count = len(FLOAT64.progression(start, stop, step))
        return self.lifted(np.arange(count)) * self.one(step) + self.one(start)

    def evenly_spaced(self, start: float, stop: float, count: int) -> Array:
        """Numbers from start to stop, both included."""
        step = (self.one(stop) - self.one(start)) / max(count - 1, 1)
        return self.lifted(np.arange(count)) * step + self.one(start)

    def one_hot(self, labels: Array, classes: int) -> Array:
        """For each label a row that is 1 at its place."""
        return self.indicator(np.asarray(labels)[..., np.newaxis] == np.arange(classes))

    def lgamma(self, x: Array) -> Array:
        """The logarithm of the gamma function's magnitude."""
        return self._elementwise(lambda each: self.context.re(self.context.loggamma(each)), of_all_digits=True)(x)

    def digamma(self, x: Array) -> Array:
        """The derivative of lgamma."""
        return self._elementwise(self.context.digamma, of_all_digits=True)(x)

    def polygamma(self, x: Array, n: int) -> Array:
        """The derivative of order n of digamma."""
        return self._elementwise(partial(self.context.psi, n), of_all_digits=True)(x)

    def polygamma_difference(self, a: Array, b: Array, n: int) -> Array:
        """polygamma(a, n) - polygamma(a + b, n), with as many digits more as are lost where b is small beside a."""
        context = self.context

        def difference(a: Any, b: Any) -> Any:
            lost = max(0, context.mag(a) - context.mag(b)) if hasattr(context, "mag") and a and b else 0
            with context.extraprec(2 * lost) if lost else nullcontext():
                return context.psi(n, a) - context.psi(n, a + b)

        return self._elementwise(difference, of_all_digits=True)(self.lifted(a), self.lifted(b))

    def unit_of(self, x: Array, axis: Axes = None) -> Array:
        """1: numbers of this arithmetic neither overflow nor vanish."""
        return self.number(1.0, ())

    def xlogy(self, x: Array, y: Array) -> Array:
        """x log(y), 0 where x is 0."""
        return self.where(x == 0, self.number(0.0, ()), x * self.log(y))

    def xlog1py(self, x: Array, y: Array) -> Array:
        """x log(1 + y), 0 where x is 0."""
        return self.where(x == 0, self.number(0.0, ()), x * self.log1p(y))

    def cbrt(self, x: Array) -> Array:
        """The real cube root, also of negative numbers."""
        magnitude = self._elementwise(self.context.cbrt)(abs(x))
        return self.where(x < 0, -magnitude, magnitude)

    def log2(self, x: Array) -> Array:
        """Logarithm to base 2."""
        return self._elementwise(lambda each: self.context.log(each, 2), self._rounding("log"))(x)

    def mean(self, x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The mean."""
        total = np.sum(x, axis=axis, keepdims=keepdims)
        return total / (np.size(x) // np.size(total))

    def norm(self, x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The root of the sum of squares; numbers of this arithmetic do not overflow."""
        return self.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))

    def weigh(self, upstream: Array, local: Array) -> Array:
        """The product, or 0 where upstream is 0."""
        return self.where(upstream == 0, self.number(0.0, ()), upstream * local)


def reduced_by(function: Callable[[Any, Any], Any], x: Any, axis: Any, keepdims: bool) -> Any:
    """A function of two numbers that takes in one slice of the axes after the other."""
    array = np.asarray(x, dtype=object)
    axes = axes_of(array.shape, axis)
    others = tuple(place for place in range(array.ndim) if place not in axes)
    slices = array.transpose((*axes, *others)).reshape((-1, *(array.shape[place] for place in others)))
    result = np.asarray(reduce(function, slices), dtype=object)
    return result.reshape(kept(array.shape, axis) if keepdims else reduced((array.shape,), axis))[()]


def recomputed(graph: Graph, targets: Iterable[int], inputs: Mapping[int, Any], arithmetic: Numbers) -> list[Any]:
    """The targets' values in an arithmetic, for inputs that are taken exactly as they are."""
    return Program(graph, targets, arithmetic).run({node: arithmetic.lifted(value) for node, value in inputs.items()})
