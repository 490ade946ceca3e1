"""Running the installed command as its users do: as a process."""

import os
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

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
    return {**kept, "PATH": os.pathsep.join([SCRIPTS, os.defpath, "/usr/local/bin"]), "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", **extra}


def run(arguments: Sequence[str | bytes], *, stdin: bytes = b"", cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Finished:
    """Run `diffcli` with these arguments."""
    return execute([f"{SCRIPTS}/diffcli", *arguments], stdin=stdin, cwd=cwd, env=env)


def execute(command: Sequence[str | bytes], *, stdin: bytes = b"", cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Finished:
    """Run any command in the tests' environment."""
    done = subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=environment(**(env or {})), timeout=120, check=False)
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())
