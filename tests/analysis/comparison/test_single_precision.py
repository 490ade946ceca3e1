"""`compare` in single precision: a gradient check that fails there is reproduced, and single precision named for it."""

import json
from typing import Any

import numpy as np
import pytest
from command import answer
from hypothesis import given, settings
from hypothesis import strategies as st

import diffcli

#: Expression, values, the variable looked at, what the explanation says.
CAUSES = [
    ("(1 - cos(x))/x", {"x": 1e-3}, "x", "1 - cos(x) is 4.76837e-07 in place of 5e-07: its terms cancel"),
    ("log(1 + exp(x))", {"x": 100}, "x", "exp(x) is 2.69e+43, and single precision ends at 3.4e38"),
    ("exp(x)", {"x": 100}, "x", "exp(x) is 2.69e+43, and single precision ends at 3.4e38"),
    ("x^2", {"x": 1e20}, "x", "the difference has no value, for x^2 is 1e+40, and single precision ends at 3.4e38"),
    ("x^2*1e-30*1e-30*1e30*1e30", {"x": 2}, "x", "x^2*1e-30*1e-30 is 4e-60, and single precision has fewer digits"),
    ("x*y*1e-44", {"x": 1e-3, "y": 2}, "x", "single precision has fewer digits below 1.2e-38, and none below 1.4e-45"),
    ("(x + 1 - x)*y", {"x": 16777216, "y": 3}, "y", "x + 1 is 16777217, but above 2^24 = 16777216"),
    ("(x - 16777216)^2", {"x": 16777217}, "x", "x = 16777217 is no number of single precision, which takes 16777216"),
    (
        "mean(x*x) + 1000",
        {"x": [1, 2, 3]},
        "x",
        "both modes are right, the difference is 0.669685 in place of 0.666667",
    ),
    ("sin(100*x)", {"x": 1}, "x", "so long a step, 0.0049, bends the curve, and singles need it"),
    ("sin(x*y)", {"x": 12345.67, "y": 7.1}, "x", "cos(x*y) is -0.776827 in place of -0.778427, since its operands"),
]
#: Expressions of which nothing is lost.
HARMLESS = [
    ("mean(x*x)", {"x": [1, 2, 3]}),
    ("x^2*exp(y)", {"x": 3, "y": 0.1}),
    ("sum(tanh(x)*[1, 2, 3])", {"x": [0.1, 0.2, 0.3]}),
    ("det(A)", {"A": [[2, 1], [1, 3]]}),
    ("logsumexp(x)", {"x": [1.5, 0.3]}),
]


@pytest.mark.parametrize(("text", "at", "name", "said"), CAUSES)
def test_single_precision_is_named_as_the_cause(text: str, at: dict[str, Any], name: str, said: str) -> None:
    """Where double precision is right; the same point in double precision has nothing to explain."""
    report = diffcli.compare(text, at, dtype="float32")
    found = next(partial for partial in report.partials if partial.variable == name)
    assert found.judgement.cause == "single-precision"
    assert found.judgement.explanation.startswith("single precision is the cause: ")
    assert said in found.judgement.explanation
    double = next(partial for partial in diffcli.compare(text, at).partials if partial.variable == name)
    assert double.judgement.cause in ("agree", "rounding")


@pytest.mark.parametrize(("text", "at"), HARMLESS)
def test_ordinary_rounding_is_no_cause(text: str, at: dict[str, Any]) -> None:
    report = diffcli.compare(text, at, dtype="float32")
    assert {partial.judgement.cause for partial in report.partials} <= {"agree", "rounding"}


