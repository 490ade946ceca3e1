"""What is true of every exercise of every topic and level: it can be asked, its answer is right and short, slips are
wrong.
"""

import os
import re
from fractions import Fraction

import pytest
from amount import sampled

import diffcli
from diffcli.analysis.exercise.grading import graded
from diffcli.analysis.quiz.anticipated import slip_texts, with_part
from diffcli.analysis.quiz.draws import POOLS, Draws, filled
from diffcli.analysis.quiz.exercise import Exercise
from diffcli.analysis.quiz.known_slips import known_slips, seen_in
from diffcli.analysis.quiz.making import FINEST, LARGEST
from diffcli.analysis.quiz.topics import LEVELS, TOPICS
from diffcli.errors import DiffcliError
from diffcli.source import Source

SEEDS = int(os.environ.get("DIFFCLI_QUIZ_SEEDS", "5"))
CASES = sampled([(name, level, seed) for seed in range(SEEDS) for name in TOPICS for level in LEVELS], 31)
#: The most signs of a formula, and the largest whole number in one.
MOST_SIGNS, LARGEST_IN_FORMULAS = 45, 250


def _numbers(text: str) -> list[Fraction]:
    return [Fraction(each) for each in re.findall(r"-?\d+(?:/\d+|\.\d+)?", text)]


def _check_pleasant(exercise: Exercise) -> None:
    for text in exercise.answers.values():
        if exercise.question.numeric:
            assert re.fullmatch(r"[-\d/., \[\]]+", text), text
            assert all(abs(number) <= LARGEST and number.denominator <= FINEST for number in _numbers(text)), text
            assert any(_numbers(text)) or any(any(_numbers(other)) for other in exercise.answers.values()), (
                "an answer of zeros alone"
            )
        else:
            assert len(re.findall(r"\w+|[-+*/^@]", text)) <= MOST_SIGNS, text
            assert all(number <= LARGEST_IN_FORMULAS for number in map(int, re.findall(r"\d+", text))), text
            assert "." not in re.sub(r"\.T\b", "", text), text


@pytest.mark.parametrize(("name", "level", "seed"), CASES)
def test_an_exercise_can_be_asked_and_graded(name: str, level: int, seed: int) -> None:
    [exercise] = diffcli.quiz(name, level, 1, seed).exercises
    family, key = exercise.family, exercise.key
    assert not re.search(r"[{}]", " ".join(each for each in family if isinstance(each, str)))
    assert exercise.topic_name == name
    assert exercise.level == level
    values = {"at": family.at} if family.at else {}
    report = diffcli.check(family.expression, **values, **exercise.options, answer=exercise.right)
    assert report.verdict == "correct"
    assert not any(part.rounded for part in report.parts)
    _check_pleasant(exercise)
    slips = list(known_slips(key))
    assert slips or exercise.topic_name in ("learning-rate", "softmax", "computation-graph")
    if exercise.question.numeric:
        assert all(seen_in(key, slip) for slip in slips)
    for part, text in slip_texts(exercise):
        try:
            verdict = graded(key, Source(with_part(exercise, part, text), "answer")).verdict
        except DiffcliError:
            continue  # in names of nodes, which are none of the question's
        assert verdict == "wrong", text


def test_the_letters_of_a_template_are_drawn_from_one_pool_each() -> None:
    letters = [letter for pool in POOLS for letter in pool.letters]
    assert len(letters) == len(set(letters))
    for topic in TOPICS.values():
        assert {family.level for family in topic.families} == set(LEVELS)
        for family in topic.families:
            templates = [each for each in family if isinstance(each, str)]
            drawn = Draws(1, 2).values(templates)
            assert all("{" not in filled(each, drawn) for each in templates)
            for pool in POOLS:
                same = [drawn[letter] for letter in pool.letters if letter in drawn]
                assert len(same) == len(set(same)), "letters of a pool differ"
