"""How an exercise is solved: the derivation of its formula, and the passes through its graph where it has a point."""

from contextlib import suppress
from typing import NamedTuple

from diffcli.analysis.derivation.derivation_report import DerivationReport, derivation_report
from diffcli.analysis.exercise.question import ForwardValue
from diffcli.analysis.gradient import GradReport, gradient_report
from diffcli.analysis.quiz.exercise import Exercise
from diffcli.errors import DiffcliError
from diffcli.messages import Message

#: Rules that are no help: x' = 1, and terms collected at the end.
_SELF_EVIDENT = ("identity", "constant", "collect")


class Solution(NamedTuple):
    """The steps to an answer; None for what there is not, as of a value no derivation, of a formula no passes."""

    derivation: DerivationReport | None
    passes: GradReport | None


def solution(exercise: Exercise, seconds: float = 10.0) -> Solution:
    """The steps to an exercise's answer, found within so many seconds or a little more."""
    question = exercise.question
    passes = None
    if question.numeric:
        with suppress(DiffcliError):  # where the result is an array, whose value is asked for
            passes = gradient_report(question.problem, symbolic=False)
    if passes is not None and passes.trace.flows and question.problem.of:
        return Solution(None, passes)
    if isinstance(question.asked, ForwardValue):
        return Solution(None, passes)
    try:
        return Solution(derivation_report(question.problem, seconds), passes)
    except DiffcliError:
        return Solution(None, passes)


def hints(exercise: Exercise) -> tuple[Message, ...]:
    """What may be said on the way, one after the other: the topic's rule, then the rules of the derivation."""
    found: dict[str, Message] = {exercise.topic.hint: exercise.topic.hint}
    derivation = solution(exercise).derivation
    for each in () if derivation is None else derivation.derivations.values():
        for line in each.lines:
            if line.rule in _SELF_EVIDENT:
                continue
            told = Message("{rule}: {general}", rule=line.rule, general=line.general)
            found.setdefault(told, told)
    return tuple(found.values())
