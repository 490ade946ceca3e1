"""The derivatives of an expression, as formulas."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations_with_replacement
from typing import Any, NamedTuple

import sympy
from sympy import Expr, Symbol

from diffcli.deadline.limit import TimeLimit, streamed
from diffcli.errors import DiffcliError
from diffcli.messages import Message
from diffcli.symbolic.arrays.indexed import Axis, indexed
from diffcli.symbolic.convert.conversion import Converted, convert
from diffcli.symbolic.convert.ranks import assumed_ranks
from diffcli.symbolic.convert.slope import slope
from diffcli.symbolic.derive.formula import Derivative, Formula
from diffcli.symbolic.derive.verification import Check, Subject
from diffcli.symbolic.matrix_notation.candidates import whole_forms
from diffcli.symbolic.simplify import tidy
from diffcli.symbolic.simplify.canonical import canonical
from diffcli.symbolic.text.components import written_out
from diffcli.symbolic.text.legend import Worded, Wording, worded
from diffcli.symbolic.vocabulary.index_arithmetic import Quotient, Remainder
from diffcli.symbolic.vocabulary.limits import check_size
from diffcli.symbolic.vocabulary.refusal import Refusal, TooLarge
from diffcli.syntax.resolved import Resolved

_TOKEN = re.compile(r"[\w.]+|[-+*/^<>=@]+")


@dataclass(frozen=True, slots=True)
class NoFormula:
    """The reason why a variable has no formula, in a plain sentence; `limit` where it takes too long or is too big."""

    variable: str
    reason: str
    limit: bool = False


def derivatives(
    resolved: Resolved,
    wrt: Sequence[str],
    shapes: Mapping[str, tuple[int, ...]],
    seconds: float = 5.0,
    by_index: bool = False,
    order: int = 1,
    whole: bool = False,
    tidied: bool = True,
    for_program: bool = False,
) -> dict[str, Formula | NoFormula]:
    """The derivative of the expression with respect to each variable of `wrt`.

    Those of a higher `order` are keyed by the variables' names with commas between them: `x,x`,
    `x,y`, `y,y`. `shapes` are the known shapes of variables; what others are is assumed, and noted.
    Matrix notation is used where it is shorter; with `by_index` never, with `whole` formulas are of
    whole arrays wherever the language has words for it: those parse back. Without `tidied` they are
    as SymPy makes them, by indices: a few times sooner. Those `for_program` have no text: they keep
    functions by name that a formula would not compute as accurately. Never raises: what goes wrong, or takes
    longer than `seconds` in all, is a NoFormula.
    """
    keys = [",".join(names) for names in combinations_with_replacement(wrt, order)]
    found: dict[str, Formula | NoFormula] = {}

    def search() -> None:
        check_size(resolved)  # what is too large need not be sent
        found.update(streamed(seconds, _searched, resolved, wrt, shapes, keys, by_index, whole, tidied, for_program))

    try:
        failure = attempt("", search)
    except TimeLimit:
        failure = NoFormula("", Message("no formula within {seconds:g} s", seconds=seconds), limit=True)
    return {key: found.get(key) or replace(failure, variable=key) for key in keys}


def _searched(
    resolved: Resolved,
    wrt: Sequence[str],
    shapes: Mapping[str, tuple[int, ...]],
    keys: Sequence[str],
    by_index: bool,
    whole: bool,
    tidied: bool,
    for_program: bool,
) -> Iterator[tuple[str, Formula | NoFormula]]:
    """The derivatives by their keys, one after the other. Raises Refusal where there can be none."""
    ranks = assumed_ranks(resolved, wrt, shapes)
    converted = convert(resolved, ranks.ranks, shapes, for_program)
    if converted.value.axes:
        extents = [converted.sizes.extent(axis.size) for axis in converted.value.axes]
        raise Refusal(
            Message("the value is an array, not a single number")
            if None in extents
            else Message("the value is an array of shape {shape}, not a single number", shape=tuple(extents))
        )
    search = _Search(converted, ranks.notes, by_index or not tidied, whole, tidied, for_program)
    for key in keys:
        yield key, attempt(key, lambda: search.formula(key))  # noqa: B023  # called at once


def attempt(name: str, work: Callable[[], Any]) -> Any:
    """The result of the work; whatever goes wrong in it is a NoFormula, but for the time limit."""
    try:
        return work()
    except TimeLimit:
        raise
    except Refusal as refusal:
        return NoFormula(name, refusal.message, limit=isinstance(refusal, TooLarge))
    except DiffcliError as refused:
        return NoFormula(name, refused.diagnostic.message)
    except RecursionError:
        return NoFormula(name, Message("the expression is nested too deeply for a formula"), limit=True)
    except MemoryError:
        return NoFormula(name, Message("the formula does not fit into memory"), limit=True)
    except Exception as exception:  # SymPy raises of every kind; a formula is never worth a traceback
        return NoFormula(name, Message("SymPy could not differentiate it ({error})", error=type(exception).__name__))


class _Found(NamedTuple):
    """A derivative's element at the indices of its axes, variable by variable, and how it was checked."""

    element: Expr
    axes: tuple[Axis, ...]
    check: Check


