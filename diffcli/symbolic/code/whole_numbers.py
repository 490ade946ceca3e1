"""How programs write sums and numbers, and in Python the division of whole numbers."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

from typing import Any

import sympy
from sympy.printing.precedence import PRECEDENCE

from diffcli.symbolic.code.calling import Calling


class Accurate(Calling):
    """For a SymPy code printer: sums as they lose the fewest digits, and numbers to all of theirs."""

    def _print_Add(self, expr: Any, order: Any = None) -> str:
        """SymPy multiplies sums out: `3*(a - b)`, printed so, loses fewer digits than `3*a - 3*b`."""
        number, rest = expr.primitive()
        shared = rest.is_Add and all(term.as_coeff_Mul()[0] in (1, -1) and not term.is_number for term in rest.args)
        if number in (1, -1) or not shared:
            return str(super()._print_Add(expr, order))  # type: ignore[misc]  # SymPy's printers have it
        return str(self._print(sympy.Mul(number, rest, evaluate=False)))

    def _print_Float(self, expr: Any) -> str:
        return repr(float(expr))


class WholeNumbers(Accurate):
    """For a SymPy code printer: quotients and remainders of whole numbers by Python's operators."""

    def _print_Mod(self, expr: Any) -> str:
        return self._divided(expr, "%")

    _print_Remainder = _print_Mod

    def _print_Quotient(self, expr: Any) -> str:
        return self._divided(expr, "//")

    def _divided(self, expr: Any, operator: str) -> str:
        left, right = (self._at(argument, PRECEDENCE["Mul"] + 1) for argument in expr.args)
        return f"({left} {operator} {right})"
