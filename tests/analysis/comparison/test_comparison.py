"""`compare`: the methods, the verdicts and their causes."""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from random import Random

import pytest
from amount import PATIENCE, SLACK, seeds

import diffcli
from diffcli.analysis.comparison.differences import extrapolated, first_step
from diffcli.errors import DiffcliError, ExitCode

#: Expression, values, the verdict by variable, the exit code.
VERDICTS = [
    ("mean(x*x)", {"x": [1, 2, 3]}, {"x": "agree"}, 0),
    ("log(x)*y", {"x": 2, "y": 3}, {"x": "agree", "y": "agree"}, 0),
    (
        "sum((A@x - b)^2)",
        {"A": [[1, 2], [3, 4]], "x": [1, 2], "b": [0, 1]},
        {"A": "agree", "x": "agree", "b": "agree"},
        0,
    ),
    ("polygamma(x, 1)", {"x": 2.5}, {"x": "agree"}, 0),
    ("x", {"x": 1e300}, {"x": "agree"}, 0),
    ("x*0 + y", {"x": 1, "y": 2}, {"x": "agree", "y": "agree"}, 0),
    ("log(x)", {"x": 1e-12}, {"x": "agree"}, 0),
    ("log(x)", {"x": 1.7e308}, {"x": "agree"}, 0),  # whose neighbours overflow, without a warning
    ("sin(x)", {"x": 1e8}, {"x": "agree"}, 0),
    ("exp(x)", {"x": 700}, {"x": "agree"}, 0),
    ("where(x > 0, sqrt(x), 0)", {"x": -1}, {"x": "agree"}, 0),
    ("x^2", {"x": 0}, {"x": "agree"}, 0),
    ("sum(softmax(x)*[1, 2, 3])", {"x": [1, 1, 1]}, {"x": "rounding"}, 0),
    ("(1 - cos(x))/x^2", {"x": 1e-5}, {"x": "cancellation"}, 0),
    ("sin(x)*1e20 - sin(x)*1e20 + x", {"x": 1}, {"x": "cancellation"}, 0),
    ("log(1 + exp(x))", {"x": 1000}, {"x": "overflow"}, 3),
    ("abs(x)", {"x": 0}, {"x": "kink"}, 0),
    ("relu(x) + y^2", {"x": 0, "y": 1}, {"x": "kink", "y": "agree"}, 0),
    ("sum(relu(x))", {"x": [-1, 0, 2]}, {"x": "kink"}, 0),
    ("max(x, y)", {"x": 1, "y": 1}, {"x": "kink", "y": "kink"}, 0),
    ("max(x)", {"x": [3, 3, 1]}, {"x": "kink"}, 0),
    ("floor(x) + x", {"x": 1}, {"x": "kink"}, 0),
    ("sqrt(x^2)", {"x": 0}, {"x": "kink"}, 3),
    ("cbrt(x)", {"x": 0}, {"x": "kink"}, 3),
    ("sqrt(x)", {"x": 0}, {"x": "edge-of-domain"}, 3),
    ("x^x", {"x": 0}, {"x": "edge-of-domain"}, 3),
    ("x^1.5", {"x": 0}, {"x": "edge-of-domain"}, 0),
    ("asin(x)*y", {"x": 1, "y": 0.5}, {"x": "edge-of-domain", "y": "agree"}, 3),
    # numbers far apart need more digits, kinks and poles close by a shorter step
    ("hypot(x, y)", {"x": 1e200, "y": 1e200}, {"x": "agree", "y": "agree"}, 0),
    ("lgamma(x)", {"x": 1e300}, {"x": "agree"}, 0),
    ("x^2", {"x": 1e-300}, {"x": "agree"}, 0),
    ("min(x, y)", {"x": 1, "y": 1 + 2**-52}, {"x": "agree", "y": "agree"}, 0),
    ("relu(sin(x))", {"x": math.pi}, {"x": "agree"}, 0),
    ("tan(x)", {"x": math.pi / 2}, {"x": "agree"}, 0),
    ("sin(1e20*x)", {"x": 1.3}, {"x": "cancellation"}, 0),
    # derivatives that are 0, tiny, or larger than a double
    ("x*abs(x)", {"x": 0}, {"x": "agree"}, 0),
    ("sum(softmax(x))", {"x": [1, 2, 3]}, {"x": "rounding"}, 0),
    ("softmax(x)[0]", {"x": [100, 1, -100]}, {"x": "agree"}, 0),
    ("1/x", {"x": 1e-300}, {"x": "overflow"}, 3),
    # formulas that are not defined at the point
    ("det(A)", {"A": [[1, 2], [2, 4]]}, {"A": "agree"}, 0),
    ("x^y", {"x": 0, "y": 2}, {"x": "agree", "y": "agree"}, 0),
    ("binary_cross_entropy(x, [0, 1])", {"x": [0.5, 1]}, {"x": "agree"}, 0),
    # conventions on the way that give another number than the expression has
    ("relu(x) - relu(-x)", {"x": 0}, {"x": "kink"}, 0),
    ("relu(x) - 2*relu(-x)", {"x": 0}, {"x": "kink"}, 0),
    ("cbrt(x)^3", {"x": 0}, {"x": "kink"}, 3),
    ("sqrt(x^4)", {"x": 0}, {"x": "kink"}, 3),
    ("atan2(y, x)", {"x": -1, "y": 0}, {"x": "agree", "y": "kink"}, 0),
    # a label has no neighbours
    ("cross_entropy(x, y)", {"x": [1, 2, 3], "y": 1}, {"x": "agree", "y": "isolated"}, 0),
    ("cross_entropy(x, y)", {"x": [[1, 2, 3], [3, 1, 0]], "y": [0, 2]}, {"x": "agree", "y": "isolated"}, 0),
    # nor has what is defined at one point alone
    ("sqrt(-x^2)", {"x": 0}, {"x": "isolated"}, 3),
    ("sqrt(-x^2 - y^2)", {"x": 0, "y": 0}, {"x": "isolated", "y": "isolated"}, 3),
    # derivatives so small that the value does not show them in few digits
    ("sigmoid(x)", {"x": 450}, {"x": "agree"}, 0),
    ("sigmoid(x)", {"x": 700}, {"x": "agree"}, 0),
    ("tanh(x)", {"x": 300}, {"x": "agree"}, 0),
    ("1 + erfc(x)", {"x": 20}, {"x": "agree"}, 0),
    ("x^2 + y^2", {"x": 1e-200, "y": 1}, {"x": "agree", "y": "agree"}, 0),
    ("1 + x^3", {"x": 1e-100}, {"x": "agree"}, 0),
    ("1e100 + exp(-x)", {"x": 400}, {"x": "agree"}, 0),
    # every digit is lost, and nobody is to blame
    ("log(x + 1) - log(x + 2)", {"x": 1e30}, {"x": "cancellation"}, 0),
    ("log(x + 1) - log(x + 2)", {"x": 1e60}, {"x": "cancellation"}, 0),
    ("1/x - 1/(x + 1)", {"x": 1e40}, {"x": "cancellation"}, 0),
    ("exp(lgamma(x*y))", {"x": 0.1, "y": -19.99999999}, {"x": "cancellation", "y": "cancellation"}, 0),
    # ties that hold all around
    ("max(A, triu(A))[0, 1]", {"A": [[1, 2], [3, 4]]}, {"A": "agree"}, 0),
    ("max([2*x, x + x])", {"x": 0.3}, {"x": "agree"}, 0),
    ("abs(x - x)*y + y", {"x": 3, "y": 1}, {"x": "agree", "y": "agree"}, 0),
]


