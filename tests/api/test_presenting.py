"""What Python users see of results: printed, as documents, in files."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command import answer

import diffcli

LINE = ["mean(x*x)", "--at", "1,2,3"]
RESULTS: dict[str, Callable[[], object]] = {
    "grad": lambda: diffcli.grad("mean(x*x)", [1, 2, 3], symbolic=True),
    "diff": lambda: diffcli.diff("mean(x*x)", [1, 2, 3]),
    "hessian": lambda: diffcli.hessian("mean(x*x)", [1, 2, 3]),
    "jacobian": lambda: diffcli.jacobian("mean(x*x)", [1, 2, 3]),
    "descend": lambda: diffcli.descend("mean(x*x)", [1, 2, 3]),
    "graph": lambda: diffcli.draw("mean(x*x)", [1, 2, 3]),
}


@pytest.mark.parametrize("command", RESULTS)
def test_a_result_prints_as_its_command_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    print(RESULTS[command]())
    assert capsys.readouterr().out == answer([command, *LINE]).out


@pytest.mark.parametrize("command", RESULTS)
def test_the_representation_is_short(command: str) -> None:
    result = RESULTS[command]()
    assert repr(result) == f"<{type(result).__name__} of mean(x*x)>"


@pytest.mark.parametrize("command", RESULTS)
def test_the_document_is_that_of_the_command(command: str, tmp_path: Path) -> None:
    """As text, as a dictionary and as a file."""
    result = RESULTS[command]()
    expected = json.loads(answer([command, *LINE, "--json", *(["--symbolic"] if command == "grad" else [])]).out)
    result.save(tmp_path / "result.json")  # type: ignore[attr-defined]
    assert result.to_dict() == expected  # type: ignore[attr-defined]
    assert json.loads(result.to_json()) == expected  # type: ignore[attr-defined]
    assert json.loads((tmp_path / "result.json").read_text()) == expected


@pytest.mark.parametrize("command", RESULTS)
def test_every_result_is_a_page(command: str, tmp_path: Path) -> None:
    result = RESULTS[command]()
    result.save(str(tmp_path / "result.html"))  # type: ignore[attr-defined]
    assert (tmp_path / "result.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("command", "ending", "begins"),
    [("grad", "md", "# "), ("grad", "tex", "\\documentclass"), ("graph", "svg", "<svg"), ("graph", "dot", "digraph"),
        ("descend", "svg", "<svg")],
)  # fmt: skip
def test_some_have_more_formats(command: str, ending: str, begins: str, tmp_path: Path) -> None:
    path = tmp_path / f"result.{ending}"
    RESULTS[command]().save(path)  # type: ignore[attr-defined]
    assert begins in path.read_text(encoding="utf-8")[:1000]


def test_how_a_file_looks_is_said_with_it(tmp_path: Path) -> None:
    drawing = diffcli.draw("mean(x*x)", [1, 2, 3])
    contents = []
    for manner in ({}, {"theme": "dark"}, {"style": "forward"}, {"language": "zh"}):
        drawing.save(tmp_path / "graph.svg", **manner)
        contents.append((tmp_path / "graph.svg").read_bytes())
    assert len(set(contents)) == 4
    diffcli.draw("mean(x*x)", [1, 2, 3], style="torch").save(tmp_path / "torch.svg")


@pytest.mark.parametrize(
    ("name", "message"),
    [("result.doc", "save does not write '.doc' files"), ("nowhere/result.json", "there is no such folder")],
)
def test_a_file_that_cannot_be_is_a_diagnostic(name: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(diffcli.DiffcliError, match=message):
        diffcli.grad("x", 1).save(tmp_path / name)
