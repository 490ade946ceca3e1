"""The symbolic derivative: a formula for each variable."""

from collections.abc import Mapping
from dataclasses import dataclass

from diffcli.analysis.agreement import SymbolicRow, evaluated
from diffcli.analysis.problem import Problem
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
    formulas = derivatives(problem.resolved, problem.wrt, problem.shapes, seconds)
    failed = [formula for formula in formulas.values() if isinstance(formula, NoFormula)]
    if failed and len(failed) == len(formulas):
        timed_out = any(formula.limit for formula in failed)
        raise fault(
            "E601" if timed_out else "E602", failed[0].reason, problem.source,
            hint="grad computes the derivative at a point without a formula",
            exit_code=ExitCode.TIME_LIMIT if timed_out else ExitCode.CANNOT_START,
        )  # fmt: skip
    complete = all(name in problem.values for name in problem.resolved.variables)
    rows = evaluated(formulas, problem.values if complete else None)
    return DiffReport(problem.source.text.strip(), problem.values, rows)
