"""Runs of a descent: the iterates, how each run ends, and several runs beside each other."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import NamedTuple

from diffcli.analysis.descent.batches import Batches
from diffcli.analysis.descent.blame import blamed
from diffcli.analysis.descent.checkpoint import Checkpoint
from diffcli.analysis.descent.diagnosis import Judge, Memory, Outcome, Status, counted
from diffcli.analysis.descent.endings import (
    fault_at,
    finite,
    interrupted,
    kinks_at,
    not_finite,
    not_to_be_trusted,
    on_a_kink,
    out_of_time,
)
from diffcli.analysis.descent.epochs import EpochJudge, overfit
from diffcli.analysis.descent.explanation import NOT_MEASURED, Diagnosis
from diffcli.analysis.descent.kept_points import ALL, Keeping, Trail
from diffcli.analysis.descent.measurement import Ended, diagnosed
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.preparation import Preparation
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State, Step
from diffcli.analysis.descent.stepping import first_state, walk
from diffcli.analysis.descent.stretches import Stretch, Stretches
from diffcli.analysis.kinks import KinkNotice
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.deadline.budget import end_by, seconds_left
from diffcli.deadline.limit import Interrupted, TimeLimit, streamed
from diffcli.deadline.ownership import may_fork
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

#: Steps that take longer, by an estimate, are taken where they can be ended: at a limit, or by those who wait; so long that is without a limit.
_LONG, _VERY_LONG, _FOREVER = 0.05, 1.0, 1e7
#: Points of a run that are taken one by one before it is worth to compile them.
_ALONE = 16
#: Seconds beyond the limit in which the last point is measured and sent.
_GRACE = 0.25
#: Called at every point of a run, with the run's number from 0.
Watch = Callable[[int, Step], None]


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


def descent_report(
    problem: Problem,
    settings: Settings,
    *,
    checkpoint: Checkpoint | None = None,
    watch: Callable[[Step], None] | None = None,
    keep: Callable[[Checkpoint], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    waiting: AbstractContextManager[object] = nullcontext(),  # noqa: B008  # it does nothing
    keeping: Keeping = ALL,
    prepared: Preparation | None = None,
) -> DescentReport:
    """Run from the problem's point, or from a checkpoint of an earlier run.

    A problem with data is fitted to its rows in batches, and but for those held out, as the settings say.

    Ends when the gradient's norm is at most the tolerance, after so many steps, when it diverges or
    oscillates without getting lower, when time is up, when `stopped()` is true, or, if strict, at
    the first point that sits on a kink. `watch` is called at every point, and
    `keep` with what a run resumed there would start from. Within `waiting` a step is computed, which may raise
    Interrupted. `keeping` says which points the history has. `prepared` is what was made of the problem before.
    """
    prepared = prepared or Preparation(problem, settings)
    return _run(prepared, settings, checkpoint, _Hooks(watch, keep, stopped, waiting, keeping))


def descent_runs(
    problem: Problem,
    plans: Sequence[Settings],
    *,
    watch: Watch | None = None,
    stopped: Callable[[], bool] = lambda: False,
    waiting: AbstractContextManager[object] = nullcontext(),  # noqa: B008  # it does nothing
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
        runs.append(_run(prepared, settings, None, _Hooks(seen, None, stopped, waiting, keeping)))
        if runs[-1].status == "interrupted":
            break
    return DescentRuns(problem.source.text.strip(), tuple(runs))


class _Hooks(NamedTuple):
    """The caller's part in a run: what is called at every point, what ends it, and which points are kept."""

    watch: Callable[[Step], None] | None
    keep: Callable[[Checkpoint], None] | None
    stopped: Callable[[], bool]
    waiting: AbstractContextManager[object]
    keeping: Keeping


def _numbered(watch: Watch, number: int) -> Callable[[Step], None]:
    return lambda step: watch(number, step)


def _run(
    prepared: Preparation,
    settings: Settings,
    checkpoint: Checkpoint | None,
    hooks: _Hooks,
) -> DescentReport:
    """The run, in another process where a step may be long and there is something to end it for."""
    path = Trail(hooks.keeping, settings.maximize)
    longest = _LONG if settings.max_seconds is not None else _VERY_LONG if may_fork() else math.inf
    unseen = hooks.watch is None and hooks.keep is None
    points: Iterator[_Found] = (
        _elsewhere(prepared, settings, checkpoint, hooks.stopped)
        if prepared.longest > longest
        else _points(prepared, settings, checkpoint, hooks.stopped, unseen)
    )
    for found in _until_interrupted(points, prepared, settings, hooks.waiting):
        if isinstance(found, Stretch):
            path.extend(found)
            continue
        if isinstance(found, _Ended):
            path.end(found.last)
            return replace(found.report, history=path.history())
        path.add(found.iterate)
        if hooks.keep is not None:
            hooks.keep(found.checkpoint)
        if hooks.watch is not None:
            hooks.watch(found.step._replace(iterate=found.iterate))
    raise AssertionError("a run ends in a report")


