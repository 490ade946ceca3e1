"""The table of slips: what students make of a rule, a line each.

A wrong partial derivative is written like the right one in `primitives/`: `lambda x, out: -cos(x)`. Where several
rows give the same answer, the first one is named, so what is particular stands before what is general.
"""

from diffcli.analysis.slips.row import Row, partial, pull
from diffcli.analysis.slips.rules import (
    BACK,
    CHAIN,
    COPIES,
    DIVISOR,
    EXPONENTIAL,
    FACTOR,
    MATMUL,
    MEAN,
    POWER,
    PRODUCT,
    QUOTIENT,
    SIGMOID,
    SUM,
    TANH,
)
from diffcli.analysis.slips.site import Site
from diffcli.graph.graph import Value
from diffcli.messages import Message
from diffcli.primitives.exponential import exp, log, sqrt
from diffcli.primitives.hyperbolic import cosh, sinh
from diffcli.primitives.matrices import matmul
from diffcli.primitives.piecewise import less
from diffcli.primitives.shape import size
from diffcli.primitives.structural import transpose
from diffcli.primitives.table import FAMILIES
from diffcli.primitives.trigonometric import cos, sin

#: Functions of one operand, whose rule is a chain rule; and those of networks, whose name students know them by.
_ARITHMETIC = frozenset({"add", "sub", "neg", "mul", "div", "weigh", "where"})
_ACTIVATIONS = frozenset({
    "sigmoid", "tanh", "softplus", *(function.name for function in FAMILIES["activations"]), "relu",
})  # fmt: skip


#: The families of slips by which a sign is wrong.
SIGNS = frozenset({
    "sine-sign", "cosine-sign", "arccosine-sign", "hyperbolic-sign", "quotient-upside-down", "quotient-sign",
    "minus-lost", "function-sign",
})  # fmt: skip


# Where a row applies


def _first_alone(site: Site) -> bool:
    return site.varying == (0,)


def _second_alone(site: Site) -> bool:
    return site.varying == (1,)


def _whole_exponent(site: Site) -> bool:
    """An exponent that is lowered to one that is not 0."""
    return site.varying == (0,) and site.number(1) != 1


def _above_two(site: Site) -> bool:
    """An exponent that is lowered to one that can be told from 1."""
    return site.varying == (0,) and site.number(1) not in (1, 2)


def _both(site: Site) -> bool:
    return site.varying == (0, 1)


def _second(site: Site) -> bool:
    return 1 in site.varying


def _other_fixed(site: Site) -> bool:
    return len(site.varying) == 1


def _is_function(site: Site) -> bool:
    """A function of one operand, that is a chain's link."""
    primitive = site.primitive
    return primitive.kind == "elementwise" and len(site.nodes) == 1 and primitive.name not in _ARITHMETIC


def _is_plain_function(site: Site) -> bool:
    return _is_function(site) and site.primitive.name not in _ACTIVATIONS


def _is_activation(site: Site) -> bool:
    return _is_function(site) and site.primitive.name in _ACTIVATIONS


def _is_inside(site: Site) -> bool:
    """A node that something else is computed from."""
    return site.node != site.solution.output


def _is_spread(site: Site) -> bool:
    return any(site.spreads(position) for position in site.varying)


# What flows back


def _as_upstream(site: Site, position: int, upstream: Value) -> Value:
    """The local derivative taken to be 1."""
    return upstream.sum_to(site.shape(position))


def _unchanged(site: Site, position: int, upstream: Value) -> Value:
    """The local derivative taken to be the function itself."""
    return upstream.weighed_by(site.out).sum_to(site.shape(position))


def _negative(site: Site, position: int, upstream: Value) -> Value:
    return -site.pulled(position, upstream)


def _nothing(site: Site, position: int, upstream: Value) -> Value:
    return site.solution.graph.filled(0.0, site.shape(position))


def _without_upstream(site: Site, position: int, upstream: Value) -> Value:
    return site.pulled(position, site.solution.graph.filled(1.0, upstream.shape))


def _times_count(site: Site, position: int, upstream: Value) -> Value:
    return site.pulled(position, upstream) * float(_count(site))


def _by_count(site: Site, position: int, upstream: Value) -> Value:
    return site.pulled(position, upstream) / float(_count(site))


def _averaged(site: Site, position: int, upstream: Value) -> Value | None:
    """The mean over the copies of an operand that is broadcast, not the sum."""
    copies = size(upstream.shape) // size(site.shape(position))
    return site.pulled(position, upstream) / float(copies) if copies > 1 else None


def _not_summed(site: Site, position: int, upstream: Value) -> Value | None:
    """What flows to each copy of an operand that is broadcast: it has the shape of the result."""
    if site.nodes[position] not in site.solution.variables or site.shape(position) == upstream.shape:
        return None
    local = site.primitive.partials[position](*site.operands, site.out, **site.parameters)
    return upstream.weighed_by(local)


