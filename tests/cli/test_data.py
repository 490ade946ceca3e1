"""Data on the command line: which commands take it, what is said about it on standard error, and the documents."""

import json
from pathlib import Path
from typing import Any

import pytest
from amount import PATIENCE
from command import answer

LINE = "param w = 0; param b = 0; mean((w*x + b - y)^2)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data")
    (path / "points.csv").write_text("x,y,kind\n0,1,a\n1,3,b\n2,5,a\n3,7,a\n4,9,b\n")
    (path / "raw.csv").write_text("x,y,year\n1,1e6,2020\n2,3e6,2020\n3,nan,2020\n")
    return path


def document(folder: Path, *arguments: str) -> Any:
    done = answer([*arguments, "--json"], cwd=folder)
    assert done.err == ""
    return json.loads(done.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.mark.parametrize("command", ["grad", "compare", "jacobian", "hessian", "vjp", "jvp", "diff", "descend"])
def test_every_command_takes_columns(folder: Path, command: str) -> None:
    """And differentiates by what is no column."""
    extra = {"vjp": ["--cotangent", "1"], "jvp": ["--tangent", "w=1"], "compare": ["--timeout", str(PATIENCE)]}.get(
        command, []
    )
    found = document(
        folder, command, "mean((w*a - y)^2)", "--data", "points.csv", "--columns", "a=x", "--at", "w=1", *extra
    )
    by = {"grad": "gradient", "compare": "verdict", "diff": "derivative", "descend": "final"}.get(command, command)
    assert by in found
    if command not in ("compare", "jvp"):
        assert list(found[by]) == ["w"]


def test_words_are_noted_once(folder: Path) -> None:
    done = answer(["grad", "w*sum(kind*x) + sum(kind)", "--data", "points.csv", "--at", "w=1", "--terse"], cwd=folder)
    assert (done.code, done.out) == (0, "5.0\n")
    assert done.err == "note: column 'kind' of points.csv holds words, which become classes: 0 = a, 1 = b\n"


def test_data_that_is_in_the_way_is_warned_of_once(folder: Path) -> None:
    """The run then ends as it must, with the place of the first bad number."""
    done = answer(["descend", "param w = 0; mean((w*x*year - y)^2)", "--data", "raw.csv"], cwd=folder)
    assert done.code == 3
    warnings = done.err.splitlines()
    assert [line.partition(":")[0] for line in warnings] == ["warning"] * 3
    assert "row 3 of 'y'" in warnings[0]
    assert "'year' (always 2020)" in warnings[1]
    assert "(y - 2e+06)/1e+06 for y, (x - 2)/0.816497 for x" in warnings[2]
    assert answer(["grad", "w*sum(y)", "--data", "raw.csv", "--at", "w=1", "--terse"], cwd=folder).err.startswith(
        "error[E501]"
    )


def test_the_document_of_a_run_in_batches(folder: Path) -> None:
    found = document(
        folder,
        "descend",
        LINE,
        "--data",
        "points.csv",
        "--batch-size",
        "2",
        "--epochs",
        "3",
        "--holdout",
        "0.2",
        "--shuffle",
        "--seed",
        "4",
        "--lr",
        "0.01",
    )
    assert {name: found[name] for name in ("train_rows", "batch_size", "shuffle", "seed", "iterations")} == {
        "train_rows": 4, "batch_size": 2, "shuffle": True, "seed": 4, "iterations": 6,
    }  # fmt: skip
    points = found["history"]
    assert [(point["epoch"], point["batch"]) for point in points] == [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
        (2, 0),
        (2, 1),
        (3, 0),
    ]
    assert [point["iteration"] for point in points if "train_value" in point] == [0, 2, 4, 6]
    assert [("holdout_value" in point) for point in points] == [("train_value" in point) for point in points]
    assert found["value"] == points[-1]["train_value"]
    assert found["holdout"] == {
        "rows": 1,
        "start": points[0]["holdout_value"],
        "final": points[-1]["holdout_value"],
        "note": None,
    }


def test_several_runs_are_compared_on_the_rows_held_out(folder: Path) -> None:
    done = answer(
        ["descend", LINE, "--data", "points.csv", "--lr", "0.01,0.02", "--steps", "3", "--holdout", "0.2"], cwd=folder
    )
    found = document(
        folder, "descend", LINE, "--data", "points.csv", "--lr", "0.01,0.02", "--steps", "3", "--holdout", "0.2"
    )
    lines = done.out.splitlines()
    header = next(number for number, line in enumerate(lines) if "held out  |gradient|" in line)
    shown = [float(line.split()[4]) for line in lines[header + 1 : header + 3]]
    assert shown == pytest.approx([run["holdout"]["final"] for run in found["runs"]], rel=1e-5)


def test_a_run_without_data_has_no_rows(folder: Path) -> None:
    found = document(folder, "descend", "x^2", "--at", "1", "--steps", "2")
    assert not {"train_rows", "batch_size", "holdout"} & set(found)
    assert "epoch" not in found["history"][0]


def test_the_path_of_a_run_in_batches_is_by_epochs(folder: Path) -> None:
    done = answer(
        [
            "descend",
            LINE,
            "--data",
            "points.csv",
            "--batch-size",
            "2",
            "--epochs",
            "2",
            "--holdout",
            "0.2",
            "--lr",
            "0.01",
        ],
        cwd=folder,
    )
    assert done.err == ""
    lines = done.out.splitlines()
    assert "on 4 rows, in batches of 2, 1 held out, seed 0" in lines
    assert next(line.split() for line in lines if "epoch  step" in line) == [
        "epoch",
        "step",
        "value",
        "held",
        "out",
        "w",
        "b",
    ]
    path = lines[next(number for number, line in enumerate(lines) if "epoch  step" in line) + 1 :][:3]
    assert [line.split()[:2] for line in path] == [["0", "0"], ["1", "2"], ["2", "4"]]
    assert any(line.startswith("The value of the 1 row held out went from ") for line in lines)
