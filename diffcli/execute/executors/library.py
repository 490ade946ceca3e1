"""What executors have in common that hand a schedule to a library with arrays of its own."""

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from diffcli.execute.executors.executor import Unfit
from diffcli.execute.executors.library_moves import LibraryMoves
from diffcli.execute.schedule import Schedule
from diffcli.messages import Message
from diffcli.primitives.shape import Axes, Shape, axes_of, kept, reduced, size, summed_axes

#: Functions that the libraries compute with fewer digits than double precision has, or not left of 0.
_COARSE = frozenset(["polygamma", "polygamma_difference", "digamma", "lgamma", "gamma", "beta"])
#: Up to this size a determinant is written out.
_SMALL = 3

#: What libraries say where memory is short: PyTorch of the machine's and of a graphics card's, JAX of either.
_NO_MEMORY = ("can't allocate memory", "out of memory", "RESOURCE_EXHAUSTED")


def imported(name: str, title: str) -> Any:
    """A library by its module's name. Raises Unfit where it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        wanted = f"pip install 'diffcli[{name}]'"
        raise Unfit(Message("{library} is not installed: {command}", library=title, command=wanted)) from None


@contextmanager
def fitting(title: str) -> Iterator[None]:
    """A library handed a schedule. Raises Unfit, in the library's words, where it does not take it."""
    try:
        yield
    except Unfit:
        raise
    except Exception as refusal:  # libraries have errors of many kinds
        first = str(refusal).strip().partition("\n")[0]
        raise Unfit(Message("{library} does not take it: {reason}", library=title, reason=first)) from refusal


@contextmanager
def within_memory() -> Iterator[None]:
    """A run of a library, whose own errors about memory become Python's."""
    try:
        yield
    except RuntimeError as error:
        if any(words in str(error) for words in _NO_MEMORY):
            raise MemoryError(str(error)) from error
        raise


