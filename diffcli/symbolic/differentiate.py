"""The derivatives of an expression, as formulas."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from diffcli.symbolic import tidy
from diffcli.symbolic.check import Subject, agrees_with_difference, same_values
from diffcli.symbolic.contract import canonical, contract
from diffcli.symbolic.convert import Converted, convert
from diffcli.symbolic.deadline import TimeLimit, within
from diffcli.symbolic.explicit import written_out
from diffcli.symbolic.formula import Derivative, Formula
from diffcli.symbolic.indexed import fresh_index
from diffcli.symbolic.limits import check_size
from diffcli.symbolic.ranks import assumed_ranks
from diffcli.symbolic.refusal import Refusal, TooLarge
from diffcli.symbolic.wording import Wording, worded
from diffcli.syntax.resolve import Resolved

_TOKEN = re.compile(r"[\w.]+|[-+*/^<>=]+")


@dataclass(frozen=True, slots=True)
class NoFormula:
    """Why there is no formula for a variable, in one plain sentence; `limit` where time ran out or it is too large."""

    variable: str
    reason: str
    limit: bool = False


def derivatives(resolved: Resolved, wrt: Sequence[str], shapes: Mapping[str, tuple[int, ...]], seconds: float = 5.0) -> dict[str, Formula | NoFormula]:
    """The derivative of the expression with respect to each variable of `wrt`.

    `shapes` are the known shapes of variables; what others are is assumed, and noted. Never
    raises: what goes wrong, or takes longer than `seconds` in all, is a NoFormula.
    """
    found: dict[str, Formula | NoFormula] = {}

    def work() -> None:
        check_size(resolved)
        ranks = assumed_ranks(resolved, wrt, shapes)
        converted = convert(resolved, ranks.ranks, shapes)
        if converted.value.axes:
            extents = [converted.sizes.extent(axis.size) for axis in converted.value.axes]
            known = f" of shape {tuple(extents)}" if None not in extents else ""
            raise Refusal(f"the value is an array{known}, not a single number")
        for name in wrt:
            found[name] = _attempt(name, lambda: _formula(converted, name, ranks.notes))  # noqa: B023  # called at once

    try:
        outcome = _attempt("", lambda: within(seconds, work))
    except TimeLimit:
        outcome = NoFormula("", f"no formula within {seconds:g} s", limit=True)
    failure = outcome if isinstance(outcome, NoFormula) else NoFormula("", "")
    return {name: found.get(name) or replace(failure, variable=name) for name in wrt}


def _attempt(name: str, work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Refusal as refusal:
        return NoFormula(name, str(refusal), limit=isinstance(refusal, TooLarge))
    except RecursionError:
        return NoFormula(name, "the expression is nested too deeply for a formula", limit=True)
    except MemoryError:
        return NoFormula(name, "the formula does not fit into memory", limit=True)
    except Exception as exception:  # SymPy raises of every kind; a formula is never worth a traceback
        return NoFormula(name, f"SymPy could not differentiate it ({type(exception).__name__})")


def _formula(converted: Converted, name: str, notes: tuple[str, ...]) -> Formula:
    symbols = {variable: sympy.Symbol(variable, real=True) for variable in converted.variables}
    axes = converted.variables.get(name, ())
    indices = tuple(fresh_index() for _ in axes)
    function = converted.value.element
    if name not in converted.variables:
        raise Refusal(f"{name} does not occur in the expression")
    subject = Subject(function, {symbols[variable]: sizes for variable, sizes in converted.variables.items()}, symbols[name], indices)
    target = sympy.IndexedBase(symbols[name], real=True)[indices] if axes else symbols[name]
    raw = contract(sympy.diff(function, target), dict(zip(indices, axes, strict=True)))
    raw = raw.xreplace({index: sympy.Integer(0) for index, size in zip(indices, axes, strict=True) if size == 1})
    raw = canonical(raw)
    _check_defined(raw)
    known = converted.sizes.known
    if not agrees_with_difference(raw, subject, known):
        raise Refusal("its formula did not agree with a numerical derivative, so it is not shown")
    merged = sympy.powsimp(raw, deep=True, combine="exp")  # x^n/x is undefined at 0, x^(n - 1) is not
    if merged != raw and same_values(merged, raw, subject, known):
        raw = merged
    context = Wording(converted, name, indices)
    ways = sorted(_ways(raw, context), key=lambda way: _length(way[1].text))
    for element, wording in ways:
        if element is raw or same_values(element, raw, subject, known):
            derivative = Derivative(element, indices, converted.variables, symbols)
            return Formula(name, wording.text, wording.sizes, wording.indices, (*wording.notes, *notes), derivative)
    raise Refusal("its formula could not be written down")


def _ways(raw: Any, context: Wording) -> list[tuple[Any, Any]]:
    """The ways to write the formula that the language has words for."""
    ways = []
    refused: Refusal | None = None
    for element in dict.fromkeys(tidy.candidates(raw)):
        try:
            ways.append((element, worded(element, context)))
        except Refusal as refusal:
            refused = refused or refusal
    components = written_out(raw, context)
    if components is not None:
        if raw.atoms(sympy.Product, sympy.Mod):
            ways.clear()  # which places belong to a component is clearer than a rule about its index
        ways.append((raw, components))
    if not ways:
        raise refused or Refusal("its formula could not be written down")
    return ways


def _length(text: str) -> int:
    """The number of names, numbers and operators: brackets do not count."""
    return len(_TOKEN.findall(text))


def _check_defined(element: Any) -> None:
    if element.has(sympy.Piecewise):
        raise Refusal("its derivative has no closed form here")
    if element.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
        raise Refusal("its derivative is undefined or not real")
    if any(part.is_number and part.is_extended_real is False for part in element.atoms(sympy.Pow, sympy.Function)):
        raise Refusal("its derivative is undefined or not real")
    if element.has(sympy.Derivative, sympy.Subs, sympy.DiracDelta, sympy.Heaviside, sympy.re, sympy.im, sympy.arg):
        raise Refusal("its derivative has no closed form here")
