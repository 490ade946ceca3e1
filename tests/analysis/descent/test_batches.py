"""Runs on the rows of data: batches, epochs, orders, rows held out;
against the same steps by hand and by other libraries.
"""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.analysis.data.binding import given_data
from diffcli.analysis.descent.batches import Batches
from diffcli.analysis.descent.data_split import limited, split
from diffcli.analysis.descent.planning import plans
from diffcli.analysis.descent.preparation import Preparation
from diffcli.analysis.descent.running import descent_report
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Position
from diffcli.analysis.problem import Problem, pose
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.source import Source

EXAMPLES = Path(__file__).parents[3] / "examples"
LINE = "param w = 0; param b = 0; mean((w*x + b - y)^2)"
X, Y = np.arange(10.0), 3 * np.arange(10.0) + np.sin(np.arange(10.0))


def line(rows: int = 10) -> Problem:
    return pose(Source(LINE), data=given_data({"x": X[:rows], "y": Y[:rows]}))


def iris(program: str, columns: str = "") -> Problem:
    data = given_data(Source(str(EXAMPLES / "iris.csv"), "--data"), [Source(columns, "--columns")] if columns else [])
    return pose(Source((EXAMPLES / program).read_text()), data=data)


def taken(batches: Batches, epochs: int) -> list[list[list[float]]]:
    """The values of x in each batch of each epoch."""
    found, position = [], Position()
    for _ in range(epochs):
        found.append([])
        for _ in range(batches.per_epoch):
            found[-1].append(batches.batch(position)[1]["x"].tolist())
            position = batches.following(position)
    assert position == Position(epochs, 0)
    return found


def made(problem: Problem, settings: Settings) -> Batches:
    batches = Preparation(problem, settings).batches
    assert batches is not None
    return batches


def test_an_epoch_takes_each_row_once_and_the_last_batch_what_is_left() -> None:
    assert taken(made(line(), Settings(batch_size=4)), 2) == [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]] * 2


def test_orders_differ_by_epoch_and_seed_and_are_the_same_again() -> None:
    plan = Settings(batch_size=4, shuffle=True, seed=7)
    first = taken(made(line(), plan), 3)
    assert taken(made(line(), plan), 3) == first
    assert all(sorted(itertools.chain(*epoch)) == list(X) for epoch in first)
    assert first[0] != first[1] != first[2]
    assert taken(made(line(), replace(plan, seed=8)), 1) != first[:1]


def test_the_columns_stay_together() -> None:
    batches = made(line(), Settings(batch_size=3, shuffle=True))
    for number in range(batches.per_epoch):
        _, values = batches.batch(Position(2, number))
        assert values["y"].tolist() == [Y[int(x)] for x in values["x"]]


def test_steps_are_those_by_hand() -> None:
    """Each on its batch, in the order of its epoch; between epochs the value on all rows."""
    plan = Settings(lr=0.01, batch_size=4, shuffle=True, seed=5, steps=7)
    report = descent_report(line(), plan)
    order = list(itertools.chain(*taken(made(line(), plan), 3)))
    w = b = 0.0
    for iterate, batch in zip(report.history, order, strict=False):
        rows = np.array(batch, dtype=int)
        error = w * X[rows] + b - Y[rows]
        assert (float(iterate.at["w"]), float(iterate.at["b"])) == pytest.approx((w, b), rel=1e-13, abs=1e-15)
        assert iterate.value == pytest.approx(np.mean(error**2), rel=1e-13)
        whole = iterate.batch == 0 or iterate.iteration == 7
        assert iterate.train_value == (pytest.approx(np.mean((w * X + b - Y) ** 2), rel=1e-13) if whole else None)
        w, b = w - 0.01 * np.mean(2 * error * X[rows]), b - 0.01 * np.mean(2 * error)
    assert [(iterate.epoch, iterate.batch) for iterate in report.history] == [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 0),
        (1, 1),
        (1, 2),
        (2, 0),
        (2, 1),
    ]
    assert report.value == report.history[-1].train_value
    assert report.gradient_norm != report.history[-1].gradient_norm


@pytest.mark.parametrize("steps", [1, 6, 7, 8])
def test_a_resumed_run_is_the_uninterrupted_one(steps: int) -> None:
    """Within an epoch, at its end, with an optimizer and a schedule that remember."""
    [plan] = plans(
        line(), Settings(batch_size=3, shuffle=True, seed=2, holdout=0.2, steps=20), "adam", "0.05", "cosine"
    )
    whole = descent_report(line(), plan)
    part = descent_report(line(), replace(plan, steps=steps))
    rest = descent_report(line(), plan, checkpoint=part.checkpoint)
    assert repr(rest.history) == repr(whole.history[steps:])
    assert repr(rest.checkpoint) == repr(whole.checkpoint)
    assert (rest.status, rest.explanation) == (whole.status, whole.explanation)


