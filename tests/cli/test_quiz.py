"""`diffcli quiz`: asked in a terminal and from a pipe, left and resumed, written as files."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from command import SCRIPTS, answer, environment, run

pytestmark = pytest.mark.usefixtures("warmly")

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
_QUIZ = ["quiz", "--topic", "powers,backprop", "--count", "2", "--seed", "4"]
#: What is asked of those: x^5 + 2*x, and 6*u^2 by u where u = x*y at x=4; y=3.
_RIGHT = ["5x^4 + 2", "144"]


class Terminal:
    """A terminal in which a quiz is held."""

    def __init__(self, arguments: list[str], cwd: Path, **extra: str) -> None:
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [f"{SCRIPTS}/diffcli", *arguments], stdin=slave, stdout=slave, stderr=slave, cwd=cwd,
            env=environment(TERM="xterm", NO_COLOR="1", **extra), start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.shown = ""

    def until(self, prompt: str, seconds: float = 60) -> None:
        """Read until the end of what is shown is a prompt."""
        end = time.monotonic() + seconds
        while not self.shown.endswith(prompt):
            assert time.monotonic() < end, self.shown
            if select.select([self.master], [], [], 1)[0]:
                self.shown = _ESCAPES.sub("", self.shown + os.read(self.master, 65536).decode(errors="replace"))

    def says(self, text: str) -> None:
        """Type a line."""
        os.write(self.master, f"{text}\n".encode())

    def interrupted(self) -> None:
        """Press Ctrl-C, until it is noticed: Python overlooks one that comes just before it waits for a key."""
        while self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            if select.select([self.master], [], [], 5)[0]:
                return

    def ended(self) -> tuple[int, str]:
        """The exit code, and all that was shown."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if select.select([self.master], [], [], 1)[0]:
                try:
                    chunk = os.read(self.master, 65536)
                except OSError:
                    break
                if not chunk:
                    break
                self.shown += chunk.decode(errors="replace")
        else:
            self.process.kill()
        os.close(self.master)
        return self.process.wait(timeout=60), _ESCAPES.sub("", self.shown).replace("\r\n", "\n")


def test_a_terminal_asks_hints_and_grades(tmp_path: Path) -> None:
    terminal = Terminal(_QUIZ, tmp_path)
    for said in ("?", "hint", "5x^3 + 2", "5x^4 + 2t", _RIGHT[0]):
        terminal.until("1> ")
        terminal.says(said)
    terminal.until("2> ")
    terminal.says(_RIGHT[1])
    code, shown = terminal.ended()
    assert code == 1
    assert "hint: the derivative of x^n is n*x^(n - 1)" in shown
    assert "✗ wrong\n" in shown
    assert "the question knows no 't'" in shown
    assert shown.count("✓ correct") == 2
    assert "score: 1.5 of 2" in shown
    assert "answer: 5*x^4 + 2" in shown.partition("Exercise 1:\n")[2], "the derivation at the end"


def test_hints_help_and_come_to_an_end(tmp_path: Path) -> None:
    terminal = Terminal(["quiz", "--topic", "chain", "--count", "1", "--seed", "3"], tmp_path)
    for said in ("help", "?", "?", "?", "?", "4cos4x"):
        terminal.until("1> ")
        terminal.says(said)
    code, shown = terminal.ended()
    assert code == 0
    assert shown.count("skip for the next exercise") == 2
    assert "x' = 1" not in shown.partition("Exercise 1:\n")[0]
    assert "hint: chain rule, sin: sin(u)' = cos(u)*u'" in shown
    assert "there are no more hints" in shown
    assert "read as 4*cos(4*x)" in shown


def test_a_terminal_speaks_chinese(tmp_path: Path) -> None:
    terminal = Terminal([*_QUIZ, "--lang", "zh"], tmp_path)
    terminal.until("1> ")
    terminal.says("提示")
    terminal.until("1> ")
    terminal.says("答案")
    terminal.until("2> ")
    terminal.says("退出")
    code, shown = terminal.ended()
    assert code == 1
    assert "测验" in shown
    assert "反向传播" in shown
    assert not re.search(r"[a-z]{4,} [a-z]{4,} [a-z]{4,}", shown), shown


