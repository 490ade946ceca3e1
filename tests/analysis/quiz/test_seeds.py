"""The same seed makes the same exercises, on every machine and in every version of Python."""

from hashlib import sha256

import pytest

import diffcli
from diffcli.analysis.quiz.draws import Draws
from diffcli.analysis.quiz.exercise import QuizReport
from diffcli.analysis.quiz.topics import TOPICS

#: Digests of what is asked, by level, for all topics in turn and seed 7.
PINNED = {
    1: "86b6c29cb59cdd75",
    2: "77220af140637402",
    3: "c0ec9dd484af56f9",
    4: "0e971281f21bf283",
    5: "74cd0b4a92769070",
}


def _digest(report: QuizReport) -> str:
    asked = [[each.family.expression, each.family.at, sorted(each.options.items())] for each in report.exercises]
    return sha256(repr(asked).encode()).hexdigest()[:16]


@pytest.mark.parametrize("level", [1, *(pytest.param(level, marks=pytest.mark.long) for level in PINNED if level > 1)])
def test_what_is_asked_is_pinned(level: int) -> None:
    assert _digest(diffcli.quiz((), level, len(TOPICS), 7)) == PINNED[level]


def test_draws_are_pinned() -> None:
    draws = Draws(0, "powers", 1, 1)
    assert [draws.below(10) for _ in range(12)] == [0, 4, 8, 1, 7, 0, 8, 8, 2, 8, 9, 5]
    assert Draws(3).values(["{a}*x^{n} {s} {b}", "{p},{k}"]) == {
        "a": 4,
        "b": 7,
        "n": 3,
        "k": -3,
        "p": 5,
        "s": "+",
    }


def test_an_exercise_depends_on_its_place_and_the_seed_alone() -> None:
    few, many = diffcli.quiz("powers", 2, 2, 3), diffcli.quiz("powers", 2, 4, 3)
    assert [each.family for each in few.exercises] == [each.family for each in many.exercises[:2]]
    assert diffcli.quiz("powers", 2, 2, 4).exercises[0].family != few.exercises[0].family
    assert len({each.family.expression for each in many.exercises}) == 4
