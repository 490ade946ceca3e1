"""A run's time limit ends it whatever it is doing, and what it found by then is the answer."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from amount import SLACK, sampled
from command import environment

import diffcli

#: The third step takes minutes in one operation of the interpreter, which nothing interrupts; `longest` says that it
#: may.
HOPELESS = """
import sys
from importlib import import_module
from diffcli.analysis.descent.objective import Objective
from diffcli.__main__ import main
running = import_module("diffcli.analysis.descent.running")
whole = running.walk
def walk(*arguments):
    for step in whole(*arguments):
        yield step
        if step.iterate.iteration == 2:
            pow(7, 10**9)
running.walk, Objective.longest = walk, 100.0
sys.argv = ["diffcli", *sys.argv[1:]]
sys.exit(main())
"""


def hopeless(*options: str, cwd: Path) -> tuple[int, str, str, float]:
    """The exit code, both streams, and the seconds that the command took."""
    begun = time.monotonic()
    command = [sys.executable, "-c", HOPELESS, "descend", "x^2", "--at", "3", *options]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), cwd=cwd, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr, time.monotonic() - begun


@pytest.mark.skipif(sys.platform != "linux", reason="only there does a process divide in two")
def test_a_step_without_end_is_ended_and_what_was_found_is_kept(tmp_path: Path) -> None:
    """The points before it are printed and saved; a resumed run goes on from the last of them."""
    code, out, err, seconds = hopeless(
        "--max-seconds", "0.7", "--jsonl", "--save", "run.json", "--save-every", "0", cwd=tmp_path
    )
    assert (code, err) == (4, "")
    assert seconds < 0.7 + SLACK
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["iteration"] for line in lines if line["kind"] == "iterate"] == [0, 1, 2]
    assert lines[-1]["status"] == "time-limit"
    assert lines[-1]["explanation"] == "The time limit of 0.7 s was reached after 2 steps."
    resumed = subprocess.run(
        [sys.executable, "-m", "diffcli", "descend", "x^2", "--at", "3", "--resume", "run.json", "--json"],
        capture_output=True, text=True, env=environment(), cwd=tmp_path, timeout=120, check=True,
    )  # fmt: skip
    assert json.loads(resumed.stdout)["status"] == "converged"


@pytest.mark.skipif(sys.platform != "linux", reason="only there does a process divide in two")
@pytest.mark.parametrize("options", sampled([[], ["--terse"], ["--json"], ["--lr", "0.1,0.2"]], 2))
def test_every_form_of_output_tells_what_was_found(options: list[str], tmp_path: Path) -> None:
    """Several runs have each their own limit."""
    code, out, err, seconds = hopeless("--max-seconds", "0.7", *options, cwd=tmp_path)
    assert (code, err) == (4, "")
    assert out
    assert seconds < 2 * 0.7 + SLACK


#: The same in many operations of the interpreter, in the command's own process.
BUSY = HOPELESS.replace("pow(7, 10**9)", "[number for number in range(10**11) if number < 0]").replace("100.0", "0.0")


@pytest.mark.skipif(sys.platform != "linux", reason="only there does a process divide in two")
@pytest.mark.parametrize("program", [HOPELESS, BUSY], ids=["elsewhere", "here"])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_step_without_end_is_not_waited_for_after_a_signal(
    program: str, number: int, code: int, tmp_path: Path
) -> None:
    """The first one is enough, and what was found is printed and saved."""
    options = ["--jsonl", "--save", "run.json", "--save-every", "0"]
    command = [sys.executable, "-c", program, "descend", "x^2", "--at", "3", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(), cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        lines = [json.loads(process.stdout.readline()) for _ in range(4)]
        assert lines[-1]["iteration"] == 2
        time.sleep(0.1)  # it is within the step then, most often
        process.send_signal(number)
        out, err = process.communicate(timeout=SLACK)
    assert (process.returncode, err) == (code, "")
    last = json.loads(out.splitlines()[-1])
    assert (last["status"], last["explanation"]) == ("interrupted", "Stopped by you after 2 steps.")
    assert json.loads((tmp_path / "run.json").read_text())["state"]["iteration"] == 2


LARGE: list[tuple[str, dict[str, Any]]] = [
    ("mean((x - 1)^2*y)*w^2 + w", {"lr": 0.3}),
    ("mean((x*w - y)^2)", {"optimizer": "adam", "lr": 0.1}),
    ("mean((x*w - y)^2)", {"optimizer": "lbfgs"}),
    ("mean(x*w^2)", {"lr": 1e9}),
]


@pytest.mark.parametrize(("text", "options"), LARGE)
def test_a_limit_that_is_not_reached_changes_nothing(text: str, options: dict[str, Any]) -> None:
    """Large problems are run in another process then: the same points, the same verdict."""
    random = np.random.default_rng(0)
    at = {"x": random.uniform(0.5, 1.0, 200_000), "y": random.uniform(0.5, 1.0, 200_000), "w": 2.0}
    values = {name: value for name, value in at.items() if name in text}
    free, limited = (
        diffcli.descend(text, values, wrt="w", steps=12, timeout=seconds, **options) for seconds in (None, 100)
    )
    assert [(point.iteration, point.value, float(point.at["w"])) for point in limited.history] == [
        (point.iteration, point.value, float(point.at["w"])) for point in free.history
    ]
    assert (limited.status, limited.value, limited.kinks) == (free.status, free.value, free.kinks)
    assert limited.explanation == free.explanation


def test_a_first_point_that_takes_too_long_is_said(tmp_path: Path) -> None:
    """There is nothing to be shown then."""
    matrix = np.full((2_000, 2_000), 1e-3)
    with pytest.raises(diffcli.DiffcliError) as refused:
        diffcli.descend("sum(A@A@A@A@A@A@A@A@A)*w", A=matrix, w=1.0, wrt="w", timeout=0.01)
    assert (refused.value.diagnostic.code, refused.value.diagnostic.exit_code) == ("E601", 4)