@pytest.mark.fast
@pytest.mark.parametrize(
    ("expression", "values", "verdicts", "code"),
    VERDICTS,
    ids=[f"{case[0]}-{place}" for place, case in enumerate(VERDICTS)],
)
def test_verdicts(expression: str, values: dict[str, object], verdicts: dict[str, str], code: int) -> None:
    """Each variable's cause; nothing that is right is accused."""
    report = diffcli.compare(expression, values)
    assert {partial.variable: partial.judgement.cause for partial in report.partials} == verdicts
    assert report.exit_code == code
    assert report.culprit is None


#: Numbers written out: a formula of them has more operations than are computed in many digits unasked.
_TENTHS = ", ".join(str(number / 10) for number in range(1, 40))


def test_a_formula_is_judged_in_as_many_digits_as_the_truth() -> None:
    """Double precision loses eight digits of cos(t*exp(17)), in the formula as in reverse mode."""
    text = f"t = [{_TENTHS}]; sum((x[1]*cos(t*exp(x[0])) - t)^2)"
    report = diffcli.compare(text, x=[17.1253, 1.5], timeout=PATIENCE)
    assert report.partials[0].judgement.cause == "cancellation"
    assert "the formula" not in report.partials[0].judgement.wrong
    found = diffcli.grad(text, x=[17.1253, 1.5], symbolic=True, timeout=PATIENCE).agreement
    assert found is not None
    assert found.verdict == "agree"


def test_a_rule_next_to_a_pole_is_not_blamed_for_another(spoiled: Callable[..., None]) -> None:
    """A step that leads beyond the pole says nothing of lgamma."""
    spoiled("sin", lambda contribution: 2 * contribution)
    report = diffcli.compare("sin(y) + lgamma(x*1)", x=-2 + 2**-51, y=0.3)
    assert report.verdict == "disagree"
    assert report.culprit is not None
    assert report.culprit.primitive == "sin"


