"""Why a run ended: the statuses, the measured numbers, and that the sentences say what the numbers do."""

import json
import time
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
from amount import sampled
from command import answer
from hypothesis import given, settings
from hypothesis import strategies as st

import diffcli
from diffcli.analysis.descent.convergence_rate import Record, pace, steps_needed
from diffcli.analysis.descent.descent_report import DescentReport
from diffcli.analysis.descent.diagnosis import Status
from diffcli.errors import ExitCode
from diffcli.execute.spectra import ends

ROSENBROCK = "100*(y - x^2)^2 + (1 - x)^2"


def tutorial(lr: Any, **options: Any) -> DescentReport:
    return diffcli.descend("mean(x*x)", x=[1.0, 2.0, 3.0], lr=lr, **options)


def sentences(report: DescentReport) -> int:
    return sum(report.explanation.count(end) for end in (". ", ".\n")) + 1


# ---------------------------------------------------------------- the largest stable rate


@pytest.mark.parametrize("seed", sampled(range(10), 10))
def test_the_stable_rate_of_a_quadratic_is_the_true_one(seed: int) -> None:
    """Two over the largest eigenvalue, to 1e-10; just below it the run shrinks, just above it grows."""
    random = np.random.default_rng(seed)
    count = int(random.integers(2, 9))
    root = random.standard_normal((count, count))
    matrix = root @ root.T + 0.1 * np.eye(count)
    true = 2 / np.linalg.eigvalsh(matrix)[-1]
    start = random.standard_normal(count)

    def run(lr: Any, steps: int) -> DescentReport:
        return diffcli.descend("x @ A @ x / 2", x=start, A=matrix, wrt="x", lr=lr, steps=steps, tol=1e-9)

    below, above = run(0.99 * true, 50), run(1.01 * true, 2000)
    for report in (below, above):
        assert report.diagnosis.stable_rate == pytest.approx(true, rel=1e-10)
        assert report.diagnosis.stable_rate_at_start == pytest.approx(true, rel=1e-10)
    assert above.status == "diverged"
    assert "is above the largest stable rate" in above.explanation
    assert below.gradient_norm < below.history[0].gradient_norm
    assert "is below the largest stable rate" in below.explanation
    assert run("auto", 1).learning_rate == pytest.approx(true / 2, rel=1e-10)


def test_the_tutorials_stable_rate_is_three() -> None:
    """2.99 converges, 3.01 diverges, 3 does neither, and the text says so."""
    stays, turns, leaves, far = tutorial(2.99), tutorial(3.0), tutorial(3.01), tutorial(3.1)
    for report in (stays, turns, leaves, far):
        assert report.diagnosis.stable_rate == pytest.approx(3, rel=1e-14)
        assert sentences(report) <= 3
    assert (stays.status, turns.status, leaves.status) == ("step-limit", "oscillating", "diverged")
    assert "The run converges" in stays.explanation
    assert "lr 2.99 is below the largest stable rate 3 = 2/lambda_max" in stays.explanation
    assert "lr 3 is just the largest stable rate 3 = 2/lambda_max: the steps no longer shrink." in turns.explanation
    assert "lr 3.01 is above the largest stable rate 3 = 2/lambda_max" in leaves.explanation
    assert "lr 3.1 is above the largest stable rate 3 = 2/lambda_max" in far.explanation
    assert tutorial(2.99, steps=3000).status == "converged"


def test_the_sign_is_turned_for_ascent() -> None:
    """What bends downward is what limits the rate."""
    report = diffcli.ascend("-mean(x*x)", x=[1.0, 2.0, 3.0], lr=3.1)
    assert report.diagnosis.stable_rate == pytest.approx(3, rel=1e-14)
    assert "lr 3.1 is above the largest stable rate 3 = 2/|lambda_min|" in report.explanation
    report = diffcli.ascend("x^2", x=1.0, lr=0.5, steps=200)
    assert (report.status, report.diagnosis.stable_rate) == ("diverged", None)
    assert "bends downward in no direction at the start" in report.explanation


