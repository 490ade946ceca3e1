"""Comparisons, choices, and functions with kinks or jumps."""

from diffcli.primitives.declaration import elementwise
from diffcli.primitives.domain import Kink, real
from diffcli.primitives.notation import COMPARISON, infix
from diffcli.primitives.primitive import Primitive, Rule

_AWAY_FROM_ZERO = real((0.2, 2.0))
_APART = real((-2.0, -0.2), (0.2, 2.0))
_CHOICE = real((0.5, 1.5), (-2.0, 2.0), (-2.0, 2.0))
_FRACTIONAL = real((0.2, 0.8))
_CORNER = "it has a corner at 0"
_TIE = (Kink(lambda a, b: a == b, "the operands are equal", "a tie is shared equally: 1/2 to each", "1/2 to each", "1/2 to each"),)
_BOUNDARY = (Kink(lambda a, b: a == b, "the operands are equal, where the comparison jumps", "the derivative there is 0", "0", "0", jump=True),)
_JUMP = (Kink(lambda x: x == 0, "it jumps at 0", "sign'(0) = 0", "0", "0", jump=True),)
_JUMPS = (Kink(lambda x: x == x // 1, "it jumps at whole numbers", "the derivative there is 0", "0", "0", jump=True),)


def _comparison(name: str, symbol: str, words: str, compute: Rule, formula: Rule) -> Primitive:
    """1 or 0; the derivative is 0 wherever there is one."""
    return elementwise(
        name, f"1 where a {words} b, else 0.", lambda a, b, out: 0, lambda a, b, out: 0,
        compute=lambda m, a, b: m.indicator(compute(a, b)), formula=lambda sp, a, b: sp.indicator(formula(sp, a, b)),
        notation=infix(symbol, COMPARISON, chains=False), domain=_APART, kinks=_BOUNDARY, flat=lambda a, b: (a != b, a != b),
    )


less          = _comparison("less",          "<",  "is less than",    lambda a, b: a < b,  lambda sp, a, b: a < b)
less_equal    = _comparison("less_equal",    "<=", "is at most",      lambda a, b: a <= b, lambda sp, a, b: a <= b)
greater       = _comparison("greater",       ">",  "is greater than", lambda a, b: a > b,  lambda sp, a, b: a > b)
greater_equal = _comparison("greater_equal", ">=", "is at least",     lambda a, b: a >= b, lambda sp, a, b: a >= b)
equal         = _comparison("equal",         "==", "equals",          lambda a, b: a == b, lambda sp, a, b: sp.Eq(a, b))
not_equal     = _comparison("not_equal",     "!=", "differs from",    lambda a, b: a != b, lambda sp, a, b: sp.Ne(a, b))

where: Primitive = elementwise(
    "where", "a where the condition is not 0, else b.",
    lambda condition, a, b, out: 0,
    lambda condition, a, b, out: where(condition, 1, 0),
    lambda condition, a, b, out: where(condition, 0, 1),
    compute=lambda m, condition, a, b: m.where(condition != 0, a, b),
    formula=lambda sp, condition, a, b: sp.Piecewise((a, sp.truth(condition)), (b, True)), domain=_CHOICE,
    taken=lambda condition, a, b: (True, condition != 0, condition == 0), flat=lambda condition, a, b: (True, condition == 0, condition != 0),
)
abs = elementwise(
    "abs", "Absolute value.", lambda x, out: sign(x),
    formula=lambda sp, x: sp.absolute(x), domain=_AWAY_FROM_ZERO, aliases=("absolute", "fabs"),
    kinks=(Kink(lambda x: x == 0, _CORNER, "abs'(0) = 0", "0", "1"),),
)
sign: Primitive = elementwise(
    "sign", "-1, 0 or 1.", lambda x, out: 0,
    formula=lambda sp, x: sp.Piecewise((1, x > 0), (-1, x < 0), (0, True)), domain=_AWAY_FROM_ZERO, kinks=_JUMP, flat=lambda x: (x != 0,), aliases=("sgn",),
)
floor = elementwise("floor", "Largest whole number not above x.", lambda x, out: 0, domain=_FRACTIONAL, kinks=_JUMPS, flat=lambda x: (x != x // 1,))
ceil = elementwise(
    "ceil", "Smallest whole number not below x.", lambda x, out: 0,
    formula="ceiling", domain=_FRACTIONAL, kinks=_JUMPS, flat=lambda x: (x != x // 1,), aliases=("ceiling",),
)
relu = elementwise(
    "relu", "x where x > 0, else 0.", lambda x, out: greater(x, 0),
    compute=lambda m, x: m.maximum(x, 0.0), formula=lambda sp, x: sp.Piecewise((x, x > 0), (0, True)),
    domain=_AWAY_FROM_ZERO, kinks=(Kink(lambda x: x == 0, _CORNER, "relu'(0) = 0", "0", "0"),), flat=lambda x: (x < 0,),
)
minimum = elementwise(
    "minimum", "The smaller of a and b.",
    lambda a, b, out: where(less(a, b), 1, where(less(b, a), 0, 0.5)),
    lambda a, b, out: where(less(b, a), 1, where(less(a, b), 0, 0.5)),
    formula=lambda sp, a, b: sp.Piecewise((a, a < b), (b, b < a), ((a + b) / 2, True)), domain=_APART, kinks=_TIE, flat=lambda a, b: (a > b, b > a), aliases=("min", "fmin"),
)
maximum = elementwise(
    "maximum", "The larger of a and b.",
    lambda a, b, out: where(greater(a, b), 1, where(greater(b, a), 0, 0.5)),
    lambda a, b, out: where(greater(b, a), 1, where(greater(a, b), 0, 0.5)),
    formula=lambda sp, a, b: sp.Piecewise((a, a > b), (b, b > a), ((a + b) / 2, True)), domain=_APART, kinks=_TIE, flat=lambda a, b: (a < b, b < a), aliases=("max", "fmax"),
)
