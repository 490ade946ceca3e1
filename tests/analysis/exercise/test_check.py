"""What is asked, how an answer is read, and what makes it right."""

import contextlib
import time
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from amount import SLACK, sampled

import diffcli
from diffcli.analysis.exercise.asking import question
from diffcli.analysis.exercise.check_report import CheckReport
from diffcli.analysis.exercise.evaluation import Evaluator
from diffcli.analysis.exercise.grading import attempted, graded
from diffcli.analysis.exercise.truth import AnswerKey, answer_key
from diffcli.api.posing import posed
from diffcli.source import Source


def verdict(expression: str, answer: object, **asked: Any) -> str:
    """The verdict on an answer."""
    return diffcli.check(expression, answer=answer, **asked).verdict


#: Questions with a right answer, and a wrong one.
ASKED: tuple[tuple[str, dict[str, Any], str, str], ...] = (
    ("x^2*sin(x)", {}, "2x sin(x) + x^2 cos(x)", "2x cos(x)"),
    ("x^2*sin(x)", {}, "f'(x) = x(2sin(x) + x cos(x))", "f'(x) = 2x*sin(x)"),
    ("x^2*sin(x)", {}, "df/dx = 2x*sin(x) + x²·cos(x)", "d/dx = x²·cos(x)"),
    ("x^2*sin(x)", {}, "u = x^2; 2x*sin(x) + u*cos(x)", "u = x^2; u"),
    ("y = x^2; sin(y)", {}, "2x*cos(y)", "cos(y)"),
    ("mean(x*x)", {"x": [1, 2, 3]}, "2/3,4/3,2", "2/3,4/3,1"),
    ("mean(x*x)", {"x": [1, 2, 3]}, "[2/3, 4/3, 2]", "[2, 4, 6]"),
    ("mean(x*x)", {}, "2x/n", "2x/3"),
    ("x^2*y", {}, "x=2x*y; y=x^2", "x=x^2; y=2x*y"),
    ("x^2*y", {}, "y=x^2\nx=2x*y", "y=x^2\nx=2x"),
    ("x^2*y", {}, "[2x*y, x^2]", "[x^2, 2x*y]"),
    ("x^2*y", {"wrt": "y"}, "x^2", "2x*y"),
    ("x^2*y", {"y": 3}, "6x", "2x"),
    ("x^3*y", {"order": 2}, "x,x=6x*y; x,y=3x^2; y,y=0", "x,x=6x*y; x,y=3x^2; y,y=1"),
    ("x^3*y", {"order": 2}, "f_xx=6x*y; f_yx=3x^2; f_yy=0", "f_xx=6x; f_xy=3x^2; f_yy=0"),
    ("x^4", {"order": 3, "x": 2}, "48", "24"),
    ("y = x*x; sin(y)*x", {"of": "y"}, "x*cos(x^2)", "cos(y)"),
    ("y = x*x; sin(y)*x", {"of": "y", "x": 2}, "2*cos(4)", "cos(4)"),
    ("y = x*x; sin(y)*x", {"local": "v2->y"}, "cos(y)", "x*cos(y)"),
    ("x*x + x", {"local": "v1->x #2"}, "x", "2x"),
    ("z = x*x; z*x", {"local": "v2->x", "x": 3}, "9", "27"),
    ("x^2 + 1", {"value": True, "x": 2}, "5", "4"),
    ("y = x*x; sin(y)", {"value": True, "of": "y", "x": 3}, "9", "6"),
    ("mean(x*x)", {"next": True, "lr": 0.1, "x": [1, 2, 3]}, "14/15,28/15,2.8", "16/15,32/15,3.2"),
    ("w^2 + b", {"next": True, "lr": 0.5, "w": 1, "b": 2}, "w=0; b=1.5", "w=2; b=2.5"),
    ("x^2", {"next": True, "optimizer": "adam", "lr": 0.1, "x": 3}, "2.9", "2.4"),
    ("x", {"next": True, "optimizer": "adam", "lr": 1, "x": 3}, "2", "2.1"),
    ("x*y", {"next": True, "optimizer": "adagrad", "lr": 1, "x": 3, "y": 0.25}, "x=2; y=-0.75", "x=4; y=-0.75"),
    ("x", {"next": True, "optimizer": "adam", "lr": 1, "hyperparameters": ["eps=1"], "x": 3}, "2.5", "2"),
    ("x^2", {"next": True, "optimizer": "nesterov", "lr": 1, "hyperparameters": ["momentum=0.5"], "x": 3}, "-6", "0"),
    ("mean(x*x)", {"stable_rate": True, "x": [1, 2, 3]}, "3", "1.5"),
    ("x^2 + 10*y^2", {"stable_rate": True, "x": 1, "y": 1}, "1/10", "1"),
    ("sum((A@x - b)^2)", {"wrt": "x"}, "2*A.T@(A@x - b)", "2*A@(A@x - b)"),
    ("sum((A@x - b)^2)", {"wrt": "A"}, "2*outer(A@x - b, x)", "2*outer(x, A@x - b)"),
    ("relu(x - 7)", {}, "x > 7", "0"),
    ("relu(x - 2000)", {}, "where(x > 2000, 1, 0)", "0"),
    ("log(x - 300)", {}, "1/(x - 300)", "1/x"),
    ("sum(x[1:]*x[:-1])", {"x": [1, 2, 3]}, "2,4,2", "2,3,2"),
    ("cross_entropy(z, 1)", {"z": [0, 0]}, "1/2,-1/2", "1/2,1/2"),
)  # fmt: skip