@pytest.mark.parametrize(("start", "steps", "status"), [(0.01, 5, "diverged"), (0.3, 5, "step-limit")])
def test_a_minimum_at_a_kink_is_not_denied(start: float, steps: int, status: str) -> None:
    """Nothing bends beside it, and yet a smaller rate leads there."""
    report = diffcli.descend("abs(x)", x=start, lr=0.2, steps=steps)
    assert report.status == status
    assert "the slope turned round in the last step, as at a kink" in report.explanation
    assert "no --lr" not in report.explanation
    assert "a larger --lr" not in report.explanation
    nearer = diffcli.descend("abs(x)", x=start, lr=0.02, steps=20)
    assert nearer.value < min(abs(start), report.value) + 1e-15


def test_both_rates_are_told_where_start_and_end_differ() -> None:
    """x^4 is steep at 1 and flat near 0."""
    report = diffcli.descend("x^4", x=1.0, lr=0.1, steps=50)
    x = float(report.final["x"])
    assert report.diagnosis.stable_rate == pytest.approx(2 / (12 * x**2), rel=1e-12)
    assert report.diagnosis.stable_rate_at_start == pytest.approx(2 / 12, rel=1e-12)
    assert "at the end (0.167 at the start)" in report.explanation


def test_only_plain_descent_is_compared_with_it() -> None:
    """The bound holds for no other rule."""
    for options in (
        {"optimizer": "adam"},
        {"optimizer": "momentum"},
        {"optimizer": "lbfgs", "lr": None},
        {"hyperparameters": {"weight_decay": 0.1}},
    ):
        report = diffcli.descend("mean(x*x)", x=[1.0, 2.0, 3.0], steps=5, **{"lr": 0.01, **options})  # type: ignore[arg-type]  # options of any type
        assert report.diagnosis.stable_rate is None
        assert "stable rate" not in report.explanation


# ---------------------------------------------------------------- --lr auto


def test_the_automatic_rate() -> None:
    """1/|lambda|: of a bowl its best single rate, of a hill no overshooting; without curvature the usual one."""
    assert (tutorial("auto").learning_rate, tutorial("auto").iterations) == (pytest.approx(1.5, rel=1e-14), 1)
    assert diffcli.descend("x^2 - 5*y^2", x=1.0, y=1.0, lr="auto", steps=1).learning_rate == pytest.approx(
        0.1, rel=1e-14
    )
    assert diffcli.ascend("-x^2", x=3.0, lr="auto").learning_rate == pytest.approx(0.5, rel=1e-14)
    for text, optimizer, usual in (("3*x", "gd", 0.1), ("sqrt(x - 1)", "gd", 0.1), ("x^2", "adam", 0.001)):
        report = diffcli.descend(text, x=1.0, lr="auto", optimizer=optimizer, steps=1)
        assert (report.learning_rate, report.settings.automatic) == (usual, False)


def test_the_automatic_rate_is_said() -> None:
    """In the heading and in the document, beside other rates too."""
    done = answer(["descend", "mean(x*x)", "--at", "1,2,3", "--lr", "auto"])
    assert (done.code, done.err) == (0, "")
    assert "learning rate 1.5 (auto: 1/|lambda| of the Hessian at the start)" in done.out
    document = json.loads(answer(["descend", "mean(x*x)", "--at", "1,2,3", "--lr", "0.1,auto", "--json"]).out)
    assert [(run["learning_rate"], run["automatic_rate"]) for run in document["runs"]] == [(0.1, False), (1.5, True)]


def test_automatic_descent_of_random_bowls_never_overshoots() -> None:
    """The value falls at every step."""
    random = np.random.default_rng(7)
    for _ in range(5):
        root = random.standard_normal((4, 4))
        report = diffcli.descend(
            "x @ A @ x", x=random.standard_normal(4), A=root @ root.T, wrt="x", lr="auto", steps=30
        )
        values = [iterate.value for iterate in report.history]
        assert all(after <= before * (1 + 1e-14) for before, after in pairwise(values))


# ---------------------------------------------------------------- kinds of points


