"""Runs of a descent, point by point, here or in another process; how each ends, and what is reported of it."""

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from diffcli.analysis.descent.blame import blamed
from diffcli.analysis.descent.checkpoint import Checkpoint
from diffcli.analysis.descent.descent_report import DescentReport, DescentRuns
from diffcli.analysis.descent.diagnosis import Judge, Memory, Outcome, Roundings, Status, counted
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
from diffcli.analysis.descent.epochs import EpochJudge, EpochMemory
from diffcli.analysis.descent.evidence import NOT_MEASURED, Diagnosis
from diffcli.analysis.descent.kept_points import ALL, Keeping, Trail
from diffcli.analysis.descent.measurement import Ended, diagnosed
from diffcli.analysis.descent.preparation import Preparation
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State, Step
from diffcli.analysis.descent.stepping import first_state, walk
from diffcli.analysis.descent.stretch import Stretch
from diffcli.analysis.descent.stretches import Stretches
from diffcli.analysis.problem import Problem
from diffcli.deadline.budget import end_by, seconds_left
from diffcli.deadline.limit import Interrupted, TimeLimit, streamed, within
from diffcli.deadline.ownership import may_fork
from diffcli.errors import ExitCode, fault
from diffcli.execute.arrays import Array
from diffcli.messages import Argument, Joined, Message

#: Steps that take longer, by an estimate, are taken where they can be ended: at a limit, or by those who wait; so long
#: that is without a limit.
_LONG, _VERY_LONG, _FOREVER = 0.05, 1.0, 1e7
#: Seconds beyond the limit in which the last point is measured and sent.
_GRACE = 0.25


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
    path = Trail(keeping, settings.maximize)
    for found in _Run(prepared, settings, checkpoint).made(stopped, waiting, watch is None and keep is None):
        if isinstance(found, Stretch):
            path.extend(found.path)
            continue
        if isinstance(found, _Last):
            path.end(found.iterate)
            return replace(found.report, history=path.history())
        path.add(found.iterate)
        if keep is not None:
            keep(found.checkpoint)
        if watch is not None:
            watch(found.step._replace(iterate=found.iterate))
    raise AssertionError("a run ends in a report")


def descent_runs(
    problem: Problem,
    plans: Sequence[Settings],
    *,
    watch: Callable[[int, Step], None] | None = None,
    stopped: Callable[[], bool] = lambda: False,
    waiting: AbstractContextManager[object] = nullcontext(),  # noqa: B008  # it does nothing
    keeping: Keeping = ALL,
    prepared: Preparation | None = None,
) -> DescentRuns:
    """A run for each of the settings, one after the other; those after one that was stopped are not begun.

    Each has the time that its settings give it. `watch` is called at every point, with the run's number from 0.
    """
    prepared = prepared or Preparation(problem, plans[0])
    runs: list[DescentReport] = []
    for number, settings in enumerate(plans):
        seen = None if watch is None else partial(watch, number)
        report = descent_report(
            problem, settings, watch=seen, stopped=stopped, waiting=waiting, keeping=keeping, prepared=prepared
        )
        runs.append(report)
        if report.status == "interrupted":
            break
    return DescentRuns(problem.source.text.strip(), tuple(runs))


class _Seen(NamedTuple):
    """A point of a run as it is shown, and what the judge remembered before it."""

    iterate: Iterate
    step: Step
    memory: Memory | EpochMemory

    @property
    def checkpoint(self) -> Checkpoint:
        """What a run resumed there would start from."""
        return Checkpoint(self.step.state, self.memory._asdict())


class _Last(NamedTuple):
    """The report, but for its history; the last point as that has it."""

    report: DescentReport
    iterate: Iterate


