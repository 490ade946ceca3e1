"""What a person sees: widths, colours, characters."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import command
import pytest
from command import answer, environment, run

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_GRAD = ["grad", "mean(x*x)", "--at", "1,2,3", "--no-symbolic"]


def _on_terminal(arguments: list[str], columns: int, **extra: str) -> str:
    """What the command prints on a terminal so wide."""
    code, shown = _shown([f"{command.SCRIPTS}/diffcli", *arguments], columns, **extra)
    assert code == 0
    return shown


def _shown(program: list[str], columns: int, **extra: str) -> tuple[int, str]:
    """The exit code of a program, and what it prints on a terminal so wide."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = subprocess.Popen(
        program,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment(TERM="xterm-256color", **extra),
    )
    os.close(slave)
    chunks = []
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    os.close(master)
    return process.wait(timeout=60), b"".join(chunks).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.usefixtures("warmly")
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    shown = _ESCAPES.sub("", _on_terminal(_GRAD, columns))
    assert max(len(line) for line in shown.splitlines()) <= columns
    assert "running sum" in shown


@pytest.mark.usefixtures("warmly")
def test_a_wide_terminal_shows_flows_as_a_table_and_a_narrow_one_as_blocks() -> None:
    row = "= contribution                  running sum"
    assert row in _ESCAPES.sub("", _on_terminal(_GRAD, 200))
    narrow = _ESCAPES.sub("", _on_terminal(_GRAD, 80))
    assert row not in narrow
    assert "local derivative  × upstream" in narrow
    assert "= contribution" in narrow


@pytest.mark.usefixtures("warmly")
def test_a_matrix_wider_than_the_terminal_comes_in_parts_with_every_number_whole() -> None:
    arguments = ["jacobian", "tanh(W@x)", "--at", "W=ones(2,3); x=1,2,3"]
    wide, narrow = (
        _ESCAPES.sub("", _on_terminal(arguments, columns)).split("Jacobian\n")[1].split("\n\nreverse")[0]
        for columns in (200, 60)
    )
    parts = [part.splitlines() for part in narrow.split("\n\n")]
    assert len(parts) > 1
    assert max(len(line) for part in parts for line in part) <= 60
    assert [
        " ".join([*parts[0][line].split(), *(cell for part in parts[1:] for cell in part[line].split()[line > 0 :])])
        for line in range(3)
    ] == [" ".join(line.split()) for line in wide.splitlines()]


@pytest.mark.usefixtures("warmly")
def test_a_terminal_has_colour_unless_told_otherwise() -> None:
    assert _ESCAPES.search(_on_terminal(_GRAD, 80))
    assert not _ESCAPES.search(_on_terminal(_GRAD, 80, NO_COLOR="1"))
    assert not _ESCAPES.search(_on_terminal([*_GRAD, "--color", "never"], 80))


@pytest.mark.usefixtures("warmly")
def test_a_pipe_has_no_colour_unless_told_otherwise() -> None:
    assert not _ESCAPES.search(run(_GRAD).out)
    assert _ESCAPES.search(run([*_GRAD, "--color", "always"]).out)
    assert _ESCAPES.search(run(_GRAD, env={"FORCE_COLOR": "1"}).out)


@pytest.mark.usefixtures("warmly")
def test_a_pipe_truncates_nothing() -> None:
    out = run(
        [
            "grad",
            "sum(sin(abcdefghijklmnopqrstuvwxyz*x + abcdefghijklmnopqrstuvwxyz)^2)",
            "--at",
            "abcdefghijklmnopqrstuvwxyz=1",
            "--at",
            "x=1,2,3,4,5,6",
        ]
    ).out
    assert max(len(line) for line in out.splitlines()) > 100
    assert "…" not in out
    assert all(line == line.rstrip() for line in out.splitlines())


