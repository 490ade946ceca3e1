"""The answer of `compare`: every method's derivatives, and for each variable which are right and why others differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from diffcli.analysis.comparison.against import Against
from diffcli.analysis.comparison.costs import Size
from diffcli.analysis.comparison.culprit import Culprit
from diffcli.analysis.comparison.growth import Growth
from diffcli.analysis.comparison.steps import StepSweep
from diffcli.analysis.comparison.truth import Truth
from diffcli.analysis.comparison.verdict import CAUSES, Cause, Judgement
from diffcli.analysis.formula_values import SymbolicRow
from diffcli.analysis.kinks import KinkNotice
from diffcli.analysis.precision import Precision
from diffcli.analysis.presented import Presented
from diffcli.errors import Diagnostic, ExitCode
from diffcli.execute.arrays import Array
from diffcli.execute.executors.executor import Choice
from diffcli.execute.probe import Place
from diffcli.messages import Message


class Answer(NamedTuple):
    """A method's derivative by the element looked at, and its relative error against the reference."""

    value: Any
    relative_error: float | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Partial:
    """The comparison for one variable, at its worst element.

    `place` is that element's index, () of a number. `reference` is what the errors are relative
    to, and what it is. `taylor_slope` is 2 or more where reverse mode is right and 1 where it is
    wrong, None where the function is linear or too large. `truth` has the one-sided derivatives
    where they were needed. `looked_at` elements of `elements` were differentiated by all methods.
    `against` is the verdict on a derivative of the user's own.
    """

    variable: str
    place: Place
    formula: str | None
    reference: float | None
    reference_is: str
    answers: Mapping[str, Answer]
    taylor_slope: float | None
    truth: Truth | None
    judgement: Judgement
    looked_at: int
    elements: int
    against: Against | None = None


class CostRow(NamedTuple):
    """The cost of a method for all derivatives: sweeps, operations, the sizes as a tree and shared, seconds."""

    method: str
    sweeps: int | None
    operations: int | None
    size: Size | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class CompareReport(Presented):
    """The answer of `compare`; `plan` is how the expression was computed beside the point."""

    expression: str
    at: Mapping[str, Array]
    value: float
    gradient: Mapping[str, Array]
    partials: tuple[Partial, ...]
    costs: tuple[CostRow, ...]
    kinks: tuple[KinkNotice, ...]
    culprit: Culprit | None
    fault: Diagnostic | None
    formulas: Mapping[str, SymbolicRow]
    sweeps: tuple[StepSweep, ...]
    growth: Growth | None
    strict: bool
    precision: Precision
    plan: Choice

    @property
    def answers(self) -> dict[str, Any]:
        """The numbers that were asked for, by what they are called."""
        return {Message("the value"): self.value, **{f"d/d{name}": value for name, value in self.gradient.items()}}

    @property
    def verdict(self) -> Cause:
        """The worst of the variables' causes."""
        return max((partial.judgement.cause for partial in self.partials), key=CAUSES.index, default="agree")

    @property
    def exit_code(self) -> ExitCode:
        """Negative where a method, or what was given, is wrong; not finite where reverse mode has no number, or, if
        strict, at a kink.
        """
        differs = any(each.against is not None and each.against.verdict == "differs" for each in self.partials)
        if self.verdict == "disagree" or differs:
            return ExitCode.NEGATIVE
        if self.fault is not None or (
            self.strict and (self.kinks or self.verdict in ("kink", "edge-of-domain", "isolated"))
        ):
            return ExitCode.NOT_FINITE
        return ExitCode.DONE