_APPLIED = (
    *(
        "sigmoid({})",
        "softplus({})",
        "tanh({})",
        "log(abs({}))",
        "log1p({}^2)",
        "exp(-abs({}))",
        "sqrt(abs({}))",
        "sin({})",
        "atan({})",
        "erf({})",
        "erfc({})",
    ),
    *(
        "lgamma({})",
        "digamma({})",
        "cbrt({})",
        "relu({})",
        "{}^2",
        "{}^-3",
        "expm1({})",
        "asinh({})",
        "silu({})",
        "log_sigmoid({})",
        "abs({})",
        "cosh({})",
        "1/{}",
    ),
)
_COMBINED = (
    "({}) + ({})",
    "({}) - ({})",
    "({})*({})",
    "({})/({})",
    "hypot({}, {})",
    "logaddexp({}, {})",
    "max({}, {})",
    "atan2({}, {})",
    "logsumexp([{}, {}])",
)


def at_extremes(seed: int) -> tuple[str, dict[str, float]]:
    """An expression of two or three functions, and a point somewhere in 300 orders of magnitude."""
    random = Random(seed)
    values = {
        name: random.choice((-1, 1))
        * random.uniform(1, 9)
        * 10.0 ** random.choice((0, random.randint(-3, 3), random.randint(-150, 150)))
        for name in "xy"
    }
    left, right = (random.choice((name, random.choice(_APPLIED).format(f"({name})"))) for name in "xy")
    text = random.choice(_COMBINED).format(left, right)
    return (random.choice(_APPLIED).format(f"({text})") if random.random() < 0.5 else text), values


@pytest.mark.parametrize("seed", seeds(12, 300, "DIFFCLI_EXTREMES"))
def test_nobody_is_accused_at_extreme_points(seed: int) -> None:
    """Whatever underflows, overflows or cancels: the rules are right."""
    text, values = at_extremes(seed)
    with suppress(DiffcliError):  # it is undefined there
        report = diffcli.compare(text, values)
        assert report.verdict != "disagree", [(partial.variable, partial.judgement) for partial in report.partials]
        assert report.culprit is None


def test_an_exact_number_that_is_none_is_compared() -> None:
    """The derivative is 1/(2*sqrt(0))*0; doubles and exact numbers say so."""
    (partial,) = diffcli.compare("sqrt(x^2)", x=0, exact=True).partials
    assert str(partial.answers["reverse"].value) == "nan"


@pytest.mark.fast
def test_every_method_answers() -> None:
    """All five, with errors relative to the formula, and a Taylor remainder of second order."""
    (x, y) = diffcli.compare("x^3*sin(y)", x=1.3, y=0.7).partials
    assert set(x.answers) == {"formula", "reverse", "forward", "complex-step", "difference"}
    for answer in (*x.answers.values(), *y.answers.values()):
        assert answer.relative_error is not None
        assert answer.relative_error <= 1e-10
    assert x.reference_is == "the formula in 50 digits"
    assert x.taylor_slope == pytest.approx(2, abs=1e-3)


def test_the_worst_element_is_named() -> None:
    """Of an array with one kink it is the element at the kink."""
    (partial,) = diffcli.compare("sum(abs(x))", x=[[1.0, 2.0], [0.0, 4.0]]).partials
    assert partial.place == (1, 0)
    assert (partial.truth.left, partial.truth.right) == (-1, 1)


def test_a_large_array_is_sampled() -> None:
    """All elements are compared with the formula, some with differences, and the report says how many."""
    (partial,) = diffcli.compare("sum(x^2)", x=list(range(1, 501))).partials
    assert partial.elements == 500
    assert 0 < partial.looked_at < 100


def test_without_a_formula_differences_decide() -> None:
    """No time for SymPy: a stated reason, everything else answered."""
    expression = " + ".join(f"sin(x*{number})^2" for number in range(1, 400))
    report = diffcli.compare(expression, x=1, timeout=0.3)
    (partial,) = report.partials
    assert partial.answers["formula"].value is None
    assert "within 0.3 s" in partial.answers["formula"].note
    assert partial.judgement.cause == "agree"
    assert partial.reference == pytest.approx(sum(number * math.sin(2 * number) for number in range(1, 400)), rel=1e-13)


def test_many_digits_have_a_time_limit() -> None:
    """What is too large to be explained keeps its other answers, within seconds."""
    start = time.monotonic()
    report = diffcli.compare(
        "sum(polygamma(x, 2)*abs(y))", x=[1 + 0.01 * place for place in range(100)], y=[0.0] * 100, timeout=8.0
    )
    assert time.monotonic() - start < 8.0 + SLACK
    assert report.verdict in ("kink", "unchecked")
    assert all(partial.answers["reverse"].value is not None for partial in report.partials)