@pytest.mark.parametrize(("part", "held"), [(0.1, 1), (0.25, 2), (0.5, 5), (0.9, 9)])
def test_rows_held_out_are_not_trained_on(part: float, held: int) -> None:
    """They are chosen by the seed, and each row is on one side."""
    train, other = split(line(), Settings(holdout=part, seed=3))
    assert other is not None
    assert len(other.values["x"]) == held
    assert sorted([*train.values["x"], *other.values["x"]]) == list(X)
    again = split(line(), Settings(holdout=part, seed=3)).held
    assert again is not None
    assert again.values["x"].tolist() == other.values["x"].tolist()


@pytest.mark.parametrize("batch_size", [None, 3])
def test_the_value_of_the_rows_held_out_is_reported(batch_size: int | None) -> None:
    plan = Settings(lr=0.01, holdout=0.3, seed=1, batch_size=batch_size, steps=12)
    report = descent_report(line(), plan)
    _, held = split(line(), plan)
    assert held is not None
    assert (report.train_rows, report.holdout_rows) == (7, 3)
    for iterate in report.history:
        if iterate.batch == 0:
            error = iterate.at["w"] * held.values["x"] + iterate.at["b"] - held.values["y"]
            assert iterate.holdout_value == pytest.approx(np.mean(error**2), rel=1e-12)
    assert report.history[-1].holdout_value is not None


def test_fitting_the_trained_rows_only_is_noted() -> None:
    """A line through two noisy rows fits the others worse and worse."""
    data = {"x": [1.0, 2.0, 1.5, 1.2], "y": [1.0, -5.0, 1.5, 1.0]}
    program = "param w = 1; param b = 0; mean((w*x + b - y)^2)"
    reports = [diffcli.descend(program, data=data, lr=0.1, steps=400, holdout=0.5, seed=seed) for seed in range(6)]
    notes = [report.holdout_note for report in reports]
    assert any(note and note.startswith("The rows held out were fitted best after epoch 0") for note in notes)
    assert None in notes


def test_epochs_are_steps() -> None:
    assert limited(line(), Settings(batch_size=4, epochs=5)).steps == 15
    assert limited(line(), Settings(batch_size=4, epochs=5, holdout=0.2)).steps == 10
    assert limited(line(), Settings(epochs=5)).steps == 5
    assert limited(line(), Settings(), 7).steps == 7
    assert limited(line(), Settings()).steps == 1000


def test_a_run_in_batches_converges_where_all_rows_agree() -> None:
    """The rows lie on a line: every batch has the same minimum, so the gradient on all rows vanishes too."""
    report = diffcli.descend(
        LINE, data={"x": [0, 1, 2, 3], "y": [1, 3, 5, 7]}, batch_size=2, shuffle=True, epochs=2000, lr=0.1
    )
    assert (report.status, report.exit_code) == ("converged", 0)
    assert (report.final["w"], report.final["b"]) == pytest.approx((2, 1), abs=1e-5)


def test_a_run_in_batches_diverges_with_long_steps() -> None:
    report = diffcli.descend(LINE, data={"x": X, "y": Y}, batch_size=5, lr=1.0)
    assert (report.status, report.exit_code) == ("diverged", 1)
    assert "smaller --lr" in report.explanation


def test_a_bad_row_is_found_before_its_batch_comes() -> None:
    report = diffcli.descend(LINE, data={"x": [0, 1, float("nan")], "y": [1, 3, 5]}, batch_size=1)
    assert (report.status, report.exit_code, report.iterations) == ("not-finite", 3, 0)
    assert report.explanation.startswith("The starting point is not usable: ")


def refused(problem: Problem, settings: Settings, steps: int | None = None) -> Diagnostic:
    with pytest.raises(DiffcliError) as caught:
        descent_report(problem, limited(problem, settings, steps))
    return caught.value.diagnostic


@pytest.mark.parametrize(
    ("options", "code", "place"),
    [
        ({"batch_size": 11}, "E403", "--batch-size"),
        ({"batch_size": 9, "holdout": 0.2}, "E403", "--batch-size"),
        ({"batch_size": 0}, "E403", "--batch-size"),
        ({"epochs": -1}, "E403", "--epochs"),
        ({"holdout": 1.0}, "E403", "--holdout"),
        ({"holdout": -0.1}, "E403", "--holdout"),
        ({"holdout": 0.01}, "E403", "--holdout"),
        ({"holdout": float("nan")}, "E403", "--holdout"),
        ({"seed": -1}, "E403", "--seed"),
    ],
)
def test_options_out_of_range(options: dict[str, Any], code: str, place: str) -> None:
    found = refused(line(), Settings(**options))
    assert found.source is not None
    assert (found.code, found.source.name) == (code, place)


