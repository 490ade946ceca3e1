"""Gradient descent: the iterates, the end of the run, and what is said about it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.descent.descent_report import DescentReport
from diffcli.analysis.descent.running import descent_report
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.problem import pose
from diffcli.analysis.values import read_bindings
from diffcli.errors import ExitCode
from diffcli.source import Source

pytestmark = pytest.mark.fast

TUTORIAL = {"x": [1.0, 2.0, 3.0]}


def tutorial(lr: float, **options: object) -> DescentReport:
    """mean(x*x) from 1, 2, 3: each step multiplies x by 1 - 2/3 lr."""
    return diffcli.descend("mean(x*x)", TUTORIAL, lr=lr, **options)  # type: ignore[arg-type]  # options of any type


@pytest.mark.parametrize(
    ("lr", "status", "code", "words"),
    [
        (0.1, "converged", ExitCode.DONE, "within the tolerance"),
        (1.5, "converged", ExitCode.DONE, "within the tolerance"),
        (0.001, "step-limit", ExitCode.DONE, "try a larger --lr"),
        (2.99, "step-limit", ExitCode.DONE, "jumps across the minimum"),
        (3.0, "oscillating", ExitCode.NEGATIVE, "the learning rate 3 is too large"),
        (3.1, "diverged", ExitCode.NEGATIVE, "the learning rate 3.1 is too large"),
        (100.0, "diverged", ExitCode.NEGATIVE, "Try a smaller --lr"),
    ],
)
def test_the_learning_rate_decides_how_it_ends(lr: float, status: str, code: ExitCode, words: str) -> None:
    """Each rate with its status, its exit code and its explanation."""
    report = tutorial(lr)
    assert (report.status, report.exit_code) == (status, code)
    assert words in report.explanation
    if code == ExitCode.DONE:
        assert report.value < report.history[0].value
    else:
        assert report.value >= report.history[0].value * (1 - 1e-12)


@pytest.mark.parametrize("lr", [0.001, 0.1, 1.0, 2.99, 3.1])
def test_the_iterates_are_those_of_a_loop_by_hand(lr: float) -> None:
    """Points, values and norms, relative 1e-13 at each of fifty steps."""
    report = tutorial(lr, steps=50, tol=0.0)
    x = np.array(TUTORIAL["x"])
    assert [iterate.iteration for iterate in report.history] == list(range(51))
    for iterate in report.history:
        gradient = 2 * x / 3
        assert iterate.at["x"] == pytest.approx(x, rel=1e-13, abs=0)
        assert iterate.value == pytest.approx(np.mean(x * x), rel=1e-13, abs=0)
        assert iterate.gradient_norm == pytest.approx(np.sqrt(np.sum(gradient**2)), rel=1e-13, abs=0)
        x = x - lr * gradient


def test_several_variables_move_together() -> None:
    """With the norm of the whole gradient; what is not of interest stays."""
    report = diffcli.descend("(a - 1)^2 + 3*(b + 2)^2 + 0*c", a=0.0, b=0.0, c=7.0, wrt="a,b", lr=0.1, tol=0.0, steps=3)
    a, b = 0.0, 0.0
    for iterate in report.history:
        assert set(iterate.at) == {"a", "b"}
        assert (iterate.at["a"], iterate.at["b"]) == pytest.approx((a, b), rel=1e-13, abs=1e-300)
        da, db = 2 * (a - 1), 6 * (b + 2)
        assert iterate.gradient_norm == pytest.approx(np.hypot(da, db), rel=1e-13, abs=0)
        a, b = a - 0.1 * da, b - 0.1 * db


def test_the_report_is_that_of_the_path() -> None:
    """Start, end, and the gradient at the start."""
    report = tutorial(0.1)
    assert report.history[0].at["x"].tolist() == report.start["x"].tolist() == TUTORIAL["x"]
    assert report.final["x"].tolist() == report.history[-1].at["x"].tolist()
    assert (report.value, report.gradient_norm, report.iterations) == (
        report.history[-1].value,
        report.history[-1].gradient_norm,
        len(report.history) - 1,
    )
    assert report.first_gradient["x"] == pytest.approx([2 / 3, 4 / 3, 2.0], rel=1e-15, abs=0)
    assert report.gradient_norm <= 1e-6 < report.history[-2].gradient_norm
    assert (report.expression, report.maximize, report.learning_rate, report.tolerance) == (
        "mean(x*x)",
        False,
        0.1,
        1e-6,
    )


def test_a_stationary_start_converges_at_once_and_says_what_it_may_be() -> None:
    """A zero gradient is no proof of a minimum."""
    for text in ("x^2", "-x^2", "x^3", "3 + 0*x"):
        report = diffcli.descend(text, x=0.0)
        assert (report.status, report.iterations, report.exit_code) == ("converged", 0, ExitCode.DONE)
        assert "stationary" in report.explanation
    within = diffcli.descend("x^2", x=1e-7)
    assert (within.status, within.iterations) == ("converged", 0)
    assert "stationary" not in within.explanation


def test_ascent_climbs() -> None:
    """The same path on the negative of the expression; its words are those of climbing."""
    up, down = diffcli.ascend("-mean(x*x)", TUTORIAL), diffcli.descend("mean(x*x)", TUTORIAL)
    assert (up.status, up.maximize) == ("converged", True)
    assert [iterate.at["x"].tolist() for iterate in up.history] == [
        iterate.at["x"].tolist() for iterate in down.history
    ]
    too_far = diffcli.ascend("-mean(x*x)", TUTORIAL, lr=3.1)
    assert (too_far.status, too_far.exit_code) == ("diverged", ExitCode.NEGATIVE)
    assert "overshoots the maximum and lands lower" in too_far.explanation


@pytest.mark.parametrize(("climb", "text"), [(False, "-exp(x)"), (False, "-x^4"), (True, "x^2"), (True, "exp(x)")])
def test_without_a_bottom_the_run_is_unbounded(climb: bool, text: str) -> None:
    """It gets better without end: that is no overshooting, or it ends where numbers end."""
    report = (diffcli.ascend if climb else diffcli.descend)(text, x=1.0, lr=0.5, steps=200)
    assert report.status in ("diverged", "not-finite")
    assert report.exit_code != ExitCode.DONE
    assert "overshoots" not in report.explanation


def test_a_step_out_of_the_domain_is_told() -> None:
    """log(x) goes down towards 0 and over it: the last point is the one outside, and the cause is named."""
    report = diffcli.descend("log(x)", x=1.0, lr=0.3)
    assert (report.status, report.exit_code) == ("not-finite", ExitCode.NOT_FINITE)
    assert report.iterations == len(report.history) - 1 > 1
    assert report.final["x"] <= 0 < report.history[-2].at["x"]
    assert report.explanation.startswith(
        f"Step {report.iterations} left the region where the expression is finite: log(x) is not defined at x = -"
    )
    assert "a smaller learning rate may stay inside" in report.explanation


def test_the_rate_that_is_too_large_is_that_of_the_last_step() -> None:
    report = diffcli.descend("x^2", x=1.0, lr=0.01, schedule="exponential", hyperparameters={"gamma": 1.5})
    assert report.status == "diverged"
    assert f"the learning rate {report.history[-2].rate:g} is too large" in report.explanation


def test_a_run_resumed_beyond_its_steps_tells_those_it_has() -> None:
    problem = pose(Source("x^2"), read_bindings([Source("1", "--at")]))
    begun = descent_report(problem, Settings(steps=5)).checkpoint
    report = descent_report(problem, Settings(steps=3), checkpoint=begun)
    assert report.iterations == 5
    assert report.explanation.startswith("Still getting lower after 5 steps")


def test_a_start_out_of_the_domain_is_told() -> None:
    """No step is taken, and none is blamed."""
    report = diffcli.descend("log(x)", x=-1.0)
    assert (report.status, report.exit_code, report.iterations) == ("not-finite", ExitCode.NOT_FINITE, 0)
    assert report.explanation == "The starting point is not usable: log(x) is not defined at x = -1."


def test_a_singular_gradient_is_told() -> None:
    """The value is finite and the slope is not."""
    report = diffcli.descend("sqrt(x)", x=0.0)
    assert (report.status, report.exit_code) == ("not-finite", ExitCode.NOT_FINITE)
    assert "the gradient of x is not finite" in report.explanation


def test_the_caller_can_stop_it() -> None:
    """Asked after each step; what was reached is reported."""
    asked: Iterator[int] = iter(range(100))
    report = tutorial(0.1, stopped=lambda: next(asked) >= 5)
    assert (report.status, report.exit_code, report.iterations) == ("interrupted", ExitCode.INTERRUPTED, 5)
    assert report.explanation.startswith(
        "Stopped by you after 5 steps. The run converges: each step multiplies the gradient's norm by 0.933"
    )
    assert report.diagnosis.steps_needed == tutorial(0.1).iterations - 5
    assert len(report.history) == 6


def test_a_time_limit_ends_it() -> None:
    """With exit code 4."""
    report = tutorial(1e-9, steps=10**9, timeout=0.05)
    assert (report.status, report.exit_code) == ("time-limit", ExitCode.TIME_LIMIT)
    assert 0 < report.iterations < 10**9


def test_no_steps_evaluate_the_start() -> None:
    """The value and the gradient's norm, and no claim about a path."""
    report = tutorial(0.1, steps=0)
    assert (report.status, report.iterations, len(report.history)) == ("step-limit", 0, 1)
    assert report.explanation == "No step was taken; the gradient's norm is 2.49."