@pytest.mark.parametrize(("expression", "asked", "right", "wrong"), sampled(ASKED, 2))
def test_what_is_asked_is_graded(expression: str, asked: dict[str, Any], right: str, wrong: str) -> None:
    assert verdict(expression, right, **asked) == "correct"
    assert verdict(expression, wrong, **asked) == "wrong"


@pytest.mark.parametrize(
    ("expression", "answer", "behind"),
    [
        ("x/3", "0.333", "1/3"),
        ("x/3", "0.3", "1/3"),
        ("2x/3", "0.67", "2/3"),
        ("sqrt(2)*x^2/2", "1.414x", "sqrt(2)"),
        ("sqrt(2)*x^2", "2.83x", "2*sqrt(2)"),
        ("pi*x^2", "6.28x", "2*pi"),
        ("x/7", "0.142857", "1/7"),
        ("exp(x/3)", "0.333exp(0.333x)", "1/3"),
    ],
)
def test_a_decimal_is_right_to_half_a_unit_of_its_last_digit(expression: str, answer: str, behind: str) -> None:
    report = diffcli.check(expression, answer=answer)
    assert report.verdict == "correct"
    assert {each.exactly for each in report.parts[0].rounded} == {behind}


@pytest.mark.parametrize(
    ("expression", "asked", "answer", "behind"),
    [
        ("mean(x*x)", {"x": [1, 2, 3], "lr": 0.1, "next": True}, "0.933,1.867,2.8", ["14/15", "28/15"]),
        ("x^2/7", {"x": 3, "lr": 0.1, "next": True}, "2.914", ["102/35"]),
        ("x^2/7", {"x": 3, "lr": 0.7, "next": True}, "2.4", []),
        ("x^2", {"x": 3, "lr": 0.1, "next": True, "optimizer": "adam"}, "2.9", []),
        ("x^2", {"x": 3, "lr": 0.1, "next": True, "steps": 2, "optimizer": "momentum"}, "1.38", []),
        ("3x^2", {"x": 3, "stable_rate": True}, "0.333", ["1/3"]),
        ("4x^2/3 + y^2", {"x": 3, "y": 1, "stable_rate": True}, "0.75", []),
    ],
)
def test_a_decimal_that_is_all_of_a_step_is_not_rounded(
    expression: str, asked: dict[str, Any], answer: str, behind: list[str]
) -> None:
    """Rates and hyperparameters are the decimals that they are written as."""
    report = diffcli.check(expression, answer=answer, **asked)
    assert report.verdict == "correct"
    assert [each.exactly for each in report.parts[0].rounded] == behind


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("x/3", "0.334"),
        ("x/3", "0.2"),
        ("x/3", "0.33 + 0.02"),
        ("x/3", "1.0e9 - 1.0e9"),
        ("x/3", "0.e9"),
        ("2x/3", "0.6"),
        ("x^2 + 0.04*sin(x)", "2.0x"),
        ("0.5*x^2", "0.5"),
        ("0.5*x^2", "1.04x"),
        ("x^2", "2.x + 0.1"),
        ("x^2", "1.9x"),
    ],
)
def test_no_rounding_explains_another_answer(expression: str, answer: str) -> None:
    assert verdict(expression, answer) == "wrong"


def test_decimals_of_the_question_round_nothing() -> None:
    report = diffcli.check("0.5*x^2 + 0.1*x", answer="2*0.5*x + 0.1")
    assert (report.verdict, report.parts[0].rounded) == ("correct", ())
    assert verdict("0.5*x^2 + 0.1*x", "0.5*x + 0.1") == "wrong"


