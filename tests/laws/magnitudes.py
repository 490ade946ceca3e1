"""Random expressions of the whole table of functions, with their values in mpmath, at points over six hundred orders of
magnitude.

Each function is written down a second time, in the words of a textbook; nothing here knows a
derivative rule, or how the program computes.
"""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, NamedTuple

import mpmath
import numpy as np
from autodiff.mathematics import OF_ARRAYS, OF_NUMBERS

mp = mpmath.mp
Values = dict[str, Any]


class Unknown(Exception):
    """The reference has no number here: it is not real, infinite, or out of reach."""


class Written(NamedTuple):
    """An expression, its shape (a number, three of them, or a 2x2 matrix), and its value as a function of the
    variables' values.
    """

    text: str
    shape: tuple[int, ...]
    value: Callable[[Values], Any]


class Expression(NamedTuple):
    """A text whose value is one number, values for its variables, and what it stands for."""

    text: str
    at: dict[str, Any]
    value: Callable[[Values], Any]


def _softmax(x: Any) -> Any:
    powers = [mpmath.exp(element - max(x)) for element in x]
    return np.array([power / mpmath.fsum(powers) for power in powers], dtype=object)


def _log_softmax(x: Any) -> Any:
    return np.array([element - OF_ARRAYS["logsumexp"](x) for element in x], dtype=object)


def _softplus(x: Any) -> Any:
    return mpmath.log(1 + mpmath.exp(x))


def _norm(x: Any) -> Any:
    return OF_ARRAYS["norm"](x)


def _determinant(a: Any) -> Any:
    return a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0]


def _inverse(a: Any) -> Any:
    return np.array([[a[1, 1], -a[0, 1]], [-a[1, 0], a[0, 0]]], dtype=object) / _determinant(a)


def _gamma(x: Any) -> Any:
    """By its logarithm, for which mpmath needs no tables."""
    return mpmath.exp(mpmath.loggamma(x)) if x > 0 else mp.pi / (mpmath.sinpi(x) * mpmath.exp(mpmath.loggamma(1 - x)))


def _huber(r: Any) -> Any:
    return r * r / 2 if abs(r) <= 1 else abs(r) - mpmath.mpf(1) / 2


def _mean(terms: Any) -> Any:
    return mpmath.fsum(terms) / len(terms)


