"""Each kind of slip is named where students make it, in formulas and in numbers; nothing else is ever named."""

from collections import Counter
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest

from diffcli.analysis.slips.table import ROWS

from .asking import asked, graph_of
from .mistakes import FAMILIES, Mistake, of_kind

#: Questions of each kind; of those how many are to be named alone.
COUNT, NAMED = 10, 0.95


@cache
def outcomes(kind: str) -> Counter[str]:
    """How the questions of a kind end: the slip named alone, among others, not at all, or another one in its place."""
    return Counter(_outcome(mistake) for mistake in of_kind(kind, COUNT))


def _outcome(mistake: Mistake) -> str:
    naming = asked(mistake.question, mistake.answer, mistake.shapes).naming()
    kinds, meant = naming.kinds if naming else (), {mistake.kind, *mistake.also}
    if naming is not None and naming.certain and meant.isdisjoint(kinds):
        return "wrong"
    return "none" if meant.isdisjoint(kinds) else "alone" if meant.issuperset(kinds) else "among"


@pytest.mark.parametrize("kind", FAMILIES)
def test_a_slip_in_a_formula_is_named(kind: str) -> None:
    """What fits as well, another slip with the same answer, is told beside it."""
    found = outcomes(kind)
    assert found.total() >= COUNT
    assert set(found) <= {"alone", "among"}


def test_nearly_all_are_named_alone() -> None:
    found = sum((outcomes(kind) for kind in FAMILIES), Counter[str]())
    print(f"{found.total()} answers that show one of {len(FAMILIES)} slips: {dict(found)}")
    assert found["alone"] >= NAMED * found.total()


def test_every_slip_of_the_table_has_its_questions() -> None:
    assert {row.kind for row in ROWS} <= set(FAMILIES)


def _point(mistake: Mistake, random: Random) -> dict[str, Any] | None:
    """Small whole numbers, as exercises have them; None where the question is not defined there."""
    built = graph_of(mistake.question, mistake.shapes)
    numbers = [1, 2, 3, 4, 5, -1, -2]
    point = {
        name: np.array([random.choice(numbers) for _ in range(int(np.prod(shape)))], float).reshape(shape)[()]
        for name, node in built.inputs.items()
        for shape in [built.graph.shapes[node]]
    }
    positive = any(word in mistake.question for word in ("log", "ln", "sqrt", "asin", "acos"))
    return None if positive and any(np.min(value) <= 0 for value in point.values()) else point


def test_numbers_at_a_point_are_never_misread() -> None:
    """Several slips may lead to a number, and few bits say little: then it is a possibility, or nothing is said."""
    found: Counter[str] = Counter()
    for kind in FAMILIES:
        for number, mistake in enumerate(of_kind(kind, 6)):
            point = _point(mistake, Random(f"{kind} {number}"))
            if point is None:
                continue
            case = asked(mistake.question, mistake.answer, mistake.shapes, point)
            if not all(np.all(np.isfinite(np.asarray(each, float))) for each in case.seen[0].truth.values()):
                continue
            naming, meant = case.naming(), {mistake.kind, *mistake.also}
            if naming is None:
                found["nothing"] += 1
                continue
            found["certain" if naming.certain else "possible"] += 1
            assert not (naming.certain and meant.isdisjoint(naming.kinds)), (mistake, point, naming.kinds)
    print(f"numbers at a point: {dict(found)}")
    assert found["certain"] >= 200


WRONG = ("({right})*37/27", "({right}) + 0.618034", "({right})*1.000001", "({right}) + x*7/13", "({right})^2*5/7 + 1/3")


def test_a_wrong_formula_without_a_slip_has_no_name() -> None:
    count = 0
    for kind in FAMILIES:
        for mistake in of_kind(kind, 1):
            *statements, body = mistake.question.split(";")
            before = "".join(f"{statement};" for statement in statements)
            for wrong in WRONG:
                if "x" in wrong and "x" not in graph_of(mistake.question, mistake.shapes).inputs:
                    continue
                answers = {name: before + wrong.format(right=f"d({body}, {name})") for name in mistake.answer}
                case = asked(mistake.question, answers, mistake.shapes)
                count += 1
                assert case.naming() is None, (mistake.question, answers)
    print(f"{count} wrong formulas without a slip: none has a name")
    assert count >= 500


def test_wrong_numbers_have_no_name_by_chance() -> None:
    """Whole numbers and simple fractions, as they are guessed: none is a slip for certain, few may be one."""
    found: Counter[str] = Counter()
    for kind in FAMILIES:
        for number, mistake in enumerate(of_kind(kind, 2)):
            random = Random(f"wrong {kind} {number}")
            point = _point(mistake, random)
            if point is None:
                continue
            built = graph_of(mistake.question, mistake.shapes)
            for _ in range(4):
                answers = {name: _guess(random, built.graph.shapes[built.inputs[name]]) for name in mistake.answer}
                naming = asked(mistake.question, answers, mistake.shapes, point).naming()
                found["nothing" if naming is None else "certain" if naming.certain else "possible"] += 1
    print(f"numbers that were guessed: {dict(found)}")
    assert found["certain"] == 0
    assert found["possible"] <= 0.02 * found.total()


def _guess(random: Random, shape: tuple[int, ...]) -> str:
    if shape:
        return f"[{', '.join(_guess(random, shape[1:]) for _ in range(shape[0]))}]"
    return random.choice([f"{random.randint(-20, 20)}", f"{random.randint(-9, 9)}/{random.randint(2, 9)}"])


FORMS = ("({right})", "({right}) + 0", "2*({right})/2", "-(-({right}))", "({right})*(sin(1)^2 + cos(1)^2)")


def test_a_right_answer_has_no_name() -> None:
    count = 0
    for kind in FAMILIES:
        for mistake in of_kind(kind, 1):
            *statements, body = mistake.question.split(";")
            before = "".join(f"{statement};" for statement in statements)
            for form in FORMS:
                answers = {name: before + form.format(right=f"d({body}, {name})") for name in mistake.answer}
                count += 1
                assert asked(mistake.question, answers, mistake.shapes).naming() is None
    print(f"{count} right answers in other forms: none has a name")
