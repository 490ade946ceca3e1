"""Right answers in any form are accepted, and wrong ones are not: thousands of both."""

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import pytest
from amount import sampled

from diffcli.analysis.exercise.grading import graded
from diffcli.analysis.exercise.question import Question
from diffcli.analysis.exercise.truth import AnswerKey, answer_key
from diffcli.api.posing import posed
from diffcli.source import Source

from .questions import OF_ARRAYS, OF_NUMBERS
from .rewriting import equivalents, wrongs

#: What a test records: the numbers of right answers accepted and refused, of wrong ones refused and accepted.
COUNTS = "answers graded"
#: Forms of each right answer, and wrong ones; with 62 expressions of numbers that makes more than 2,000 of each.
RIGHT, WRONG, OF_AN_ARRAY = 30, 30, 12

Record = Callable[[str, object], None]


def key_of(expression: str, wrt: str = "") -> AnswerKey:
    """The truth of a question about a formula."""
    return answer_key(Question(posed(expression, wrt=wrt, complete=False)), seconds=60.0, tidied=True)


def verdicts(key: AnswerKey, answers: Iterable[str]) -> dict[str, str]:
    """The verdict on each answer; what cannot be graded has the reason instead."""
    found = {}
    for answer in answers:
        try:
            found[answer] = graded(key, Source(answer, "answer")).verdict
        except Exception as error:
            found[answer] = repr(error)
    return found


def held(key: AnswerKey, right: list[str], wrong: list[str], record_property: Record) -> None:
    """All right ones are accepted, all wrong ones refused."""
    accepted, refused = verdicts(key, right), verdicts(key, wrong)
    record_property(
        COUNTS,
        (
            sum(verdict == "correct" for verdict in accepted.values()),
            sum(verdict != "correct" for verdict in accepted.values()),
            sum(verdict == "wrong" for verdict in refused.values()),
            sum(verdict == "correct" for verdict in refused.values()),
        ),
    )
    assert {answer: verdict for answer, verdict in accepted.items() if verdict != "correct"} == {}
    assert {answer: verdict for answer, verdict in refused.items() if verdict != "wrong"} == {}


@pytest.mark.parametrize("expression", sampled(OF_NUMBERS, 16))
def test_formulas_of_numbers(expression: str, record_property: Record) -> None:
    random = Random(expression)
    names = [name for name in ("x", "y") if name in expression.replace("exp", "")]
    formulas: dict[str, Any] = {name: key_of(expression, name).formulas[name] for name in names}
    for name, formula in formulas.items():
        key = key_of(expression, name)
        element = formula.derivative.element
        right = list(equivalents(formula.text, element, RIGHT, random))
        others = [
            other.text for other_name, other in formulas.items() if other_name != name and other.text != formula.text
        ]
        wrong = list(dict.fromkeys([*wrongs(formula.text, others, random), expression]))[:WRONG]
        held(key, right, [each for each in wrong if not _same(expression, each, formula.text)], record_property)


def _same(expression: str, answer: str, truth: str) -> bool:
    """Whether the expression itself was taken for an answer, and is its own derivative."""
    return answer == expression and answer == truth


@pytest.mark.parametrize(("expression", "wrt", "answers"), sampled(OF_ARRAYS, 9))
def test_formulas_of_arrays(expression: str, wrt: str, answers: tuple[str, ...], record_property: Record) -> None:
    random = Random(expression)
    key = key_of(expression, wrt)
    right = [form for answer in answers for form in equivalents(answer, None, OF_AN_ARRAY, random, of_arrays=True)]
    wrong = [form for form in list(wrongs(answers[0], [], random))[:WRONG] if "^2" not in form]
    held(key, list(dict.fromkeys(right)), wrong, record_property)
