"""Special functions, by SciPy."""

import math
from typing import Any

from diffcli.primitives.declaration import elementwise
from diffcli.primitives.domain import Domain, real, strictly_between
from diffcli.primitives.exponential import exp, log, log1p, square
from diffcli.primitives.number import Computed, constant
from diffcli.primitives.options import REQUIRED, Option, not_negative
from diffcli.primitives.primitive import Operand, Primitive
from diffcli.primitives.structural import weigh

_TWO_BY_ROOT_PI = constant(2 / math.sqrt(math.pi), "truediv", 2, Computed("sqrt", (Computed("pi"),)))
_HALF_ROOT_PI = constant(math.sqrt(math.pi) / 2, "truediv", Computed("sqrt", (Computed("pi"),)), 2)
_NO_POLE = Domain("any real number but 0, -1, -2, ...", lambda x: (x > 0) | (x != x // 1), ((0.3, 3.0),))
_NO_POLES = Domain(
    "any real numbers, neither they nor their sum being 0, -1, -2, ...",
    lambda a, b: _NO_POLE.contains(a) & _NO_POLE.contains(b) & _NO_POLE.contains(a + b), ((0.3, 3.0), (0.3, 3.0)),
)
_NO_POLES_APART = Domain("neither a nor a + b being 0, -1, -2, ...", lambda a, b: _NO_POLE.contains(a) & _NO_POLE.contains(a + b), ((0.3, 3.0), (0.3, 3.0)))
_LOGARITHM = Domain("y > 0, or x = 0", lambda x, y: (y > 0) | (x == 0), ((0.2, 2.0), (0.2, 3.0)))
_LOGARITHM_1P = Domain("y > -1, or x = 0", lambda x, y: (y > -1) | (x == 0), ((0.2, 2.0), (-0.8, 2.0)))


def _bell(x: Operand) -> Operand:
    return x.named(_TWO_BY_ROOT_PI, "2/sqrt(pi)") * exp(-square(x))


def _erfinv_in(context: Any, x: Any) -> Any:
    """By Halley's method, each step of which triples the digits; from a formula of S. Winitzki's (2008), which has two of them."""
    size = abs(x)
    if not 0 < size < 1:
        return x if size == 0 else x * context.inf if size == 1 else context.nan
    logarithm = context.log((1 - size) * (1 + size))
    half = 2 / (0.147 * context.pi) + logarithm / 2
    y = context.sqrt(max(context.sqrt(half * half - logarithm / 0.147) - half, 0))
    step, before = context.one, context.inf
    while 4 * context.eps * abs(y) < abs(step) < before:  # until nothing but rounding is left
        before = abs(step)
        rest = context.erf(y) - size if 2 * size < 1 else (1 - size) - context.erfc(y)
        step = rest * context.sqrt(context.pi) / 2 * context.exp(y * y)
        step /= 1 + y * step
        y -= step
    return y if x > 0 else -y


erf  = elementwise("erf",  "Error function.",                             lambda x, out: _bell(x),  domain=real((-2.0, 2.0)), torch=("Erf", "self"))
erfc = elementwise("erfc", "1 - erf(x), accurate where that is near 0.",  lambda x, out: -_bell(x), domain=real((-2.0, 2.0)), torch=("Erfc", "self"))

erfinv = elementwise(
    "erfinv", "Inverse of erf.", lambda x, out: x.named(_HALF_ROOT_PI, "sqrt(pi)/2") * exp(square(out)), domain=strictly_between(-1, 1),
    in_digits=_erfinv_in, torch=("Erfinv", "self"),
)  # fmt: skip

polygamma: Primitive = elementwise(
    "polygamma", "Derivative of order n of digamma.", lambda x, out, n: polygamma(x, n=n + 1), options=(Option("n", REQUIRED, not_negative),),
    domain=_NO_POLE, formula=lambda sp, x, n: sp.polygamma(n, x), operands=("x",), torch=("Polygamma", "self"),
    example='diffcli grad "polygamma(x, n=1)" --at 2',
)
polygamma_difference: Primitive = elementwise(
    "polygamma_difference", "polygamma(a, n) - polygamma(a + b, n), also where b is small beside a.", lambda a, b, out, n: polygamma_difference(a, b, n=n + 1),
    lambda a, b, out, n: -polygamma(a + b, n=n + 1), options=(Option("n", REQUIRED, not_negative),), operands=("a", "b"), domain=_NO_POLES_APART,
    formula=lambda sp, a, b, n: sp.polygamma(n, a) - sp.polygamma(n, a + b), public=False,
)
digamma = elementwise("digamma", "Derivative of lgamma.",              lambda x, out: polygamma(x, n=1),  domain=_NO_POLE, aliases=("psi",), torch=("Digamma", "self"))
lgamma  = elementwise(
    "lgamma",  "Logarithm of the gamma function's magnitude.", lambda x, out: digamma(x), domain=_NO_POLE, aliases=("gammaln", "loggamma"),
    torch=("Lgamma", "self"),
)  # fmt: skip
gamma   = elementwise("gamma",   "Gamma function; gamma(n + 1) is n!.", lambda x, out: out * digamma(x),   domain=_NO_POLE)
beta    = elementwise(
    "beta", "gamma(a)*gamma(b)/gamma(a + b).",
    lambda a, b, out: out * polygamma_difference(a, b, n=0), lambda a, b, out: out * polygamma_difference(b, a, n=0), domain=_NO_POLES,
    described="{out}*(digamma({operand}) - digamma(a + b))",
)


def _flat_in_y(x: Any, y: Any) -> Any:
    return False, x == 0


xlogy = elementwise(
    "xlogy", "x*log(y), 0 where x is 0.", lambda x, y, out: log(y), lambda x, y, out: weigh(x, 1 / y), domain=_LOGARITHM,
    formula=lambda sp, x, y: x * sp.log(y), flat=_flat_in_y,
)
xlog1py = elementwise(
    "xlog1py", "x*log(1 + y), 0 where x is 0; accurate for small y.", lambda x, y, out: log1p(y), lambda x, y, out: weigh(x, 1 / (1 + y)),
    domain=_LOGARITHM_1P, formula=lambda sp, x, y: x * sp.log(1 + y), flat=_flat_in_y,
)