class _Seen(NamedTuple):
    """A point of a run as it is shown, and what a run resumed there would start from."""

    iterate: Iterate
    step: Step
    checkpoint: Checkpoint


class _Ended(NamedTuple):
    """The report, but for its history; the last point as that has it."""

    report: DescentReport
    last: Iterate


_Found = _Seen | _Ended | Stretch


def _until_interrupted(
    points: "Iterator[_Found]",
    prepared: Preparation,
    settings: Settings,
    waiting: AbstractContextManager[object],
) -> "Iterator[_Found]":
    """The points; where one is not waited for any longer, those before it are the answer."""
    first = last = None
    while True:
        try:
            with waiting:
                found = next(points)
        except Interrupted:
            if first is None or last is None:
                raise
            found = _cut(prepared, settings, first, last, interrupted(last.iterate))
        yield found
        if isinstance(found, _Ended):
            return
        if isinstance(found, _Seen):
            first, last = first or found, found


def _elsewhere(
    prepared: Preparation,
    settings: Settings,
    checkpoint: Checkpoint | None,
    stopped: Callable[[], bool],
) -> Iterator[_Found]:
    """The run as another process makes it.

    At the time limit it is ended, whatever it is doing, and what it found by then is the answer.
    """
    limit, first, last = settings.max_seconds, None, None
    try:
        for found in streamed(limit or _FOREVER, _points, prepared, settings, checkpoint, grace=_GRACE):
            assert not isinstance(found, Stretch)  # each point is sent, for the time may be up after any
            yield found
            if isinstance(found, _Ended):
                return
            first, last = first or found, found
            if stopped():
                yield _cut(prepared, settings, first, last, interrupted(last.iterate))
                return
    except TimeLimit:
        if first is None or last is None:
            source, hint = prepared.problem.source, Message("a larger {timeout}", timeout=Argument("timeout"))
            message = Message("the first point takes longer than {limit:g} s", limit=limit)
            raise fault("E601", message, source, hint=hint, exit_code=ExitCode.TIME_LIMIT) from None
        yield _cut(prepared, settings, first, last, out_of_time(settings, last.iterate))


def _cut(prepared: Preparation, settings: Settings, first: _Seen, last: _Seen, outcome: Outcome) -> _Ended:
    """The end of a run at a point after which nothing more is computed."""
    batches = prepared.batches
    if batches is not None and batches.in_batches:
        of_batch = Message("Value and gradient are those of its last batch.")
        outcome = outcome[0], Joined((outcome[1], of_batch), " ")
    report = _bare(prepared.problem, settings, first.step, last.step, outcome, last.checkpoint)
    return _Ended(_of_rows(report, batches), last.iterate)