@pytest.mark.parametrize(
    ("text", "at", "status", "point", "words"),
    [
        (
            "(x - 1)^2",
            {"x": 0.0},
            "converged",
            "minimum",
            "It is a minimum: the least eigenvalue of the Hessian is 2, above 0.",
        ),
        (
            "x^2 - y^2",
            {"x": 1.0, "y": 0.0},
            "converged",
            "saddle",
            "It is a saddle: the eigenvalues of the Hessian go from -2 to 2, so the value falls",
        ),
        (
            "-x^2",
            {"x": 0.0},
            "converged",
            "maximum",
            "It is a maximum: the largest eigenvalue of the Hessian is -2, below 0.",
        ),
        ("x^4", {"x": 0.0}, "converged", "flat", "all eigenvalues of the Hessian are 0"),
        ("x^2 + 0*y", {"x": 1.0, "y": 1.0}, "converged", "flat", "It is flat in 1 direction"),
        ("tanh(x)", {"x": -8.0}, "plateau", "plateau", "It is a plateau, not a minimum"),
        ("tanh(x)", {"x": -6.0}, "plateau", "plateau", "It is a plateau, not a minimum"),
        ("exp(-x)", {"x": 14.0}, "plateau", "plateau", "It is a plateau, not a minimum"),
        ("-tanh(x)^2", {"x": 10.0}, "plateau", "plateau", "It is a plateau, not a minimum"),
        ("abs(x)", {"x": 0.0}, "converged", "not-smooth", "It sits on a kink"),
    ],
)
def test_the_point_is_judged_by_eigenvalues(
    text: str, at: dict[str, float], status: str, point: str, words: str
) -> None:
    """At most three sentences, and the exit code follows from the status."""
    report = diffcli.descend(text, **at)
    assert (report.status, report.diagnosis.point) == (status, point)
    assert words in report.explanation
    assert sentences(report) <= 3
    assert report.exit_code == (ExitCode.NEGATIVE if status == "plateau" else ExitCode.DONE)


@pytest.mark.parametrize(
    ("text", "at", "point", "eigenvalues", "stable"),
    [
        ("1e12*x^2 - y^2", {"x": 0.0, "y": 0.0}, "saddle", (-2.0, 2e12), 1e-12),
        ("x^2 - 1e12*y^2", {"x": 3.0, "y": 0.0}, "saddle", (-2e12, 2.0), 1.0),
        ("1e20*(x - 1)^2 + 1e-20*(y - 1)^2", {"x": 1.0, "y": 1.0}, "minimum", (2e-20, 2e20), 1e-20),
        ("(x - y)^2 - 1e-250*(x + y)^2", {"x": 0.0, "y": 0.0}, "saddle", (-4e-250, 4.0), 0.5),
        ("abs(x)^2", {"x": 0.0}, "not-smooth", (0.0, 0.0), None),
        ("elu(x) - x", {"x": 0.0}, "not-smooth", (1.0, 1.0), 2.0),
    ],
)
def test_the_point_is_judged_at_any_scale(
    text: str, at: dict[str, float], point: str, eigenvalues: tuple[float, float], stable: float | None
) -> None:
    """Each variable in its own: small eigenvalues beside large ones are not 0."""
    found = diffcli.descend(text, at).diagnosis
    assert (found.point, found.smallest_eigenvalue, found.largest_eigenvalue) == (
        point,
        pytest.approx(eigenvalues[0]),
        pytest.approx(eigenvalues[1]),
    )
    assert found.stable_rate == (None if stable is None else pytest.approx(stable))


@pytest.mark.parametrize(
    ("text", "at", "place"),
    [
        ("1e-9*(x - 1)^2", {"x": 0.0}, "minimum"),
        ("1e6*(x - 1)^2 + 1e-9*(y - 2)^2", {"x": 1.0, "y": 3.0}, "minimum"),
        ("x*y", {"x": 1e-9, "y": 1e-9}, "saddle"),
    ],
)
def test_a_slope_within_the_tolerance_may_be_far_from_the_minimum(text: str, at: dict[str, float], place: str) -> None:
    """It is converged, as the tolerance says, and no minimum."""
    report = diffcli.descend(text, at)
    assert (report.status, report.diagnosis.point) == ("converged", "not-stationary")
    assert f"a Newton step leads to a {place} farther on, and so does a smaller --tol." in report.explanation
    assert "It is a minimum" not in report.explanation


