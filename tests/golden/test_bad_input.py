"""Every mistake gets its diagnostic: exact text, exit code 2 (or 3), nothing on standard output."""

import tomllib
from typing import Any

import pytest
from command import answer, run
from golden.golden import HERE, assert_golden

from diffcli.errors import CODES

pytestmark = pytest.mark.fast

CASES: dict[str, dict[str, Any]] = tomllib.loads((HERE / "bad_input.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_diagnostic_is_golden(name: str, tmp_path: Any) -> None:
    case = CASES[name]
    for file, content in case.get("files", {}).items():
        (tmp_path / file).write_bytes(content.encode("latin-1") if case.get("bytes") else content.encode())
    stdin = case.get("stdin", "").encode("latin-1")
    if case.get("bytes"):  # how the system hands them over is part of the case
        done = run([argument.encode("latin-1") for argument in case["args"]], stdin=stdin, cwd=tmp_path)
    else:
        done = answer(case["args"], stdin=stdin, cwd=tmp_path)
    assert done.out == ""
    assert done.code == case.get("code", 2)
    if "--json" not in case["args"]:
        assert "\n  | " in done.err
        assert "^" in done.err
        assert "\n  = help: " in done.err
    assert_golden(HERE / "bad_input" / f"{name}.txt", done.err)


def test_every_golden_file_has_its_case() -> None:
    assert {path.stem for path in (HERE / "bad_input").glob("*.txt")} == set(CASES)


def test_every_code_is_shown() -> None:
    """All codes but the internal error's, which no input provokes."""
    shown = "".join(path.read_text(encoding="utf-8") for path in (HERE / "bad_input").glob("*.txt"))
    assert [code for code in CODES if f"error[{code}]" not in shown] == [
        "E604",
        "E605",
        "E901",
    ]  # what only a machine in want, or a defect, shows
