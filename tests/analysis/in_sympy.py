"""Expressions of the language in SymPy, element by element, written without the program's own translation.

Only smooth functions: what is not in the tables has no counterpart here.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy

from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.tree import Node, Tree

OF_NUMBERS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "neg": lambda x: -x,
    "pow": lambda a, b: a ** (sympy.Integer(b) if b == int(b) else b) if b.is_number else sympy.exp(b * sympy.log(a)),
    "square": lambda x: x**2, "sqrt": sympy.sqrt, "hypot": lambda x, y: sympy.sqrt(x**2 + y**2), "atan2": sympy.atan2,
    "exp": sympy.exp, "expm1": lambda x: sympy.exp(x) - 1, "log": sympy.log,
    "log2": lambda x: sympy.log(x) / sympy.log(2),
    "log10": lambda x: sympy.log(x) / sympy.log(10), "log1p": lambda x: sympy.log(1 + x),
    "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)), "silu": lambda x: x / (1 + sympy.exp(-x)),
    "log_sigmoid": lambda x: -sympy.log(1 + sympy.exp(-x)),
    "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan, "asin": sympy.asin, "acos": sympy.acos, "atan": sympy.atan,
    "sinh": sympy.sinh, "cosh": sympy.cosh,
    "tanh": sympy.tanh, "asinh": sympy.asinh, "acosh": sympy.acosh, "atanh": sympy.atanh, "erf": sympy.erf,
    "erfc": sympy.erfc, "erfinv": sympy.erfinv,
    "gamma": sympy.gamma, "lgamma": sympy.loggamma, "digamma": sympy.digamma,
    "logaddexp": lambda a, b: sympy.log(sympy.exp(a) + sympy.exp(b)),
    "xlogy": lambda x, y: x * sympy.log(y), "xlog1py": lambda x, y: x * sympy.log(1 + y),
}  # fmt: skip


def _variance(x: Any) -> Any:
    centre = sum(x) / len(x)
    return sum((each - centre) ** 2 for each in x) / len(x)


OF_ARRAYS: dict[str, Callable[..., Any]] = {
    "sum": sum, "mean": lambda x: sum(x) / len(x), "prod": lambda x: sympy.Mul(*x),
    "norm": lambda x: sympy.sqrt(sum(each**2 for each in x)),
    "var": _variance, "std": lambda x: sympy.sqrt(_variance(x)),
    "logsumexp": lambda x: sympy.log(sum(sympy.exp(each) for each in x)),
}  # fmt: skip


_KNOWN = {*OF_NUMBERS, *OF_ARRAYS}


def translatable(text: str) -> bool:
    """Whether there is a counterpart for every function."""
    program = parse(Source(text))
    nodes = [
        node
        for tree in (program.expression, *(statement.body for statement in program.statements))
        for node in tree.nodes
    ]
    return all(
        node.kind in ("number", "name", "array")
        or (node.kind == "call" and node.text in _KNOWN and node.keywords in ((), ("axis",)))
        for node in nodes
    )


def translated(text: str, values: dict[str, np.ndarray]) -> tuple[sympy.Expr, dict[sympy.Symbol, float]]:
    """The expression, with a symbol for each element of each variable, and the symbols' values in the order of the
    elements.
    """
    point: dict[sympy.Symbol, float] = {}
    known: dict[str, Any] = {}
    for name, value in values.items():
        symbols = np.empty(np.shape(value), dtype=object)
        for place in np.ndindex(np.shape(value)):
            symbols[place] = sympy.Symbol("_".join([name, *map(str, place)]))
            point[symbols[place]] = float(value[place])
        known[name] = symbols[()]
    program = parse(Source(text))
    for statement in program.statements:
        known[statement.name] = _walked(statement.body, known)
    return _walked(program.expression, known), point


def _walked(tree: Tree, known: dict[str, Any]) -> Any:
    found: list[Any] = []
    for node in tree.nodes:
        found.append(_value(node, [found[child] for child in node.children], known))
    return found[-1]


def _value(node: Node, operands: list[Any], known: dict[str, Any]) -> Any:
    if node.kind == "number":
        return sympy.Rational(float(node.text))
    if node.kind == "name":
        return known[node.text]
    if node.kind == "array":
        return np.stack([np.asarray(element, dtype=object) for element in operands])
    if node.text in OF_ARRAYS:
        axis = int(operands[1]) if node.keywords == ("axis",) else None
        lines = (
            np.ravel(operands[0])[np.newaxis]
            if axis is None
            else np.moveaxis(operands[0], axis, -1).reshape(-1, np.shape(operands[0])[axis])
        )
        results = np.array([OF_ARRAYS[node.text](list(line)) for line in lines], dtype=object)
        return results[0] if axis is None else results.reshape(np.delete(np.shape(operands[0]), axis))[()]
    return np.frompyfunc(OF_NUMBERS[node.text], len(operands), 1)(*operands)