@pytest.mark.parametrize(
    ("form", "expression", "right", "wrong"),
    [
        ("expanded", "(x+1)^3", "3x^2 + 6x + 3", "3(x+1)^2"),
        ("expanded", "x^2*sin(x)", "2x*sin(x) + x^2*cos(x)", "x*(2sin(x) + x*cos(x))"),
        ("factored", "x^3 - x", "3x^2 - 1", "3x^2 - 3 + 2"),
        ("factored", "x^2*exp(x)", "x*exp(x)*(x + 2)", "2x*exp(x) + x^2*exp(x)"),
        ("factored", "(x^2-1)^2", "4x*(x-1)*(x+1)", "4x*(x^2-1)"),
        ("factored", "x^2 + 2x", "2(x+1)", "2x + 2"),
        ("factored", "(x+1)^2*(x-1)^2", "4*x*(x-1)*(x+1)", "(2x-2)*(x+1)*2x"),
        ("factored", "x^3/3 + 2x^2/3", "x*(3x+4)/3", "(6x^2+8x)/6"),
        ("simplified", "x^3", "3x^2", "3*x*x"),
        ("simplified", "x^2", "2x", "x + x"),
        ("simplified", "sin(x)^2 + x", "sin(2x) + 1", "sin(x)^2 + cos(x)^2 + 2sin(x)*cos(x)"),
    ],
)
def test_a_form_is_only_what_is_asked_for(form: Any, expression: str, right: str, wrong: str) -> None:
    assert verdict(expression, right, form=form) == "correct"
    if form != "factored" or "- 3 + 2" not in wrong:
        report = diffcli.check(expression, answer=wrong, form=form)
        assert (report.verdict, report.parts[0].fault) == ("wrong", "form")
        assert verdict(expression, wrong) == "correct"


def test_exact_numbers_are_no_decimals() -> None:
    assert verdict("x^2/4", "1/2", x=1, exact=True) == "correct"
    report = diffcli.check("x^2/4", answer="0.5", x=1, exact=True)
    assert (report.verdict, report.parts[0].fault) == ("wrong", "form")
    assert verdict("0.5*x^2", "0.5*2*x", exact=True) == "correct"


def test_an_answer_without_a_value_is_wrong_at_that_place() -> None:
    part = diffcli.check("x^2", answer="2*exp(log(x))").parts[0]
    assert (part.verdict, part.fault) == ("wrong", "undefined")
    assert part.failing is not None
    assert float(part.failing.at["x"]) < 0


def test_digits_that_cancel_do_not_make_an_answer_wrong() -> None:
    assert verdict("exp(x)", "(1e60 + exp(x)) - 1e60") == "correct"
    assert verdict("x^2", "(1 + 1e-45*2x - 1)*1e45") == "correct"


def test_a_small_truth_is_not_taken_for_nothing() -> None:
    assert verdict("1e-15*x^2", "2e-15*x") == "correct"
    assert verdict("1e-15*x^2", "0") == "wrong"
    assert verdict("1e-15*x^2", "1e-15*x") == "wrong"


def test_what_holds_for_one_size_alone_is_wrong() -> None:
    for extent in range(2, 7):
        assert verdict("mean(x*x)", f"2x/{extent}") == "wrong"


def test_parts_count_by_themselves() -> None:
    report = diffcli.check("x^2*y", answer="x = 2x*y")
    assert (report.verdict, report.points) == ("wrong", Fraction(1, 2))
    assert [(part.verdict, part.fault) for part in report.parts] == [("correct", None), ("wrong", "missing")]


def test_python_answers_are_numbers_texts_and_functions() -> None:
    assert verdict("mean(x*x)", [2 / 3, 4 / 3, 2], x=[1, 2, 3]) == "correct"
    assert verdict("mean(x*x)", np.array([2, 4, 6]) / 3, x=[1, 2, 3]) == "correct"
    assert verdict("mean(x*x)", [2.0, 4.0, 6.0], x=[1, 2, 3]) == "wrong"
    assert verdict("x^2*y", {"x": "2x*y", "y": "x^2"}) == "correct"
    assert verdict("x^2*y", {"x": 12, "y": 4}, x=2, y=3) == "correct"
    functions: list[Callable[..., Any]] = [
        lambda x, y: (2 * x * y, x**2),
        lambda y, x: {"x": 2 * x * y, "y": x**2},
    ]
    for function in functions:
        assert verdict("x^2*y", function) == "correct"
    assert verdict("x^3", lambda x: 2 * x) == "wrong"
    assert verdict("x^2*sin(x)", lambda t: 2 * t * np.sin(t) + t * t * np.cos(t)) == "correct"
    with pytest.raises(diffcli.DiffcliError, match="raised ZeroDivisionError"):
        diffcli.check("x^2", answer=lambda x: 1 / 0)


