"""The gamma function and its kin: real wherever the logarithm of their size is."""

# ruff: noqa: D102
# Methods without a docstring are SymPy's hooks.

from typing import Any

import sympy
from sympy.core.function import ArgumentIndexError


class _Real(sympy.Function):  # type: ignore[misc]  # SymPy has no type stubs
    """A real function that is not rewritten: SymPy's own become constants that the language has no name for."""

    def _eval_is_extended_real(self) -> bool:
        return True


class Gamma(_Real):
    """The gamma function; (n - 1)! of a whole number."""

    def fdiff(self, argindex: int = 1) -> Any:
        return self * Polygamma(0, self.args[0])


class LogGamma(_Real):
    """log|gamma(x)|, real for negative x too."""

    def fdiff(self, argindex: int = 1) -> Any:
        return Polygamma(0, self.args[0])


class Polygamma(_Real):
    """The derivative of order `n + 1` of LogGamma: `Polygamma(n, x)`."""

    def fdiff(self, argindex: int = 1) -> Any:
        if argindex != 2:
            raise ArgumentIndexError(self, argindex)
        order, x = self.args
        return Polygamma(order + 1, x)


class Beta(_Real):
    """gamma(a) gamma(b) / gamma(a + b)."""

    def fdiff(self, argindex: int = 1) -> Any:
        a, b = self.args
        return self * (Polygamma(0, self.args[argindex - 1]) - Polygamma(0, a + b))