def test_the_answers_are_those_of_each_precision() -> None:
    """Modes in singles, double precision beside them, and the step of PyTorch's gradcheck."""
    [partial] = diffcli.compare("x^2", x=3.1, dtype="float32").partials
    answers = partial.answers
    assert answers["reverse"].value == answers["forward"].value == np.float32(6.2)
    assert answers["float64"].value == 2 * float(np.float32(3.1))
    step, x = np.float32(1e-6), np.float32(3.1)
    by_hand = float((x + step) ** 2 - (x - step) ** 2) / 2e-6
    assert answers["gradcheck"].value == pytest.approx(by_hand, rel=1e-12)
    assert answers["difference"].value == pytest.approx(6.2, rel=1e-4)


@pytest.mark.parametrize(
    ("text", "at", "cause"),
    [
        ("(1 - cos(x))/x^2", {"x": 1e-5}, "cancellation"),
        ("log(1 + exp(x))", {"x": 1000}, "overflow"),
        ("abs(x)", {"x": 0}, "kink"),
        ("sqrt(x)", {"x": 0}, "edge-of-domain"),
        ("relu(x) + y^2", {"x": 0, "y": 1}, "kink"),
    ],
)
def test_what_double_precision_does_not_cure_keeps_its_cause(text: str, at: dict[str, Any], cause: str) -> None:
    report = diffcli.compare(text, at, dtype="float32")
    assert report.verdict == cause
    if cause in ("cancellation", "overflow"):
        assert "so does double precision" in report.partials[0].judgement.explanation


@pytest.mark.filterwarnings("ignore:Input #0 requires gradient and is not a double precision:UserWarning")
def test_torchs_own_gradcheck_fails_where_ours_says_it_does() -> None:
    """With its usual step, and passes with the one that suits singles."""
    torch = pytest.importorskip("torch")
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)

    def checked(value: Any, step: float) -> bool:
        return bool(torch.autograd.gradcheck(value, (x,), eps=step, atol=0.0, rtol=1e-3, raise_exception=False))

    def unmoved(x: Any) -> Any:
        return (x * x).mean() + 100000

    def plain(x: Any) -> Any:
        return (x * x).mean()

    passed = [checked(value, step) for value, step in ((unmoved, 1e-6), (unmoved, 0.0049), (plain, 1e-6))]
    assert passed == [False, False, False]
    assert checked(plain, 0.0049)
    for text, cause in (("mean(x*x) + 100000", "single-precision"), ("mean(x*x)", "agree")):
        [partial] = diffcli.compare(text, x=[1, 2, 3], dtype="float32").partials
        assert partial.judgement.cause == cause
        assert partial.answers["gradcheck"].relative_error > 1e-3


def test_the_sweep_ends_where_singles_do() -> None:
    [sweep] = diffcli.compare("x^2", x=3.1, dtype="float32", sweep=True).sweeps
    assert sweep.rows[-1].step == 1e-7
    assert sweep.rows[-1].central == 1.0  # the step is lost


def test_json_has_the_verdict_and_the_shortest_decimals() -> None:
    document = json.loads(answer(["compare", "x^2 + 100000", "--at", "0.1", "--dtype", "float32", "--json"]).out)
    partial = document["partials"]["x"]
    assert document["dtype"] == "float32"
    assert document["gradient"] == {"x": 0.2}
    assert partial["methods"]["reverse"]["value"] == 0.2
    assert partial["verdict"] == document["verdict"] == "single-precision"


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(
        ["exp(x)/(1 + y^2)", "x*y - sin(x)", "log(2 + x^2)*y", "sqrt(1 + x^2 + y^2)", "tanh(x*y) + 10^3*x"]
    ),
    st.floats(-3, 3),
    st.floats(-3, 3),
)
def test_rules_are_never_accused_of_what_singles_lose(text: str, x: float, y: float) -> None:
    """And wherever single precision is the cause, the methods that are named are off."""
    for partial in diffcli.compare(text, x=x, y=y, dtype="float32").partials:
        assert partial.judgement.cause in ("agree", "rounding", "single-precision")
        for name, method in (("reverse mode", "reverse"), ("forward mode", "forward")):
            if name in partial.judgement.wrong:
                assert partial.answers[method].relative_error > 1e-4
