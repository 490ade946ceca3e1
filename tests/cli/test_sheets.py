"""`diffcli check --sheet` as a process: streams, exit codes, the document, the terminal."""

import json
import os
import re
from pathlib import Path

import pytest
from command import Finished, answer, run

import diffcli
from diffcli.render.faces import text_of
from diffcli.render.screen import ASCII
from diffcli.render.view import View

pytestmark = pytest.mark.usefixtures("warmly")

SHEET = (
    'schema = "diffcli/sheet@1"\n[[exercise]]\nid = 1\nexpression = "x^2"\n[[exercise]]\nid = 2\nexpression = "x^3"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sheet of two exercises."""
    (tmp_path / "s.toml").write_text(SHEET)
    return tmp_path


def graded(folder: Path, answers: str, *options: str) -> Finished:
    """What is said of the answers."""
    return run(["check", "--sheet", "s.toml", "--answers", "-", *options], stdin=answers.encode(), cwd=folder)


def test_exit_codes_and_streams(folder: Path) -> None:
    """The code is of what leaves most undecided; a report of answers is on standard output whatever they are."""
    forever = "sum(eye(300) @ eye(300) * x) / 150"
    for answers, code, seconds in (
        ("1: 2x\n2: 3x^2", 0, "60"),
        ("1: 2x\n2: x", 1, "60"),
        ("1: 2x", 1, "60"),
        ("1: 2y\n2: x", 2, "60"),
        ("1: 2x\n2: 3x^2\n3: 1", 2, "60"),
        (f"1: {forever}\n2: 2y", 4, "1"),
    ):
        done = graded(folder, answers, "--terse", "--timeout", seconds)
        assert (done[0], done[2]) == (code, ""), answers
        assert done[1].count("\n") == 2
        lenient = graded(folder, answers, "--terse", "--timeout", seconds, "--exit-zero")
        assert (lenient[0], lenient[2]) == (0, ""), answers


def test_a_sheet_with_a_fault_fails_though_answers_may_not(folder: Path) -> None:
    (folder / "s.toml").write_text(f"{SHEET}pionts = 2\n")
    done = graded(folder, "1: 2x\n2: 3x^2", "--exit-zero")
    assert (done[0], done[2]) == (2, "")
    assert "did you mean 'points'?" in done[1]


def test_the_document(folder: Path) -> None:
    done = graded(folder, "1: 2x\n2: y\n3: 1", "--json", "--lang", "zh")
    read = json.loads(done[1])
    assert (done[2], read["schema"], read["max_points"]) == ("", "diffcli/check-sheet@1", 2)
    assert read["exercises"][1] == {"id": "2", "expression": "x^3", "max_points": 1}
    [student] = read["students"]
    assert (student["name"], student["points"], student["counts"]) == ("answers", 1, {"correct": 1, "not-graded": 1})
    right, unread = student["answers"]
    assert (right["outcome"], right["points"], right["check"]["schema"]) == ("correct", 1, "diffcli/check@1")
    assert (unread["outcome"], unread["answer"], unread["error"]["code"]) == ("not-graded", "y", "E701")
    assert [error["code"] for error in read["errors"]] == ["E705"]
    assert done[1].isascii()


def test_one_exercise_by_its_id(folder: Path) -> None:
    right = run(["check", "--sheet", "s.toml", "--id", "2", "--answer", "3x^2", "--terse"], cwd=folder)
    assert (right.code, right.out, right.err) == (0, "answers\t2\tcorrect\t1\t1\n", "")
    assert run(["check", "--sheet", "s.toml", "--id", "2", "--answer", "-"], stdin=b"3x", cwd=folder).code == 1


def test_without_answers_the_sheet_is_looked_at(folder: Path) -> None:
    sound = run(["check", "--sheet", "s.toml"], cwd=folder)
    assert (sound.code, sound.err) == (0, "")
    assert sound.out.endswith("2 exercises, 2 points\n")
    (folder / "s.toml").write_text(SHEET.replace("x^3", "x^3*("))
    assert run(["check", "--sheet", "s.toml"], cwd=folder).code == 2


def test_names_of_files_do_not_act_on_the_terminal(folder: Path) -> None:
    strange = os.fsencode(folder) + b"/\x1b[31m\xff\n.txt"
    Path(os.fsdecode(strange)).write_bytes(b"1: 2x\x1b[2J\n\x1b]0;title\x07: 3\n")
    for options in ([], ["--json"], ["--terse"], *(["--format", name] for name in ("tap", "junit", "gradescope"))):
        done = answer(["check", "--sheet", "s.toml", "--answers", os.fsdecode(strange), *options], cwd=folder)
        assert done.code == 2
        assert "\x1b" not in done.out + done.err
        assert "\x07" not in done.out + done.err


def test_a_class_in_ascii_and_in_chinese(folder: Path) -> None:
    (folder / "a.txt").write_text("1: 2x\n2: x")
    (folder / "b.txt").write_text("1: y")
    both = ["check", "--sheet", "s.toml", "--answers", "a.txt", "--answers", "b.txt"]
    report = diffcli.check_sheet(folder / "s.toml", [folder / "a.txt", folder / "b.txt"])
    plain = text_of(report, View(ASCII), 80)
    assert re.search(r"^a +\+- +1/2$", plain, re.MULTILINE)
    assert re.search(r"^b +\?\. +0/2$", plain, re.MULTILINE)
    assert plain.isascii()
    chinese = run([*both, "--lang", "zh"], cwd=folder)
    assert "未评判" in chinese.out