def _points(
    prepared: Preparation,
    settings: Settings,
    checkpoint: Checkpoint | None,
    stopped: Callable[[], bool] = lambda: False,
    unseen: bool = False,
) -> Iterator[_Found]:
    """The run, point by point, or stretch by stretch where nobody wants to see each point; between two it is asked
    whether the time is up.
    """
    deadline = math.inf if settings.max_seconds is None else time.monotonic() + seconds_left(settings.max_seconds)
    batches, objective = prepared.batches, prepared.objective
    outcome: Outcome | None = None
    feed = batches if batches is not None and batches.in_batches else None
    state, memory = checkpoint or Checkpoint(first_state(objective.problem, settings))
    judge: Judge | EpochJudge = (
        Judge(settings, memory) if feed is None else EpochJudge(settings.tol, settings.maximize, memory)
    )
    steps = walk(objective, settings, state, feed)
    first = next(steps, None)
    if first is None:  # SciPy's methods begin anew
        source, taken = objective.problem.source, counted(state.iteration)
        message = Message("the saved run took {iteration}, and from its start there are fewer", iteration=taken)
        raise fault("E408", message, source, hint=Message("start it anew, without what was saved"))
    last, asked = first, False
    stretches = (
        Stretches(objective, settings, judge, stopped)
        if unseen and batches is None and settings.lr is not None and not settings.strict and isinstance(judge, Judge)
        else None
    )
    while outcome is None:
        now, gradient = (
            (last.iterate, last.gradient)
            if batches is None
            else batches.seen(last, last.iterate.iteration >= settings.steps)
        )
        before = judge.memory  # before the verdict: a resumed run comes to its own
        yield _Seen(now, last, Checkpoint(last.state, before._asdict()))
        begin = None if feed is not None else first.state
        outcome = _outcome(objective, settings, judge, now, gradient, begin)
        if outcome is None and (asked or stopped()):
            outcome = interrupted(now)
        if outcome is None and time.monotonic() > deadline:
            outcome = out_of_time(settings, now)
        if outcome is None:
            following = next(steps, None)
            if following is None:
                outcome = judge.ended()
            else:
                last = following
        if outcome is None and stretches is not None and last.iterate.iteration - first.iterate.iteration > _ALONE:
            for stretch in stretches.after(last.state):
                yield stretch
                asked = stretch.asked
                steps = walk(objective, settings, stretch.state)
                if time.monotonic() > deadline:
                    break
            last = next(steps, last)
    steps.close()
    if feed is not None:
        now, last = feed.at_end(last)
    reached = Checkpoint(last.state, before._asdict())
    report = _report(objective, settings, first, last, outcome, reached, judge if isinstance(judge, Judge) else None)
    yield _Ended(_of_rows(report, batches), now)


def _of_rows(report: DescentReport, batches: Batches | None) -> DescentReport:
    """The report with the numbers of rows of the data."""
    return report if batches is None else replace(report, train_rows=batches.rows, holdout_rows=batches.holdout_rows)


def _outcome(
    objective: Objective,
    settings: Settings,
    judge: Judge | EpochJudge,
    now: Iterate,
    gradient: Mapping[str, Array] | None,
    begin: State | None,
) -> Outcome | None:
    """The end of the run, if it is to end at this point; `begin` is where it can be tried from again."""
    if not finite(now):
        return "not-finite", not_finite(objective, settings, now, begin)
    if settings.strict and (found := kinks_at(objective, now)):
        return on_a_kink(now, found[0])
    if gradient is not None and (verdict := judge.verdict(now, gradient)) is not None:
        return verdict
    if now.iteration >= settings.steps:
        return judge.at_the_limit(now.iteration)  # more than asked for where a resumed run had them
    return None


def _report(
    objective: Objective,
    settings: Settings,
    first: Step,
    last: Step,
    outcome: Outcome,
    checkpoint: Checkpoint,
    judge: Judge | None,
) -> DescentReport:
    """The report with all that is measured at the end, but for its history."""
    end = last.iterate
    if outcome[0] in ("converged", "step-limit", "oscillating", "stalled") and (cause := fault_at(objective, end)):
        outcome = not_to_be_trusted(end, cause)
    culprit = None
    if outcome[0] == "diverged" and judge is not None and first.state is not last.state:
        culprit = blamed(objective, settings, first.state, end)
        outcome = outcome if culprit is None else ("diverged", judge.overshot(culprit))
    found = kinks_at(objective, end)
    memory = None if judge is None else judge.memory
    begin = memory.first if memory is not None and memory.first is not None else first.iterate
    with end_by(0.0 if outcome[0] == "time-limit" else None):  # what is left to be done is done in doubles then
        ended = Ended(
            objective, settings, memory or Memory(), begin, last, *outcome, bool(found), blamed=culprit is not None
        )
        status, explanation, diagnosis = diagnosed(ended)
    report = _bare(objective.problem, settings, first, last, (status, explanation), checkpoint)
    return replace(report, start_kinks=kinks_at(objective, first.iterate), kinks=found, diagnosis=diagnosis)


def _bare(
    problem: Problem,
    settings: Settings,
    first: Step,
    last: Step,
    outcome: Outcome,
    checkpoint: Checkpoint,
) -> DescentReport:
    """The report with what the steps told, for which nothing is computed any more."""
    end = last.iterate
    return DescentReport(
        expression=problem.source.text.strip(),
        settings=settings,
        start=first.iterate.at,
        final=end.at,
        value=end.value,
        gradient_norm=end.gradient_norm,
        status=outcome[0],
        explanation=outcome[1],
        iterations=end.iteration,
        history=(),
        first_gradient=first.gradient,
        start_kinks=(),
        kinks=(),
        checkpoint=checkpoint,
        constants={
            name: value for name, value in problem.values.items() if name not in (*problem.wrt, *problem.columns)
        },
    )