#: What the values tend to; inf where they go on and on, None where there is a minimum.
HORIZONS: list[tuple[str, dict[str, Any], float | None, dict[str, Any]]] = [
    ("exp(x)", {"x": 0.0}, 0.0, {}),
    ("exp(x) + 5", {"x": 0.0}, 5.0, {}),
    ("exp(x)", {"x": -800.0}, 0.0, {}),
    ("softplus(x)", {"x": 0.0}, 0.0, {"lr": 5.0}),
    ("1/x", {"x": 1.0}, 0.0, {}),
    ("tanh(x)", {"x": -8.0}, -1.0, {}),
    ("cosh(x) + exp(y)", {"x": 1.0, "y": 0.0}, 1.0, {"steps": 300}),
    ("cross_entropy(x, 0)", {"x": [0.0, 0.0, 0.0]}, 0.0, {"lr": 1.0, "steps": 300}),
    ("x - y", {"x": 1.0, "y": 0.0}, np.inf, {"steps": 9}),
    ("x^2", {"x": 3.0}, None, {"steps": 5}),
    ("x^4", {"x": 1.0}, None, {}),
    (ROSENBROCK, {"x": -1.2, "y": 1.0}, None, {"lr": 0.001}),
    ("1 - exp(-x^2)", {"x": 3.0}, None, {}),
]


@pytest.mark.parametrize(("text", "at", "limit", "options"), HORIZONS)
def test_a_minimum_that_is_not_there(
    text: str, at: dict[str, Any], limit: float | None, options: dict[str, Any]
) -> None:
    """No advice leads to it: the number that the values tend to is told; and the same upside down."""
    for report, bottom, moves, sign in (
        (diffcli.descend(text, at, **options), "minimum", "falls", 1),
        (diffcli.ascend(f"-({text})", at, **options), "maximum", "rises", -1),
    ):
        assert sentences(report) <= 3
        if limit is None:
            assert "in this direction" not in report.explanation
        else:
            assert f"There is no {bottom} in this direction" in report.explanation
            assert (
                f"the value {moves} and does not settle"
                if np.isinf(limit)
                else f"the value {moves} towards {sign * limit + 0:g} and" in report.explanation
            )


def test_a_sigmoid_has_no_maximum() -> None:
    report = diffcli.ascend("sigmoid(x)", x=0.0)
    assert (
        "There is no maximum in this direction: the value rises towards 1 and does not reach it." in report.explanation
    )
    assert "try a larger --lr" not in report.explanation


def test_a_slope_too_small_for_a_number_leads_nowhere() -> None:
    report = diffcli.ascend("x^y", x=5e-324, y=1e300, steps=5)
    assert report.status == "plateau"
    assert "in this direction" not in report.explanation


def test_a_separable_problem_has_no_minimum_and_another_has() -> None:
    """The losses of logistic regression."""
    rows, labels = [[1.0, 2.0], [2.0, 1.0], [-1.0, 0.0], [-3.0, 1.0], [5.0, 5.0]], [1.0, 1.0, -1.0, -1.0, -1.0]
    for count, there in ((4, False), (5, True)):
        report = diffcli.descend(
            "mean(softplus(-y*(X@w + b)))",
            X=rows[:count],
            y=labels[:count],
            w=[0.0, 0.0],
            b=0.0,
            wrt="w,b",
            lr=0.5,
            steps=500,
        )
        assert ("There is no minimum in this direction: the value falls towards 0" in report.explanation) != there


def test_a_curvature_that_fades_with_the_slope_is_flat() -> None:
    """Near the minimum of x^4 a Newton step leads nearer, but the curvature goes with the slope: that is no plateau."""
    report = diffcli.descend("x^4", x=1.0, tol=1e-3)
    assert (report.status, report.diagnosis.point) == ("converged", "flat")
    assert "fades together with the slope" in report.explanation


def test_a_slow_bowl_is_no_plateau() -> None:
    """The rate is tiny; the function is not flat."""
    report = tutorial(1e-9)
    assert (report.status, report.diagnosis.point) == ("step-limit", "not-stationary")
    assert report.diagnosis.steps_needed is None


