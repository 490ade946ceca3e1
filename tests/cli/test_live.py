"""The line on a terminal that shows how far a run is."""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import tempfile
import termios

import pytest
from command import SCRIPTS, environment

from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State, Step
from diffcli.cli.live import live
from diffcli.cli.output import Output
from diffcli.render.text.progress import LiveView

LONG = ["descend", "sum(x^4)", "--at", "1,2,3", "--lr", "1e-9", "--steps", "100000000", "--max-seconds", "1.5"]
SHORT = ["descend", "sum(x^2)", "--at", "1,2,3"]


def _on_stderr(arguments: list[str], columns: int = 80, **extra: str) -> tuple[str, str]:
    """What the command writes on a terminal that is its standard error,
    and what on a file that is its standard output.
    """
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with tempfile.TemporaryFile() as out:
        variables = environment(**{"TERM": "xterm-256color", **extra})
        process = subprocess.Popen(
            [f"{SCRIPTS}/diffcli", *arguments], stdin=slave, stdout=out, stderr=slave, env=variables
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
        process.wait(timeout=60)
        out.seek(0)
        return b"".join(chunks).decode(), out.read().decode()


def _left(written: str) -> str:
    """What a terminal shows after these bytes, of which the cursor's moves are those that Rich makes."""
    lines, row, column = [""], 0, 0
    for piece in re.findall(r"\x1b\[[?0-9;]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+", written):
        if piece == "\r":
            column = 0
        elif piece == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif piece.startswith("\x1b["):
            if piece.endswith("A"):
                row -= int(piece[2:-1] or 1)
            elif piece == "\x1b[2K":
                lines[row] = ""
            else:
                assert piece[-1] in "mhl", f"an escape that this terminal does not know: {piece!r}"
        else:
            lines[row] = f"{lines[row][:column]:<{column}}" + piece + lines[row][column + len(piece) :]
            column += len(piece)
    return "".join(lines)


def test_a_long_run_is_shown_and_leaves_nothing_behind() -> None:
    written, out = _on_stderr(LONG)
    looks = re.findall(r"([\d,]+)/100,000,000  value 9[78]\.?\d*  \|gradient\| \d+  rate 1e-09  \d s left", written)
    assert 2 <= len(looks) <= 13
    steps = [int(look.replace(",", "")) for look in looks]
    assert steps[0] < steps[-1]
    assert _left(written) == ""
    assert "time-limit after" in out


def test_a_short_run_is_not_shown() -> None:
    assert _on_stderr(SHORT)[0] == ""


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_ten_looks_a_second_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand points in 1.5 seconds; the first half second has none. A wide terminal has a bar."""
    clock = iter(number / 600 for number in range(10_000))
    monkeypatch.setattr("diffcli.render.text.progress.time.monotonic", lambda: next(clock))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm-256color")
    terminal = _Terminal()
    with LiveView([Settings(steps=1000), Settings(steps=1000)], terminal) as view:
        for number in range(900):
            view.watch(1, Step(Iterate(number, {}, 2.5, 1.25, 0.1), {}, State(number, {}, {})))
    looks = re.findall(
        r"run 2/2  (\d+)/1,000  value 2\.5  \|gradient\| 1\.25  rate 0\.1  (\d) s left", terminal.getvalue()
    )
    assert 9 <= len(set(looks)) <= 11
    assert looks[0] == ("299", "1")
    assert "━" in terminal.getvalue()
    assert _left(terminal.getvalue()) == ""


@pytest.mark.parametrize(
    ("output", "term"), [(Output(True, False), "xterm"), (Output(False, True), "xterm"), (Output(False, False), "dumb")]
)
def test_scripts_and_plain_terminals_see_no_line(output: Output, term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr("sys.stderr", _Terminal())
    with live(output, [Settings()], None) as watch:
        assert watch is None
