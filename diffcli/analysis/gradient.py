"""The gradient report: values, the gradient at every node, the flows, the formula, the verdict."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diffcli.analysis.demands import check_demands
from diffcli.analysis.finite import check_finite
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import swept
from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Array
from diffcli.errors import ExitCode
from diffcli.execute.program import Program

if TYPE_CHECKING:
    from diffcli.analysis.agreement import Agreement
    from diffcli.analysis.formulas import SymbolicRow


@dataclass(frozen=True, slots=True)
class GradReport:
    """What `grad` answers.

    `gradient` has, for each variable of interest, an array of the variable's shape. `symbolic`
    and `agreement` are None where the formula was not asked for.
    """

    expression: str
    at: Mapping[str, Array]
    value: float
    gradient: Mapping[str, Array]
    trace: Trace
    kinks: tuple[KinkNotice, ...]
    symbolic: "Mapping[str, SymbolicRow] | None"
    agreement: "Agreement | None"

    @property
    def exit_code(self) -> ExitCode:
        """Negative where the two engines disagree."""
        return ExitCode.NEGATIVE if self.agreement and self.agreement.verdict == "disagree" else ExitCode.DONE


def gradient_report(problem: Problem, symbolic: bool = True, seconds: float = 5.0) -> GradReport:
    """Differentiate in reverse mode at the point; with `symbolic`, hold the formula against it.

    Raises DiffcliError if the result is not a single number, or not finite at the point.
    `seconds` limits the search for a formula.
    """
    sweep = swept(problem)
    built = sweep.built
    inputs = sweep.inputs(problem.values)
    values = Program(built.graph, range(len(built.graph))).values(inputs)  # the trace shows every node
    trace = Trace(problem.source, built.graph, built.output, sweep.backward, values)
    gradient = sweep.gradient(values, problem.values)
    check_demands(problem, built, values)
    check_finite(trace, gradient)
    rows: Mapping[str, SymbolicRow] | None = None
    verdict: Agreement | None = None
    if symbolic and problem.wrt:
        verdict, rows = _compared(problem, trace, gradient, inputs, seconds)
    return GradReport(
        expression=problem.source.text.strip(),
        at=problem.values,
        value=float(values[built.output]),
        gradient=gradient,
        trace=trace,
        kinks=kinks(trace),
        symbolic=rows,
        agreement=verdict,
    )


def _compared(
    problem: Problem, trace: Trace, gradient: Mapping[str, Array], inputs: Mapping[int, Array], seconds: float
) -> "tuple[Agreement, Mapping[str, SymbolicRow]]":
    """The verdict and the formulas; SymPy is loaded only for an expression that it can take."""
    from diffcli.analysis.agreement import Agreement, Comparison
    from diffcli.analysis.formulas import SymbolicRow, evaluated
    from diffcli.symbolic.limits import check_size
    from diffcli.symbolic.refusal import TooLarge

    try:
        check_size(problem.resolved)
    except TooLarge as refusal:
        return Agreement("unchecked", None, "there is no formula"), {name: SymbolicRow(None, None, str(refusal), ()) for name in problem.wrt}
    from diffcli.symbolic import derivatives

    formulas = derivatives(problem.resolved, problem.wrt, problem.shapes, seconds)
    comparison = Comparison(trace, gradient, formulas, problem.values, inputs)
    return comparison.verdict(evaluated(formulas, problem.values, seconds), seconds)
