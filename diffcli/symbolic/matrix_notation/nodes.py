"""Nodes of formulas of whole arrays, beside SymPy's own operations, which are meant element by element.

Arrays meet as NumPy's do, aligned at the right. Every node is real and commutes: it stands for an
element wherever it is an operand.
"""

# ruff: noqa: D102
# Methods without a docstring are SymPy's hooks.

import sympy
from sympy import Expr, Symbol
from sympy.printing.precedence import PRECEDENCE


class Node(sympy.Expr):  # type: ignore[misc]  # SymPy has no type stubs
    """An array that is no elementwise operation; `rank` is the number of its axes."""

    is_commutative = True
    rank = 0

    def __new__(cls, *arguments: Expr) -> Expr:
        return sympy.Expr.__new__(cls, *map(sympy.sympify, arguments))

    def _eval_is_extended_real(self) -> bool:
        return True

    def _eval_is_finite(self) -> bool:
        return True


class Whole(Node):
    """A variable: `Whole(symbol, rank)`."""

    @property
    def name(self) -> str:
        """The variable's name."""
        return str(self.args[0].name)

    @property
    def rank(self) -> int:  # type: ignore[override]  # a field of the other nodes
        return int(self.args[1])


class Part(Node):
    """Elements of a variable: `Part(whole, *places)`.

    A place is a number, `Tuple(start, stop)` for a slice, or an array of places; these are
    aligned as operands are. The last axes may have none: all of their elements are meant.
    """

    @property
    def whole(self) -> Expr:
        """The variable."""
        return self.args[0]

    @property
    def places(self) -> tuple[Expr, ...]:
        """One for each of the first axes."""
        return tuple(self.args[1:])

    @property
    def rank(self) -> int:  # type: ignore[override]
        slices = sum(isinstance(place, sympy.Tuple) for place in self.places)
        others = max((rank(place) for place in self.places if not isinstance(place, sympy.Tuple)), default=0)
        return int(slices + others + self.whole.rank - len(self.places))


class Added(Node):
    """Zeros with rows added at places of the first axes: `Added(rows, axes, *places, *sizes)`, sizes of all axes."""

    @property
    def rows(self) -> Expr:
        """What is added: an array whose first axes are those of the places, and whose last are the result's."""
        return self.args[0]

    @property
    def places(self) -> tuple[Expr, ...]:
        """One for each of the first axes; they are aligned as operands are."""
        return tuple(self.args[2 : 2 + int(self.args[1])])

    @property
    def sizes(self) -> tuple[Expr, ...]:
        """Those of the result's axes."""
        return tuple(self.args[2 + int(self.args[1]) :])

    @property
    def rank(self) -> int:  # type: ignore[override]
        return len(self.sizes)


class Diagonal(Node):
    """The diagonal of a matrix."""

    rank = 1


class Places(Node):
    """The places low, ..., high themselves: `Places(low, high)`; `Places(low, high, 1)` as numbers to compute with."""

    rank = 1


class Contracted(Node):
    """The product `left @ right` of matrices and vectors."""

    #: In printed code it gets brackets as a factor: `*` and `@` are read from the left. SymPy
    #: prints the factors of a product with a minus sign as if they were terms.
    precedence = PRECEDENCE["Add"]

    @property
    def rank(self) -> int:  # type: ignore[override]
        return rank(self.args[0]) + rank(self.args[1]) - 2


class Outer(Node):
    """The outer product of two vectors."""

    rank = 2


class Transposed(Node):
    """The array with its axes in another order: `Transposed(array, *axes)`."""

    @property
    def rank(self) -> int:  # type: ignore[override]
        return len(self.args) - 1


class Spread(Node):
    """The array with axes of 1 put in: `Spread(array, *kept)`, one flag for each axis of the result."""

    @property
    def rank(self) -> int:  # type: ignore[override]
        return len(self.args) - 1