def test_options_that_exclude_each_other() -> None:
    assert refused(line(), Settings(epochs=3), 5).code == "E402"
    assert refused(pose(Source("x^2"), wrt=("x",), complete=False), Settings(batch_size=3)).code == "E402"
    data = given_data({"x": X})
    assert (
        "cannot be changed"
        in refused(pose(Source("sum(w*x)"), wrt=("x", "w"), complete=False, data=data), Settings()).message
    )
    with pytest.raises(DiffcliError, match="takes no batches"):
        diffcli.descend(LINE, data={"x": X, "y": Y}, batch_size=2, optimizer="lbfgs")


def test_a_program_of_a_fixed_number_of_rows_takes_no_batches() -> None:
    """It is said before the first step."""
    with pytest.raises(DiffcliError) as caught:
        diffcli.descend("param w = 0; mean((w*x - y + zeros(10))^2)", data={"x": X, "y": Y}, batch_size=4)
    assert caught.value.diagnostic.code == "E301"


def test_a_wrong_label_is_found_in_whichever_row_it_is() -> None:
    data = {"z": np.ones((6, 2)), "label": [0, 1, 0, 1, 0, 2]}
    for options in ({"batch_size": 2}, {"holdout": 0.5}, {}):
        with pytest.raises(DiffcliError) as caught:
            diffcli.descend("param w = 1; cross_entropy(w*z, label)", data=data, **options)
        assert caught.value.diagnostic.code == "E306"


def _logistic(point: np.ndarray, table: np.ndarray, target: np.ndarray) -> float:
    logit = table @ point
    return float(np.mean(np.logaddexp(0, logit) - target * logit))


def _virginica() -> tuple[np.ndarray, np.ndarray]:
    """The logistic example's inputs and targets, read by NumPy."""
    rows = [text.split(",") for text in (EXAMPLES / "iris.csv").read_text().splitlines() if text[0].isdigit()]
    petals = np.array([[float(row[2]), float(row[3])] for row in rows])
    table = np.column_stack([(petals - [3.758, 1.1993]) / [1.759, 0.7597], np.ones(len(rows))])
    return table, np.array([float(row[4] == "virginica") for row in rows])


def test_the_logistic_fit_to_iris_is_that_of_scipy() -> None:
    from scipy.optimize import minimize

    table, target = _virginica()
    assert table.shape == (150, 3)
    assert target.sum() == 50
    best = minimize(_logistic, np.zeros(3), (table, target), method="BFGS", options={"gtol": 1e-9})
    problem = iris("iris_logistic.expr")
    report = descent_report(problem, plans(problem, Settings(tol=1e-9), "newton")[0])
    assert report.status == "converged"
    assert report.value == pytest.approx(best.fun, rel=1e-10)
    assert [float(report.final[name]) for name in ("w_length", "w_width", "b")] == pytest.approx(best.x, rel=1e-4)


def test_steps_in_batches_are_those_of_pytorch() -> None:
    """SGD on the same batches of iris, to the last digits after ten epochs."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    problem = iris("iris_logistic.expr")
    plan = limited(problem, Settings(lr=0.5, batch_size=16, epochs=10, shuffle=True, seed=4))
    report = descent_report(problem, plan)
    batches = made(problem, plan)
    table, target = _virginica()
    point = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([point], lr=0.5)
    position = Position()
    for _ in range(plan.steps):
        rows = batches._rows(position.epoch)[position.batch * 16 : (position.batch + 1) * 16]
        optimizer.zero_grad()
        logit = torch.tensor(table[rows]) @ point
        torch.nn.functional.binary_cross_entropy_with_logits(logit, torch.tensor(target[rows])).backward()
        optimizer.step()
        position = batches.following(position)
    assert plan.steps == 100
    assert [float(report.final[name]) for name in ("w_length", "w_width", "b")] == pytest.approx(
        point.tolist(), rel=1e-12
    )


def test_a_value_that_goes_up_and_down_has_not_diverged() -> None:
    """Noise around the minimum, where the run starts."""
    rng = np.random.default_rng(0)
    report = diffcli.descend(
        "param w = 0; mean((w - y)^2)",
        data={"y": rng.normal(size=40) * 0.1},
        batch_size=4,
        shuffle=True,
        epochs=5,
        lr=0.05,
    )
    assert (report.status, report.exit_code) == ("step-limit", 0)
    assert "steps that see different rows disagree" in report.explanation


def test_several_runs_take_the_same_rows() -> None:
    """Each is what it would be alone."""
    from diffcli.analysis.descent.running import descent_runs

    rows = Settings(batch_size=3, shuffle=True, holdout=0.2, steps=6, seed=9)
    settings = plans(line(), rows, "gd,adam", "0.01")
    runs = descent_runs(line(), settings).runs
    assert [repr(run.history) for run in runs] == [repr(descent_report(line(), each).history) for each in settings]
