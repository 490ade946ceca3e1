"""The size of a derivative as a formula: expression swell."""

from collections.abc import Mapping
from typing import Any

import sympy
from sympy import Expr

from diffcli.deadline.limit import TimeLimit, within
from diffcli.messages import Message
from diffcli.symbolic.arrays.indexed import indexed
from diffcli.symbolic.convert.conversion import convert
from diffcli.symbolic.convert.slope import slope
from diffcli.symbolic.derive.formula import Formula
from diffcli.symbolic.derive.formula_search import NoFormula, attempt
from diffcli.symbolic.vocabulary.limits import check_size
from diffcli.syntax.resolved import Resolved


def formula_size(formula: Formula) -> tuple[int, int]:
    """The operations of a formula: as it is written, and with equal parts counted once."""
    return _size(formula.derivative.element)


def derivative_size(
    resolved: Resolved, name: str, shapes: Mapping[str, tuple[int, ...]], seconds: float
) -> tuple[int, int] | NoFormula:
    """The operations of the derivative by a number as SymPy makes it, before anything is collected; both counts."""
    try:
        found: tuple[int, int] | NoFormula = attempt(
            name, lambda: within(seconds, _derivative_size, resolved, name, shapes)
        )
    except TimeLimit:
        return NoFormula(name, Message("no formula within {seconds:g} s", seconds=seconds), limit=True)
    return found


def _derivative_size(resolved: Resolved, name: str, shapes: Mapping[str, tuple[int, ...]]) -> tuple[int, int]:
    check_size(resolved)
    value, variables, sizes, *_ = convert(resolved, {}, shapes)
    return _size(slope(value.element, indexed(name, variables[name]), sizes))


def _size(expression: Expr) -> tuple[int, int]:
    """The operations as a tree and shared; a sum of k terms is k - 1 of them."""
    written: dict[Any, int] = {}
    shared = 0
    for part in _distinct(expression):
        own = len(part.args) - 1 if isinstance(part, (sympy.Add, sympy.Mul)) else 1 if part.args else 0
        written[part] = own + sum(written[argument] for argument in part.args)
        shared += own
    return written[expression], shared


def _distinct(expression: Expr) -> list[Expr]:
    """Every different part once, operands before what is made of them."""
    order: list[Any] = []
    seen: set[Any] = set()
    waiting = [(expression, False)]
    while waiting:
        part, opened = waiting.pop()
        if opened:
            order.append(part)
        elif part not in seen:
            seen.add(part)
            waiting.append((part, True))
            waiting.extend((argument, False) for argument in part.args)
    return order
