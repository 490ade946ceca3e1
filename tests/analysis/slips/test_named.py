"""Each kind of slip is named where students make it, in formulas and in numbers; nothing else is ever named."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import cycle, islice
from random import Random
from typing import Any

import numpy as np
import pytest
from conftest import COUNTED

from diffcli.analysis.slips.gradient_slips import gradient_slips
from diffcli.analysis.slips.naming import named
from diffcli.analysis.slips.table import ROWS

from .asking import asked, graph_of
from .mistakes import FAMILIES, Mistake, of_kind

#: Questions of each kind, in every run and with -m long; of those how many are to be named alone.
COUNTS, NAMED = [4, pytest.param(10, marks=pytest.mark.long)], 0.95


@cache
def outcomes(kind: str, count: int) -> Counter[str]:
    """How the questions of a kind end: the slip named alone, among others, not at all, or another one in its place."""
    return Counter(_outcome(mistake) for mistake in of_kind(kind, count))


def _outcome(mistake: Mistake) -> str:
    naming = asked(mistake.question, mistake.answer, mistake.shapes).naming()
    kinds, meant = naming.kinds if naming else (), {mistake.kind, *mistake.also}
    if naming is not None and naming.certain and meant.isdisjoint(kinds):
        return "wrong"
    return "none" if meant.isdisjoint(kinds) else "alone" if meant.issuperset(kinds) else "among"


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("kind", FAMILIES)
def test_a_slip_in_a_formula_is_named(kind: str, count: int) -> None:
    """What fits as well, another slip with the same answer, is told beside it."""
    found = outcomes(kind, count)
    assert found.total() >= count
    assert set(found) <= {"alone", "among"}


@pytest.mark.parametrize("count", COUNTS)
def test_nearly_all_are_named_alone(count: int, record_property: Callable[[str, object], None]) -> None:
    found = sum((outcomes(kind, count) for kind in FAMILIES), Counter[str]())
    record_property(COUNTED, f"slips: {found.total()} answers that show one of {len(FAMILIES)} slips: {dict(found)}")
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


def test_numbers_at_a_point_are_never_misread(record_property: Callable[[str, object], None]) -> None:
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
    record_property(COUNTED, f"slips: {found.total()} answers in numbers at a point, of which are told {dict(found)}")
    assert found["certain"] >= 200


WRONG = ("({right})*37/27", "({right}) + 0.618034", "({right})*1.000001", "({right}) + x*7/13", "({right})^2*5/7 + 1/3")


@pytest.mark.parametrize("each", [1, pytest.param(len(WRONG), marks=pytest.mark.long)])
def test_a_wrong_formula_without_a_slip_has_no_name(each: int, record_property: Callable[[str, object], None]) -> None:
    """So many wrong formulas of each question, in turn."""
    count, turns = 0, cycle(WRONG)
    for kind in FAMILIES:
        for mistake in of_kind(kind, 1):
            *statements, body = mistake.question.split(";")
            before = "".join(f"{statement};" for statement in statements)
            for wrong in islice(turns, each):
                if "x" in wrong and "x" not in graph_of(mistake.question, mistake.shapes).inputs:
                    continue
                answers = {name: before + wrong.format(right=f"d({body}, {name})") for name in mistake.answer}
                case = asked(mistake.question, answers, mistake.shapes)
                count += 1
                assert case.naming() is None, (mistake.question, answers)
    record_property(COUNTED, f"slips: {count} wrong formulas without a slip: none has a name")
    assert count >= 100 * each


def test_wrong_numbers_have_no_name_by_chance(record_property: Callable[[str, object], None]) -> None:
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
    record_property(COUNTED, f"slips: {found.total()} guessed numbers, of which are told {dict(found)}")
    assert found["certain"] == 0
    assert found["possible"] <= 0.01 * found.total()


def _guess(random: Random, shape: tuple[int, ...]) -> str:
    if shape:
        return f"[{', '.join(_guess(random, shape[1:]) for _ in range(shape[0]))}]"
    return random.choice([f"{random.randint(-20, 20)}", f"{random.randint(-9, 9)}/{random.randint(2, 9)}"])


FORMS = ("({right})", "({right}) + 0", "2*({right})/2", "-(-({right}))", "({right})*(sin(1)^2 + cos(1)^2)")


@pytest.mark.long
def test_a_right_answer_has_no_name(record_property: Callable[[str, object], None]) -> None:
    count = 0
    for kind in FAMILIES:
        for mistake in of_kind(kind, 1):
            *statements, body = mistake.question.split(";")
            before = "".join(f"{statement};" for statement in statements)
            for form in FORMS:
                answers = {name: before + form.format(right=f"d({body}, {name})") for name in mistake.answer}
                count += 1
                assert asked(mistake.question, answers, mistake.shapes).naming() is None
    record_property(COUNTED, f"slips: {count} right answers in other forms: none has a name")


def test_what_the_page_says_of_numbers() -> None:
    """A slip for certain, one that is possible, and a number that says nothing."""
    certain = asked("mean(x*x)", "[2, 4, 6]", at={"x": [1, 2, 3]}).naming()
    assert certain is not None
    assert (certain.kinds, certain.certain) == (("mean-without-count",), True)
    assert certain.numbers == "at x = [1, 2, 3] this gives [2, 4, 6], the rule gives [0.666667, 1.33333, 2]"
    possible = asked("x^3", "24", at={"x": 2}).naming()
    assert possible is not None
    assert (possible.kinds, possible.certain) == (("exponent-not-lowered",), False)
    assert possible.told == (
        "this is consistent with a slip: the exponent was brought down but not lowered: "
        "the derivative of x^3 was taken to be 3*x^3"
    )
    assert asked("x^3", "4", at={"x": 2}).naming() is None


#: A question, a wrong answer, what is said of it, and the place that is underlined.
TYPED = """
x^2*sin(x) : 2x*cos(x)
    the derivatives of the factors of x^2*sin(x) were multiplied: u' v' for (u v)'
    x^2*sin(x)
