"""Whether the formula and reverse mode agree, and what the gradient report makes of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.gradient import GradReport
from diffcli.errors import ExitCode

pytestmark = pytest.mark.fast


def report(text: str, **values: object) -> GradReport:
    """The gradient with its formula."""
    return diffcli.grad(text, values, symbolic=True)


def test_the_tutorial_problem_agrees() -> None:
    """mean(x*x): 2*x/n."""
    found = report("mean(x*x)", x=[1.0, 2.0, 3.0])
    assert found.agreement is not None
    assert found.agreement.verdict == "agree"
    assert found.agreement.max_relative_error is not None
    assert found.agreement.max_relative_error <= 1e-15
    assert found.agreement.cause is None
    assert found.symbolic is not None
    assert found.symbolic["x"].formula == "2*x/n"
    assert found.symbolic["x"].value == pytest.approx([2 / 3, 4 / 3, 2.0], rel=1e-15, abs=0)
    assert found.exit_code == ExitCode.DONE


def test_without_a_formula_nothing_is_compared() -> None:
    """It was not asked for, or there is nothing to differentiate by."""
    assert diffcli.grad("x*x", x=1.0).agreement is None
    assert diffcli.grad("x*x", x=1.0).symbolic is None
    assert diffcli.grad("1 + 2", symbolic=True).agreement is None


@pytest.mark.parametrize(
    "change",
    [lambda g: -g, lambda g: g * (1 + 1e-7), lambda g: g + 1e-6, lambda g: g * 0, lambda g: g * g],
    ids=["sign", "one in ten million", "a constant", "nothing flows", "squared"],
)
def test_a_wrong_rule_is_found_out(spoiled: Callable[..., None], change: Callable[[Any], Any]) -> None:
    """The engines share no rule: whatever is wrong with one, the verdict says so, and the exit code is 1."""
    right = report("sum(sin(x)*x)", x=[0.5, 1.5])
    assert right.agreement is not None
    assert right.agreement.verdict == "agree"
    spoiled("sin", change)
    found = report("sum(sin(x)*x)", x=[0.5, 1.5])
    assert found.agreement is not None
    assert found.agreement.verdict == "disagree"
    assert found.agreement.max_relative_error is not None
    assert found.agreement.max_relative_error > 1e-9
    assert found.exit_code == ExitCode.NEGATIVE


def test_one_wrong_variable_is_enough(spoiled: Callable[..., None]) -> None:
    """The verdict is over all of them."""
    spoiled("cos", lambda g: -g)
    found = report("sin(a)*b + cos(c)", a=1.0, b=2.0, c=3.0)
    assert found.agreement is not None
    assert found.agreement.verdict == "disagree"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("sin(x)^2 + cos(x)^2", {"x": 0.7}),
        ("sum(x - mean(x))", {"x": [1.0, 2.0, 4.0]}),
        ("x/x + y", {"x": 0.3, "y": 1.0}),
    ],
)
def test_what_cancels_to_nothing_agrees(text: str, values: dict[str, object]) -> None:
    """A derivative that is 0 up to rounding is 0."""
    found = report(text, **values)
    assert found.agreement is not None
    assert found.agreement.verdict == "agree"
    assert np.max(np.abs(found.gradient["x"])) <= 1e-15


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("(1 - cos(x))/x^2", {"x": 1e-6}),
        ("cbrt(w) + (1 - cos(x))/x^2", {"x": 1e-6, "w": -8.0}),
        ("where(w > 0, sqrt(w), 0) + (1 - cos(x))/x^2", {"x": 1e-6, "w": -8.0}),
        ("where(w > 0, log(w), w) + abs(w) + (1 - cos(x))/x^2", {"x": 1e-6, "w": -8.0}),
        ("asin(w)*0 + sign(w)*relu(w) + norm([w, 1]) + prod([w, 2]) + (1 - cos(x))/x^2", {"x": 1e-6, "w": -0.5}),
    ],
)
def test_lost_digits_are_told_from_a_disagreement(text: str, values: dict[str, object]) -> None:
    """With many digits both are the same, whatever else is in the expression."""
    found = report(text, **values).agreement
    assert found is not None
    assert found.verdict == "agree"
    assert found.cause is not None
    assert "cancellation" in found.cause
    assert found.max_relative_error is not None
    assert found.max_relative_error > 1e-9


@pytest.mark.parametrize("text", ["d(norm(x)^2, x)[0]", "d(hypot(x[0], x[1])^2, x)[1]"])
def test_conventions_at_a_kink_are_no_disagreement(text: str) -> None:
    """The formula is the limit there."""
    found = report(text, x=[0.0, 0.0])
    assert found.kinks
    assert found.exit_code == 0
    assert found.agreement is not None
    assert found.agreement.verdict == "unchecked"


def test_gradients_have_their_variables_shapes() -> None:
    """Numbers are float64, also where a variable has no influence."""
    found = diffcli.grad("sum(A[0]*x) + 0*w", A=np.ones((2, 3)), x=np.ones(3), w=1.0)
    assert {name: np.shape(partials) for name, partials in found.gradient.items()} == {"A": (2, 3), "x": (3,), "w": ()}
    assert found.gradient["A"].tolist() == [[1.0] * 3, [0.0] * 3]
    assert isinstance(found.gradient["w"], np.float64)


@pytest.mark.parametrize(
    "text",
    ["where(x > 0, x, 1)", "hypot(x, 1)", "max([x, 1])", "abs(x)", "norm([x, 1])", "prod([x, 1])", "[x, 1][0]", "x"],
)
def test_a_number_has_a_number_for_a_gradient(text: str) -> None:
    """A float64, as its value is, not an array without axes."""
    found = diffcli.grad(text, x=2.0)
    assert isinstance(found.gradient["x"], np.float64)
    assert isinstance(found.at["x"], np.float64)
    assert type(found.value) is float


def test_a_vector_has_no_gradient() -> None:
    """The error names what makes a number of it."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad("x*x", x=[1.0, 2.0])
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == "E304"
    assert diagnostic.labels[0].text == "shape (2,)"
    assert diagnostic.hint is not None
    for word in ("sum(x*x)", "jacobian", "--cotangent"):
        assert word in diagnostic.hint
