"""Kill a saving run at random moments, and resume from every file that it left.

`python tests/benchmarks/kill.py [MOMENTS]`, with the package installed; 100 moments by default.
"""

import contextlib
import io
import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from diffcli.cli.app import run

#: A thousand numbers with the memory of Adam: a file of a tenth of a megabyte, written at every step.
COMMAND = [
    "descend",
    "mean((w - 1)^4)",
    "--at",
    "w=randn(1000, seed=1)",
    "--optimizer",
    "adam",
    "--lr",
    "0.01",
    "--tol",
    "0",
    "--terse",
]


def answer(arguments: list[str]) -> str:
    """What the command prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run(arguments)
    assert code == 0, (arguments, code)
    return out.getvalue()


def killed(folder: Path, seconds: float) -> None:
    """Run the command in a process of its own, and kill that so long after it has saved for the first time."""
    process = os.fork()
    if process == 0:
        with contextlib.suppress(BaseException):
            run([*COMMAND, "--steps", "1000000000", "--save", str(folder / "run.json"), "--save-every", "0"])
        os._exit(1)
    while not (folder / "run.json").exists():
        time.sleep(0.001)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    assert os.WIFSIGNALED(status), "the run ended by itself"


def main(moments: int = 100) -> None:
    """Print how many files were left, at how many moments, and that each was whole."""
    chance = random.Random(20)
    answer([*COMMAND, "--steps", "1"])  # what each run would load
    files, beside, steps = 0, 0, []
    for _ in range(moments):
        with tempfile.TemporaryDirectory() as name:
            killed(Path(name), chance.uniform(0, 0.15))
            for file in sorted(Path(name).iterdir()):
                at = int(file.read_text().partition('"iteration": ')[2].partition(",")[0])
                further = ["--steps", str(at + 2)]
                assert answer([*COMMAND, *further, "--resume", str(file)]) == answer([*COMMAND, *further]), (
                    f"{file.name} at step {at}"
                )
                files, beside = files + 1, beside + (file.name != "run.json")
                steps.append(at)
    print(
        f"{moments} kills: {files} files left ({beside} of them not renamed yet), "
        f"all whole and resumed to the same numbers; ",
        end="",
    )
    print(f"killed at steps {min(steps)} to {max(steps)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