def test_a_quiz_is_left_and_gone_on_with(tmp_path: Path) -> None:
    terminal = Terminal([*_QUIZ, "--save", "quiz.json"], tmp_path)
    terminal.until("1> ")
    terminal.says(_RIGHT[0])
    terminal.until("2> ")
    terminal.interrupted()
    code, shown = terminal.ended()
    assert code == 130
    assert "score: 1 of 1" in shown
    terminal = Terminal(["quiz", "--resume", "quiz.json", "--save", "quiz.json"], tmp_path)
    terminal.until("2> ")
    terminal.says(_RIGHT[1])
    code, shown = terminal.ended()
    assert code == 0
    assert "1> " not in shown
    assert "score: 2 of 2" in shown
    assert [path.name for path in tmp_path.iterdir()] == ["quiz.json"]


def test_ctrl_d_leaves(tmp_path: Path) -> None:
    terminal = Terminal(_QUIZ, tmp_path)
    terminal.until("1> ")
    os.write(terminal.master, b"\x04")
    code, shown = terminal.ended()
    assert (code, "score: 0 of 0" in shown) == (0, True)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (_RIGHT, 0),
        ([_RIGHT[0], "12"], 1),
        ([_RIGHT[0], "12t"], 2),
        ([_RIGHT[0]], 1),
        (["", _RIGHT[1]], 1),
        ([_RIGHT[0], "(" * 100_000], 2),
        ([_RIGHT[0], "9^9^9^9"], 1),
        ([_RIGHT[0], "\x1b[31m\x00"], 2),
    ],
)
def test_answers_are_read_line_by_line(lines: list[str], code: int) -> None:
    done = answer([*_QUIZ, "-"], stdin="\n".join(lines).encode())
    assert (done.code, done.err) == (code, "")
    assert "\x1b" not in done.out
    assert "score: " in done.out


def test_without_a_terminal_the_sheet_is_printed() -> None:
    done = answer(_QUIZ)
    assert (done.code, done.err) == (0, "")
    assert "1. Find the derivative by x as a formula.\n   x^5 + 2*x\n" in done.out
    assert "5*x^4" not in done.out
    assert len(answer([*_QUIZ, "--terse"]).out.splitlines()) == 2
    assert json.loads(answer([*_QUIZ, "--json"]).out)["schema"] == "diffcli/quiz@1"


def test_files_are_written_questions_apart_from_solutions(tmp_path: Path) -> None:
    for ending in ("toml", "md", "tex", "html", "json", "xml", "pg", "ipynb"):
        assert answer([*_QUIZ, "-o", f"quiz.{ending}"], cwd=tmp_path) == (0, "", "")
    for ending in ("toml", "md", "tex", "html"):
        assert answer([*_QUIZ, "--solutions", f"right.{ending}"], cwd=tmp_path) == (0, "", "")
        solutions = (tmp_path / f"right.{ending}").read_text()
        assert ("5*x^4 + 2" if ending != "tex" else "longtable") in solutions
        assert "5*x^4" not in (tmp_path / f"quiz.{ending}").read_text()
    ET.parse(tmp_path / "quiz.xml")
    assert answer([*_QUIZ, "--as", "stack"]).out == (tmp_path / "quiz.xml").read_text()
    assert answer([*_QUIZ, "-o", "quiz.tex", "--lang", "zh"], cwd=tmp_path).err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--topic", "powrs"],
        ["--level", "6"],
        ["--count", "0"],
        ["--seed", "-1"],
        ["--save", "x.json"],
        ["--resume", "there_is_none.json"],
        ["-o", "quiz.doc"],
        ["-o", "quiz.md", "--as", "stack"],
        ["--solutions", "answers.ipynb"],
        ["--topic", "matrix", "--level", "5", "--as", "stack"],
        ["--topic", "matrix", "--level", "5", "--as", "pg"],
        ["powers"],
        ["--timeout", "-1"],
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], tmp_path: Path) -> None:
    done = answer(["quiz", *arguments], cwd=tmp_path)
    assert done.code == 2
    assert done.out == ""
    assert re.match(r"error\[E\d\d\d\]: ", done.err)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_saved_quiz_is_refused_and_none_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "quiz.json").write_text('{"schema": "diffcli/quiz-progress@1", "sha256": "0", "quiz": []}')
    assert answer(["quiz", "-", "--resume", "quiz.json"], cwd=tmp_path).err.startswith("error[E401]")
    assert answer([*_QUIZ, "-", "--save", "quiz.json"], cwd=tmp_path).err.startswith("error[E407]")
    assert run([*_QUIZ, "-", "--save", "saved.json"], stdin=b"1\n", cwd=tmp_path).code == 1
    assert answer([*_QUIZ, "-", "--resume", "saved.json", "--level", "2"], cwd=tmp_path).err.startswith("error[E408]")
    assert answer([*_QUIZ, "-", "--save", "saved.json"], cwd=tmp_path).err.startswith("error[E407]")