#: More functions of numbers: definitions, and those with options.
_NUMBERS: dict[str, tuple[int, str, Callable[..., Any]]] = {
    **{name: (function.__code__.co_argcount if hasattr(function, "__code__") else 1, "", function)
       for name, function in OF_NUMBERS.items()},
    "exp2": (1, "", lambda x: mpmath.exp(x * mpmath.log(2))),
    "reciprocal": (1, "", lambda x: 1 / x),
    "rsqrt": (1, "", lambda x: 1 / mpmath.sqrt(x)),
    "logit": (1, "", lambda x: mpmath.log(x / (1 - x))),
    "relu6": (1, "", lambda x: min(max(x, 0), 6)),
    "selu": (1, "",
        lambda x: mpmath.mpf(1.0507009873554805)
        * (x if x > 0 else mpmath.mpf(1.6732632423543772) * (mpmath.exp(x) - 1))),
    "mish": (1, "", lambda x: x * OF_NUMBERS["tanh"](_softplus(x))),
    "softsign": (1, "", lambda x: x / (1 + abs(x))),
    "polygamma": (1, ", n=1",
        lambda x: mpmath.psi(1, x) if x > 0 else (mp.pi / mpmath.sinpi(x)) ** 2 - mpmath.psi(1, 1 - x)),
    "polygamma 2": (1, ", n=2",
        lambda x: mpmath.psi(2, x) if x > 0
        else mpmath.psi(2, 1 - x) - 2 * mp.pi**3 * mpmath.cospi(x) / mpmath.sinpi(x) ** 3),
    "leaky_relu": (1, "", lambda x: x if x > 0 else mpmath.mpf(0.01) * x),
    "elu": (1, "", lambda x: x if x > 0 else mpmath.exp(x) - 1),
    "lgamma": (1, "", lambda x: mpmath.re(mpmath.loggamma(x))),
    "gamma": (1, "", _gamma),
    "hypot": (2, "", OF_NUMBERS["hypot"]), "atan2": (2, "", mpmath.atan2),
    "beta": (2, "", lambda a, b: _gamma(a) * _gamma(b) / _gamma(a + b)),
    "xlog1py": (2, "", lambda x, y: x * mpmath.log(1 + y) if x else mpmath.mpf(0)),
    "xlogy": (2, "", lambda x, y: x * mpmath.log(y) if x else mpmath.mpf(0)),
    "logaddexp": (2, "", lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b))),
    "hardtanh": (1, "", lambda x: min(max(x, -1), 1)),
}  # fmt: skip
_OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "^"}
_V, _M, _N = (3,), (2, 2), ()
#: Functions of arrays: the text, the shapes that they take, the shape that they give.
_ARRAYS: tuple[tuple[str, tuple[tuple[int, ...], ...], tuple[int, ...], Callable[..., Any]], ...] = (
    *((f"{name}({{}})", (_V,), _N, OF_ARRAYS[name]) for name in OF_ARRAYS if name != "dot"),
    *((f"{name}({{}})", (_M,), _N, OF_ARRAYS[name])
      for name in ("sum", "mean", "prod", "max", "norm", "std", "logsumexp")),
    ("dot({}, {})", (_V, _V), _N, OF_ARRAYS["dot"]),
    ("inner({}, {})", (_V, _V), _N, OF_ARRAYS["dot"]),
    ("norm({}, 1)", (_V,), _N, lambda x: mpmath.fsum(map(abs, x))),
    ("norm({}, inf)", (_V,), _N, lambda x: max(map(abs, x))),
    ("softmax({})", (_V,), _V, _softmax),
    ("log_softmax({})", (_V,), _V, _log_softmax),
    ("cumsum({})", (_V,), _V, lambda x: np.array([mpmath.fsum(x[: k + 1]) for k in range(3)], dtype=object)),
    ("cross({}, {})", (_V, _V), _V,
        lambda a, b: np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]],
        dtype=object)),
    ("normalize({})", (_V,), _V, lambda x: x / _norm(x)),
    ("cosine_similarity({}, {})", (_V, _V), _N, lambda a, b: OF_ARRAYS["dot"](a, b) / (_norm(a) * _norm(b))),
    ("cross_entropy({}, 1)", (_V,), _N, lambda x: -_log_softmax(x)[1]),
    ("nll({}, 2)", (_V,), _N, lambda x: -x[2]),
    ("mse({}, {})", (_V, _V), _N, lambda a, b: _mean([(p - q) ** 2 for p, q in zip(a, b, strict=True)])),
    ("mae({}, {})", (_V, _V), _N, lambda a, b: _mean([abs(p - q) for p, q in zip(a, b, strict=True)])),
    ("huber({}, {})", (_V, _V), _N, lambda a, b: _mean([_huber(p - q) for p, q in zip(a, b, strict=True)])),
    ("bce_with_logits({}, 1)", (_V,), _N, lambda z: _mean([_softplus(-element) for element in z])),
    ("bce_with_logits({}, 0.25)", (_V,), _N,
        lambda z: _mean([_softplus(-element) / 4 + 3 * _softplus(element) / 4 for element in z])),
    ("bce(sigmoid({}), 0)", (_V,), _N, lambda z: _mean([_softplus(element) for element in z])),
    ("({})[1]", (_V,), _N, lambda x: x[1]),
    ("flip({})", (_V,), _V, lambda x: x[::-1]),
    ("roll({}, 1)", (_V,), _V, lambda x: np.roll(x, 1)),
    ("[{}, {}, {}]", (_N, _N, _N), _V, lambda a, b, c: np.array([a, b, c], dtype=object)),
    ("det({})", (_M,), _N, _determinant),
    ("logdet({})", (_M,), _N, lambda a: mpmath.log(_determinant(a))),
    ("trace({})", (_M,), _N, lambda a: a[0, 0] + a[1, 1]),
    ("inv({})", (_M,), _M, _inverse),
    ("({}) @ ({})", (_M, _M), _M,
        lambda a, b: np.array([[OF_ARRAYS["dot"](row, column) for column in b.T] for row in a], dtype=object)),
    ("({}) @ ({})[:2]", (_M, _V), (2,),
        lambda a, x: np.array([mpmath.fsum(a[i, k] * x[k] for k in range(2)) for i in range(2)], dtype=object)),
    ("solve({}, ({})[:2])", (_M, _V), (2,),
        lambda a, x: np.array([mpmath.fsum(_inverse(a)[i, k] * x[k] for k in range(2)) for i in range(2)],
        dtype=object)),
    ("({}).T", (_M,), _M, lambda a: a.T),
    ("outer(({})[:2], ({})[1:])", (_V, _V), _M,
        lambda a, b: np.array([[p * q for q in b[1:]] for p in a[:2]], dtype=object)),
)  # fmt: skip
_FLAT = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "sign", "floor", "ceil")
#: What is drawn: a name of a function of numbers, or a place in the list of functions of arrays.
DRAWN: tuple[str | int, ...] = (*_NUMBERS, *range(len(_ARRAYS)))