QUADRATIC = st.lists(st.sampled_from([-2.0, -1e-3, -1e-9, 0.0, 1e-9, 1e-3, 1.0, 50.0]), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(curvatures=QUADRATIC, seed=st.integers(0, 2**16))
def test_a_minimum_is_never_claimed_over_a_negative_eigenvalue(curvatures: list[float], seed: int) -> None:
    """From a start on the ridge, where the slope along it is 0; and a maximum never over a positive one."""
    turn = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(curvatures),) * 2))[0]
    matrix = turn @ np.diag(curvatures) @ turn.T
    for descend in (diffcli.descend, diffcli.ascend):
        report = descend("x @ A @ x / 2", x=np.zeros(len(curvatures)), A=(matrix + matrix.T) / 2, wrt="x", steps=3)
        true = np.linalg.eigvalsh((matrix + matrix.T) / 2)
        assert report.status == "converged"
        assert report.diagnosis.smallest_eigenvalue == pytest.approx(true[0], rel=1e-12, abs=1e-13)
        assert report.diagnosis.largest_eigenvalue == pytest.approx(true[-1], rel=1e-12, abs=1e-13)
        if min(curvatures) < 0:
            assert report.diagnosis.point != "minimum"
            assert "is a minimum" not in report.explanation
        if max(curvatures) > 0:
            assert report.diagnosis.point != "maximum"
        if min(curvatures) < -1e-4 and max(curvatures) > 1e-4:
            assert report.diagnosis.point == "saddle"


@pytest.mark.parametrize("lowest", [-1.0, -0.05, 0.05])
def test_many_variables_are_judged_by_the_ends_of_the_spectrum(lowest: float) -> None:
    """400 variables, 50 products: the negative eigenvalue is found, and a minimum is claimed with its reservation."""
    curvatures = np.linspace(1.0, 4.0, 400)
    curvatures[17] = lowest
    start = np.where(np.arange(400) == 17, 0.0, 1.0)
    report = diffcli.descend("sum(c*x*x)/2", x=start, c=curvatures, wrt="x", lr=0.4, steps=500)
    assert (report.status, report.diagnosis.point) == ("converged", "saddle" if lowest < 0 else "minimum")
    assert report.diagnosis.smallest_eigenvalue == pytest.approx(lowest, rel=1e-6)
    assert report.diagnosis.stable_rate == pytest.approx(0.5, rel=1e-4)
    assert ("as far as 50 products" in report.explanation) == (lowest > 0)


def test_the_ends_of_spectra() -> None:
    """Lanczos against the diagonal: an eigenvalue is within the bound that it states, and the end within a hundredth of
    the spectrum's width.
    """
    for true in (
        np.linspace(-1, 5, 600),
        np.logspace(-3, 2, 300),
        np.full(400, -3.0),
        np.zeros(350),
        np.r_[np.zeros(300), -2.0, 7.0],
    ):
        for end, wanted in zip(
            ends(lambda point, true=true: {"x": true * point["x"]}, {"x": true}), (true.min(), true.max()), strict=True
        ):  # type: ignore[misc]
            if end is not None:
                assert np.min(np.abs(true - end.eigenvalue)) <= end.error + 1e-12 * np.max(np.abs(true))
                assert abs(end.eigenvalue - wanted) <= 0.01 * np.max(np.abs(true))
    assert ends(lambda point: {"x": point["x"] * np.nan}, {"x": np.ones(400)}) == (None, None)


# ---------------------------------------------------------------- pace


@pytest.mark.parametrize("limit", [6000, 12000])
def test_the_steps_that_are_still_needed(limit: int) -> None:
    """On Rosenbrock's function, in the valley: within a factor of 3 of what it then takes."""
    asked = diffcli.descend(ROSENBROCK, x=-1.2, y=1.0, lr=0.0018, steps=limit)
    whole = diffcli.descend(ROSENBROCK, x=-1.2, y=1.0, lr=0.0018, steps=10**5)
    assert (asked.status, whole.status) == ("step-limit", "converged")
    true, told = whole.iterations - limit, asked.diagnosis.steps_needed
    assert told is not None
    assert true / 3 <= told <= 3 * true
    assert f"about {told:,} more steps are needed" in asked.explanation


def test_the_pace_of_a_bowl_is_exact() -> None:
    """The factor is 1 - 2/3 lr, and the steps told are those that it takes."""
    for lr in (0.01, 0.1, 2.9):
        whole = tutorial(lr, steps=5000)
        asked = tutorial(lr, steps=40)
        assert asked.diagnosis.convergence_rate == pytest.approx(abs(1 - 2 * lr / 3), rel=1e-9)
        assert asked.diagnosis.steps_needed == pytest.approx(whole.iterations - 40, abs=1)
    assert whole.diagnosis.steps_needed == 0
    endless = tutorial(0.1, steps=40, tol=0.0)
    assert endless.diagnosis.steps_needed is None
    assert "The run converges: each step multiplies the gradient's norm by 0.933." in endless.explanation