def test_a_corner_makes_it_jump_to_and_fro() -> None:
    """|x| from 0.95 with steps of 0.1 ends between 0.05 and -0.05."""
    report = diffcli.descend("abs(x)", x=0.95, lr=0.1)
    assert (report.status, report.exit_code) == ("oscillating", ExitCode.NEGATIVE)
    assert abs(report.final["x"]) == pytest.approx(0.05, rel=1e-12, abs=0)


def test_a_rise_at_the_last_step_is_not_called_a_descent() -> None:
    """A run that ends on a step up says nothing about getting lower."""
    report = diffcli.descend("abs(x) + 0.1*x", x=0.95, lr=0.1, steps=10)
    assert report.history[-1].value > report.history[-2].value
    assert "Still getting lower" not in report.explanation


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"lr": 0.0}, "above 0"),
        ({"lr": -0.1}, "above 0"),
        ({"lr": float("nan")}, "above 0"),
        ({"lr": float("inf")}, "above 0"),
        ({"steps": -1}, "negative"),
        ({"tol": -1.0}, "0 or more"),
        ({"tol": float("nan")}, "0 or more"),
    ],
)
def test_unusable_options_are_refused(options: dict[str, float], words: str) -> None:
    """Before anything is computed."""
    with pytest.raises(diffcli.DiffcliError, match=words) as caught:
        diffcli.descend("x^2", x=1.0, **options)  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.diagnostic.code == "E403"