def _count(site: Site) -> int:
    """The number of elements that each result is made of."""
    return size(site.shape(0)) // size(site.out.shape)


def _turned(value: Value) -> Value:
    return value.apply(transpose, (value,), {}) if len(value.shape) == 2 else value


def _not_turned(site: Site, position: int, upstream: Value) -> Value | None:
    """A product's pull-back with the other operand as it stands: `A@g`, `g@B`."""
    a, b = site.operands
    other = b if position == 0 else a
    if len(other.shape) != 2:
        return None
    return upstream.apply(matmul, (upstream, other) if position == 0 else (other, upstream), {})


def _swapped(site: Site, position: int, upstream: Value) -> Value | None:
    """A product's pull-back with its factors in the wrong order: `B.T@g`, `g@A.T`."""
    a, b = site.operands
    other = _turned(b if position == 0 else a)
    if len(other.shape) != 2 or len(upstream.shape) != 2:
        return None
    return upstream.apply(matmul, (other, upstream) if position == 0 else (upstream, other), {})


def _diagonal(site: Site, position: int, upstream: Value) -> Value:
    """Softmax's local derivative as if each share depended on its own element alone."""
    return upstream.weighed_by(site.out * (1 - site.out))


#: Slips of networks, which students know by the names of their parts: they are told before others that look the same.
ACTIVATIONS: tuple[Row, ...] = (
    partial("activation-of-the-operand", "sigmoid", lambda x, out: x * (1 - x), rule=SIGMOID, told=Message("the rule is one of the activation's result, but was used on its operand: the derivative of {function} was taken to be {wrong}")),
    partial("activation-of-the-operand", "tanh",    lambda x, out: 1 - x**2,    rule=TANH, told=Message("the rule is one of the activation's result, but was used on its operand: the derivative of {function} was taken to be {wrong}")),
    partial("sigmoid-half",            "sigmoid", lambda x, out: 1 - out, rule=SIGMOID),
    partial("relu-reversed",           "relu",    lambda x, out: less(x, 0)),
    pull("softmax-diagonal",           "softmax",
         Message("only the diagonal of softmax's Jacobian was used: each share was taken to depend on its own element alone"), Message("every share of softmax depends on every element: s_i (1 - s_i) on the diagonal, -s_i s_j beside it"), _diagonal),
    pull("activation-left-out",        "", Message("the derivative of the activation {part} is missing: what flows back passes it unchanged"), BACK, _as_upstream, family="factor", when=_is_activation),
)  # fmt: skip

