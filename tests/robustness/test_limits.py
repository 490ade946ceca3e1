"""Limits, as processes and from threads: every command line ends when it was told to, every call with an answer or a
diagnostic.
"""

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from command import SCRIPTS, environment

import diffcli

from .command_lines import command_line, prepare

#: How many processes are run, and for how many seconds threads call; by hand 1,000 and 300.
_PROCESSES = int(os.environ.get("DIFFCLI_LIMITED_PROCESSES", "4"))
_SECONDS = float(os.environ.get("DIFFCLI_THREADED_SECONDS", "2"))
_THREADS = 8
#: What a process may take beyond its limit, when the machine is quiet; of a loaded one it is measured how slow it is.
_SLACK = 0.5

#: What takes for ever, or longer than any limit here, beside what is drawn.
_ENDLESS = (
    ["compare", "exp(exp(x))", "--at", "1e6"],
    ["diff", "(3*x)^1e9"],
    ["grad", "(0.1*x)^-1e9", "--at", "10"],
    ["compare", "x+y*x", "--at", "x=1;y=2", "--digits", "20"],
    ["grad", "digamma(x)", "--at=-1e11-0.5"],
    ["descend", "lgamma(x)", "--at", "1e8", "--steps", "1000000000"],
    ["hessian", "sin(exp(sin(exp(x))))", "--at", "1", "--exact"],
    ["diff", "sum(softmax(x)*y)^8", "--at", "x=1,2,3;y=1,2,3", "--order", "4"],
)


@cache
def _start_up() -> float:
    """The seconds in which a command starts, loads what is slow to load, answers and ends:
    what this machine takes just now.
    """
    begun = time.monotonic()
    subprocess.run(
        [f"{SCRIPTS}/diffcli", "diff", "x^2"], capture_output=True, env=environment(), timeout=300, check=True
    )
    return time.monotonic() - begun


def _limited(random: Random, there: Path) -> list[str]:
    """A command line that has a limit."""
    seconds = random.choice(("0.05", "0.1", "0.3", "1"))
    if random.random() < 0.5:
        return [*random.choice(_ENDLESS), "--timeout", seconds]
    while True:
        arguments = command_line(random, there)
        limit = next((place for place, word in enumerate(arguments) if word in ("--timeout", "--max-seconds")), None)
        if limit is not None and "\0" not in "".join(arguments) and "\ud800" not in "".join(arguments):
            return [*arguments[:limit], arguments[limit], seconds]


def test_processes_end_within_their_limits(tmp_path: Path) -> None:
    """DIFFCLI_LIMITED_PROCESSES=1000 runs so many; each has its limit, half a second, and what a process takes to
    start.
    """
    prepare(tmp_path)
    random = Random("processes")
    for _ in range(_PROCESSES):
        arguments = _limited(random, tmp_path)
        begun = time.monotonic()
        done = subprocess.run(
            [f"{SCRIPTS}/diffcli", *arguments],
            capture_output=True,
            input=b"x*x",
            env=environment(),
            timeout=120,
            check=False,
        )
        took = time.monotonic() - begun
        assert done.returncode in (0, 1, 2, 3, 4), arguments
        assert not re.search(rb"Traceback|E901|Warning:", done.stderr), (arguments, done.stderr)
        if took > float(arguments[-1]) + _SLACK + _start_up():
            _start_up.cache_clear()  # the machine may have become slower
            assert took <= float(arguments[-1]) + _SLACK + 2 * _start_up(), (arguments, took)


#: Calls with the numbers that they must give, where there are some; the others have limits that most of them do not
#: keep.
_CALLS: tuple[tuple[Callable[[], Any], Any], ...] = (
    (lambda: float(diffcli.grad("mean(x*x)", x=[1, 2, 3]).gradient["x"][1]), 4 / 3),
    (lambda: float(diffcli.hessian("x^2*y", x=3.0, y=2.0).hessian["x"]["y"]), 6.0),  # type: ignore[index]
    (lambda: float(diffcli.grad("x^3", x=2, exact=True, timeout=60.0).gradient["x"]), 12.0),
    (lambda: float(diffcli.diff("x^2", x=3.0, timeout=60.0).derivatives["x"].value), 6.0),  # type: ignore[arg-type]
    (lambda: float(diffcli.descend("(x-1)^2", x=3.0, lr=0.5).final["x"]), 1.0),
    (partial(diffcli.compare, "exp(exp(x))", x=1e6, timeout=0.2), None),
    (partial(diffcli.diff, "(3*x)^1e9", timeout=0.1), None),
    (partial(diffcli.grad, "(0.1*x)^-1e9", x=10, digits=50, timeout=0.3), None),
    (partial(diffcli.grad, "sin(x)", x=1, digits=30, timeout=0.05), None),
    (partial(diffcli.compare, "log(x)", x=2.0, timeout=0.1), None),
)


def test_threads_have_their_answers() -> None:
    """Eight threads for DIFFCLI_THREADED_SECONDS: right answers, diagnostics of limits, nothing else;
    and none of the threads stays.
    """
    before, end = threading.active_count(), time.monotonic() + _SECONDS
    wrong: list[object] = []

    def work(number: int) -> None:
        random = Random(number)
        while time.monotonic() < end:
            call, answer = random.choice(_CALLS)
            try:
                found = call()
            except diffcli.DiffcliError as refused:
                if answer is not None or refused.diagnostic.code == "E901":
                    wrong.append(refused)
            except BaseException as raised:
                wrong.append(raised)
            else:
                if answer is not None and found != pytest.approx(answer, rel=1e-12):
                    wrong.append((answer, found))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=_SECONDS + 300)
    assert not any(thread.is_alive() for thread in threads)
    assert not wrong
    assert threading.active_count() == before