@dataclass(frozen=True, slots=True)
class _Search:
    """The derivatives of one expression; those of a lower order are found once."""

    converted: Converted
    notes: tuple[str, ...]
    by_index: bool
    whole: bool
    tidied: bool = True
    for_program: bool = False
    found: dict[tuple[str, ...], _Found] = field(default_factory=dict)

    def formula(self, key: str) -> Formula:
        """The derivative by the variables of the key."""
        raw, axes, check = self._derivative(tuple(key.split(",")))
        if self.for_program:
            return self._formula(key, raw, Worded("", {}, (), ()))
        if any(not power.exp.is_number for power in raw.atoms(sympy.Pow)):
            merged = sympy.powsimp(raw, deep=True, combine="exp")  # x^n/x is undefined at 0, x^(n - 1) is not
            if merged != raw and check.same_values(merged, raw):
                raw = merged
        indices = tuple(axis.index for axis in axes)
        context = Wording(self.converted, key, indices, self.by_index, self.whole)
        if not self.tidied:
            return self._formula(key, raw, worded(raw, context))
        ways = sorted(_ways(raw, context), key=lambda way: _length(way[1].text))
        for element, wording in ways:
            if element is raw or check.same_values(element, raw):
                return self._formula(key, element, wording)
        raise Refusal(Message("its formula could not be written down"))

    def _formula(self, key: str, element: Expr, wording: Worded) -> Formula:
        value, variables, _, decimals, scope = self.converted
        indices = self._derivative(tuple(key.split(","))).axes
        derivative = Derivative(
            element,
            tuple(axis.index for axis in indices),
            variables,
            _symbols(variables),
            value.element,
            wording.term,
            decimals,
            self.notes,
            scope,
        )
        return Formula(key, wording.text, wording.sizes, wording.indices, (*wording.notes, *self.notes), derivative)

    def _derivative(self, names: tuple[str, ...]) -> _Found:
        """The derivative's element, checked; each order is the derivative of the one before."""
        if names not in self.found:
            value, variables, sizes, *_ = self.converted
            name = names[-1]
            if name not in variables:
                raise Refusal(Message("{name} does not occur in the expression", name=name))
            function, fixed, _ = self._derivative(names[:-1]) if names[:-1] else (value.element, (), None)
            target = indexed(name, variables[name])
            element = canonical(slope(function, target, sizes, fixed))
            _check_defined(element)
            symbols = _symbols(variables)
            extents = {symbols[variable]: axes for variable, axes in variables.items()}
            indices = tuple(axis.index for axis in target.axes)
            check = Check(
                Subject(function, extents, symbols[name], indices, {axis.index: axis.size for axis in fixed}), sizes
            )
            if not check.agrees_with_difference(element):
                raise Refusal(Message("its formula did not agree with a numerical derivative, so it is not shown"))
            self.found[names] = _Found(element, (*fixed, *target.axes), check)
        return self.found[names]


def _symbols(variables: Mapping[str, Any]) -> dict[str, Symbol]:
    return {variable: sympy.Symbol(variable, real=True) for variable in variables}


def _ways(raw: Expr, context: Wording) -> list[tuple[Expr, Worded]]:
    """The ways to write the formula that the language has words for."""
    ways = []
    refused: Refusal | None = None
    for element in dict.fromkeys(tidy.candidates(raw)):
        try:
            ways.append((element, worded(element, context)))
        except Refusal as refusal:
            refused = refused or refusal
        ways += whole_forms(element, context)
    components = written_out(raw, context)
    if components is not None:
        if raw.atoms(sympy.Product, Quotient, Remainder):
            ways.clear()  # which places belong to a component is clearer than a rule about its index
        ways.append((raw, components))
    if not ways:
        raise refused or Refusal(Message("its formula could not be written down"))
    return ways


def _length(text: str) -> int:
    """The number of names, numbers and operators: brackets do not count."""
    return len(_TOKEN.findall(text))


def _check_defined(element: Expr) -> None:
    if element.has(sympy.Piecewise):
        raise Refusal(Message("its derivative has no closed form here"))
    if element.has(sympy.zoo, sympy.nan, sympy.oo, sympy.I):
        raise Refusal(Message("its derivative is undefined or not real"))
    if any(part.is_number and part.is_extended_real is False for part in element.atoms(sympy.Pow, sympy.Function)):
        raise Refusal(Message("its derivative is undefined or not real"))
    if element.has(sympy.Derivative, sympy.Subs, sympy.DiracDelta, sympy.Heaviside, sympy.re, sympy.im, sympy.arg):
        raise Refusal(Message("its derivative has no closed form here"))