def test_points_depend_on_the_question_alone() -> None:
    def drawn(expression: str, seed: int = 0) -> list[Any]:
        key = answer_key(question(posed(expression, complete=False), seed=seed))
        return [{name: value.tolist() for name, value in sample.at.items()} for sample in key.samples]

    assert drawn("x^2*y") == drawn("x^2 * y")
    assert drawn("x^2*y") != drawn("x^2*y", seed=1)
    points = drawn("x^3 + sqrt(x + 10)")
    assert len(points) >= 8
    assert any(each["x"] < 0 for each in points)
    inside = answer_key(question(posed("x^2", complete=False), domain={"x": (0.0, 1.0)}))
    assert all(0 <= float(sample.at["x"]) <= 1 for sample in inside.samples)


def test_a_question_is_answered_many_times_from_one_key() -> None:
    """And the values of any graph at its points can be had beside those of the truth."""
    key = answer_key(question(posed("x^2*sin(x)", complete=False)))
    reports = [graded(key, Source(text)) for text in ("2x*sin(x) + x^2*cos(x)", "x", "2x")]
    assert [report.verdict for report in reports] == ["correct", "wrong", "wrong"]
    target, sample = key.targets[0], key.samples[0]
    found = Evaluator(target.graph, target.nodes, key.arithmetic).at(sample.point)
    assert found["x"] == sample.truth["x"]


def test_what_cannot_be_graded_is_neither_right_nor_wrong() -> None:
    reports = [attempted(of_a_square(), Source(text, "answer")) for text in ("2t", "2x", "x")]
    assert [report.verdict for report in reports] == ["not-graded", "correct", "wrong"]
    assert [int(report.exit_code) for report in reports] == [2, 0, 1]
    assert [report.points for report in reports] == [0, 1, 0]
    assert "the question knows no 't'" in str(reports[0])
    assert reports[0].to_dict()["diagnostic"]["code"] == "E701"


def test_engines_that_differ_grade_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("diffcli.analysis.exercise.truth.is_slope", lambda *_: False)  # as where a rule were wrong
    with pytest.raises(diffcli.DiffcliError, match="differences and reverse mode differ"):
        diffcli.check("x^2", answer="2x")


#: Answers that are no help: what they come to is a verdict or a diagnostic, soon.
HOSTILE = (
    "9^9^9^x", "9^9^9^9^9", "(" * 10_000 + "x" + ")" * 10_000, "-" * 10_000 + "x", "x" + "+x" * 5_000,
    "x\x00", "\x1b[2J2x", "2x\u202e", "<script>alert(1)</script>", "[bold]2x[/bold]",
    "__import__('os').system('true')", "x.__class__",
    "exec('1')", "lambda: 0", "gamma(1e300)", "exp(exp(exp(exp(x))))", "sin(9^9^9)", "zeros(100000000)[0]",
    "f(x) = x + x; f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(f(x))))))))))))))))))))))))", "f(x) = f(x); f(x)",
    "1e999999999", "0." + "1" * 20_000, "x" * 50_001, "x=" * 2_000, ";" * 20_000, "\n" * 20_000, "é", "²", "∞", "nan",
    "inf", "2x # comment", "polygamma(1000, x)", "prod(arange(1, 100000))", "d(x^2, x)", "d(d(d(x^5, x), x), x)",
    "median(x)", "random(3)", "inv([[x, 0], [0, 0]])[0, 0]", "cumsum(ones(10000))[9999]",
)  # fmt: skip


@cache
def of_a_square() -> AnswerKey:
    """The truth about x^2."""
    return answer_key(question(posed("x^2", complete=False)))


@pytest.mark.parametrize("answer", sampled(HOSTILE, 3), ids=lambda answer: ascii(answer[:16]))
def test_hostile_answers_come_to_an_end(answer: str) -> None:
    started = time.perf_counter()
    report: CheckReport | None = None
    with contextlib.suppress(diffcli.DiffcliError):
        report = graded(of_a_square(), Source(answer, "answer"), seconds=1.0)
    if report is not None:
        assert report.verdict == ("correct" if answer in ("2x # comment", "d(x^2, x)") else "wrong")
    assert time.perf_counter() - started < SLACK
