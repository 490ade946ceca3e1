"""Formulas beside a gradient: what SymPy finds, and whether reverse mode agrees with it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from diffcli.analysis.agreement import Agreement, Comparison, precise_verdict, tolerance_in
from diffcli.analysis.formula_values import SymbolicRow, evaluated
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep
from diffcli.analysis.trace import Trace
from diffcli.execute.arrays import Array, relative_error
from diffcli.messages import Message
from diffcli.syntax.resolved import held

if TYPE_CHECKING:
    from diffcli.analysis.kinks import KinkNotice


def with_formulas(
    problem: Problem,
    stated: Problem,
    trace: Trace,
    sweep: Sweep,
    gradient: Mapping[str, Array],
    inputs: Mapping[int, Array],
    seconds: float,
    notices: "Sequence[KinkNotice]",
) -> tuple[Mapping[str, SymbolicRow] | None, Agreement | None]:
    """The formulas, and whether the gradient agrees with them; of the problem as it is stated for formulas."""
    rows: Mapping[str, SymbolicRow] | None = None
    verdict: Agreement | None = None
    if problem.wrt and not problem.arithmetic.encloses:
        verdict, rows = _compared(stated, trace, gradient, inputs, seconds)
    if verdict and verdict.verdict == "disagree" and notices:
        verdict = verdict._replace(
            verdict="unchecked",
            cause=Message("they differ on a kink, where reverse mode takes conventions and the formula may be a limit"),
        )
    if problem.of and not (problem.precision or sweep.cotangent is not None):
        rows = {**(rows or {}), **_held_formulas(problem, trace, sweep, seconds)}
    return rows, verdict


def _held_formulas(problem: Problem, trace: Trace, sweep: Sweep, seconds: float) -> dict[str, SymbolicRow]:
    """The formula at each named intermediate asked for, which is a variable of its own for that.

    Only if it has the value of reverse mode.
    """
    from diffcli.symbolic import derivatives

    rows = {}
    for name, slope in sweep.asked(trace.values).items():
        resolved = held(problem.resolved, name)
        if resolved is None:
            continue
        values = {**problem.values, name: trace.values[sweep.of[name]]}
        values = {variable: values[variable] for variable in resolved.variables}
        row = evaluated(
            derivatives(resolved, (name,), {name: value.shape for name, value in values.items()}, seconds),
            values,
            seconds,
        )[name]
        agrees = row.formula is None or (
            row.value is not None and relative_error(slope, row.value, 1.0) <= tolerance_in(problem.arithmetic)
        )
        rows[name] = row if agrees else SymbolicRow(None, None, Message("the formula could not be confirmed"), ())
    return rows


def _compared(
    problem: Problem, trace: Trace, gradient: Mapping[str, Array], inputs: Mapping[int, Array], seconds: float
) -> tuple[Agreement, Mapping[str, SymbolicRow]]:
    """The verdict and the formulas; SymPy is loaded only for an expression that it can take."""
    from diffcli.symbolic.vocabulary.limits import check_size
    from diffcli.symbolic.vocabulary.refusal import TooLarge

    try:
        check_size(problem.resolved)
    except TooLarge as refusal:
        return Agreement("unchecked", None, Message("there is no formula")), {
            name: SymbolicRow(None, None, str(refusal), ()) for name in problem.wrt
        }
    from diffcli.symbolic import derivatives

    # other numbers than doubles are computed within the same limit
    formulas = derivatives(problem.resolved, problem.wrt, problem.shapes, seconds / 2 if problem.precision else seconds)
    if problem.precision:
        return precise_verdict(problem, gradient, formulas)
    comparison = Comparison(trace, gradient, formulas, problem.values, inputs)
    return comparison.verdict(evaluated(formulas, problem.values, seconds), seconds)
