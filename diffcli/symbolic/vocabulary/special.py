"""The gamma function and its kin: real wherever the logarithm of their size is.

SymPy's own become constants that the language has no name for.
"""

from functools import partial
from typing import Any

from sympy import Expr
from sympy.core.function import ArgumentIndexError

from diffcli.symbolic.vocabulary.real_functions import real_function

_declared = partial(real_function, module=__name__)


def _by_order(order: Expr, x: Expr, out: Expr) -> Expr:
    raise ArgumentIndexError(out, 1)


Gamma = _declared("Gamma", "The gamma function; (n - 1)! of a whole number.", lambda x, out: out * Polygamma(0, x))
LogGamma = _declared("LogGamma", "log|gamma(x)|, real for negative x too.", lambda x, out: Polygamma(0, x))
Polygamma: Any = _declared(
    "Polygamma",
    "The derivative of order `n + 1` of LogGamma: `Polygamma(n, x)`.",
    _by_order,
    lambda order, x, out: Polygamma(order + 1, x),
)
Beta = _declared(
    "Beta",
    "gamma(a) gamma(b) / gamma(a + b).",
    lambda a, b, out: out * (Polygamma(0, a) - Polygamma(0, a + b)),
    lambda a, b, out: out * (Polygamma(0, b) - Polygamma(0, a + b)),
)
