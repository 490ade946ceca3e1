"""Running the installed command as its users do, as a process; and what a process would answer, without one."""

import contextlib
import io
import os
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from diffcli.cli import app

#: Where the environment that runs the tests keeps its commands.
SCRIPTS = sysconfig.get_path("scripts")


class Finished(NamedTuple):
    """What a process left behind."""

    code: int
    out: str
    err: str


def environment(**extra: str) -> dict[str, str]:
    """An environment in which `diffcli` is found and no setting of the caller's is seen."""
    kept = {name: value for name, value in os.environ.items() if name in ("HOME", "SYSTEMROOT", "TMPDIR")}
    return {
        **kept,
        "PATH": os.pathsep.join([SCRIPTS, os.defpath, "/usr/local/bin"]),
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        **extra,
    }


def run(
    arguments: Sequence[str | bytes],
    *,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> Finished:
    """Run `diffcli` with these arguments."""
    return execute([f"{SCRIPTS}/diffcli", *arguments], stdin=stdin, cwd=cwd, env=env)


def execute(
    command: Sequence[str | bytes], *, stdin: bytes = b"", cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Finished:
    """Run any command in the tests' environment."""
    done = subprocess.run(
        command, input=stdin, capture_output=True, cwd=cwd, env=environment(**(env or {})), timeout=120, check=False
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


class Stream(io.TextIOWrapper):
    """A captured stream, with the binary buffer below it that real ones have."""

    def __init__(self, content: bytes = b"", errors: str = "strict") -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", errors=errors, newline="\n", write_through=True)

    def text(self) -> str:
        """All that has been written."""
        self.flush()
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode()


def answer(
    arguments: Sequence[str], *, stdin: bytes = b"", cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Finished:
    """What `run` returns, from a call of what the process calls: Python and NumPy and SymPy are loaded once for all
    tests.

    It is for tests of the answer. Start-up, closed and full streams, signals and terminals need the process.
    """
    out, err = Stream(), Stream(errors="backslashreplace")
    with (
        patch.dict(os.environ, environment(**(env or {})), clear=True),
        patch("sys.stdin", Stream(stdin)),
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = app.run(arguments)
    return Finished(code, out.text(), err.text())
