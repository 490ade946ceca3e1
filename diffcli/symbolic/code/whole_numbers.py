"""Sums, products and numbers in programs, and in Python the division of whole numbers."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

from typing import Any

import sympy
from sympy import Expr
from sympy.printing.precedence import PRECEDENCE

from diffcli.symbolic.code.calling import Calling


class Accurate(Calling):
    """For a SymPy code printer: sums as they lose the fewest digits, and numbers to all of theirs."""

    def _print_Add(self, expr: Expr, order: Any = None) -> str:
        """SymPy multiplies sums out: `3*(a - b)`, printed so, loses fewer digits than `3*a - 3*b`."""
        number, rest = expr.primitive()
        shared = rest.is_Add and all(term.as_coeff_Mul()[0] in (1, -1) and not term.is_number for term in rest.args)
        if number in (1, -1) or not shared:
            return str(super()._print_Add(expr, order))  # type: ignore[misc]  # SymPy's printers have it
        return str(self._print(sympy.Mul(number, rest, evaluate=False)))

    def _print_Mul(self, expr: Expr) -> str:
        """SymPy takes a negative product for a sum, and leaves out the brackets of a divisor that is a product."""
        coefficient, rest = expr.as_coeff_Mul()
        factors = sympy.Mul.make_args(rest)
        if coefficient < 0 and any(map(_divides_by_a_product, factors)):
            factors = [factor for factor in (-coefficient, *factors) if factor != 1]
            return f"-{self._at(sympy.Mul(*factors, evaluate=False), PRECEDENCE['Mul'])}"
        return str(super()._print_Mul(expr))  # type: ignore[misc]  # SymPy's printers have it

    def _print_Float(self, expr: Expr) -> str:
        return repr(float(expr))


def _divides_by_a_product(factor: Expr) -> bool:
    """Whether a factor is `1/(a*b)`, `1/(2/3)` or `1/(1/a)`."""
    if not _is_quotient(factor):
        return False
    base = factor.base
    return bool(base.is_Mul or _is_quotient(base) or (base.is_Rational and base.q != 1))


def _is_quotient(factor: Expr) -> bool:
    return bool(factor.is_Pow and factor.exp.is_Rational and factor.exp < 0)


class WholeNumbers(Accurate):
    """For a SymPy code printer: quotients and remainders of whole numbers by Python's operators."""

    def _as_ordered_terms(self, expr: Expr, order: Any = None) -> list[Expr]:
        """The terms, those that are subtracted last."""
        terms = super()._as_ordered_terms(expr, order)  # type: ignore[misc]  # SymPy's printers have it
        return sorted(terms, key=lambda term: bool(term.as_coeff_Mul()[0] < 0))

    def _print_Mod(self, expr: Expr) -> str:
        return self._divided(expr, "%")

    _print_Remainder = _print_Counted = _print_Mod

    def _print_Quotient(self, expr: Expr) -> str:
        return self._divided(expr, "//")

    def _divided(self, expr: Expr, operator: str) -> str:
        left, right = (self._at(argument, PRECEDENCE["Mul"] + 1) for argument in expr.args)
        return f"({left} {operator} {right})"
