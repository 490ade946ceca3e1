"""Descents in single precision: the steps are NumPy's and PyTorch's, and what is said follows the digits of singles."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command import answer

import diffcli

_START = [1.1, -0.7, 2.3]


def _slope(x: Any) -> Any:
    """The gradient of mean((x - 0.1)^2), in the order of operations of reverse mode."""
    return np.float32(1) / np.float32(3) * (2 * (x - np.float32(0.1)))


def test_plain_descent_takes_numpys_steps() -> None:
    report = diffcli.descend("mean((x - 0.1)^2)", x=_START, steps=20, dtype="float32")
    x = np.array(_START, np.float32)
    for iterate in report.history:
        assert iterate.at["x"].dtype == np.float32
        np.testing.assert_array_max_ulp(iterate.at["x"], x, 2)
        x = iterate.at["x"] - 0.1 * _slope(iterate.at["x"])
    assert report.dtype == "float32"


@pytest.mark.parametrize(
    ("optimizer", "lr", "others"),
    [
        ("gd", 0.1, {}),
        ("momentum", 0.05, {"momentum": 0.9}),
        ("adam", 0.1, {}),
        ("rmsprop", 0.01, {}),
        ("adagrad", 0.1, {}),
        ("lbfgs", None, {}),
        ("newton", None, {}),
    ],
)
def test_every_point_is_one_of_singles(optimizer: str, lr: float | None, others: dict[str, float]) -> None:
    """Of every optimizer, with a clipped gradient too; the path is that of doubles but for rounding."""
    stated = {"optimizer": optimizer, "lr": lr, "hyperparameters": others, "steps": 15, "tol": 0.0}
    clipped = {} if lr is None else {"clip_norm": 0.5}
    single, double = (
        diffcli.descend("mean((x - 0.1)^2) + x[0]^4", x=_START, dtype=dtype, **stated, **clipped)
        for dtype in ("float32", "float64")
    )
    assert all(iterate.at["x"].dtype == np.float32 for iterate in single.history)
    first, other = single.history[min(5, len(single.history) - 1)], double.history[min(5, len(double.history) - 1)]
    np.testing.assert_allclose(first.at["x"], other.at["x"], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_steps_are_those_of_pytorch(optimizer: str) -> None:
    torch = pytest.importorskip("torch")
    x = torch.tensor(_START, requires_grad=True)
    stepper = getattr(torch.optim, optimizer)([x], lr=0.1)
    for _ in range(25):
        stepper.zero_grad()
        ((x - 0.1) ** 2).mean().backward()
        stepper.step()
    ours = {"SGD": "gd", "Adam": "adam"}[optimizer]
    report = diffcli.descend("mean((x - 0.1)^2)", x=_START, optimizer=ours, lr=0.1, steps=25, dtype="float32")
    np.testing.assert_allclose(report.final["x"], x.detach().numpy(), rtol=1e-5, atol=1e-6)


def test_data_in_batches_are_singles() -> None:
    data = {"t": np.linspace(0, 1, 20), "y": 2 * np.linspace(0, 1, 20) + 1}
    stated = {"data": data, "a": 0.0, "b": 0.0, "epochs": 3, "batch_size": 5, "dtype": "float32"}
    report = diffcli.descend("mean((a*t + b - y)^2)", **stated)
    assert {value.dtype for value in report.final.values()} == {np.dtype(np.float32)}


def test_values_are_shown_as_the_shortest_decimals() -> None:
    """In JSON, in CSV, as options of another command; what is resumed goes on bit for bit."""
    arguments = ["descend", "mean((x - 0.1)^2)", "--at", "1.1,-0.7,2.3", "--dtype", "float32", "--steps", "4"]
    document = json.loads(answer([*arguments, "--json"]).out)
    row = answer([*arguments, "--csv"]).out.splitlines()[-1].split(",")
    last = document["history"][-1]
    assert [float(cell) for cell in row[4:]] == last["at"]["x"] == document["final"]["x"]
    assert float(row[1]) == last["value"] == document["value"]
    assert repr(document["value"]) == str(np.float32(document["value"]))
    assert answer([*arguments, "--as-at"]).out == f"--at x={answer([*arguments, '-t']).out}"


def test_a_saved_run_goes_on_in_singles(tmp_path: Path) -> None:
    stated = ["descend", "mean((x - 0.1)^2)", "--at", "1.1,-0.7,2.3", "--optimizer", "adam", "--tol", "0"]
    single = [*stated, "--dtype", "float32"]
    answer([*single, "--steps", "7", "--save", "run.json"], cwd=tmp_path)
    resumed = answer([*single, "--steps", "30", "--resume", "run.json", "-t"], cwd=tmp_path)
    assert resumed.out == answer([*single, "--steps", "30", "-t"]).out
    other = answer([*stated, "--steps", "30", "--resume", "run.json", "-t"], cwd=tmp_path)
    assert "--dtype is float32 in the file and not given here" in other.err


def test_a_step_lost_in_rounding_ends_the_search_of_a_reason() -> None:
    report = diffcli.descend("(x - 0.1)^2*1e-9", x=3e3, dtype="float32")
    assert report.status == "stalled"
    assert "does not move x: it is shorter than half the distance to the next number" in report.explanation


def test_a_minimum_of_singles_is_reached() -> None:
    """Its value to the last digit of singles, although their points lie far apart."""
    report = diffcli.descend("(x - 1/3)^2 + 1000", x=3.0, lr=0.4, dtype="float32")
    assert report.status == "converged"
    assert float(report.final["x"]) == pytest.approx(1 / 3, rel=2e-6)
    assert report.value == 1000.0
