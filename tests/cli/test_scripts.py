"""What a script takes from a descent: lines while it goes on, a table, and the options of the next command."""

import csv
import io
import json

import pytest
from command import answer, execute

MIXED = [
    "descend",
    "sum(A @ x)^2 + c*y^2",
    "--at",
    "A=[[1,2],[3,4]];x=1,2",
    "--at",
    "y=-2",
    "--at",
    "c=2",
    "--wrt",
    "A,x,y",
    "--lr",
    "0.001",
]


def test_the_lines_hold_what_the_document_holds() -> None:
    """The settings first, then each point, the end last."""
    document = json.loads(answer([*MIXED, "--steps", "4", "--json"]).out)
    start, *points, end = [json.loads(line) for line in answer([*MIXED, "--steps", "4", "--jsonl"]).out.splitlines()]
    assert (start["schema"], start["kind"], start["wrt"], start["at"]["y"]) == (
        "diffcli/descend-lines@1",
        "start",
        ["A", "x", "y"],
        -2.0,
    )
    assert [(run["optimizer"], run["learning_rate"], run["steps"]) for run in start["runs"]] == [("gd", 0.001, 4)]
    assert points == [{"kind": "iterate", "run": 0, **iterate} for iterate in document["history"]]
    assert (end.pop("kind"), end.pop("run")) == ("end", 0)
    assert {**end, "history": points} == {
        **{key: value for key, value in document.items() if key not in ("schema", "expression")},
        "history": points,
    }


def test_the_table_holds_what_the_document_holds() -> None:
    """A column for each element, under its index."""
    document = json.loads(answer([*MIXED, "--steps", "4", "--json"]).out)
    rows = list(csv.DictReader(io.StringIO(answer([*MIXED, "--steps", "4", "--csv"]).out)))
    assert list(rows[0]) == [
        "iteration",
        "value",
        "gradient_norm",
        "rate",
        "A[0,0]",
        "A[0,1]",
        "A[1,0]",
        "A[1,1]",
        "x[0]",
        "x[1]",
        "y",
    ]
    assert len(rows) == 5
    for row, iterate in zip(rows, document["history"], strict=True):
        assert [float(row[name]) for name in ("iteration", "value", "gradient_norm", "rate", "y")] == [
            *(iterate[name] for name in ("iteration", "value", "gradient_norm", "rate")),
            iterate["at"]["y"],
        ]
        assert [float(row[f"A[{i},{j}]"]) for i in (0, 1) for j in (0, 1)] == [
            number for row_of_a in iterate["at"]["A"] for number in row_of_a
        ]
    assert (
        answer(["descend", "x^2", "--at", "1", "--optimizer", "newton", "--csv"]).out.splitlines()[1]
        == "0,1.0,2.0,,1.0"
    )


def test_several_runs_are_told_apart() -> None:
    """By the run's number, in lines and in the table."""
    command = ["ascend", "-x^2", "--at", "1", "--lr", "0.1,0.4", "--steps", "2"]
    lines = [json.loads(line) for line in answer([*command, "--jsonl"]).out.splitlines()]
    assert lines[0]["schema"] == "diffcli/ascend-lines@1"
    assert [(line["kind"], line["run"]) for line in lines[1:]] == [
        *[("iterate", 0)] * 3,
        *[("iterate", 1)] * 3,
        ("end", 0),
        ("end", 1),
    ]
    assert [run["learning_rate"] for run in lines[0]["runs"]] == [0.1, 0.4]
    rows = answer([*command, "--csv"]).out.splitlines()
    assert rows[0] == "run,iteration,value,gradient_norm,rate,x"
    assert [row.split(",")[0] for row in rows[1:]] == ["0", "0", "0", "1", "1", "1"]


def test_numbers_that_json_lacks_are_words_in_lines_and_in_the_table() -> None:
    """The exit code is that of the run."""
    command = ["descend", "log(x)", "--at", "1"]
    lines = answer([*command, "--jsonl"])
    assert (lines.code, json.loads(lines.out.splitlines()[-2])["value"]) == (3, "nan")
    table = answer([*command, "--csv"])
    assert (table.code, table.out.splitlines()[-1].split(",")[1]) == (3, "nan")


@pytest.mark.usefixtures("warmly")
def test_the_options_for_the_next_command_survive_the_shell() -> None:
    """Matrices, vectors of one, negative numbers, and the variables that stay."""
    words = answer([*MIXED, "--steps", "3", "--as-at"]).out
    final = json.loads(answer([*MIXED, "--steps", "3", "--json"]).out)["final"]
    assert words.count("--at ") == 4
    assert words.startswith("--at c=2.0 --at A=[[")
    command = " ".join(f"'{word}'" for word in MIXED)
    done = execute(["bash", "-c", f"diffcli grad '{MIXED[1]}' $(diffcli {command} --steps 3 --as-at) --json"])
    assert done.err == ""
    assert json.loads(done.out)["at"] == {"c": 2.0, **final}
    assert answer(["descend", "sum(v^2)", "--at", "v=-3,", "--steps", "0", "--as-at"]).out == "--at v=-3.0,\n"


def test_final_values_are_what_at_accepts() -> None:
    """A line each, which is the value of the variable."""
    lines = answer([*MIXED, "--steps", "3", "-t"]).out.splitlines()
    values = ";".join(f"{name}={line}" for name, line in zip(("A", "x", "y"), lines, strict=True))
    again = answer([*MIXED[:2], "--at", values, "--at", "c=2", "--wrt", "A,x,y", "--steps", "0", "-t"])
    assert again.out.splitlines() == lines


@pytest.mark.parametrize(
    "forms", [["--json", "--jsonl"], ["--csv", "-t"], ["--as-at", "--json"], ["--csv", "--jsonl", "--as-at"]]
)
def test_one_form_at_a_time(forms: list[str]) -> None:
    """Two of them contradict each other."""
    done = answer([*MIXED, *forms])
    assert (done.code, done.out) == (2, "")
    assert "exclude each other" in done.err


@pytest.mark.parametrize(
    ("command", "labels"),
    [
        (["grad", "x*y", "--at", "y=2", "--at", "x=1"], ["y", "x"]),
        (["diff", "x*y"], ["x", "y"]),
        (["jacobian", "[x, y]", "--at", "x=1;y=2"], ["x", "y"]),
        (["hessian", "x*y", "--at", "x=1;y=2"], ["x,x", "x,y", "y,x", "y,y"]),
        (["hessian", "x*y", "--at", "x=1;y=2", "--hvp", "x=1"], ["x", "y"]),
        (["vjp", "[x, y]", "--at", "x=1;y=2", "--cotangent", "1,1"], ["x", "y"]),
        (["descend", "x^2 + y^2", "--at", "x=1;y=2", "--steps", "1"], ["x", "y"]),
    ],
    ids=lambda value: value[0],
)
def test_lines_with_labels(command: list[str], labels: list[str]) -> None:
    """The lines without them, each after what it is of."""
    bare = answer([*command, "--terse"]).out.splitlines()
    assert answer([*command, "--terse", "--labels"]).out.splitlines() == [
        f"{label} {line}" for label, line in zip(labels, bare, strict=True)
    ]


def test_labels_are_for_terse_lines() -> None:
    """Other forms have them anyway."""
    refused = answer(["grad", "x", "--at", "1", "--labels"])
    assert (refused.code, refused.out) == (2, "")
    assert "--labels goes with --terse" in refused.err
