"""Gradient descent and ascent."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from diffcli.api.posing import Columns, Expression, Names, Work, of_problem
from diffcli.execute.dtype import Dtype
from diffcli.execute.executors.executor import ExecutorName

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport
    from diffcli.analysis.descent.preparation import Preparation
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.problem import Problem


@of_problem
def descend(
    expression: Expression, at: object = None, *, data: object = None, columns: Columns | None = None,
    decimal: str | None = None, thousands: str | None = None, missing: str | Sequence[str] = (), wrt: Names = (),
    optimizer: str = "gd", lr: float | Literal["auto"] | None = None,
    hyperparameters: Mapping[str, object] | None = None, schedule: str = "constant", clip_norm: float | None = None,
    steps: int | None = None, batch_size: int | None = None, epochs: int | None = None, shuffle: bool = False,
    seed: int = 0, holdout: float = 0.0, tol: float = 1e-6, timeout: float | None = None, strict: bool = False,
    dtype: Dtype | None = None, executor: ExecutorName | None = None, device: str | None = None, maximize: bool = False,
    stopped: Callable[[], bool] = lambda: False, **values: object,
) -> "Work[DescentReport]":  # fmt: skip
    """Gradient descent from a point, until the gradient's norm is at most `tol`.

    `optimizer` and `schedule` are those of the command, `hyperparameters` their values by name; the rate is `lr`, else
    the optimizer's own: plain descent's is 0.1, and "auto" is one that fits the curvature at the start. A gradient
    whose norm is above `clip_norm` is scaled down to it. At most `steps` are taken, 1000 if neither they nor `epochs`
    are given. `timeout` is in seconds; `strict` ends the run at the first point on a kink; `stopped` is asked after
    each step whether to end it; `maximize` climbs instead.

    Values and data are as in `grad`; no step changes the data. Of their rows, a step sees `batch_size`, in another
    order in each epoch with `shuffle`, and the part `holdout`, chosen by `seed`, is not trained on. `dtype`, `executor`
    and `device` are as in `grad`. Raises DiffcliError.
    """
    from diffcli.analysis.descent.running import descent_report

    def run(problem: "Problem") -> "DescentReport":
        plan = planned(
            problem, optimizer=optimizer, lr=lr, hyperparameters=hyperparameters or {}, schedule=schedule, steps=steps,
            timeout=timeout, single=True, clip_norm=clip_norm, tol=tol, maximize=maximize, strict=strict,
            batch_size=batch_size, epochs=epochs, shuffle=shuffle, seed=seed, holdout=holdout,
        )  # fmt: skip
        return descent_report(problem, plan.runs[0], stopped=stopped, prepared=plan.prepared)

    return Work(run, untimed=True)


def ascend(expression: Expression, at: object = None, **options: Any) -> "DescentReport":
    """Gradient ascent from a point, as `descend` on the negative; options and values as in `descend`."""
    return descend(expression, at, maximize=True, **options)


class Plan(NamedTuple):
    """The settings of each run, and what the runs share."""

    runs: "tuple[Settings, ...]"
    prepared: "Preparation"


def planned(
    problem: "Problem",
    *,
    optimizer: str,
    lr: str | float | None,
    hyperparameters: Mapping[str, object] | Sequence[str],
    schedule: str,
    steps: int | None,
    timeout: float | None,
    single: bool = False,
    **bounds: Any,
) -> Plan:
    """What `descend` has of its arguments, but for lists of optimizers and of rates between commas.

    `bounds` are fields of the settings. Raises DiffcliError for whatever is wrong with any of it, and with `single`
    where there are several runs.
    """
    from diffcli.analysis.descent.data_split import limited
    from diffcli.analysis.descent.planning import plan, plans
    from diffcli.analysis.descent.preparation import Preparation
    from diffcli.analysis.descent.settings import Settings

    settings = limited(problem, Settings(max_seconds=timeout, **bounds), steps)
    prepared = Preparation(problem, settings)
    stated = (problem, settings, optimizer, lr, schedule, hyperparameters, prepared)
    return Plan((plan(*stated),) if single else plans(*stated), prepared)
