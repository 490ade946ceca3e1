"""The numbers that a run is diagnosed by, and with them all that its explanation is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from diffcli.analysis.curvature import Classification
from diffcli.analysis.descent.diagnosis import Memory, Status
from diffcli.analysis.descent.horizon import Horizon
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.spectrum import Kind, Spectrum
from diffcli.messages import Argument, Message


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Measurements of a run; None for what was not measured, or is not there.

    `point` is what kind of point it ended at. The eigenvalues are the least and the largest of the
    Hessian at the end; at the start, as `measured_at` says, of a run that left all bounds.
    `stable_rate` is 2/lambda_max there, and at the start, for plain gradient descent.
    `convergence_rate` is the factor by which a step changes the gradient's norm, where that is
    steady; `steps_needed` are those to the tolerance at this pace; `last_move` is how far the last one went.
    `not_measured` says why there are no eigenvalues: the problem is too large beside the run, or a
    second derivative is not finite.
    """

    point: Kind | None = None
    measured_at: Literal["start", "end"] | None = None
    smallest_eigenvalue: float | None = None
    largest_eigenvalue: float | None = None
    stable_rate: float | None = None
    stable_rate_at_start: float | None = None
    convergence_rate: float | None = None
    steps_needed: int | None = None
    last_move: float | None = None
    not_measured: Literal["too-large", "not-finite"] | None = None


#: Of a run of which nothing was measured.
NOT_MEASURED = Diagnosis()

#: The words of a run that climbs, and of one that descends, with the arguments that advice names.
_ADVISED = {name: Argument(name) for name in ("lr", "schedule", "steps", "tol")}
_UP = {"bottom": Message("maximum"), "way": Message("downward"), "moves": Message("rises"), "formula": "2/|lambda_min|"}
_DOWN = {"bottom": Message("minimum"), "way": Message("upward"), "moves": Message("falls"), "formula": "2/lambda_max"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run that has ended, with what was found out about it.

    `rate` is that of plain descent. `ahead` is what a Newton step leads to, `beyond` what lies where there is nothing
    to be reached. `blamed` is whether the judge named a hyperparameter that is to blame.
    """

    status: Status
    settings: Settings
    memory: Memory
    found: Diagnosis
    spectrum: Spectrum | None
    rate: float | None
    ahead: Classification | None = None
    beyond: Horizon | None = None
    blamed: bool = False

    @property
    def words(self) -> Mapping[str, str]:
        """Values for the slots that many sentences have."""
        return _ADVISED | (_UP if self.settings.maximize else _DOWN)

    @property
    def reason(self) -> str:
        """Why there are no eigenvalues."""
        if self.found.not_measured == "too-large":
            return Message("it would take long compared with this run")
        return Message("there are no second derivatives there")

    @property
    def nowhere(self) -> str:
        """That there is nothing to be reached, where that was seen."""
        if self.beyond is None:
            return ""
        if self.beyond.limit is None:
            return Message(
                "There is no {bottom} in this direction: as far as it was followed, the value {moves} and does "
                "not settle.",
                **self.words,
            )
        return Message(
            "There is no {bottom} in this direction: the value {moves} towards {limit:.3g} and does not reach it.",
            limit=self.beyond.limit,
            **self.words,
        )
