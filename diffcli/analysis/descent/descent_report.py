"""Runs of a descent: the iterates, how each run ends, and several runs beside each other."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from diffcli.analysis.descent.blame import blamed
from diffcli.analysis.descent.checkpoint import Checkpoint
from diffcli.analysis.descent.diagnosis import Judge, Memory, Status, after, counted
from diffcli.analysis.descent.epochs import EpochJudge, overfit
from diffcli.analysis.descent.explanation import NOT_MEASURED, Diagnosis
from diffcli.analysis.descent.kept_points import ALL, Keeping, Trail
from diffcli.analysis.descent.measurement import Ended, diagnosed
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.preparation import Preparation
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State, Step
from diffcli.analysis.descent.stepping import first_state, walk
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.origin import origin
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.deadline.budget import end_by
from diffcli.errors import ExitCode, fault
from diffcli.execute.arrays import Array
from diffcli.messages import Argument, Joined, Message

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

#: Called at every point of a run, with the run's number from 0.
Watch = Callable[[int, Step], None]


@dataclass(frozen=True, slots=True)
class DescentReport(Presented):
    """What one run of `descend` or `ascend` answers.

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
    history: tuple[Iterate, ...]
    first_gradient: Mapping[str, Array]
    start_kinks: tuple[KinkNotice, ...]
    kinks: tuple[KinkNotice, ...]
    checkpoint: Checkpoint
    constants: Mapping[str, Array]
    train_rows: int | None = None
    holdout_rows: int = 0
    diagnosis: Diagnosis = NOT_MEASURED

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
        """What the rows held out say about stopping earlier."""
        return overfit(self.history, self.maximize)

    @property
    def tolerance(self) -> float:
        """The gradient norm at which the run stops."""
        return self.settings.tol


@dataclass(frozen=True, slots=True)
class DescentRuns(Presented):
    """What several runs answer, which began at the same point."""

    expression: str
    runs: tuple[DescentReport, ...]

    @property
    def exit_code(self) -> ExitCode:
        """0 where every run was made, however it ended: which of them fail is what is asked."""
        cut = [run.exit_code for run in self.runs if run.status in ("interrupted", "time-limit")]
        return cut[0] if cut else ExitCode.DONE


