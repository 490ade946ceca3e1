"""The functions with which a graph is executed, by the names that primitives compute with.

`FLOAT64` is NumPy's double precision; `numbers.py` has the same for numbers of other types.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from diffcli.execute import special
from diffcli.execute.arrays import Array
from diffcli.execute.gathering import Gathering, adder, labelled, selected
from diffcli.execute.linear_algebra import Float64LinearAlgebra
from diffcli.execute.numpy_later import np
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Axes, Shape, summed_axes
from diffcli.primitives.subscripts import Key


class _OfNumpy:
    """A function of NumPy's, by the name of the attribute or another one; taken from it when it is first used."""

    def __init__(self, name: str = "") -> None:
        self._name = name

    def __set_name__(self, owner: type, name: str) -> None:
        self._owner, self._attribute = owner, name

    def __get__(self, instance: object, owner: type) -> Any:
        found = attrgetter(self._name or self._attribute)(np)
        setattr(self._owner, self._attribute, staticmethod(found))
        return found


class Arithmetic(Gathering):
    """Operators shared by every arithmetic, and the moves that NumPy makes on any elements."""

    #: Whether numbers are enclosed, so that nothing is to be said of them but what they are.
    encloses = False
    #: Whether numbers are doubles.
    double = False
    #: Whether elementwise primitives see one element of each operand at a time: then comparisons need not be truths.
    by_elements = False

    add = staticmethod(operator.add)
    sub = staticmethod(operator.sub)
    mul = staticmethod(operator.mul)
    truediv = staticmethod(operator.truediv)
    pow = staticmethod(operator.pow)
    neg = staticmethod(operator.neg)
    equal = staticmethod(operator.eq)
    less = staticmethod(operator.lt)
    array = _OfNumpy("asarray")
    broadcast_to = _OfNumpy()
    reshape = _OfNumpy()
    sum = _OfNumpy()
    prod = _OfNumpy()
    max = _OfNumpy()
    min = _OfNumpy()
    transpose = _OfNumpy()
    concatenate = _OfNumpy()
    tile = _OfNumpy()
    repeat = _OfNumpy()
    flip = _OfNumpy()
    roll = _OfNumpy()
    cumsum = _OfNumpy()
    triu = _OfNumpy()
    tril = _OfNumpy()
    diag = _OfNumpy()
    add_at = _OfNumpy("add.at")
    dot = _OfNumpy()
    matmul = _OfNumpy()
    outer = _OfNumpy()
    inner = _OfNumpy()
    trace = _OfNumpy()
    abs = _OfNumpy()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """A function by its name: every arithmetic has those of the primitives."""

    def function(self, primitive: Primitive, parameters: Mapping[str, Any], count: int) -> Callable[..., Any]:
        """The function that computes a primitive of so many operands from their values."""
        computed = primitive.implementation(self)
        if parameters:
            computed = partial(computed, **parameters)
        if not self.by_elements or not count:
            return computed
        if primitive.kind == "elementwise":
            return np.frompyfunc(computed, count, 1)
        return lambda *operands: self.lifted(computed(*operands))

    @staticmethod
    def square(x: Array) -> Array:
        """x times x."""
        return x * x

    @staticmethod
    def cross(a: Array, b: Array) -> Array:
        """Cross products of vectors of three along the last axis."""
        (a0, a1, a2), (b0, b1, b2) = (np.moveaxis(x, -1, 0) for x in (a, b))
        return np.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], axis=-1)

    @staticmethod
    def at_target(x: Array, target: Array) -> Array:
        """Along the last axis the element at the label, or the sum weighed by the target's probabilities."""
        if np.shape(x) == np.shape(target):
            return np.sum(x * target, axis=-1)
        index, known = labelled(x.shape, target)
        return x[index] if known is None else np.where(known, x[index], np.nan)[()]

    @staticmethod
    def sum_to(x: Array, shape: Shape) -> Array:
        """The sum over leading axes, and over axes of extent 1, that brings `x` to `shape`."""
        return np.reshape(np.sum(x, axis=summed_axes(x.shape, shape)), shape)[()]


