"""Answers as students type them, by the slip that they show: families of questions with seeded coefficients."""

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from .asking import NO_SHAPES, Shapes


class Mistake(NamedTuple):
    """A question with a wrong answer for x, or for several variables, and the kind of slip that it shows.

    `also` are kinds that say the same of this question.
    """

    kind: str
    question: str
    answer: str | dict[str, str]
    shapes: Shapes = NO_SHAPES
    also: frozenset[str] = frozenset()


#: By kind, what makes a question of a seed.
FAMILIES: dict[str, list[Callable[[Random], Mistake]]] = {}


def of_kind(kind: str, count: int) -> Iterator[Mistake]:
    """At least so many questions whose answers show a slip, as many of each family."""
    families = FAMILIES[kind]
    for number, made in enumerate(families):
        for seed in range(-(-count // len(families))):
            yield made(Random(f"{kind} {number} {seed}"))


def typed(kind: str, question: str, answer: str | dict[str, str], shapes: Shapes = NO_SHAPES, also: str = "") -> None:
    """A family whose question and answer have slots `{a}`, `{b}`, `{c}` for factors and `{n}`, `{m}` for exponents.

    `{n1}` is n - 1, `{n2}` n + 1, `{an}` a*n, `{ac}` a*c, and so on.
    """

    def instance(random: Random) -> Mistake:
        a, b, c = random.sample(range(2, 10), 3)
        n, m = random.sample(range(3, 7), 2)
        slots = {
            "a": a, "b": b, "c": c, "n": n, "m": m, "n1": n - 1, "n2": n + 1, "m1": m - 1, "m2": m + 1, "an": a * n,
            "bm": b * m, "ac": a * c, "ab": a * b, "a2": 2 * a, "b2": 2 * b, "nm": n * m, "nn1": n * (n - 1),
        }  # fmt: skip
        texts = {
            key: text.format(**slots) for key, text in ({"x": answer} if isinstance(answer, str) else answer).items()
        }
        return Mistake(kind, question.format(**slots), texts, shapes, frozenset(also.split()))

    FAMILIES.setdefault(kind, []).append(instance)


X3 = {"x": (3,)}
X3A = {"x": (3,), "A": (3, 3)}

# not differentiated, integrated, wrong sign, other variable
typed("not-differentiated", "{a}*x^{n} + {b}*x", "{a}x^{n} + {b}x")
typed("not-differentiated", "exp({a}*x)", "e^({a}x)", also="inner-derivative-missing function-kept")
typed("not-differentiated", "sin({a}*x)*x", "x*sin({a}x)")
typed("integrated", "{a}*x^{n}", "{a}/{n2}*x^{n2}", also="power-integrated")
typed("integrated", "{a}*x^{n} + {b}*x", "{a}x^{n2}/{n2} + {b}x^2/2")
typed("integrated", "{a}*x^{n} + {b}*x", "{a}x^{n2}/{n2} + {b}x^2/2 + {c}")
typed("integrated", "cos({a}*x)", "sin({a}x)/{a}")
typed("integrated", "exp({a}*x) + x", "exp({a}x)/{a} + x^2/2")
typed("wrong-sign", "{a}*x^{n} + {b}*x", "-{an}x^{n1} - {b}")
typed("wrong-sign", "x*exp({a}*x)", "-exp({a}x) - {a}x*exp({a}x)")
typed("other-variable", "{a}*x^{n}*y^{m}", "{a}*{m}*x^{n}*y^{m1}")
typed("other-variable", "{a}*x^{n} + x*y^{m}", {"x": "{m}x*y^{m1}", "y": "{an}x^{n1} + y^{m}"})

# chain rule
typed("inner-derivative-missing", "sin({a}*x^{n} + {b})", "cos({a}x^{n} + {b})")
typed("inner-derivative-missing", "({a}*x + {b})^{n}", "{n}({a}x + {b})^{n1}", also="constant-factor-missing")
typed("inner-derivative-missing", "sqrt({a}*x^2 + {b})", "1/(2*sqrt({a}x^2 + {b}))")
typed("inner-derivative-missing", "log({a}*x^2 + {b}*x)", "1/({a}x^2 + {b}x)")
typed("inner-derivative-missing", "exp(-{a}*x^2)", "exp(-{a}x^2)", also="not-differentiated function-kept")
typed("derivative-at-the-variable", "sin({a}*x^{n})", "cos(x)*{an}x^{n1}")
typed("derivative-at-the-variable", "log({a}*x^2 + {b})", "{a2}*x/x")
typed("derivative-at-the-derivative", "sin({a}*x^{n})", "cos({an}x^{n1})")
typed("derivative-at-the-derivative", "(x^2 + {a}*x)^{n}", "{n}*(2x + {a})^{n1}")
typed("function-of-the-derivative", "sin({a}*x^{n})", "sin({an}x^{n1})")
typed("function-of-the-derivative", "exp({a}*x^{n} + x)", "exp({an}x^{n1} + 1)", also="derivative-at-the-derivative")
typed("function-left-out", "sin({a}*x^{n} + x)", "{an}x^{n1} + 1", also="upstream-missing")
typed("function-left-out", "log(x^2 + {a})", "2x", also="upstream-missing")
typed("function-kept", "sin({a}*x^{n})", "sin({a}x^{n})*{an}x^{n1}")
typed("function-kept", "tan({a}*x)", "{a}*tan({a}x)")
typed("chain-stopped", "{c}*sin({a}*x^2 + {b}*x)", "{c}", also="constant-factor-missing")
typed("chain-stopped", "({a}*x^2 + {c}*x)^2*{b}", "{b2}({a}x^2 + {c}x)", also="inner-derivative-missing")

# products and quotients
typed("product-of-derivatives", "x^{n}*sin({a}*x)", "{n}x^{n1}*{a}cos({a}x)")
typed("product-of-derivatives", "({a}*x + {b})*exp(x)", "{a}exp(x)")
typed("product-of-derivatives", "x^{n}*log(x)", "{n}x^{n1}/x")
typed("product-one-term", "x^{n}*sin(x)", "{n}x^{n1}*sin(x)", also="use-forgotten")
typed("product-one-term", "x^{n}*exp({a}*x)", "x^{n}*{a}*exp({a}x)", also="use-forgotten")
typed("other-factor-missing", "x^{n}*sin({a}*x)", "{n}x^{n1} + x^{n}*{a}cos({a}x)")
typed("other-factor-missing", "x^{n}*exp({a}*x)", "{n}x^{n1}*exp({a}x) + {a}exp({a}x)")
typed("other-factor-missing", "(x^2 + {a})*log(x)", "2x + (x^2 + {a})/x")
typed("product-minus", "x^{n}*exp({a}*x)", "{n}x^{n1}*exp({a}x) - {a}x^{n}*exp({a}x)")
typed("product-minus", "x^{n}*log(x)", "{n}x^{n1}*log(x) - x^{n}/x", also="function-sign")
typed("product-minus", "(x^2 + {a})*(x^{n} + {b})", "2x*(x^{n} + {b}) - (x^2 + {a})*{n}x^{n1}")
typed("quotient-upside-down", "x/(x^2 + {a})", "(2x*x - (x^2 + {a}))/(x^2 + {a})^2")
typed("quotient-upside-down", "exp(x)/(x^{n} + {a})", "(exp(x)*{n}x^{n1} - exp(x)(x^{n} + {a}))/(x^{n} + {a})^2")
typed("quotient-plus", "x/(x^2 + {a})", "(x^2 + {a} + 2x^2)/(x^2 + {a})^2")
typed("quotient-plus", "sin(x)/(x^{n} + {a})", "(cos(x)(x^{n} + {a}) + sin(x)*{n}x^{n1})/(x^{n} + {a})^2")
typed("denominator-not-squared", "x/(x^2 + {a})", "({a} - x^2)/(x^2 + {a})")
typed("denominator-not-squared", "sin(x)/(x + {a})", "(cos(x)(x + {a}) - sin(x))/(x + {a})")
typed("denominator-missing", "x/(x^2 + {a})", "{a} - x^2")
typed("denominator-missing", "sin(x)/(x + {a})", "cos(x)(x + {a}) - sin(x)")
typed("quotient-of-derivatives", "sin(x)/(x^{n} + {a})", "cos(x)/({n}x^{n1})")
typed("quotient-of-derivatives", "exp({a}*x)/(x^2 + {b}*x)", "{a}exp({a}x)/(2x + {b})")
typed("quotient-sign", "{a}/(x^2 + {b})", "{a}*2x/(x^2 + {b})^2", also="wrong-sign")

# powers and exponentials
typed("exponent-not-lowered", "{a}*x^{n}", "{an}x^{n}")
typed("exponent-not-lowered", "x^{n} + {b}*x", "{n}x^{n} + {b}")
typed("exponent-not-lowered", "{a}*x^{n} + {b}*x^{m}", "{an}x^{n} + {bm}x^{m}")
typed("power-factor-missing", "{a}*x^{n}", "{a}x^{n1}")
typed("power-factor-missing", "x^{n} - {b}*x", "x^{n1} - {b}")
typed("power-factor-missing", "(x^2 + {a})^{n}", "(x^2 + {a})^{n1}*2x")
typed("exponent-raised", "{a}/x + x^-{n}", "-{a}/x^2 - {n}x^-{n1}")
typed("exponent-raised", "{a}*x^{n} + x", "{an}x^{n2} + 1")
typed("new-exponent-as-factor", "x^{n} + {b}*x", "{n1}x^{n1} + {b}")
typed("exponential-as-power", "exp(x)", "x*exp(x-1)")
typed("exponential-as-power", "{a}^x", "x*{a}^(x-1)")
typed("exponential-as-power", "x + {b}*{a}^x", "1 + {b}*x*{a}^(x-1)")
typed("base-logarithm-missing", "{a}^x", "{a}^x", also="not-differentiated")
typed("base-logarithm-missing", "x^2 + {a}^x", "2x + {a}^x")
typed("base-logarithm-divides", "x^2 + {a}^x", "2x + {a}^x/ln({a})")
typed("root-half-missing", "sqrt(x) + {a}*x", "1/sqrt(x) + {a}")
typed("root-not-lowered", "{a}*sqrt(x)", "{a}/2*sqrt(x)")
typed("constant-kept", "{a}*x^{n} + {b}", "{an}x^{n1} + {b}")
typed("constant-factor-missing", "{a}*x^{n} + {b}*sin(x)", "{n}x^{n1} + {b}cos(x)")

# trigonometric functions and logarithms
typed("sine-sign", "{a}*sin(x)", "-{a}cos(x)", also="wrong-sign integrated")
typed("sine-sign", "x^2 + sin({a}*x)", "2x - {a}cos({a}x)")
typed("cosine-sign", "{a}*cos(x)", "{a}sin(x)", also="wrong-sign integrated")
typed("cosine-sign", "{b}*x + cos({a}*x)", "{b} + {a}sin({a}x)")
typed("cosine-kept", "cos({a}*x) + x", "-{a}cos({a}x) + 1")
typed("tangent-not-squared", "{a}*tan(x)", "{a}/cos(x)")
typed("tangent-by-sine", "x + tan({a}*x)", "1 + {a}/sin({a}x)^2")
typed("tangent-as-cotangent", "{a}*tan(x) + x", "{a}/tan(x) + 1")
typed("arctangent-minus", "atan({a}*x)", "{a}/(1 - ({a}x)^2)")
typed("logarithm-base", "log10(x) + {a}*x", "1/x + {a}")
typed("logarithm-base", "log2({a}*x^2 + 1)", "2*{a}x/({a}x^2 + 1)")
typed("logarithm-base", "ln(x) + {a}*x", "1/(x*ln(10)) + {a}")
typed("logarithm-base-multiplies", "x^2 + log10(x)", "2x + ln(10)/x")
typed("logarithm-squared", "{a}*log(x) + x", "{a}/x^2 + 1")
typed("logarithm-inverted", "{a}*log(x) + x", "{a}/log(x) + 1")
typed("minus-lost", "x^{n} - {a}*x", "{n}x^{n1} + {a}", also="constant-factor-missing")
typed("degrees", "{a}*sin(x)", "{a}cos(pi*x/180)")

# uses, means, copies
typed("use-forgotten", "x*x + {a}*x", "x + {a}", also="product-one-term")
typed("use-forgotten", "sin({a}*x) + x^{n}", "{a}*cos({a}x)")
typed("use-forgotten", "exp(x) + {a}*x + x^{n}", "exp(x) + {n}x^{n1}")
typed("use-forgotten", "y = {a}*x; y*sin(y)", "{a}*sin({a}x)", also="product-one-term")
typed("mean-without-count", "mean(x*x)", "2x", X3)
typed("mean-without-count", "mean({a}*x^{n})", "{an}x^{n1}", X3)
typed("mean-without-count", "mean((x - {a})^2)", "2(x - {a})", X3)
typed("mean-counted-twice", "mean({a}*x^{n})", "{an}x^{n1}/9", X3)
typed("sum-counted", "sum({a}*x^{n})", "{an}x^{n1}/3", X3)
typed("not-summed-over-copies", "sum((x*w + b)^2)", {"b": "2(x*w + b)"}, X3)
typed("not-summed-over-copies", "sum({a}*(x + b)^{n})", {"b": "{an}(x + b)^{n1}"}, X3)
typed("averaged-over-copies", "sum({a}*(A + b)^{n})", {"b": "mean({an}(A + b)^{n1}, axis=0)"}, {"A": (4, 2), "b": (2,)})

# matrices
typed("taken-for-symmetric", "x @ A @ x", "2*A@x", X3A, also="transpose-missing")
typed("transpose-missing", "sum({a}*(A @ x)^2)", "{a2}*A@(A@x)", X3A)
typed("transpose-missing", "sum((A @ x - b)^2)", "2*A@(A@x - b)", {**X3A, "b": (3,)})
typed("transpose-missing", "sum((A @ B)^2)", {"A": "2*(A@B)@B"}, {"A": (3, 3), "B": (3, 3)})
typed("product-order-swapped", "sum((A @ B)^2)", {"A": "2*B.T@(A@B)"}, {"A": (3, 3), "B": (3, 3)})
typed("product-order-swapped", "sum(({a}*A @ B)^2)", {"B": "{a2}*({a}*A@B)@A.T"}, {"A": (3, 3), "B": (3, 3)})
typed("transposed", "sum((A @ x)^2)", {"A": "2*outer(x, A@x)"}, {"A": (2, 3), "x": (3,)})

# networks
typed("activation-left-out", "{a}*sigmoid(w*x + b)", {"w": "{a}*x"}, also="upstream-missing")
typed("activation-left-out", "(tanh(w*x + b) - y)^2", {"w": "2(tanh(w*x + b) - y)*x"})
typed("activation-left-out", "sum((sigmoid(A @ x) - y)^2)", "A.T@(2(sigmoid(A@x) - y))", {**X3A, "y": (3,)})
typed("activation-of-the-operand", "{a}*sigmoid(x)", "{a}*x*(1-x)")
typed("activation-of-the-operand", "tanh({a}*x)", "{a}*(1 - ({a}x)^2)")
typed("sigmoid-half", "sigmoid({a}*x)", "{a}*(1 - sigmoid({a}x))")
typed("upstream-missing", "(w*x + b - y)^2*{a}", {"w": "x"}, also="activation-left-out chain-stopped")
typed("upstream-missing", "{a}*exp(x)*y", "exp(x)", also="constant-factor-missing")
typed("upstream-missing", "sum(tanh(x)^2*{a})", "1 - tanh(x)^2", X3)

# the rest of the table
typed("power-as-exponential", "{a}*x^{n}", "{a}x^{n}*log(x)")
typed("power-as-exponential", "x^{n} + {b}*x", "x^{n}*ln(x) + {b}")
typed("power-integrated", "{a}*x^{n} + {b}*sin(x)", "{a}x^{n2}/{n2} + {b}cos(x)")
typed("root-lost", "{a}*sqrt(x) + x", "{a}/(2x) + 1")
typed("tangent-minus", "tan({a}*x) + x", "{a}*(1 - tan({a}x)^2) + 1")
typed("arcsine-root-missing", "{a}*asin(x/2)", "{a}/2/(1 - (x/2)^2)")
typed("arcsine-plus", "{a}*asin(x/2)", "{a}/2/sqrt(1 + (x/2)^2)")
typed("arcsine-inverted", "{a}*asin(x/2) + x", "{a}/2/cos(x/2) + 1")
typed("arccosine-sign", "x^2 + {a}*acos(x/2)", "2x + {a}/2/sqrt(1 - x^2/4)")
typed("arctangent-not-squared", "x^2 + {a}*atan(x)", "2x + {a}/(1 + x)")
typed("arctangent-inverted", "{a}*atan(x)", "{a}*cos(x)^2")
typed("hyperbolic-sign", "x + {a}*cosh(x)", "1 - {a}sinh(x)")
typed("hyperbolic-sign", "sinh({a}*x) + x^2", "-{a}cosh({a}x) + 2x")
typed("tanh-not-squared", "tanh({a}*x)", "{a}*(1 - tanh({a}x))")
typed("relu-reversed", "sum({a}*relu(x - 1)*x)", "{a}*relu(x - 1) + {a}*x*(x < 1)", X3)
typed("softmax-diagonal", "{a}*softmax(x)[0] + x[1]", "[{a}*softmax(x)[0]*(1 - softmax(x)[0]), 1, 0]", X3)
typed("quotient-one-term", "sin(x)/(x^{n} + {a})", "cos(x)/(x^{n} + {a})", also="use-forgotten")
typed("quotient-one-term", "exp(x)/(x^{n} + {a})", "-exp(x)*{n}x^{n1}/(x^{n} + {a})^2", also="use-forgotten")
typed("quotient-as-product", "sin(x)/(x^{n} + {a})", "cos(x)(x^{n} + {a}) + sin(x)*{n}x^{n1}")
typed("constant-divisor-missing", "x^{n}/{b} + sin(x)", "{n}x^{n1} + cos(x)")
typed("constant-divisor-twice", "x^{n}/{b} + sin(x)", "{n}x^{n1}/{b}^2 + cos(x)")
typed("function-sign", "x^2 + exp({a}*x)", "2x - {a}exp({a}x)")
typed("function-sign", "x^2 + sigmoid({a}*x)", "2x - {a}*sigmoid({a}x)*(1 - sigmoid({a}x))")
typed("differentiated-again", "{a}*x^{n} + {b}*x^2", "{a}*{nn1}*x^{n1}/x + 2*{b}")
typed("differentiated-again", "sin({a}*x) + x^2", "-{a}^2*sin({a}x) + 2")
typed("factor-in-power", "{a}*x^2 + sin(x)", "2*{a}^2*x + cos(x)")
typed("all-divided", "x^2/{a}*x + sin(x)", "1/{a} + cos(x)")
typed("power-from-left", "x + 2^x^2", "1 + ln(4)*4^x")
