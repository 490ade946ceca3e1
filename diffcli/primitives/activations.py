"""Activation functions of networks, with PyTorch's defaults and conventions."""

import math
from typing import Any

from diffcli.primitives.declaration import elementwise
from diffcli.primitives.definition import Definition
from diffcli.primitives.domain import Domain, Kink, real
from diffcli.primitives.exponential import exp, sigmoid, square
from diffcli.primitives.number import Computed, constant
from diffcli.primitives.piecewise import greater, greater_equal, less, less_equal, where
from diffcli.primitives.primitive import Operand
from diffcli.primitives.special import erfc

_ROOT_HALF = constant(math.sqrt(0.5), "sqrt", Computed("truediv", (1, 2)))
_BY_ROOT_TAU = constant(1 / math.sqrt(2 * math.pi), "truediv", 1, Computed("sqrt", (Computed("tau"),)))
_AWAY_FROM_ZERO = real((0.2, 2.0), (0.05, 1.5))
_BOUNDS = Domain("low <= high", lambda x, low, high: low <= high, ((-0.9, 0.9), (-2.0, -1.0), (1.0, 2.0)))
_CORNER = "it has a corner at 0"
_CORNERS = "x is at a bound, where it has a corner"
_BOUNDS_MEET = Kink(
    lambda x, low, high: (low == high) & (x != low), "its bounds are equal, beyond which they are in the wrong order", "the derivative from the side that there is",
    "below them 0, above them 1 by high", "below them 1/2 by each, above them 1 by high",
)


def _normal_distribution(x: Operand) -> Operand:
    """The standard normal distribution function."""
    return erfc(-x * x.named(_ROOT_HALF, "sqrt(1/2)")) / 2


def _normal_density(x: Operand) -> Operand:
    return x.named(_BY_ROOT_TAU, "1/sqrt(2*pi)") * exp(-square(x) / 2)


def _between(m: Any, x: Any, low: Any, high: Any) -> Any:
    """The nearest number to x that is not outside the bounds; undefined where they are in the wrong order."""
    return m.where(low <= high, m.minimum(m.maximum(x, low), high), m.number(math.nan, ()))


def _at_a_bound(x: Any, low: Any, high: Any) -> Any:
    return (x == low) | (x == high)


def _flat_beyond(x: Any, low: Any, high: Any) -> Any:
    return (x < low) | (x > high), x > low, x < high


leaky_relu = elementwise(
    "leaky_relu", "x where x > 0, else slope*x.",
    lambda x, slope, out: where(greater(x, 0), 1, slope), lambda x, slope, out: where(greater(x, 0), 0, x), defaults={"slope": 0.01},
    compute=lambda m, x, slope: m.where(x > 0, x, slope * x), formula=lambda sp, x, slope: sp.Piecewise((x, x > 0), (slope * x, True)),
    domain=_AWAY_FROM_ZERO, keywords={"negative_slope": "slope"}, flat=lambda x, slope: (False, x >= 0), kinks=(Kink(lambda x, slope: (x == 0) & (slope != 1), _CORNER, "leaky_relu'(0) = slope", "slope", "1"),),
)
elu = elementwise(
    "elu", "x where x > 0, else alpha*(exp(x) - 1).",
    lambda x, alpha, out: where(greater(x, 0), 1, alpha * exp(x)), lambda x, alpha, out: where(greater(x, 0), 0, exp(x) - 1), defaults={"alpha": 1},
    compute=lambda m, x, alpha: m.where(x > 0, x, alpha * m.expm1(m.minimum(x, 0.0))),
    formula=lambda sp, x, alpha: sp.Piecewise((x, x > 0), (alpha * (sp.exp(x) - 1), True)),
    domain=_AWAY_FROM_ZERO, flat=lambda x, alpha: (False, x >= 0), kinks=(Kink(lambda x, alpha: (x == 0) & (alpha != 1), _CORNER, "elu'(0) = alpha", "alpha", "alpha"),),
    slope_kinks=(Kink(lambda x, alpha: (x == 0) & (alpha == 1), "its slope has a corner at 0", "elu''(0) = alpha", "0", "alpha"),),
)
silu = elementwise(
    "silu", "x*sigmoid(x).", lambda x, out: sigmoid(x) * (1 + x * sigmoid(-x)),
    compute=lambda m, x: x * (m.exp(m.minimum(x, 0.0)) / (1 + m.exp(-m.abs(x)))), formula=lambda sp, x: x / (1 + sp.exp(-x)), aliases=("swish",),
)
gelu = elementwise(
    "gelu", "x times the normal distribution function.", lambda x, out: _normal_distribution(x) + x * _normal_density(x),
    compute=lambda m, x: x * m.erfc(-x * m.sqrt(m.number(0.5, ()))) / 2, formula=lambda sp, x: x * sp.erfc(-x / sp.sqrt(2)) / 2,
)
log_sigmoid = elementwise(
    "log_sigmoid", "log(sigmoid(x)), without overflow.", lambda x, out: sigmoid(-x),
    compute=lambda m, x: m.minimum(x, 0.0) - m.log1p(m.exp(-m.abs(x))), formula=lambda sp, x: -sp.log(1 + sp.exp(-x)), aliases=("logsigmoid",),
)
hardtanh = elementwise(
    "hardtanh", "x between low and high, else the nearer of them.",
    lambda x, low, high, out: greater(x, low) * less(x, high), lambda x, low, high, out: less_equal(x, low), lambda x, low, high, out: greater_equal(x, high),
    compute=_between, formula=lambda sp, x, low, high: sp.Piecewise((low, x <= low), (high, x >= high), (x, True)), flat=_flat_beyond,
    defaults={"low": -1, "high": 1}, domain=_BOUNDS, keywords={"min_val": "low", "max_val": "high"},
    kinks=(Kink(_at_a_bound, _CORNERS, "the derivative at a bound is 0", "0", "1"), _BOUNDS_MEET),
)
clip = elementwise(
    "clip", "x, but not below low nor above high.",
    lambda x, low, high, out: greater_equal(x, low) * less_equal(x, high), lambda x, low, high, out: less(x, low), lambda x, low, high, out: greater(x, high),
    compute=_between, formula=lambda sp, x, low, high: sp.Piecewise((low, x < low), (high, x > high), (x, True)), flat=_flat_beyond,
    domain=_BOUNDS, aliases=("clamp",), keywords={"min": "low", "max": "high", "a_min": "low", "a_max": "high"},
    kinks=(Kink(_at_a_bound, _CORNERS, "the derivative at a bound is 1", "1", "1/2"), _BOUNDS_MEET),
)

relu6    = Definition("relu6", "x between 0 and 6, else the nearer of them.", ("x",), "hardtanh(x, 0, 6)", kink="x is 0 or 6: the derivative there is 0")
selu     = Definition("selu", "Scaled elu, which keeps mean and variance.", ("x",), "1.0507009873554805*elu(x, 1.6732632423543772)")
mish     = Definition("mish", "x*tanh(softplus(x)).", ("x",), "x*tanh(softplus(x))")
softsign = Definition("softsign", "x/(1 + abs(x)).", ("x",), "x/(1 + abs(x))")