def test_ascii_where_the_terminal_has_no_more() -> None:
    out = run([*_GRAD, "--symbolic"], env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}).out
    assert out.isascii()
    assert "v2 -> v1" in out
    assert "ok: formula and reverse mode agree" in out


def test_long_vectors_are_shortened_with_a_count() -> None:
    out = answer(["grad", "sum(x)", "--at", ",".join(map(str, range(1000)))]).out
    assert "[0, 1, 2, ... 994 more, 997, 998, 999]" in out
    assert "500, 501, 502" in answer(["grad", "sum(x)", "--at", ",".join(map(str, range(1000))), "--full"]).out


def test_long_traces_are_shortened_with_a_count() -> None:
    expression = "+".join(["x"] * 1000)
    assert "961 more" not in answer(["grad", expression, "--at", "1", "--full", "--no-symbolic"]).out
    assert "... 960 more" in re.sub(" +", " ", answer(["grad", expression, "--at", "1", "--no-symbolic"]).out)


def test_precision() -> None:
    assert "0.33333333333333 " in answer(["grad", "x/3", "--at", "1", "--precision", "14"]).out + " "


#: Runs the command with marks on the terminal where libraries are looked for; one of them may be the end.
_MARKED = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name in ("numpy", "sympy", "rich.console"):
            os.write(1, f"<{name}>".encode())
        if name == "sympy" and END:
            END()
sys.meta_path.insert(0, Finder())
sys.argv = ["diffcli", "grad", "mean(x*x)", "--at", "1,2,3", *sys.argv[1:]]
from diffcli.__main__ import main
sys.exit(main())
"""
_PARTS = ["mean(x*x)", "at x = ", "<rich.console>", "Forward", "Backward", "<sympy>", "formula", "agree to"]


def _marked(terminal: bool, end: str = "None", *options: str) -> tuple[int, str]:
    """The exit code and what is shown, with the marks in it; `end` is what happens when SymPy is looked for."""
    program = [sys.executable, "-c", f"END = {end}\n{_MARKED}", *options]
    if not terminal:
        done = subprocess.run(program, capture_output=True, text=True, env=environment(), timeout=60, check=False)
        return done.returncode, done.stdout
    return _shown(program, 100)


@pytest.mark.fast
def test_a_terminal_has_the_tables_before_sympy_is_loaded() -> None:
    """And its first lines before the library of tables is; NumPy is loaded with SymPy."""
    code, shown = _marked(True)
    places = [shown.index(part) for part in _PARTS]
    assert code == 0
    assert places == sorted(places)
    assert shown.index("Backward") < shown.index("<numpy>")


def test_a_pipe_has_one_document() -> None:
    """After all is known, the same as on a terminal that is wide enough."""
    code, shown = _marked(False)
    assert code == 0
    assert max(shown.index(f"<{library}>") for library in ("numpy", "sympy", "rich.console")) < shown.index("mean(x*x)")
    assert run(["grad", "mean(x*x)", "--at", "1,2,3"]).out == re.sub("<.*?>", "", shown)
    line = ["grad", "mean(x*x)", "--at", "1,2,3", "--color", "never"]
    assert _on_terminal(line, 200) == re.sub("<.*?>", "", shown)


def test_ctrl_c_while_the_formula_is_looked_for_leaves_the_tables() -> None:
    code, shown = _marked(True, "lambda: os.kill(os.getpid(), signal.SIGINT)")
    assert code == 130
    assert "Backward" in shown
    assert "formula" not in shown
    assert "Traceback" not in shown


def test_an_error_while_the_formula_is_looked_for_leaves_the_tables(tmp_path: Path) -> None:
    """It is told after them."""
    code, shown = _marked(True, "lambda: 1/0")
    assert code == 2
    assert shown.index("Backward") < shown.index("error[E901]")
    report = tmp_path / "handout.md"
    code, shown = _marked(True, "None", "--report", str(report))
    assert (code, report.exists()) == (0, True)
    assert "agree to" in shown