#: Slips of the rules of differentiation.
RULES: tuple[Row, ...] = (
    # powers
    partial("power-factor-missing",    "pow", lambda a, b, out: a ** (b - 1),           rule=POWER, when=_whole_exponent, told=Message("the exponent was lowered but not brought down as a factor: the derivative of {function} was taken to be {wrong}")),
    partial("exponent-not-lowered",    "pow", lambda a, b, out: b * out,                rule=POWER, when=_first_alone, told=Message("the exponent was brought down but not lowered: the derivative of {function} was taken to be {wrong}")),
    partial("exponent-raised",         "pow", lambda a, b, out: b * a ** (b + 1),       rule=POWER, when=_first_alone, told=Message("the exponent was raised by 1, not lowered: the derivative of {function} was taken to be {wrong}")),
    partial("new-exponent-as-factor",  "pow", lambda a, b, out: (b - 1) * a ** (b - 1), rule=POWER, when=_above_two, told=Message("the exponent was lowered before it was brought down: the derivative of {function} was taken to be {wrong}")),
    partial("power-as-exponential",    "pow", lambda a, b, out: out * log(a),           rule=POWER, when=_first_alone, told=Message("a power was differentiated like an exponential: the derivative of {function} was taken to be {wrong}")),
    partial("power-integrated",        "pow", lambda a, b, out: a ** (b + 1) / (b + 1), rule=POWER, when=_first_alone, family="integrated", told=Message("a power was integrated, not differentiated: the derivative of {function} was taken to be {wrong}")),
    partial("power-factor-missing",    "square", lambda x, out: x,       rule=POWER, told=Message("the exponent was lowered but not brought down as a factor: the derivative of {function} was taken to be {wrong}")),
    partial("exponent-not-lowered",    "square", lambda x, out: 2 * out, rule=POWER, told=Message("the exponent was brought down but not lowered: the derivative of {function} was taken to be {wrong}")),
    partial("root-half-missing",       "sqrt", lambda x, out: 1 / out),
    partial("root-not-lowered",        "sqrt", lambda x, out: out / 2),
    partial("root-lost",               "sqrt", lambda x, out: 1 / (2 * x)),

    # exponentials and logarithms
    partial("exponential-as-power",    "pow", None, lambda a, b, out: b * a ** (b - 1), rule=EXPONENTIAL, when=_second_alone, told=Message("an exponential was differentiated by the power rule: the derivative of {function} was taken to be {wrong}")),
    partial("base-logarithm-missing",  "pow", None, lambda a, b, out: out,              rule=EXPONENTIAL, when=_second_alone, told=Message("the logarithm of the base is missing: the derivative of {function} was taken to be {wrong}")),
    partial("base-logarithm-divides",  "pow", None, lambda a, b, out: out / log(a),     rule=EXPONENTIAL, when=_second_alone, told=Message("the logarithm of the base divides where it multiplies: the derivative of {function} was taken to be {wrong}")),
    partial("exponential-as-power",    "exp", lambda x, out: x * exp(x - 1),            rule=EXPONENTIAL, told=Message("an exponential was differentiated by the power rule: the derivative of {function} was taken to be {wrong}")),
    partial("logarithm-inverted",      "log", lambda x, out: 1 / out),
    partial("logarithm-squared",       "log", lambda x, out: 1 / x**2),
    partial("logarithm-base",          "log", lambda x, out: 1 / (x * log(x.named(10, "10"))), told=Message("the natural logarithm was taken for one to base 10: the derivative of {function} was taken to be {wrong}")),
    partial("logarithm-base",          "log2 log10", lambda x, out: 1 / x, told=Message("the base of the logarithm was forgotten: the derivative of {function} was taken to be {wrong}")),
    partial("logarithm-base-multiplies", "log2",  lambda x, out: log(x.named(2, "2")) / x),
    partial("logarithm-base-multiplies", "log10", lambda x, out: log(x.named(10, "10")) / x),

    # trigonometric and hyperbolic
    partial("sine-sign",               "sin", lambda x, out: -cos(x)),
    partial("cosine-sign",             "cos", lambda x, out: sin(x)),
    partial("cosine-kept",             "cos", lambda x, out: -out),
    partial("tangent-not-squared",     "tan", lambda x, out: 1 / cos(x)),
    partial("tangent-by-sine",         "tan", lambda x, out: 1 / sin(x) ** 2),
    partial("tangent-as-cotangent",    "tan", lambda x, out: 1 / out),
    partial("tangent-minus",           "tan", lambda x, out: 1 - out**2),
    partial("arcsine-root-missing",    "asin", lambda x, out: 1 / (1 - x**2)),
    partial("arcsine-plus",            "asin", lambda x, out: 1 / sqrt(1 + x**2)),
    partial("arcsine-inverted",        "asin", lambda x, out: 1 / cos(x)),
    partial("arccosine-sign",          "acos", lambda x, out: 1 / sqrt(1 - x**2)),
    partial("arctangent-minus",        "atan", lambda x, out: 1 / (1 - x**2)),
    partial("arctangent-not-squared",  "atan", lambda x, out: 1 / (1 + x)),
    partial("arctangent-inverted",     "atan", lambda x, out: cos(x) ** 2),
    partial("hyperbolic-sign",         "cosh", lambda x, out: -sinh(x)),
    partial("hyperbolic-sign",         "sinh", lambda x, out: -cosh(x)),
    partial("tanh-not-squared",        "tanh", lambda x, out: 1 - out, rule=TANH),


    # products and quotients
    pull("product-one-term",           "mul weigh matmul dot inner outer", Message("of the product rule only the term with the derivative of {v} is there"), PRODUCT, _nothing, None, family="term-missing", when=_both),
    pull("product-one-term",           "mul weigh matmul dot inner outer", Message("of the product rule only the term with the derivative of {u} is there"), PRODUCT, None, _nothing, family="term-missing", when=_both),
    pull("product-minus",              "mul weigh matmul dot inner outer", Message("the terms of the product rule were subtracted, not added"), PRODUCT, None, _negative, when=_both),
    pull("product-minus",              "mul weigh matmul dot inner outer", Message("the terms of the product rule were subtracted, not added, and in the wrong order"), PRODUCT, _negative, None, when=_both),
    pull("other-factor-missing",       "mul weigh", Message("the factor {v} is missing beside the derivative of {u}"), PRODUCT, _as_upstream, None, family="factor", when=_both),
    pull("other-factor-missing",       "mul weigh", Message("the factor {u} is missing beside the derivative of {v}"), PRODUCT, None, _as_upstream, family="factor", when=_both),
    pull("quotient-upside-down",       "div", Message("the numerator of the quotient rule is the wrong way round: u v' - u' v"), QUOTIENT, _negative, _negative, when=_both),
    partial("quotient-plus",           "div", None, lambda a, b, out: out / b, when=_both, told=Message("the terms of the quotient rule were added, not subtracted"), rule=QUOTIENT),
    partial("quotient-sign",           "div", None, lambda a, b, out: out / b, when=_second_alone, told=Message("the minus sign of the quotient rule is missing"), rule=Message("quotient rule: (c/v)' = -c v'/v^2")),
    pull("quotient-one-term",          "div", Message("of the quotient rule only the term with the derivative of {u} is there"), QUOTIENT, None, _nothing, family="term-missing", when=_both),
    pull("quotient-one-term",          "div", Message("of the quotient rule only the term with the derivative of {v} is there"), QUOTIENT, _nothing, None, family="term-missing", when=_both),
    partial("denominator-not-squared", "div", lambda a, b, out: 1, lambda a, b, out: -out,           when=_second, told=Message("the denominator of the quotient rule was not squared"), rule=QUOTIENT),
    partial("denominator-missing",     "div", lambda a, b, out: b, lambda a, b, out: -a,             when=_second, told=Message("the denominator of the quotient rule is missing"), rule=QUOTIENT),
    partial("quotient-as-product",     "div", lambda a, b, out: b, lambda a, b, out: a,              when=_both, told=Message("the quotient was differentiated like a product"), rule=QUOTIENT),
    partial("minus-lost",              "sub", None, lambda a, b, out: 1, told=Message("the minus sign before {v} was lost"), rule=Message("a difference is differentiated term by term: (u - v)' = u' - v'"), when=_second),
    partial("minus-lost",              "neg", lambda x, out: 1,          told=Message("the minus sign before {u} was lost"), rule=Message("a minus sign stays: (-u)' = -u'")),
    partial("constant-factor-missing", "mul weigh", lambda a, b, out: 1, lambda a, b, out: 1,  family="factor", told=Message("the constant factor in {part} was left out"), rule=FACTOR, when=_other_fixed),
    partial("constant-divisor-missing", "div", lambda a, b, out: 1, family="factor", told=Message("the constant divisor in {part} was left out"), rule=DIVISOR, when=_first_alone),
    partial("constant-divisor-twice",  "div", lambda a, b, out: 1 / b / b, family="factor", told=Message("the division by the constant in {part} was made twice"), rule=DIVISOR, when=_first_alone),

    # sums, means, copies
    pull("mean-without-count",         "mean", Message("the 1/n of the mean is missing: n is {count}"), MEAN, _times_count, family="count"),
    pull("mean-counted-twice",         "mean", Message("the 1/n of the mean is there twice: n is {count}"), MEAN, _by_count, family="count"),
    pull("sum-counted",                "sum",  Message("a sum was differentiated like a mean: divided by n, which is {count}"), SUM, _by_count, family="count"),
    pull("not-summed-over-copies",     "", Message("the gradient was not summed over the axis along which {spread} was broadcast"), COPIES, _not_summed, when=_is_spread),
    pull("averaged-over-copies",       "", Message("the gradient was averaged, not summed, over the axis along which {spread} was broadcast"), COPIES, _averaged, when=_is_spread, family="count"),

    # matrices
    pull("transpose-missing",          "matmul dot", Message("the transpose is missing from the pull-back through {part}"), MATMUL, _not_turned, None, family="transpose"),
    pull("transpose-missing",          "matmul dot", Message("the transpose is missing from the pull-back through {part}"), MATMUL, None, _not_turned, family="transpose"),
    pull("product-order-swapped",      "matmul dot", Message("the factors are in the wrong order in the pull-back through {part}"), MATMUL, _swapped, None),
    pull("product-order-swapped",      "matmul dot", Message("the factors are in the wrong order in the pull-back through {part}"), MATMUL, None, _swapped),

    # any function
    pull("function-left-out",          "", Message("the derivative of {f} itself is missing: only what is inside {part} was differentiated"), CHAIN, _as_upstream, family="factor", when=_is_plain_function),
    pull("function-kept",              "", Message("{f} was not differentiated: {part} stands where its derivative should"), CHAIN, _unchanged, family="kept", when=_is_function),
    pull("function-sign",              "", Message("the derivative of {f} has the wrong sign"), Message("the derivative of {function} is {right}"), _negative, beside=(SIGNS - {"function-sign"}) | {"sign"}, when=_is_function),
    pull("upstream-missing",           "", Message("the upstream gradient is missing at {part}: only what is inside it was differentiated"), BACK, _without_upstream, family="factor", beside=SIGNS | {"count"}, when=_is_inside),
)  # fmt: skip

#: Every slip that is made at one operation.
ROWS = (*ACTIVATIONS, *RULES)