class Float64(Float64LinearAlgebra, Arithmetic):
    """NumPy's functions; a single number is a `numpy.float64`."""

    #: Whether numbers are doubles.
    double = True

    def __reduce__(self) -> str:
        return "FLOAT64"

    def __getattr__(self, name: str) -> Any:
        function = getattr(np, name, None)
        if function is None:
            from scipy import special as scipys  # a third of a second that only these functions need

            function = getattr(scipys, name)
        setattr(self, name, function)
        return function

    lgamma = staticmethod(special.lgamma)
    beta = staticmethod(special.beta)

    @staticmethod
    def digamma(x: Array) -> Array:
        """The derivative of lgamma."""
        return special.polygamma(x, 0)

    def polygamma(self, x: Array, n: int) -> Array:
        """The derivative of order n of digamma."""
        return special.polygamma(x, int(n))

    def polygamma_difference(self, a: Array, b: Array, n: int) -> Array:
        """polygamma(a, n) - polygamma(a + b, n)."""
        return special.polygamma_difference(a, b, int(n))

    @staticmethod
    def random(draw: str, shape: Shape, seed: int) -> Array:
        """Random numbers that depend on nothing but the seed."""
        return getattr(np.random.default_rng(seed), draw)(shape)

    @staticmethod
    def progression(start: float, stop: float, step: float) -> Array:
        """Numbers from start up to, not including, stop."""
        return np.arange(start, stop, step, dtype=np.float64)

    @staticmethod
    def evenly_spaced(start: float, stop: float, count: int) -> Array:
        """Numbers from start to stop, both included."""
        return np.linspace(start, stop, count)

    @staticmethod
    def one_hot(labels: Array, classes: int) -> Array:
        """For each label a row that is 1 at its place."""
        return (np.asarray(labels)[..., np.newaxis] == np.arange(classes)) * 1.0

    @staticmethod
    def scatter_add(x: Array, key: Key, places: Sequence[Array], shape: Shape) -> Array:
        """Zeros to which x is added at the places."""
        return adder(key, selected(shape, key, places), shape)(x)

    @staticmethod
    def number(value: Any, shape: Shape) -> Any:
        """A constant of the graph: a number that fills the shape, or nested tuples."""
        if shape == ():
            return np.float64(value)
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)

    @staticmethod
    def lifted(values: Any) -> Array:
        """Doubles as numbers of this arithmetic."""
        return values

    @staticmethod
    def indicator(condition: Array) -> Array:
        """1 where the condition holds, else 0."""
        return condition * 1.0

    @staticmethod
    def where(condition: Array, a: Array, b: Array) -> Array:
        """`a` where the condition holds, else `b`."""
        return np.where(condition, a, b)[()]

    @staticmethod
    def weigh(upstream: Array, local: Array) -> Array:
        """The product, or 0 where upstream is 0."""
        product = upstream * local
        if isinstance(product, float):
            return FLOAT64.number(0.0, ()) if math.isnan(product) and upstream == 0 else product
        if np.isnan(np.min(product)):  # 0 * inf: what does not flow back contributes nothing
            return np.where(upstream == 0, 0.0, product)[()]
        return product

    @staticmethod
    def unit_of(x: Array, axis: Axes = None) -> Array:
        """A power of two near the largest magnitude along the axes: squares of x in it neither overflow nor vanish."""
        return FLOAT64.unit_near(np.max(np.abs(x), axis=axis, keepdims=True))

    @staticmethod
    def unit_near(largest: Array) -> Array:
        """A power of two near each number, 1 for one that is 0 or not finite."""
        return np.where((largest > 0) & np.isfinite(largest), np.ldexp(1.0, np.frexp(largest)[1] - 1), 1.0)[()]

    @staticmethod
    def norm(x: Array, axis: Axes = None, keepdims: bool = False) -> Array:
        """The Euclidean norm, also where squares overflow or vanish."""
        root = np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))
        if np.all((root > 1e-140) & (root < 1e140)):
            return root
        unit = FLOAT64.unit_of(x, axis)  # squares overflow or vanish: scale first
        return (
            np.sqrt(np.sum((x / unit) ** 2, axis=axis, keepdims=keepdims))
            * (unit if keepdims else np.reshape(unit, np.shape(root)))
        )[()]


FLOAT64 = Float64()