def descent_report(
    problem: Problem,
    settings: Settings,
    *,
    checkpoint: Checkpoint | None = None,
    watch: Callable[[Step], None] | None = None,
    keep: Callable[[Checkpoint], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    keeping: Keeping = ALL,
    prepared: Preparation | None = None,
) -> DescentReport:
    """Run from the problem's point, or from a checkpoint of an earlier run.

    A problem with data is fitted to its rows in batches, and but for those held out, as the settings say.

    Ends when the gradient's norm is at most the tolerance, after so many steps, when it diverges or
    oscillates without getting lower, when time is up, when `stopped()` is true, or, if strict, at
    the first point that sits on a kink. `watch` is called at every point, and
    `keep` with what a run resumed there would start from. `keeping` says which points the history has.
    `prepared` is what was made of the problem before.
    """
    prepared = prepared or Preparation(problem, settings)
    return _run(prepared, settings, checkpoint, watch, keep, stopped, _deadline(settings), keeping)


def descent_runs(
    problem: Problem,
    plans: Sequence[Settings],
    *,
    watch: Watch | None = None,
    stopped: Callable[[], bool] = lambda: False,
    keeping: Keeping = ALL,
    prepared: Preparation | None = None,
) -> DescentRuns:
    """A run for each of the settings, one after the other; those after one that was stopped are not begun.

    Each has the time that its settings give it.
    """
    prepared = prepared or Preparation(problem, plans[0])
    runs: list[DescentReport] = []
    for number, settings in enumerate(plans):
        seen = None if watch is None else _numbered(watch, number)
        runs.append(_run(prepared, settings, None, seen, None, stopped, _deadline(settings), keeping))
        if runs[-1].status == "interrupted":
            break
    return DescentRuns(problem.source.text.strip(), tuple(runs))


def _numbered(watch: Watch, number: int) -> Callable[[Step], None]:
    return lambda step: watch(number, step)


def _deadline(settings: Settings) -> float:
    return math.inf if settings.max_seconds is None else time.monotonic() + settings.max_seconds


def _run(
    prepared: Preparation,
    settings: Settings,
    checkpoint: Checkpoint | None,
    watch: Callable[[Step], None] | None,
    keep: Callable[[Checkpoint], None] | None,
    stopped: Callable[[], bool],
    deadline: float,
    keeping: Keeping,
) -> DescentReport:
    batches, objective = prepared.batches, prepared.objective
    path = Trail(keeping, settings.maximize)
    outcome: tuple[Status, str] | None = None
    feed = batches if batches is not None and batches.in_batches else None
    state, memory = checkpoint or Checkpoint(first_state(objective.problem, settings))
    judge: Judge | EpochJudge = (
        Judge(settings, memory) if feed is None else EpochJudge(settings.tol, settings.maximize, memory)
    )
    steps = walk(objective, settings, state, feed)
    first = next(steps, None)
    if first is None:  # SciPy's methods begin anew
        source, message = (
            objective.problem.source,
            Message(
                "the saved run took {iteration}, and from its start there are fewer", iteration=counted(state.iteration)
            ),
        )
        raise fault("E408", message, source, source.whole, hint=Message("start it anew, without what was saved"))
    last = first
    while outcome is None:
        now, gradient = (
            (last.iterate, last.gradient)
            if batches is None
            else batches.seen(last, last.iterate.iteration >= settings.steps)
        )
        path.add(now)
        before = judge.memory  # before the verdict: a resumed run comes to its own
        if keep is not None:
            keep(Checkpoint(last.state, before._asdict()))
        if watch is not None:
            watch(last._replace(iterate=now))
        if not all(map(math.isfinite, (now.value, now.gradient_norm, now.train_value or 0.0))):
            outcome = "not-finite", _not_finite(objective, settings, now, None if feed is not None else first.state)
        elif settings.strict and (found := _kinks_at(objective, now)):
            outcome = (
                "kink",
                Message(
                    "{after} the point sits on a kink, where {strict} stops: {headline}.",
                    after=after(now),
                    headline=found[0].headline,
                    strict=Argument("strict", True),
                ),
            )
        elif gradient is not None and (verdict := judge.verdict(now, gradient)) is not None:
            outcome = verdict
        elif now.iteration >= settings.steps:
            outcome = judge.at_the_limit(now.iteration)  # more than asked for where a resumed run had them
        elif stopped():
            outcome = "interrupted", Message("Stopped by you after {iteration}.", iteration=counted(now.iteration))
        elif time.monotonic() > deadline:
            outcome = (
                "time-limit",
                Message(
                    "The time limit of {max_seconds:g} s was reached after {iteration}.",
                    max_seconds=settings.max_seconds,
                    iteration=counted(now.iteration),
                ),
            )
        else:
            following = next(steps, None)
            if following is None:
                outcome = judge.ended()
            else:
                last = following
    steps.close()
    if feed is not None:
        now, last = feed.at_end(last)
        path.end(now)
    reached = Checkpoint(last.state, before._asdict())
    report = _report(
        objective, settings, first, last, path.history(), outcome, reached, judge if isinstance(judge, Judge) else None
    )
    return report if batches is None else replace(report, train_rows=batches.rows, holdout_rows=batches.holdout_rows)


def _report(
    objective: Objective,
    settings: Settings,
    first: Step,
    last: Step,
    path: tuple[Iterate, ...],
    outcome: tuple[Status, str],
    checkpoint: Checkpoint,
    judge: Judge | None,
) -> DescentReport:
    end, problem = last.iterate, objective.problem
    if outcome[0] in ("converged", "step-limit", "oscillating", "stalled") and (cause := _fault_at(objective, end)):
        outcome = (
            "not-finite",
            Message("{after} the gradient cannot be trusted: {cause}.", after=after(end), cause=cause),
        )
    culprit = None
    if outcome[0] == "diverged" and judge is not None and first.state is not last.state:
        culprit = blamed(objective, settings, first.state, end)
        outcome = outcome if culprit is None else ("diverged", judge.overshot(culprit))
    found = _kinks_at(objective, end)
    memory = None if judge is None else judge.memory
    begin = memory.first if memory is not None and memory.first is not None else first.iterate
    with end_by(0.0 if outcome[0] == "time-limit" else None):  # what is left to be done is done in doubles then
        ended = Ended(
            objective, settings, memory or Memory(), begin, last, *outcome, bool(found), blamed=culprit is not None
        )
        status, explanation, diagnosis = diagnosed(ended)
    return DescentReport(
        expression=problem.source.text.strip(),
        settings=settings,
        start=first.iterate.at,
        final=end.at,
        value=end.value,
        gradient_norm=end.gradient_norm,
        status=status,
        explanation=explanation,
        iterations=end.iteration,
        history=path,
        first_gradient=first.gradient,
        start_kinks=_kinks_at(objective, first.iterate),
        kinks=found,
        checkpoint=checkpoint,
        constants={
            name: value for name, value in problem.values.items() if name not in (*problem.wrt, *problem.columns)
        },
        diagnosis=diagnosis,
    )


def _kinks_at(objective: Objective, iterate: Iterate) -> tuple[KinkNotice, ...]:
    """The kinks that a point of the path sits on; where its numbers are not finite nothing is said."""
    if not (math.isfinite(iterate.value) and math.isfinite(iterate.gradient_norm)):
        return ()
    return kinks(objective.executed(iterate.at).trace)


def _fault_at(objective: Objective, end: Iterate) -> str | None:
    """What is wrong with the value or the gradient at a point, if something is."""
    found = origin(*objective.executed(end.at)[:2])
    return found and found.message


def _remedy_at(objective: Objective, end: Iterate) -> str:
    """The sentence about an expression that does the same and stays finite at a point, if there is one."""
    trace, gradient, _ = objective.executed(end.at)
    found = origin(trace, gradient)
    better = None
    if found is not None and found.cause != "data":
        from diffcli.analysis.rewriting import remedy

        better = remedy(objective.problem._replace(values={**objective.problem.values, **end.at}), trace, found)
    return (
        ""
        if better is None or better.suggestion is None
        else Message("Another form stays finite: {hint}.", hint=better.hint)
    )


def _not_finite(objective: Objective, settings: Settings, end: Iterate, begin: State | None) -> str:
    """The origin of the bad number, as a sentence; `begin` is where the run can be tried from again."""
    culprit = None if begin is None or end.iteration == begin.iteration else blamed(objective, settings, begin, end)
    if culprit is not None:
        return Message("Step {iteration} is not finite: {culprit}", iteration=end.iteration, culprit=culprit)
    cause = _fault_at(objective, end) or Message("a number became too large")
    remedy = _remedy_at(objective, end)
    if end.iteration == 0:
        left = Message("The starting point is not usable: {cause}.", cause=cause)
    elif settings.lr is None:
        left = Message(
            "Step {iteration} left the region where the expression is finite: {cause}.",
            iteration=end.iteration,
            cause=cause,
        )
    else:
        left = Message(
            "Step {iteration} left the region where the expression is finite: {cause}; a smaller learning rate may "
            "stay inside.",
            iteration=end.iteration,
            cause=cause,
        )
    return Joined((left, remedy), " ") if remedy else left
