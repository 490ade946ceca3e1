"""Powers, roots, exponentials and logarithms."""

import math

from diffcli.primitives.declaration import elementwise
from diffcli.primitives.definition import Definition
from diffcli.primitives.domain import NOT_BELOW_ZERO, POSITIVE, POWERS, Kink, above, real
from diffcli.primitives.notation import POWER, infix
from diffcli.primitives.number import Real, constant, plain
from diffcli.primitives.piecewise import equal, where
from diffcli.primitives.primitive import Operand, Primitive
from diffcli.primitives.structural import weigh

_E = constant(math.e, "e")
_NONZERO = real((0.2, 3.0))
_NOT_NEAR_THE_ORIGIN = real((-2.0, 2.0), (0.3, 2.0))
_ORIGIN = Kink(lambda x, y: (x == 0) & (y == 0), "it has a corner at the origin", "its gradient there is 0", "nan", "1/2 to each")
_BASE_0 = Kink(lambda a, b: (a == 0) & (b > 1) & (b != b // 1), "the base is 0, below which there is no power", "the derivative from the right is taken", "0", "0")


def _by_base(a: Operand, b: Operand, out: Operand) -> Operand | int:
    exponent = b.number
    if exponent is None:
        return weigh(b, a ** (b - 1))  # 0 where b is 0, even if a is 0 too
    if plain(exponent) == 0:
        return 0
    return b * a ** (exponent - 1)


def _by_exponent(a: Operand, b: Operand, out: Operand) -> Operand:
    if isinstance(a.number, Real) and a.number.exact == _E.exact:
        return out
    return weigh(out, log(a))  # 0^b is 0 for all b > 0, so its slope is 0 there, not 0 * log(0)


pow = elementwise(
    "pow", "a to the power b.", _by_base, _by_exponent,
    formula=lambda sp, a, b: a**b, notation=infix("^", POWER, right_associative=True), right_identity=1, domain=POWERS, kinks=(_BASE_0,), aliases=("power",),
)
square = elementwise("square", "x times x.", lambda x, out: 2 * x, formula=lambda sp, x: x**2)
sqrt = elementwise("sqrt", "Square root.", lambda x, out: 1 / (2 * out), domain=NOT_BELOW_ZERO)
cbrt = elementwise(
    "cbrt", "Real cube root.", lambda x, out: 1 / (3 * out**2), domain=_NONZERO,
    formula=lambda sp, x: sp.Piecewise((x ** sp.Rational(1, 3), x >= 0), (-((-x) ** sp.Rational(1, 3)), True)),
)
hypot = elementwise(
    "hypot", "sqrt(x^2 + y^2), without overflow.",
    lambda x, y, out: where(equal(out, 0), 0, x / out),
    lambda x, y, out: where(equal(out, 0), 0, y / out),
    formula=lambda sp, x, y: sp.sqrt(x**2 + y**2), domain=_NOT_NEAR_THE_ORIGIN, kinks=(_ORIGIN,), described="{operand}/{out}",
)

exp   = elementwise("exp",   "e to the power x.",            lambda x, out: out)
expm1 = elementwise("expm1", "exp(x) - 1, accurate near 0.", lambda x, out: exp(x),                         formula=lambda sp, x: sp.exp(x) - 1)
log   = elementwise("log",   "Natural logarithm.",           lambda x, out: 1 / x,                          domain=POSITIVE, aliases=("ln",))
log2  = elementwise("log2",  "Logarithm to base 2.",         lambda x, out: 1 / (x * log(x.named(2, "2"))), domain=POSITIVE, formula=lambda sp, x: sp.log(x) / sp.log(2))
log10 = elementwise("log10", "Logarithm to base 10.",        lambda x, out: 1 / (x * log(x.named(10, "10"))), domain=POSITIVE, formula=lambda sp, x: sp.log(x) / sp.log(10))
log1p = elementwise("log1p", "log(1 + x), accurate near 0.", lambda x, out: 1 / (1 + x),                    domain=above(-1, (-0.8, 2.0)), formula=lambda sp, x: sp.log(1 + x))

sigmoid: Primitive = elementwise(
    "sigmoid", "Logistic function 1/(1 + exp(-x)).", lambda x, out: out * sigmoid(-x),
    compute=lambda m, x: m.exp(m.minimum(x, 0.0)) / (1 + m.exp(-m.abs(x))), formula=lambda sp, x: 1 / (1 + sp.exp(-x)),
    aliases=("logistic", "expit"),
)
softplus = elementwise(
    "softplus", "log(1 + exp(x)), without overflow.", lambda x, out: sigmoid(x),
    compute=lambda m, x: m.maximum(x, 0.0) + m.log1p(m.exp(-m.abs(x))), formula=lambda sp, x: sp.log(1 + sp.exp(x)),
)
logaddexp = elementwise(
    "logaddexp", "log(exp(a) + exp(b)), without overflow.", lambda a, b, out: sigmoid(a - b), lambda a, b, out: sigmoid(b - a),
    compute=lambda m, a, b: m.maximum(a, b) + m.log1p(m.exp(-m.abs(a - b))), formula=lambda sp, a, b: sp.log(sp.exp(a) + sp.exp(b)),
)
exp2       = Definition("exp2", "2 to the power x.", ("x",), "2^x")
reciprocal = Definition("reciprocal", "1/x.", ("x",), "1/x", domain="x other than 0")
rsqrt      = Definition("rsqrt", "1/sqrt(x).", ("x",), "1/sqrt(x)", domain="x > 0")
logit      = Definition("logit", "Inverse of sigmoid: log(x/(1 - x)).", ("x",), "log(x) - log1p(-x)", domain="0 < x < 1")
