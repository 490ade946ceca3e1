"""Whether the formula and reverse mode give the same gradient."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Array
from diffcli.execute.arrays import doubles, largest_magnitude, relative_error
from diffcli.primitives.shape import size

if TYPE_CHECKING:
    from diffcli import symbolic

#: Two gradients agree when their relative difference is at most this.
TOLERANCE = 1e-9
#: A component is compared relative to itself, but not below this fraction of the largest
#: contribution in the sweep: what cancels to 0 is 0 only up to rounding.
FLOOR = 1e-6
#: The most elements for which a doubtful comparison is repeated in high precision.
_LARGEST_REPEAT = 20_000
_DIGITS = 40

Verdict = Literal["agree", "disagree", "unchecked"]


@dataclass(frozen=True, slots=True)
class SymbolicRow:
    """A variable's formula and its value at the point; without one of them, the reason."""

    formula: str | None
    value: Array | None
    reason: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The verdict over all variables that have a formula.

    `max_relative_error` compares double precision with the formula; `cause` says what it comes
    from where it is not mere last-digit rounding.
    """

    verdict: Verdict
    max_relative_error: float | None
    cause: str | None = None


def evaluated(formulas: Mapping[str, "symbolic.Formula | symbolic.NoFormula"], at: Mapping[str, Array] | None, seconds: float) -> dict[str, SymbolicRow]:
    """Each formula, with its value at the point if there is one, and if it is found within the time limit."""
    from diffcli.symbolic import NoFormula, TimeLimit, within  # brings SymPy along

    nested = None if at is None else {name: value.tolist() for name, value in at.items()}
    rows: dict[str, SymbolicRow] = {}
    for name, formula in formulas.items():
        if isinstance(formula, NoFormula):
            rows[name] = SymbolicRow(None, None, formula.reason, ())
            continue
        value, reason = None, None
        if nested is not None:
            try:
                value = doubles(within(seconds, partial(formula.values, nested)))
            except TimeLimit:
                reason = f"not evaluated within {seconds:g} s"
        rows[name] = SymbolicRow(formula.text, value, reason, formula.notes)
    return rows


def agreement(trace: Trace, gradient: Mapping[str, Array], symbolic: Mapping[str, SymbolicRow], inputs: Mapping[int, Array]) -> Agreement:
    """Compare; where double precision leaves a doubt, run the same graph with 40 digits."""
    formulas = {name: row.value for name, row in symbolic.items() if row.value is not None}
    if not formulas:
        return Agreement("unchecked", None, "no formula to compare with")
    scale = largest_magnitude(trace.values[flow.contribution] for flow in trace.gradient.flows)
    error = max(relative_error(gradient[name], value, FLOOR * scale) for name, value in formulas.items())
    if error <= TOLERANCE:
        return Agreement("agree", error)
    if sum(size(shape) for shape in trace.graph.shapes) > _LARGEST_REPEAT:
        return Agreement("unchecked", error, "too large to be repeated in high precision")
    precise = _precise_gradient(trace, inputs)
    if max(relative_error(precise[name], value, FLOOR * scale) for name, value in formulas.items()) <= TOLERANCE:
        return Agreement("agree", error, f"with {_DIGITS} digits they agree: double precision loses digits to cancellation here")
    return Agreement("disagree", error)


def _precise_gradient(trace: Trace, inputs: Mapping[int, Array]) -> dict[str, Array]:
    import mpmath

    from diffcli.execute.arithmetic import Numbers
    from diffcli.execute.program import Program

    names = {node: name for node, name in trace.graph.names.items() if node in inputs}
    adjoints = {names[node]: adjoint for node, adjoint in trace.gradient.adjoints.items() if node in names}
    with mpmath.workdps(_DIGITS):
        arithmetic = Numbers(mpmath.mp)
        exact = {node: arithmetic.number(value, value.shape) for node, value in inputs.items()}
        results = Program(trace.graph, adjoints.values(), arithmetic).run(exact)
        return {name: doubles(result) for name, result in zip(adjoints, results, strict=True)}