class LibraryArithmetic(LibraryMoves):
    """A library's functions by the names that primitives compute with: those of its `spaces`, and compositions of them.

    A subclass has what libraries do each in its own way: `lifted` makes one of its arrays of NumPy's, `places` one of
    indices; `full`, `max`, `min`, `sum`, `prod`, `sort`, `singular_values`; `put` and `added`, which set or add numbers
    at an index of zeros; `whole`, which makes indices of numbers. A name that is nowhere raises Unfit. All numbers are
    of the type `dtype`.
    """

    add, sub, mul, truediv = operator.add, operator.sub, operator.mul, operator.truediv
    pow, neg, equal, less = operator.pow, operator.neg, operator.eq, operator.lt

    def __init__(self, title: str, dtype: np.dtype[Any], linalg: Any, *spaces: Any) -> None:
        self._title, self.dtype, self.linalg, self._spaces = title, dtype, linalg, spaces

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name not in _COARSE:
            for space in self._spaces:
                if hasattr(space, name):
                    return getattr(space, name)
        raise Unfit(Message("{library} has no '{name}' of full precision", library=self._title, name=name))

    @property
    def own(self) -> Mapping[str, Callable[..., Any]]:
        """Primitives whose own function would write to an array, or have it sort itself."""
        return {
            "index": self.index,
            "scatter": self.scatter,
            "place_diagonal": self.place_diagonal,
            "kth_smallest": self.kth_smallest,
            "median": self.median,
        }

    # numbers

    def number(self, value: float, shape: Shape) -> Any:
        """A number that fills the shape."""
        return self.full(shape, float(value))

    @staticmethod
    def array(x: Any) -> Any:
        """Every operand is an array."""
        return x

    @staticmethod
    def square(x: Any) -> Any:
        """x times x."""
        return x * x

    def weigh(self, upstream: Any, local: Any) -> Any:
        """The product, or 0 where upstream is 0."""
        product = upstream * local
        return self.where((upstream == 0) & self.isnan(product), self.number(0.0, ()), product)

    def indicator(self, condition: Any) -> Any:
        """1 where the condition holds, else 0."""
        return self.where(condition, self.number(1.0, ()), self.number(0.0, ()))

    # reductions

    def mean(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
        """Means along axes."""
        return self.sum(x, axis=axis, keepdims=keepdims) / (size(x.shape) // size(kept(x.shape, axis)))

    def sum_to(self, x: Any, shape: Shape) -> Any:
        """The sum over leading axes, and over axes of extent 1, that brings x to the shape."""
        return self.reshape(self.sum(x, axis=summed_axes(x.shape, shape)), shape)

    def unit_of(self, x: Any, axis: Axes = None) -> Any:
        """A power of two near the largest magnitude along the axes: squares of x in it neither overflow nor vanish."""
        largest = self.max(self.abs(x), axis=axis, keepdims=True)
        usable = (largest > 0) & self.isfinite(largest)
        return self.where(usable, largest / (2 * self.frexp(largest)[0]), self.number(1.0, ()))

    def norm(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
        """The Euclidean norm, also where squares overflow or vanish."""
        unit = self.unit_of(x, axis)
        root = self.sqrt(self.sum(self.square(x / unit), axis=axis, keepdims=True)) * unit
        return root if keepdims else self.reshape(root, reduced((tuple(x.shape),), axis))

    def kth_smallest(self, x: Any, k: int, axis: Axes = None, keepdims: bool = False) -> Any:
        """The element in place k in order along the axes."""
        axes = axes_of(x.shape, axis)
        others = tuple(place for place in range(x.ndim) if place not in axes)
        rows = self.reshape(self.transpose(x, (*others, *axes)), (*(x.shape[place] for place in others), -1))
        return self.reshape(self.sort(rows)[..., k], reduced((tuple(x.shape),), axis, keepdims))

    def median(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:
        """The middle element, or the mean of the two in the middle."""
        count = size(x.shape) // size(kept(x.shape, axis))
        low, high = (self.kth_smallest(x, k, axis, keepdims) for k in ((count - 1) // 2, count // 2))
        return (low + high) / 2

    # linear algebra

    def dot(self, a: Any, b: Any) -> Any:
        """Dot products of vectors and matrices; products with a number."""
        return self.matmul(a, b) if a.ndim and b.ndim else a * b

    def outer(self, a: Any, b: Any) -> Any:
        """Products of each element of a with each of b."""
        return self.reshape(a, (-1, 1)) * self.reshape(b, (1, -1))

    def cross(self, a: Any, b: Any) -> Any:
        """Cross products of vectors of three along the last axis."""
        (a0, a1, a2), (b0, b1, b2) = ([x[..., place] for place in range(3)] for x in (a, b))
        return self.stack([a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0], -1)

    def det(self, a: Any) -> Any:
        """Determinants, of small matrices written out."""
        extent = a.shape[-1]
        if extent > _SMALL:
            return self.linalg.det(a)
        if extent == 0:
            return self.number(1.0, tuple(a.shape[:-2]))
        terms = [(-1) ** column * a[..., 0, column] * self.det(self._minor(a, 0, column)) for column in range(extent)]
        return sum(terms[1:], terms[0])

    def logdet(self, a: Any) -> Any:
        """Logarithms of determinants; nan where one is not positive."""
        sign, logarithm = self.linalg.slogdet(a)
        return self.where(sign > 0, logarithm, self.number(math.nan, ()))

    def inv(self, a: Any) -> Any:
        """Inverses; nan of singular matrices."""
        regular, usable = self._regular(a)
        return self.where(regular, self.linalg.inv(usable), self.number(math.nan, ()))

    def solve(self, a: Any, b: Any) -> Any:
        """Solutions x of a @ x = b; nan where a is singular."""
        if b.ndim == 1:
            return self.solve(a, self.expand(b, -1))[..., 0]
        batch = np.broadcast_shapes(tuple(a.shape[:-2]), tuple(b.shape[:-2]))
        a, b = (self.broadcast_to(x, (*batch, *x.shape[-2:])) for x in (a, b))
        regular, usable = self._regular(a)
        return self.where(regular, self.linalg.solve(usable, b), self.number(math.nan, ()))

    def cofactors(self, a: Any) -> Any:
        """Cofactors, of singular matrices too: with A = U S V, det(U) det(V) U diag(products of the other s) V."""
        extent = a.shape[-1]
        if extent <= _SMALL:
            minors = [
                [(-1) ** (row + column) * self.det(self._minor(a, row, column)) for column in range(extent)]
                for row in range(extent)
            ]
            return self.stack([self.stack(row, -1) for row in minors], -2)
        finite = self._all_finite(a)
        u, s, v = self.linalg.svd(self.where(finite, a, self.number(0.0, ())))
        pieces = [self.concatenate([s[..., :k], s[..., k + 1 :]], axis=-1) for k in range(extent)]
        others = self.stack([self.prod(piece, axis=-1) for piece in pieces], -1)
        sign = self.linalg.det(u) * self.linalg.det(v)
        found = self.matmul(u * self.expand(self.expand(sign, -1) * others, -2), v)
        return self.where(finite, found, self.number(math.nan, ()))

    def _minor(self, a: Any, row: int, column: int) -> Any:
        """The matrices without a row and a column."""
        rows = self.concatenate([a[..., :row, :], a[..., row + 1 :, :]], axis=-2)
        return self.concatenate([rows[..., :column], rows[..., column + 1 :]], axis=-1)

    def _all_finite(self, a: Any) -> Any:
        """For each matrix of a batch whether all elements are finite, in a shape that broadcasts against it."""
        return self.max(self.indicator(~self.isfinite(a)), axis=(-2, -1), keepdims=True) == 0

    def _regular(self, a: Any) -> tuple[Any, Any]:
        """For each matrix whether it can be inverted, and the matrices with the unit matrix in place of the others."""
        finite = self._all_finite(a)
        values = self.singular_values(self.where(finite, a, self.number(0.0, ())))
        condition = self.expand(values[..., :1] / values[..., -1:], -1)
        regular = finite & (condition < 1 / float(np.finfo(self.dtype).eps))  # else no digit can be trusted
        return regular, self.where(regular, a, self.lifted(np.eye(a.shape[-1])))


def calls(
    schedule: Schedule, arithmetic: LibraryArithmetic, then: Mapping[int, Callable[[Any], Any]] | None = None
) -> Callable[[dict[int, Any]], list[Any]]:
    """The schedule's steps as calls of a library: of what is known by node they make the targets' values.

    `then` has, for some nodes, what is done to their values.
    """
    done: dict[int, list[int]] = {}
    for node, place in schedule.last_uses.items():
        done.setdefault(place, []).append(node)
    steps, afterwards = [], then or {}
    for place, step in enumerate(schedule.steps):
        function = arithmetic.own.get(step.primitive.name) or step.primitive.implementation(arithmetic)
        steps.append((step.node, partial(function, **step.parameters), step.operands, done.get(place, ())))

    def run(known: dict[int, Any]) -> list[Any]:
        for node, function, operands, unneeded in steps:
            value = function(*[known[operand] for operand in operands])
            known[node] = afterwards[node](value) if node in afterwards else value
            for other in unneeded:
                del known[other]
        return [known[target] for target in schedule.targets]

    return run


def is_one_number(value: Any) -> bool:
    """Whether a constant is a single number, or copies of one."""
    return not any(np.asarray(value).strides)
