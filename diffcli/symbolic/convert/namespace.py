"""The names that a primitive's `formula` may use: SymPy's functions, and the language's functions of arrays."""

import operator
from typing import Any

import sympy
from sympy import Expr
from sympy.logic.boolalg import Boolean

from diffcli.symbolic.arrays.assembly import Assembly, exactly
from diffcli.symbolic.arrays.axes import Along, gone
from diffcli.symbolic.arrays.indexed import Array
from diffcli.symbolic.arrays.matrix_products import MatrixProducts
from diffcli.symbolic.arrays.rearrangement import Rearrangement
from diffcli.symbolic.arrays.reductions import Reductions
from diffcli.symbolic.vocabulary import kept, matrices, special
from diffcli.symbolic.vocabulary.choice import Choice
from diffcli.symbolic.vocabulary.conventions import Absolute, Ceiling, Floor
from diffcli.symbolic.vocabulary.loops import Length, LogSumExp


class Namespace(Reductions, Rearrangement, Assembly, MatrixProducts):
    """SymPy with the program's conventions. One serves one expression: it relates sizes.

    Its methods are functions of arrays, with their options as keywords; any other name is SymPy's.
    """

    floor = Floor
    ceiling = Ceiling
    absolute = Absolute
    gamma = special.Gamma
    lgamma = special.LogGamma
    polygamma = special.Polygamma
    beta = special.Beta

    def __getattr__(self, name: str) -> Any:
        return getattr(sympy, name)

    def Piecewise(self, *pairs: tuple[Expr, Boolean]) -> Expr:  # noqa: N802  # SymPy's name
        """The value of the first pair whose condition holds; the last condition is True."""
        return Choice(*[part for pair in pairs[:-1] for part in pair], pairs[-1][0])

    def digamma(self, x: Expr) -> Expr:
        """The logarithmic derivative of the gamma function."""
        return special.Polygamma(0, x)

    def indicator(self, relation: Boolean) -> Expr:
        """1 where the relation holds, else 0."""
        return Choice(1, relation, 0)

    def truth(self, element: Expr) -> Boolean:
        """The condition that a number is not 0."""
        if isinstance(element, Choice) and len(element.args) == 3 and element.args[0] == 1 and element.otherwise == 0:
            return element.args[1]
        return sympy.Ne(element, 0)


class ProgramNamespace(Namespace):
    """The same for programs, with functions kept that elementary terms would not compute as accurately."""

    def logsumexp(self, x: Array, axis: Along = None, keepdims: bool = False) -> Array:
        """The logarithm of the sum of exponentials."""
        return self._chosen(x, axis, keepdims, LogSumExp)

    def softmax(self, x: Array, axis: int = -1) -> Array:
        """Exponentials divided by their sum."""
        return self._elementwise(kept.Share, x, self.logsumexp(x, axis, keepdims=True))

    def norm(self, x: Array, ord: Any = 2, axis: Along = None, keepdims: bool = False) -> Array:
        """The norm."""
        if ord not in (2, "fro", None):
            return super().norm(x, ord, axis, keepdims)
        element = x.element if any(axis.size != 1 for axis in gone(x, axis)) else Absolute(x.element)
        return self._chosen(x.map(lambda _: element), axis, keepdims, Length)

    def det(self, a: Array) -> Array:
        """The determinant."""
        return self._of_matrix(a, "det", matrices.AnyDeterminant)

    def std(self, x: Array, axis: Along = None, ddof: float = 0, keepdims: bool = False) -> Array:
        """The root of the variance, whose squares may vanish."""
        deviation = self._elementwise(operator.sub, x, self.mean(x, axis, keepdims=True))
        count = self._count(x, axis) - exactly(ddof)
        return self.norm(deviation, 2, axis, keepdims).map(lambda length: length / sympy.sqrt(count))


def of_arrays(name: str, namespace: Namespace) -> Any:
    """The function of arrays with this name, or None."""
    owner = next((family for family in type(namespace).__mro__ if name in vars(family)), None)
    return getattr(namespace, name) if owner not in (None, object, Namespace) else None