@pytest.mark.parametrize(("text", "x"), [("x^4", 1.0), ("exp(-x)", 0.0)])
def test_a_pace_that_is_not_steady_is_not_told(text: str, x: float) -> None:
    """The norm falls like a power of the steps."""
    report = diffcli.descend(text, x=x)
    assert (report.diagnosis.convergence_rate, report.diagnosis.steps_needed) == (None, None)
    assert "How many more steps it needs cannot be told" in report.explanation


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "adagrad", "momentum", "nesterov", "gd"])
@pytest.mark.parametrize(
    ("lr", "x", "limit"), [(0.001, 3.0, 100), (0.001, 10.0, 1000), (0.01, 3.0, 100), (0.01, 50.0, 300)]
)
def test_steps_are_told_only_where_the_pace_fits(optimizer: str, lr: float, x: float, limit: int) -> None:
    """Adam's norm falls along a straight line; what is told is what it takes."""
    asked = diffcli.descend("(x - 1)^2", x=x, optimizer=optimizer, lr=lr, steps=limit)
    told = asked.diagnosis.steps_needed
    if optimizer == "gd":
        assert told is not None
    if told is not None:
        whole = diffcli.descend("(x - 1)^2", x=x, optimizer=optimizer, lr=lr, steps=20_000)
        assert told == pytest.approx(whole.iterations - asked.iterations, rel=0.1, abs=2)
    elif asked.status == "step-limit":
        assert "How many more steps it needs cannot be told" in asked.explanation


def test_a_fast_direction_does_not_hide_a_slow_one() -> None:
    """The norm is that of x at first, and y takes a thousand times longer."""
    report = diffcli.descend("x^2 + 0.0001*y^2", x=1e3, y=1.0, lr=0.1, steps=40)
    assert report.diagnosis.steps_needed is None


def test_a_changing_rate_has_no_pace() -> None:
    """What held for the rates so far does not hold for those to come."""
    report = diffcli.descend(
        "mean(x*x)", x=[1.0, 2.0, 3.0], lr=0.05, steps=100, schedule="exponential", hyperparameters={"gamma": 0.99}
    )
    assert report.diagnosis.steps_needed is None


def test_the_record_is_short_and_covers_the_run() -> None:
    """However long: at most 64 marks at equal distances, from the first point to nearly the last."""
    record = Record()
    for iteration in range(100_000):
        record = record.seen(iteration, 0.9999**iteration, 0.1)
    assert len(record.marks) < 64
    distances = np.diff([mark[0] for mark in record.marks])
    assert set(distances) == {record.stride}
    assert (record.marks[0][0], record.marks[-1][0] > 100_000 - record.stride) == (0, True)
    assert pace(record) == pytest.approx(0.9999, rel=1e-10)
    assert steps_needed(0.5, 8.0, 1.0) == 3
    assert (
        steps_needed(1.0, 8.0, 1.0),
        steps_needed(1.1, 8.0, 1.0),
        steps_needed(None, 8.0, 1.0),
        steps_needed(0.5, 8.0, 0.0),
    ) == (None,) * 4


# ---------------------------------------------------------------- the report


def test_every_status_is_reached() -> None:
    """By a run each; its exit code is that of the contract."""
    bowl = {"x": 3.0}
    runs = [
        diffcli.descend("x^2", **bowl),
        diffcli.descend("x^2", **bowl, steps=2),
        diffcli.descend("x^2", **bowl, lr=1.0),
        diffcli.descend("x^2", **bowl, lr=1.1),
        diffcli.descend("log(x)", **bowl, lr=5.0),
        diffcli.descend("x^2", **bowl, lr=1e-9, steps=10**9, timeout=0.02),
        diffcli.descend("x^2", **bowl, stopped=lambda: True),
        diffcli.descend("abs(x)", **bowl, lr=1.0, strict=True),
        diffcli.descend("cosh(x) + exp(x)", **bowl, optimizer="lbfgs", tol=0.0),
        diffcli.descend("tanh(x)", x=-8.0),
    ]
    expected = [
        "converged",
        "step-limit",
        "oscillating",
        "diverged",
        "not-finite",
        "time-limit",
        "interrupted",
        "kink",
        "stalled",
        "plateau",
    ]
    assert [run.status for run in runs] == expected
    assert set(expected) == set(get_args(Status))
    assert [int(run.exit_code) for run in runs] == [0, 0, 1, 1, 3, 4, 130, 3, 0, 1]
    assert all(sentences(run) <= 3 for run in runs)