class Reduction(Node):
    """One number of all elements, or along one axis: `Total(array)`, `Total(array, axis)`."""

    @property
    def array(self) -> Expr:
        """The array that is reduced."""
        return self.args[0]

    @property
    def axis(self) -> int | None:
        """The axis, counted from 0; None for all."""
        return int(self.args[1]) if len(self.args) > 1 else None

    @property
    def rank(self) -> int:  # type: ignore[override]
        return 0 if self.axis is None else rank(self.array) - 1


class Total(Reduction):
    """The sum."""


class TotalProduct(Reduction):
    """The product."""


class Highest(Reduction):
    """The largest element."""


class Lowest(Reduction):
    """The smallest element."""


class Length(Reduction):
    """The Euclidean norm."""


class Middle(Reduction):
    """The median."""


class LowerMiddle(Reduction):
    """The median; the lower of the two middle elements where their number is even."""


class UpperMiddle(Reduction):
    """The median; the upper of the two middle elements where their number is even."""


class Determined(Node):
    """The determinant of a matrix."""


class LogDetermined(Node):
    """The logarithm of the size of a matrix's determinant."""


class Adjugated(Node):
    """The adjugate of a matrix: the inverse times the determinant."""

    rank = 2


class Inverted(Node):
    """The inverse of a matrix."""

    rank = 2


class Clipped(sympy.Function):  # type: ignore[misc]
    """A place brought into the range of an axis: `Clipped(place, size)`; elementwise."""

    def _eval_is_integer(self) -> bool:
        return True


def rank(expression: Expr) -> int:
    """The number of axes of an expression of whole arrays."""
    if isinstance(expression, Node):
        return expression.rank
    return max((rank(argument) for argument in getattr(expression, "args", ())), default=0)


def whole(symbol: Symbol, axes: int) -> Expr:
    """A variable as an operand: a number is its symbol alone."""
    return Whole(symbol, axes) if axes else symbol


def transposed(array: Expr, axes: tuple[int, ...]) -> Expr:
    """The array with its axes in this order; a transpose of a transpose is the array."""
    if axes == tuple(range(len(axes))):
        return array
    if isinstance(array, Transposed):
        before = [int(axis) for axis in array.args[1:]]
        return transposed(array.args[0], tuple(before[axis] for axis in axes))
    if isinstance(array, Outer):
        return Outer(array.args[1], array.args[0])
    if isinstance(array, sympy.Mul):
        numbers = [factor for factor in array.args if not rank(factor)]
        rest = [factor for factor in array.args if rank(factor)]
        if numbers:
            return sympy.Mul(*numbers, transposed(sympy.Mul(*rest), axes))
    return Transposed(array, *axes)


def spread(array: Expr, kept: tuple[bool, ...]) -> Expr:
    """The array with axes of 1 where `kept` is false; axes of 1 in front need no mention."""
    first = kept.index(True) if True in kept else len(kept)
    shown = kept[first:]
    return array if all(shown) else Spread(array, *map(int, shown))


def applied(matrix: Expr, vector: Expr) -> Expr:
    """`matrix @ vector`, worked out from the vector on: no product of two matrices is formed."""
    flipped = isinstance(matrix, Transposed)
    inner = matrix.args[0] if flipped else matrix
    if isinstance(inner, Contracted):
        first, second = inner.args
        if flipped:
            return applied(transposed(second, (1, 0)), applied(transposed(first, (1, 0)), vector))
        return applied(first, applied(second, vector))
    if isinstance(inner, sympy.Mul):
        columns = [factor for factor in inner.args if rank(factor) == 1]
        rest = sympy.Mul(*[factor for factor in inner.args if factor not in columns])
        if columns and rank(rest) == 2:
            scale = sympy.Mul(*columns)
            return scale * applied(transposed(rest, (1, 0)), vector) if flipped else applied(rest, scale * vector)
    return Contracted(matrix, vector)
