"""The answers of `descend`: one run, and several runs beside each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diffcli.analysis.descent.checkpoint import Checkpoint
from diffcli.analysis.descent.diagnosis import Status
from diffcli.analysis.descent.epochs import overfit
from diffcli.analysis.descent.evidence import NOT_MEASURED, Diagnosis
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate
from diffcli.analysis.kinks import KinkNotice
from diffcli.analysis.presented import Presented
from diffcli.errors import ExitCode
from diffcli.execute.arrays import Array
from diffcli.execute.dtype import Dtype

_EXIT_CODES: dict[Status, ExitCode] = {
    "converged": ExitCode.DONE,
    "step-limit": ExitCode.DONE,
    "stalled": ExitCode.DONE,
    "plateau": ExitCode.NEGATIVE,
    "oscillating": ExitCode.NEGATIVE,
    "diverged": ExitCode.NEGATIVE,
    "not-finite": ExitCode.NOT_FINITE,
    "time-limit": ExitCode.TIME_LIMIT,
    "interrupted": ExitCode.INTERRUPTED,
    "kink": ExitCode.NOT_FINITE,
}


@dataclass(frozen=True, slots=True)
class DescentReport(Presented):
    """The answer of one run of `descend` or `ascend`.

    `history` begins with the starting point, and has every point unless the caller wanted fewer.

    `start_kinks` and `kinks` are those that the starting point and the last one sit on. `checkpoint` is the last one: a
    run from it goes on as this one would have. `constants` are the variables that have values and stay as they are, but
    for columns of data. In a run on data, `value` and `gradient_norm` are those of all rows that are trained on, of
    which there are `train_rows`.
    """

    expression: str
    settings: Settings
    start: Mapping[str, Array]
    final: Mapping[str, Array]
    value: float
    gradient_norm: float
    status: Status
    explanation: str
    iterations: int
    history: Sequence[Iterate]
    first_gradient: Mapping[str, Array]
    start_kinks: tuple[KinkNotice, ...]
    kinks: tuple[KinkNotice, ...]
    checkpoint: Checkpoint
    constants: Mapping[str, Array]
    train_rows: int | None = None
    holdout_rows: int = 0
    diagnosis: Diagnosis = NOT_MEASURED
    dtype: Dtype = "float64"

    @property
    def exit_code(self) -> ExitCode:
        """Whether the run got where it should."""
        return _EXIT_CODES[self.status]

    @property
    def maximize(self) -> bool:
        """Whether the run climbs."""
        return self.settings.maximize

    @property
    def learning_rate(self) -> float | None:
        """The rate before any schedule; None where each step's length is searched for."""
        return self.settings.lr

    @property
    def holdout_note(self) -> str | None:
        """Advice of the rows held out about stopping earlier."""
        return overfit(self.history, self.maximize)

    @property
    def tolerance(self) -> float:
        """The gradient norm at which the run stops."""
        return self.settings.tol


@dataclass(frozen=True, slots=True)
class DescentRuns(Presented):
    """The answers of several runs from the same point."""

    expression: str
    runs: tuple[DescentReport, ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 where every run was made, however it ended: which of them fail is what is asked."""
        cut = [run.exit_code for run in self.runs if run.status in ("interrupted", "time-limit")]
        return cut[0] if cut else ExitCode.DONE
