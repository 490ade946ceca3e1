"""Functions of a whole matrix: determinant and inverse, with the matrix given by its element.

Their derivatives are those of matrix calculus: `d det(M) = det(M) tr(inv(M) dM)`,
`d log|det(M)| = tr(inv(M) dM)`, `d inv(M) = -inv(M) dM inv(M)` (Petersen and Pedersen, The Matrix
Cookbook, 2012, section 2).
"""

import sympy
from sympy import Expr, Symbol

from diffcli.symbolic.vocabulary.loops import Binder


class Matrix(Binder):
    """A function of a matrix whose element is given at two indices: the column's, then the row's.

    The limits are ordered as in a Sum, the innermost first.
    """

    def change(self, symbol: Symbol) -> tuple[Expr, Symbol, Symbol, list[Expr]]:
        """The derivative of the element, its row and its column, and their limits."""
        function, limits = self.renamed()
        return function.diff(symbol), limits[1][0], limits[0][0], limits

    def _flow(self, symbol: Symbol) -> Expr:
        """tr(inv(M) dM)."""
        slope, row, column, limits = self.change(symbol)
        return slope and sympy.Sum(Entry(Inverse(*self.args), column, row) * slope, *limits)


class Determinant(Matrix):
    """The determinant."""

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        return self * self._flow(symbol)


class AnyDeterminant(Determinant):
    """The determinant, of a matrix that may be singular: its derivative needs no inverse."""

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        slope, row, column, limits = self.change(symbol)
        return slope and sympy.Sum(Entry(Adjugate(*self.args), column, row) * slope, *limits)


class LogDeterminant(Matrix):
    """The logarithm of the determinant's absolute value."""

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        return self._flow(symbol)


class Inverse(Matrix):
    """The inverse; its elements are each an Entry."""


class Adjugate(Matrix):
    """The inverse times the determinant, which a singular matrix has too; its elements are each an Entry."""


class Entry(sympy.Expr):  # type: ignore[misc]  # SymPy has no type stubs
    """An element of an inverse or adjugate: `Entry(Inverse(...), row, column)`."""

    is_commutative = True

    def _eval_is_extended_real(self) -> bool:
        return True

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        inverse, row, column = self.args
        if isinstance(inverse, Adjugate):
            return (Determinant(*inverse.args) * Entry(Inverse(*inverse.args), row, column)).diff(symbol)
        slope, above, below, limits = inverse.change(symbol)
        return slope and -sympy.Sum(Entry(inverse, row, above) * slope * Entry(inverse, below, column), *limits)


def ordered(expression: Expr) -> Expr:
    """The expression with each element of a symmetric matrix's inverse given by its indices in one order."""
    if not expression.args or isinstance(expression, (sympy.Indexed, sympy.Tuple)):
        return expression
    changed = expression.func(*[ordered(argument) for argument in expression.args])
    if isinstance(changed, Entry) and _is_symmetric(changed.args[0]):
        inverse, row, column = changed.args
        return Entry(inverse, *sorted((row, column), key=sympy.default_sort_key))
    return changed


def _is_symmetric(matrix: Expr) -> bool:
    (column, _, _), (row, _, _) = matrix.limits
    return bool(matrix.function.xreplace({row: column, column: row}) == matrix.function)