def test_an_array_cannot_be_descended() -> None:
    """Only a single number has a gradient."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.descend("x*x", x=[1.0, 2.0])
    assert caught.value.diagnostic.code == "E304"


def test_a_kink_at_the_end_is_reported() -> None:
    """The last point and the first one, each with what it sits on."""
    report = diffcli.descend("abs(x)", x=1.0, lr=1.0)
    assert (report.status, report.iterations, report.start_kinks) == ("converged", 1, ())
    assert [notice.text for notice in report.kinks] == ["abs(x)"]
    report = diffcli.descend("maximum(x, 1) + x^2", x=1.0, lr=0.1, steps=3)
    assert ([notice.primitive for notice in report.start_kinks], report.kinks) == (["maximum"], ())


def test_strict_stops_at_the_first_kink() -> None:
    """With the history up to there, and exit code 3; without a kink nothing changes."""
    report = diffcli.descend("abs(x) + 0*y", x=3.0, y=1.0, lr=1.0, strict=True)
    assert (report.status, report.exit_code, report.iterations) == ("kink", ExitCode.NOT_FINITE, 3)
    assert len(report.history) == 4
    assert (
        report.explanation
        == "After 3 steps the point sits on a kink, where --strict stops: abs(x) is at a kink: it has a corner at 0."
    )
    assert [notice.text for notice in report.kinks] == ["abs(x)"]
    report = diffcli.descend("relu(x)", x=0.0, strict=True)
    assert (report.status, report.iterations) == ("kink", 0)
    assert report.explanation.startswith("At the start the point sits on a kink")
    smooth = diffcli.descend("mean(x*x)", TUTORIAL, strict=True)
    assert (smooth.status, smooth.iterations) == (tutorial(0.1).status, tutorial(0.1).iterations)


def test_kinks_do_not_hide_a_point_without_an_answer() -> None:
    """Where the numbers are not finite the origin is told, not a kink."""
    report = diffcli.descend("sqrt(x) + abs(x)", x=0.0, strict=True)
    assert (report.status, report.start_kinks, report.kinks) == ("not-finite", (), ())


@pytest.mark.parametrize(
    ("expression", "settings", "part"),
    [
        ("x^2", {"steps": 1}, "by 0.36 (36.00%)"),
        ("x^2", {"steps": 50, "lr": 1e-6}, "by 4e-06 (0.0004%)"),
        ("x^2 + 1e10", {"steps": 10}, "by 0.0065 (6e-11%)"),
        ("x^2", {"steps": 20, "optimizer": "momentum"}, "by 0.024 (24.59%)"),
    ],
)
def test_the_last_change_is_a_part_of_the_value_before_it(expression: str, settings: dict[str, Any], part: str) -> None:
    """Never (0.00%), and without a sign where the value rose."""
    assert f"the last one changed the value {part} and" in diffcli.descend(expression, x=1.0, **settings).explanation