def magnitude(random: Random) -> float:
    """A number of either sign, over six hundred orders of magnitude; half of them are ordinary."""
    exponent = random.choice(
        (random.uniform(-300, 300), random.uniform(-25, 25), random.uniform(-3, 3), random.uniform(-1, 1))
    )
    return float(f"{random.choice((1, 1, -1)) * 10.0**exponent:.{random.choice((2, 16))}g}")


def expression(seed: int) -> Expression:
    """The expression of a number; each function is the first one drawn for some of them."""
    random = Random(f"magnitude {seed}")
    at: dict[str, Any] = {"x": magnitude(random), "y": magnitude(random)}
    base = magnitude(random)
    near = random.random() < 0.3
    at["v"] = [
        base * (1 + random.choice((1e-12, 1e-3, 1)) * random.uniform(-1, 1)) if near else magnitude(random)
        for _ in range(3)
    ]
    at["A"] = [
        [magnitude(random) if random.random() < 0.4 else random.uniform(-2, 2) for _ in range(2)] for _ in range(2)
    ]
    pieces = [
        Written("x", _N, lambda values: values["x"]), Written("y", _N, lambda values: values["y"]),
        Written("v", _V, lambda values: values["v"]), Written("A", _M, lambda values: values["A"]),
    ]  # fmt: skip
    for step in range(random.choice((1, 1, 2, 3))):
        drawn = DRAWN[seed % len(DRAWN)] if step == 0 else random.choice(DRAWN)
        made = _applied(random, drawn, pieces)
        pieces.append(made)
    final = _number(random, pieces[-1])
    return Expression(
        final.text, {name: value for name, value in at.items() if re.search(rf"\b{name}\b", final.text)}, final.value
    )


def _number(random: Random, piece: Written) -> Written:
    """One number of what was made."""
    if not piece.shape:
        return piece
    name = random.choice(("sum", "norm", "first"))
    if name == "first":
        return Written(
            f"({piece.text})[{', '.join(['0'] * len(piece.shape))}]",
            _N,
            lambda values: piece.value(values)[(0,) * len(piece.shape)],
        )
    return Written(f"{name}({piece.text})", _N, _called(OF_ARRAYS[name], [piece]))


def _applied(random: Random, drawn: str | int, pieces: Sequence[Written]) -> Written:
    def operand(shape: tuple[int, ...] | None) -> Written:
        fitting = [piece for piece in pieces if shape is None or piece.shape == shape]
        piece = fitting[-1] if random.random() < 0.6 else random.choice(fitting)
        if shape == _N and random.random() < 0.15:
            number = magnitude(random)
            return Written(repr(number) if number > 0 else f"({number!r})", _N, lambda values: mpmath.mpf(number))
        return piece

    if isinstance(drawn, int):
        text, shapes, shape, function = _ARRAYS[drawn]
        operands = [operand(wanted) for wanted in shapes]
        return Written(text.format(*(piece.text for piece in operands)), shape, _called(function, operands))
    count, more, function = _NUMBERS[drawn]
    first = operand(None)
    operands = [first, *(operand(first.shape) if random.random() < 0.5 else operand(_N) for _ in range(count - 1))]
    if drawn == "where":
        operands[0] = Written(
            f"({operands[0].text} > {operands[1].text})",
            first.shape,
            _called(np.frompyfunc(OF_NUMBERS["greater"], 2, 1), operands[:2]),
        )
    name = drawn.partition(" ")[0]
    texts = [piece.text for piece in operands]
    text = (
        f"({texts[0]}) {_OPERATORS[name]} ({texts[1]})" if name in _OPERATORS else f"{name}({', '.join(texts)}{more})"
    )
    shape = max((piece.shape for piece in operands), key=len)
    written = Written(text, shape, _called(np.frompyfunc(function, count, 1), operands))
    if name not in _FLAT:
        return written
    other = first
    return Written(f"({text})*({other.text})", shape, _called(lambda a, b: a * b, [written, other]))


def _called(function: Callable[..., Any], operands: Sequence[Written]) -> Callable[[Values], Any]:
    return lambda values: _checked(function(*[_checked(operand.value(values)) for operand in operands]))


def _checked(value: Any) -> Any:
    """The value.

    Raises Unknown where it is no real number, or so large or small that computing on would take for ever.
    """
    for element in np.ravel(np.asarray(value, dtype=object)):
        if isinstance(element, mpmath.mpc) or not mpmath.isfinite(element) or abs(mpmath.mag(element or 1)) > 6_000:
            raise Unknown
    return value
