"""The symbolic derivative: a formula for each variable."""

from collections.abc import Mapping
from dataclasses import dataclass

from diffcli.analysis.formulas import SymbolicRow, evaluated
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import built_scalar
from diffcli.analysis.values import Array
from diffcli.errors import ExitCode, fault
from diffcli.symbolic import NoFormula, derivatives


@dataclass(frozen=True, slots=True)
class DiffReport:
    """What `diff` answers: for each variable a formula and, at the given point, its value."""

    expression: str
    at: Mapping[str, Array]
    derivatives: Mapping[str, SymbolicRow]

    @property
    def exit_code(self) -> ExitCode:
        """Done: at least one variable has a formula."""
        return ExitCode.DONE


def derivative_report(problem: Problem, seconds: float = 10.0) -> DiffReport:
    """Differentiate symbolically; values need not be given.

    Raises DiffcliError if no variable gets a formula. `seconds` limits the search.
    """
    complete = all(name in problem.values for name in problem.resolved.variables)
    if complete:
        built_scalar(problem)
    formulas = derivatives(problem.resolved, problem.wrt, problem.shapes, seconds)
    failed = [formula for formula in formulas.values() if isinstance(formula, NoFormula)]
    if failed and len(failed) == len(formulas):
        whole = problem.resolved.nodes[-1].span
        timed_out = any(formula.limit for formula in failed)
        raise fault(
            "E601" if timed_out else "E602", failed[0].reason, problem.source, whole,
            hint="grad computes the derivative at a point without a formula",
            exit_code=ExitCode.TIME_LIMIT if timed_out else ExitCode.CANNOT_START,
        )  # fmt: skip
    rows = evaluated(formulas, problem.values if complete else None, seconds)
    return DiffReport(problem.source.text.strip(), problem.values, rows)