sin(x^2 + 1) : cos(x^2 + 1)
    the inner derivative is missing: sin(x^2 + 1) was differentiated as if x^2 + 1 were the variable
    x^2 + 1
x^3 - 5x : 3x^3 - 5
    the exponent was brought down but not lowered: the derivative of x^3 was taken to be 3*x^3
    x^3
(2x + 1)^3 : (2x + 1)^2*2
    the exponent was lowered but not brought down as a factor: the derivative of u^3 was taken to be u^2
    (2x + 1)^3
4 + cos(x)*2 : 2*sin(x)
    the derivative of cos(x) was taken to be sin(x)
    cos(x)
x/(1 + x^2) : (1 - x^2)/(1 + x^2)
    the denominator of the quotient rule was not squared
    x/(1 + x^2)
3*x^2 + exp(x) : 3x^2 + e^x
    this is the function itself: it was not differentiated
    3*x^2 + exp(x)
2^x + x : x*2^(x-1) + 1
    an exponential was differentiated by the power rule: the derivative of 2^x was taken to be x*2^(x - 1)
    2^x
pi^x + x : x*pi^(x-1) + 1
    an exponential was differentiated by the power rule: the derivative of pi^x was taken to be x*pi^(x - 1)
    pi^x
log(5x^2 + 3x) : 1/(5x^2 + 3x)
    the inner derivative is missing: log(5x^2 + 3x) was differentiated as if 5x^2 + 3x were the variable
    5x^2 + 3x
x*x + 3x : x + 3
    of the product rule only the term with the derivative of x is there
    x*x
7*x^2 - 3 : 14x - 3
    the constant term 3 was kept
    3
"""
_LINES = [line.strip() for line in TYPED.strip().splitlines()]


@pytest.mark.parametrize(
    ("asking", "sentence", "place"), [_LINES[each : each + 3] for each in range(0, len(_LINES), 3)]
)
def test_what_a_student_reads(asking: str, sentence: str, place: str) -> None:
    question, answer = asking.split(" : ")
    naming = asked(question, answer).naming()
    assert naming is not None
    assert naming.certain
    assert naming.told == sentence
    span = naming.slips[0].span
    assert span is not None
    assert question[span.start : span.end] == place


def test_two_slips_with_one_answer_are_both_told() -> None:
    naming = asked("x^2*sin(x)", "2x*sin(x) - x^2*cos(x)").naming()
    assert naming is not None
    assert not naming.certain
    assert naming.told == (
        "this is consistent with a slip: the derivative of sin(x) was taken to be -cos(x); or: "
        "the terms of the product rule were subtracted, not added"
    )


def test_one_variable_of_two() -> None:
    """The other one is right, or wrong in another way."""
    for other in ("3*x^2*y^2", "3*x^2*y^2*37/27"):
        naming = asked("x^2*y^3", {"x": "2x*y^2", "y": other}).naming()
        assert naming is None
        naming = asked("x^2*y^3", {"x": "x*y^3", "y": other}).naming()
        assert naming is not None
        assert naming.kinds == ("power-factor-missing",)
        assert naming.variables == ("x",)


@pytest.mark.parametrize(
    ("question", "answer", "half", "at", "kind"),
    [
        ("sin(x)*3", "2.598", 0.0005, 30, "degrees"),
        ("mean(x*x)", "[3.14, 2.46, 4.68]", 0.005, [1.57, 1.23, 2.34], "mean-without-count"),
        ("mean(x^5)", "[2.03, 0.76, 9.99]", 0.005, [1.57, 1.23, 2.34], "power-factor-missing"),
    ],
)
def test_decimals_are_right_to_half_a_unit(question: str, answer: str, half: float, at: Any, kind: str) -> None:
    """A slip of which the answer is rounded is named if the digits say enough."""
    case = asked(question, answer, at={"x": at})
    seen = [sighting._replace(slack={"x": np.full(np.shape(at), half)[()]}) for sighting in case.seen]
    slips = gradient_slips(case.built.graph, case.built.output, case.wrt, case.source, seen)
    naming = named(slips, seen)
    assert naming is not None
    assert naming.kinds == (kind,)


def test_decimals_are_first_taken_as_they_stand() -> None:
    """2.8 is where the second term was forgotten; several slips lead near it."""
    case = asked("0.7*x^2 - x", "2.8", at={"x": 2})
    seen = [sighting._replace(slack={"x": np.float64(0.5)}) for sighting in case.seen]
    slips = list(gradient_slips(case.built.graph, case.built.output, case.wrt, case.source, seen))
    naming = named(slips, seen)
    assert len(slips) > 1
    assert naming is not None
    assert naming.kinds == ("use-forgotten",)


def test_a_slip_at_several_functions_is_told_of_each() -> None:
    """By the names of all, each with its rule; a number of places tells how often."""
    naming = asked("x^2 + sin(x) + exp(x)", {"x": "2x - cos(x) - exp(x)"}).naming()
    assert naming is not None
    assert naming.told == "the derivative of exp has the wrong sign; the derivative of sin has the wrong sign"
    assert naming.rule == "the derivative of exp(x) is exp(x); the derivative of sin(x) is cos(x)"
    naming = asked("x^2 + sin(x) + exp(x) + exp(3*x)", {"x": "2x - cos(x) - exp(x) - 3exp(3x)"}).naming()
    assert naming is not None
    assert naming.told.endswith(
        "exp has the wrong sign; the derivative of sin has the wrong sign; the same in all 3 such places"
    )
