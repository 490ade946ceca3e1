"""A second reading of the language: the parsed tree, walked with mpmath, knowing nothing of the primitives.

An array is a NumPy array of mpmath numbers; NumPy broadcasts and indexes, mpmath computes.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mpmath
import numpy as np

from diffcli.syntax.tree import Node, Program, Tree

mp = mpmath.mp


def _real_power(a: Any, b: Any) -> Any:
    return mpmath.power(a, int(b)) if b == int(b) else mpmath.exp(b * mpmath.log(a))


def _both(function: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    return lambda a, b: mpmath.mpf(1 if function(a, b) else 0)


#: What each function does with numbers.
OF_NUMBERS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "neg": lambda x: -x, "pow": _real_power,
    "less": _both(lambda a, b: a < b), "less_equal": _both(lambda a, b: a <= b), "greater": _both(lambda a, b: a > b),
    "greater_equal": _both(lambda a, b: a >= b), "equal": _both(lambda a, b: a == b),
    "not_equal": _both(lambda a, b: a != b),
    "where": lambda condition, a, b: b if condition == 0 else a,
    "abs": lambda x: -x if x < 0 else x, "sign": lambda x: mpmath.mpf((x > 0) - (x < 0)),
    "relu": lambda x: x if x > 0 else mpmath.mpf(0),
    "floor": mpmath.floor, "ceil": mpmath.ceil,
    "minimum": lambda a, b: a if a < b else b, "maximum": lambda a, b: a if a > b else b,
    "square": lambda x: x * x, "sqrt": mpmath.sqrt, "hypot": lambda x, y: mpmath.sqrt(x * x + y * y),
    "cbrt": lambda x: (-1 if x < 0 else 1) * mpmath.exp(mpmath.log(abs(x)) / 3),
    "exp": mpmath.exp, "expm1": lambda x: mpmath.exp(x) - 1, "log": mpmath.log, "log2": lambda x: mpmath.log(x, 2),
    "log10": lambda x: mpmath.log(x, 10),
    "log1p": lambda x: mpmath.log(1 + x), "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "sin": mpmath.sin, "cos": mpmath.cos, "tan": lambda x: mpmath.sin(x) / mpmath.cos(x),
    "asin": mpmath.asin, "acos": mpmath.acos, "atan": mpmath.atan, "atan2": mpmath.atan2,
    "sinh": lambda x: (mpmath.exp(x) - mpmath.exp(-x)) / 2, "cosh": lambda x: (mpmath.exp(x) + mpmath.exp(-x)) / 2,
    "tanh": lambda x: 1 - 2 / (mpmath.exp(2 * x) + 1), "asinh": lambda x: mpmath.log(x + mpmath.sqrt(x * x + 1)),
    "erf": mpmath.erf, "erfc": mpmath.erfc, "erfinv": mpmath.erfinv,
    "gamma": mpmath.gamma, "lgamma": lambda x: mpmath.log(abs(mpmath.gamma(x))), "digamma": mpmath.digamma,
    "beta": lambda a, b: mpmath.gamma(a) * mpmath.gamma(b) / mpmath.gamma(a + b),
    "logaddexp": lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)),
    "xlogy": lambda x, y: x * mpmath.log(y) if x else mpmath.mpf(0),
    "xlog1py": lambda x, y: x * mpmath.log(1 + y) if x else mpmath.mpf(0),
    "leaky_relu": lambda x, slope: x if x > 0 else slope * x,
    "elu": lambda x, alpha: x if x > 0 else alpha * (mpmath.exp(x) - 1),
    "silu": lambda x: x / (1 + mpmath.exp(-x)), "gelu": lambda x: x * mpmath.ncdf(x),
    "log_sigmoid": lambda x: -mpmath.log(1 + mpmath.exp(-x)),
    **dict.fromkeys(("hardtanh", "clip"), lambda x, low, high: low if x < low else high if x > high else x),
    "acosh": lambda x: mpmath.log(x + mpmath.sqrt(x * x - 1)), "atanh": lambda x: mpmath.log((1 + x) / (1 - x)) / 2,
}  # fmt: skip


def _variance(elements: Any) -> Any:
    centre = mpmath.fsum(elements) / len(elements)
    return mpmath.fsum((e - centre) ** 2 for e in elements) / len(elements)


#: What each function does with all elements of an array.
OF_ARRAYS: dict[str, Callable[..., Any]] = {
    "sum": lambda x: mpmath.fsum(np.ravel(x)), "mean": lambda x: mpmath.fsum(np.ravel(x)) / np.size(x),
    "prod": lambda x: mpmath.fprod(np.ravel(x)),
    "max": lambda x: max(np.ravel(x)), "min": lambda x: min(np.ravel(x)),
    "norm": lambda x: mpmath.sqrt(mpmath.fsum(e * e for e in np.ravel(x))),
    "var": lambda x: _variance(np.ravel(x)), "std": lambda x: mpmath.sqrt(_variance(np.ravel(x))),
    "median": lambda x: sum(sorted(np.ravel(x))[(np.size(x) - 1) // 2 : np.size(x) // 2 + 1])
    / (1 + (np.size(x) % 2 == 0)),
    "logsumexp": lambda x: mpmath.log(mpmath.fsum(mpmath.exp(e) for e in np.ravel(x))),
    "dot": lambda a, b: mpmath.fsum(p * q for p, q in zip(a, b, strict=True)),
}  # fmt: skip

#: Other names of the same functions.
SYNONYMS = {
    "subtract": "sub", "multiply": "mul", "divide": "div", "negative": "neg", "power": "pow", "absolute": "abs",
    "fabs": "abs", "sgn": "sign",
    "ceiling": "ceil", "ln": "log", "logistic": "sigmoid", "expit": "sigmoid", "average": "mean", "amax": "max",
    "amin": "min",
    "fmax": "maximum", "fmin": "minimum", "true_divide": "div", "product": "prod", "variance": "var", "stdev": "std",
    "psi": "digamma", "gammaln": "lgamma", "loggamma": "lgamma", "swish": "silu", "logsigmoid": "log_sigmoid",
    "clamp": "clip",
    **{f"arc{name[1:]}": name for name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")},
}  # fmt: skip


def evaluated(program: Program, values: Mapping[str, Any]) -> Any:
    """The value of the expression, in the working precision of mpmath."""
    known = {"pi": +mp.pi, "e": +mp.e, "tau": 2 * mp.pi, **values}
    for statement in program.statements:
        assert statement.kind == "let"
        known[statement.name] = _walked(statement.body, known)
    return _walked(program.expression, known)


def _walked(tree: Tree, known: Mapping[str, Any]) -> Any:
    found: list[Any] = []
    for node in tree.nodes:
        found.append(_value(node, [found[child] for child in node.children], known))
    return found[-1]


def _value(node: Node, operands: list[Any], known: Mapping[str, Any]) -> Any:
    if node.kind == "number":
        return mpmath.mpf(float(node.text))  # a literal is the double nearest to it
    if node.kind == "name":
        return known[node.text]
    if node.kind == "array":
        return np.stack([np.asarray(element, dtype=object) for element in operands])
    if node.kind == "index":
        return operands[0][tuple(_key(node.text, iter(operands[1:])))]
    name = SYNONYMS.get(node.text, node.text)
    if node.keywords:
        assert node.keywords == ("axis",)
        return _along(OF_ARRAYS[name], operands[0], int(operands[1]))
    if name in OF_ARRAYS and not (name in ("max", "min") and len(operands) == 2):
        return OF_ARRAYS[name](*operands)
    function = OF_NUMBERS[{"max": "maximum", "min": "minimum"}.get(name, name)]
    return np.frompyfunc(function, len(operands), 1)(*operands)


def _along(function: Callable[..., Any], x: Any, axis: int) -> Any:
    """A function of each line along an axis."""
    lines = np.moveaxis(x, axis, -1)
    result = np.empty(lines.shape[:-1], dtype=object)
    for place in np.ndindex(result.shape):
        result[place] = function(lines[place])
    return result[()]


def _key(pattern: str, subscripts: Iterator[Any]) -> Iterator[int | slice]:
    for part in pattern.split(","):
        bounds = [[int(next(subscripts)) for _ in bound] for bound in part.split(":")]
        yield bounds[0][0] if len(bounds) == 1 else slice(*(bound[0] if bound else None for bound in bounds))
