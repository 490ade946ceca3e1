"""Endings of runs that no judge sees: numbers that are not finite, kinks, time that is up."""

import math

from diffcli.analysis.descent.blame import blamed
from diffcli.analysis.descent.diagnosis import Outcome, after, counted
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.origin import origin
from diffcli.messages import Argument, Joined, Message


def finite(now: Iterate) -> bool:
    """Whether all numbers at a point are finite."""
    rows = now.train_value or 0.0
    return math.isfinite(now.value) and math.isfinite(now.gradient_norm) and math.isfinite(rows)


def on_a_kink(now: Iterate, notice: KinkNotice) -> Outcome:
    """The end at a kink, for those who are strict."""
    return "kink", Message(
        "{after} the point sits on a kink, where {strict} stops: {headline}.",
        after=after(now),
        headline=notice.headline,
        strict=Argument("strict", True),
    )


def interrupted(now: Iterate) -> Outcome:
    """The end that was asked for."""
    return "interrupted", Message("Stopped by you after {iteration}.", iteration=counted(now.iteration))


def out_of_time(settings: Settings, now: Iterate) -> Outcome:
    """The end at the time limit."""
    return "time-limit", Message(
        "The time limit of {max_seconds:g} s was reached after {iteration}.",
        max_seconds=settings.max_seconds,
        iteration=counted(now.iteration),
    )


def not_to_be_trusted(end: Iterate, cause: str) -> Outcome:
    """The end at a point whose value or gradient is not what it seems to be."""
    return "not-finite", Message("{after} the gradient cannot be trusted: {cause}.", after=after(end), cause=cause)


def kinks_at(objective: Objective, iterate: Iterate) -> tuple[KinkNotice, ...]:
    """The kinks that a point of the path sits on; where its numbers are not finite nothing is said."""
    if not (math.isfinite(iterate.value) and math.isfinite(iterate.gradient_norm)):
        return ()
    return kinks(objective.executed(iterate.at).trace) if objective.meets_kinks else ()


def fault_at(objective: Objective, end: Iterate) -> str | None:
    """The fault of the value or the gradient at a point, if there is one."""
    found = None if objective.is_finite_at(end.at) else origin(*objective.executed(end.at)[:2])
    return found and found.message


def _remedy_at(objective: Objective, end: Iterate) -> str:
    """The sentence about an expression that does the same and stays finite at a point, if there is one."""
    trace, gradient, _ = objective.executed(end.at)
    found = origin(trace, gradient)
    better = None
    if found is not None and found.cause != "data":
        from diffcli.analysis.rewriting import remedy

        better = remedy(objective.problem._replace(values={**objective.problem.values, **end.at}), trace, found)
    if better is None or better.suggestion is None:
        return ""
    return Message("Another form stays finite: {hint}.", hint=better.hint)


def not_finite(objective: Objective, settings: Settings, end: Iterate, begin: State | None) -> str:
    """The origin of the bad number, as a sentence; `begin` is where the run can be tried from again."""
    culprit = None if begin is None or end.iteration == begin.iteration else blamed(objective, settings, begin, end)
    if culprit is not None:
        return Message("Step {iteration} is not finite: {culprit}", iteration=end.iteration, culprit=culprit)
    cause = fault_at(objective, end) or Message("a number became too large")
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