def test_the_last_step_is_measured() -> None:
    """Its length, in the sentence and in the report."""
    report = tutorial(0.1)
    step = np.linalg.norm(report.history[-1].at["x"] - report.history[-2].at["x"])
    assert report.diagnosis.last_move == pytest.approx(step, rel=1e-15)
    assert f"the last step moved x by {step:.2g}." in report.explanation


def test_a_number_that_is_not_finite_comes_with_a_form_that_is() -> None:
    """The first bad number, and what was tried instead."""
    report = diffcli.descend("log(1 + exp(x))", x=800.0)
    assert report.explanation.startswith(
        "The starting point is not usable: exp(x) overflows at x = 800. Another form stays finite: softplus(x) is the "
        "same"
    )
    assert report.diagnosis.point is None


@pytest.mark.parametrize(
    ("optimizer", "given", "words"),
    [
        (
            "rmsprop",
            {"centered": True, "eps": 0, "alpha": 0},
            "denominator of rmsprop is 0, which eps=0 does not prevent; --set alpha=0.99 does.",
        ),
        ("adam", {"eps": 0}, "denominator of adam is 0, which eps=0 does not prevent; --set eps=1e-08 does."),
        ("adagrad", {"eps": 0}, "denominator of adagrad is 0, which eps=0 does not prevent; --set eps=1e-10 does."),
        (
            "momentum",
            {"momentum": 1.5},
            "a tenth of the learning rate leads away too, and the default, --set momentum=0.9, does not.",
        ),
        ("momentum", {"dampening": 5}, "dampening=5 is to blame"),
        ("rmsprop", {"alpha": 1.5}, "alpha=1.5 is to blame"),
        ("gd", {"weight_decay": 100}, "the learning rate 0.1 is too large"),
    ],
)
def test_the_hyperparameter_that_is_to_blame_is_named(optimizer: str, given: dict[str, Any], words: str) -> None:
    """And what is advised stays: it was tried."""
    at = {"x": 1.0, "y": 2.0 if "alpha=0.99" in words else 0.0}
    report = diffcli.descend("x^2 + y^2", at, optimizer=optimizer, hyperparameters=given)
    assert report.status in ("not-finite", "diverged")
    assert words in report.explanation
    assert ("learning rate 0.1 is too large" in words) == ("Try a smaller --lr" in report.explanation)
    if "--set" in report.explanation:
        name, _, value = report.explanation.split("--set ")[1].split(",")[0].split()[0].partition("=")
        again = diffcli.descend(
            "x^2 + y^2", at, optimizer=optimizer, hyperparameters={**given, name: float(value)}, steps=report.iterations
        )
        assert again.value <= again.history[0].value


def test_the_document_has_the_numbers() -> None:
    """Null for what was not measured."""
    document = json.loads(answer(["descend", "mean(x*x)", "--at", "1,2,3", "--lr", "3.1", "--json"]).out)
    assert document["diagnosis"] == {
        "point": None, "measured_at": "start", "smallest_eigenvalue": pytest.approx(2 / 3),
        "largest_eigenvalue": pytest.approx(2 / 3),
        "stable_rate": pytest.approx(3), "stable_rate_at_start": pytest.approx(3),
        "convergence_rate": pytest.approx(3.2 / 3), "steps_needed": None,
        "last_move": pytest.approx(document["history"][-1]["gradient_norm"] * 3.1 * 3 / 3.2), "not_measured": None,
    }  # fmt: skip


def test_measuring_costs_little() -> None:
    """A large problem is not measured after a few steps, and the text says so; nothing is measured at each step."""
    count = 200_000
    begin = time.process_time()
    report = diffcli.descend("sum(x^4 + x^2)", x=np.full(count, 0.3), lr=0.01, steps=3)
    assert time.process_time() - begin < 5
    assert (report.diagnosis.stable_rate, report.diagnosis.not_measured) == (None, "too-large")
    assert (
        "The largest stable rate was not measured, since it would take long compared with this run"
        in report.explanation
    )
    assert report.diagnosis == diffcli.descend("sum(x^4 + x^2)", x=np.full(count, 0.3), lr=0.01, steps=3).diagnosis
