"""Division of whole numbers, as every program in Python writes it."""

# ruff: noqa: N802, N815
# SymPy finds the methods by these names.

from typing import Any

from sympy.printing.precedence import PRECEDENCE


class WholeNumbers:
    """For a SymPy code printer: quotients and remainders, and operands in brackets where they need them."""

    def _at(self, term: Any, power: int) -> str:
        """A term's text, in brackets unless it binds at least as tightly."""
        return str(self.parenthesize(term, power, strict=True))  # type: ignore[attr-defined]  # SymPy's printers have it

    def _print_Mod(self, expr: Any) -> str:
        return self._divided(expr, "%")

    _print_Remainder = _print_Mod

    def _print_Quotient(self, expr: Any) -> str:
        return self._divided(expr, "//")

    def _divided(self, expr: Any, operator: str) -> str:
        left, right = (self._at(argument, PRECEDENCE["Mul"] + 1) for argument in expr.args)
        return f"({left} {operator} {right})"