@pytest.mark.parametrize(
    ("expression", "point"),
    [("sin(1e6*x)", 1.3), ("sin(x)", 1e8), ("expm1(x)/x", 1e-12), ("1/x", 1e300), ("acos(x)", 1 - 1e-15), ("x^3", 0)],
)
def test_the_remainder_does_not_contradict_the_verdict(expression: str, point: float) -> None:
    """No slope of 1 where all agree: steps are as short as the function is rough, and rounding is not measured."""
    (partial,) = diffcli.compare(expression, x=point).partials
    assert partial.judgement.cause in ("agree", "rounding")
    assert partial.taylor_slope is None or partial.taylor_slope > 1.9


def test_strict_makes_a_kink_a_failure() -> None:
    """Exit code 3, with the whole report."""
    assert diffcli.compare("relu(x)", x=0).exit_code == ExitCode.DONE
    assert diffcli.compare("relu(x)", x=0, strict=True).exit_code == ExitCode.NOT_FINITE
    assert diffcli.compare("relu(x)", x=1, strict=True).exit_code == ExitCode.DONE


def test_an_undefined_value_is_a_diagnostic() -> None:
    """There is nothing to compare."""
    with pytest.raises(DiffcliError, match="not defined") as raised:
        diffcli.compare("log(x)", x=-1)
    assert raised.value.diagnostic.exit_code == ExitCode.NOT_FINITE


def test_costs_are_counted() -> None:
    """Reverse mode takes one sweep, forward mode and the complex step one for each element, differences many."""
    costs = {cost.method: cost for cost in diffcli.compare("sum(x*x*y)", x=[1, 2, 3], y=2).costs}
    assert (costs["reverse mode"].sweeps, costs["forward mode"].sweeps, costs["complex step"].sweeps) == (1, 4, 4)
    assert costs["differences"].sweeps > 8
    assert costs["reverse mode"].size.tree >= costs["reverse mode"].size.shared


def test_the_sweep_of_steps_is_a_v() -> None:
    """The forward difference's error falls with the step, then grows;
    the least is near the root of the machine precision.
    """
    (sweep,) = diffcli.compare("exp(x)", x=1, sweep=True).sweeps
    errors = [row.forward for row in sweep.rows]
    best = errors.index(min(errors))
    assert len(sweep.rows) == 17
    assert 6 <= best <= 10
    assert errors[0] > 1e3 * errors[best]
    assert errors[-1] > 1e3 * errors[best]
    assert min(row.central for row in sweep.rows) < errors[best]


def test_formulas_swell_and_graphs_do_not() -> None:
    """The logistic map: the formula more than doubles with each iteration, the graph gains the same few nodes."""
    growth = diffcli.compare("r*x*(1 - x)", x=0.3, r=3.7, wrt="x", grow=7).growth
    trees = [row.formula.tree for row in growth.rows]
    shared = [row.graph.shared for row in growth.rows]
    assert all(after > 2 * before for before, after in pairwise(trees[1:]))
    assert len({after - before for before, after in pairwise(shared[1:])}) == 1
    x, slope = 0.3, 1.0
    for row in growth.rows:
        x, slope = 3.7 * x * (1 - x), slope * 3.7 * (1 - 2 * x)
        assert row.value == pytest.approx(x, rel=1e-14)
        assert row.derivative == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize(
    ("grow", "values", "code"), [(0, {"x": 1}, "E403"), (10_000, {"x": 1}, "E403"), (3, {"x": [1, 2]}, "E304")]
)
def test_bad_iterations(grow: int, values: dict[str, object], code: str) -> None:
    """A count out of range, a variable that the result cannot stand for."""
    with pytest.raises(DiffcliError) as raised:
        diffcli.compare("sum(x^2)", values, grow=grow)
    assert raised.value.diagnostic.code == code


@pytest.mark.parametrize("position", [0.0, 1e-9, 1.0, -3.0, 1e6])
def test_extrapolated_differences(position: float) -> None:
    """Ten digits and an honest estimate of the error, wherever the point is."""
    found = extrapolated(lambda by: math.sin(position + by), first_step(position))
    assert abs(found.value - math.cos(position)) <= 1e-9
    assert abs(found.value - math.cos(position)) <= 100 * found.error + 1e-12


def test_differences_keep_off_the_edge_of_a_domain() -> None:
    """Steps shrink until the function is defined on both sides."""
    found = extrapolated(lambda by: math.sqrt(1e-6 + by) if by > -1e-6 else math.nan, first_step(1e-6))
    assert found.value == pytest.approx(500, rel=1e-8)