@dataclass(frozen=True, slots=True)
class _Run:
    """A run that is to be made."""

    prepared: Preparation
    settings: Settings
    checkpoint: Checkpoint | None

    def made(
        self, stopped: Callable[[], bool], waiting: AbstractContextManager[object], unseen: bool
    ) -> Iterator[_Seen | Stretch | _Last]:
        """The run, in another process where a step may be long and there is something to end it for; in stretches where
        each point is `unseen`.

        Where a point is not waited for any longer, those before it are the answer.
        """
        longest = _LONG if self.settings.max_seconds is not None else _VERY_LONG if may_fork() else math.inf
        points = self._elsewhere(stopped) if self.prepared.longest > longest else self._points(stopped, unseen)
        first = last = None
        while True:
            try:
                with waiting:
                    found = next(points)
            except Interrupted:
                if first is None or last is None:
                    raise
                found = self._cut(first, last, interrupted(last.iterate))
            yield found
            if isinstance(found, _Last):
                return
            if isinstance(found, _Seen):
                first, last = first or found, found

    def _elsewhere(self, stopped: Callable[[], bool]) -> Iterator[_Seen | Stretch | _Last]:
        """The run as another process makes it.

        At the time limit it is ended, whatever it is doing, and what it found by then is the answer.
        """
        limit, first, last = self.settings.max_seconds, None, None
        try:
            for found in streamed(limit or _FOREVER, self._points, grace=_GRACE):
                assert not isinstance(found, Stretch)  # each point is sent, for the time may be up after any
                yield found
                if isinstance(found, _Last):
                    return
                first, last = first or found, found
                if stopped():
                    yield self._cut(first, last, interrupted(last.iterate))
                    return
        except TimeLimit:
            if first is None or last is None:
                source, hint = self.prepared.problem.source, Message("a larger {timeout}", timeout=Argument("timeout"))
                message = Message("the first point takes longer than {limit:g} s", limit=limit)
                raise fault("E601", message, source, hint=hint, exit_code=ExitCode.TIME_LIMIT) from None
            yield self._cut(first, last, out_of_time(self.settings, last.iterate))

    def _cut(self, first: _Seen, last: _Seen, outcome: Outcome) -> _Last:
        """The end of a run at a point after which nothing more is computed."""
        batches = self.prepared.batches
        if batches is not None and batches.in_batches:
            of_batch = Message("Value and gradient are those of its last batch.")
            outcome = outcome[0], Joined((outcome[1], of_batch), " ")
        return _Last(self._bare_report(first.step, last.step, outcome, last.checkpoint), last.iterate)

    def _points(
        self, stopped: Callable[[], bool] = lambda: False, unseen: bool = False
    ) -> Iterator[_Seen | Stretch | _Last]:
        """The run, point by point or in stretches; after each it is asked whether the time is up."""
        settings, batches, objective = self.settings, self.prepared.batches, self.prepared.objective
        deadline = math.inf if settings.max_seconds is None else time.monotonic() + seconds_left(settings.max_seconds)
        feed = batches if batches is not None and batches.in_batches else None
        state, memory = self.checkpoint or Checkpoint(first_state(objective.problem, settings))
        judge: Judge | EpochJudge = (
            Judge(settings, memory, Roundings.of(objective.problem.arithmetic.epsilon))
            if feed is None
            else EpochJudge(settings.tol, settings.maximize, memory)
        )
        steps = walk(objective, settings, state, feed)
        first = last = self._first(steps, state)
        stretches = None
        if unseen and batches is None and settings.lr is not None and not settings.strict and isinstance(judge, Judge):
            stretches = Stretches(objective, settings, judge, state, stopped)
        outcome, asked = None, False
        while outcome is None:
            now, gradient = (
                (last.iterate, last.gradient)
                if batches is None
                else batches.seen(last, last.iterate.iteration >= settings.steps)
            )
            before = judge.memory  # before the verdict: a resumed run comes to its own
            yield _Seen(now, last, before)
            outcome = self._outcome(judge, now, gradient, None if feed is not None else first.state)
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
            if outcome is None and stretches is not None:
                resumed = None
                for stretch in stretches.after(last):
                    yield stretch
                    asked, resumed = stretch.asked, stretch.state if stretch.path else resumed
                    if time.monotonic() > deadline:
                        break
                if resumed is not None:
                    steps = walk(objective, settings, resumed)
                    last = next(steps)
        steps.close()
        if feed is not None:
            now, last = feed.at_end(last)
        reached = Checkpoint(last.state, before._asdict())
        single = judge if isinstance(judge, Judge) else None
        yield _Last(self._report(first, last, outcome, reached, single, deadline - time.monotonic()), now)

    def _first(self, steps: Iterator[Step], state: State) -> Step:
        """The first point; SciPy's methods begin anew, and may end before they come to it."""
        for step in steps:
            return step
        taken = counted(state.iteration)
        message = Message("the saved run took {iteration}, and from its start there are fewer", iteration=taken)
        hint = Message("start it anew, without what was saved")
        raise fault("E408", message, self.prepared.problem.source, hint=hint)

    def _outcome(
        self, judge: Judge | EpochJudge, now: Iterate, gradient: Mapping[str, Array] | None, begin: State | None
    ) -> Outcome | None:
        """The end of the run, if it is to end at this point; `begin` is where it can be tried from again."""
        objective = self.prepared.objective
        if not finite(now):
            return "not-finite", not_finite(objective, self.settings, now, begin)
        if self.settings.strict and (found := kinks_at(objective, now)):
            return on_a_kink(now, found[0])
        if gradient is not None and (verdict := judge.verdict(now, gradient)) is not None:
            return verdict
        if now.iteration >= self.settings.steps:
            return judge.at_the_limit(now.iteration)  # more than asked for where a resumed run had them
        return None

    def _report(
        self, first: Step, last: Step, outcome: Outcome, checkpoint: Checkpoint, judge: Judge | None, left: float
    ) -> DescentReport:
        """The report with all that is measured at the end, in the seconds that are left, but for its history."""
        objective, settings, end = self.prepared.objective, self.settings, last.iterate
        if outcome[0] in ("converged", "step-limit", "oscillating", "stalled") and (cause := fault_at(objective, end)):
            outcome = not_to_be_trusted(end, cause)
        culprit = None
        if outcome[0] == "diverged" and judge is not None and first.state is not last.state:
            culprit = blamed(objective, settings, first.state, end)
            outcome = outcome if culprit is None else ("diverged", judge.overshot(culprit))
        kinks = kinks_at(objective, end)
        memory = Memory() if judge is None else judge.memory
        begin = memory.first or first.iterate
        ended = Ended(objective, settings, memory, begin, last, *outcome, bool(kinks), blamed=culprit is not None)
        status, explanation, diagnosis = _diagnosed(ended, left)
        report = self._bare_report(first, last, (status, explanation), checkpoint)
        return replace(report, start_kinks=kinks_at(objective, first.iterate), kinks=kinks, diagnosis=diagnosis)

    def _bare_report(self, first: Step, last: Step, outcome: Outcome, checkpoint: Checkpoint) -> DescentReport:
        """The report with what the steps told, for which nothing is computed any more."""
        end, problem, batches = last.iterate, self.prepared.problem, self.prepared.batches
        varied = {*problem.wrt, *problem.columns}
        return DescentReport(
            expression=problem.source.text.strip(),
            settings=self.settings,
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
            constants={name: value for name, value in problem.values.items() if name not in varied},
            train_rows=None if batches is None else batches.rows,
            holdout_rows=0 if batches is None else batches.holdout_rows,
            dtype=problem.precision.dtype,
        )


def _diagnosed(ended: Ended, left: float) -> tuple[Status, str, Diagnosis]:
    """What is measured at the end of a run, within what is left of a limited time; nothing where that is too short."""
    work = _hastily_diagnosed if ended.status == "time-limit" else diagnosed
    if left == math.inf or not may_fork():
        return work(ended)
    try:
        return within(max(left, _GRACE), work, ended)
    except TimeLimit:
        return ended.status, ended.sentence, NOT_MEASURED


def _hastily_diagnosed(ended: Ended) -> tuple[Status, str, Diagnosis]:
    with end_by(0.0):  # in doubles alone
        return diagnosed(ended)
