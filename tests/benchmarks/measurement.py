"""Contenders in turn, each in a process of its own: neither threads nor memory of one are in another's way."""

import resource
import signal
import sys
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from statistics import median
from typing import Any, NamedTuple

from .contest import Call, Lasted, Row

#: Seconds that a round of one contender lasts at least: short calls are repeated.
_ROUND = 0.02
#: Rounds of a row: at least and at most, and the seconds after which it is the least.
_FEWEST, _MOST, _PATIENCE = 3, 15, 20.0

_CONTEXT = get_context("spawn")


class Measured(NamedTuple):
    """A row's seconds a call by contender and round, the peaks above the start in bytes, and what went wrong."""

    row: Row
    size: int
    seconds: dict[str, list[float]]
    peaks: dict[str, int]
    failures: dict[str, str]

    @property
    def work(self) -> str:
        """What was done, and how much of it."""
        return f"{self.row.name} ({self.size:,} {self.row.axis})" if self.row.axis else self.row.name

    def time(self, contender: str) -> float:
        """The median time of a call."""
        return median(self.seconds[contender])

    def ratio(self, contender: str, against: str) -> float:
        """The median over the rounds of one contender's time divided by another's in the same round."""
        return median(a / b for a, b in zip(self.seconds[contender], self.seconds[against], strict=True))


class Workers:
    """A process for each contender, started when it is first asked."""

    def __init__(self) -> None:
        self._started: dict[str, tuple[SpawnProcess, Connection]] = {}

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *error: object) -> None:
        for process, connection in self._started.values():
            process.terminate()
            process.join()
            connection.close()

    def ask(self, name: str, *order: Any) -> Any:
        """What the worker of a contender answers to an order: a number, or a text that says what went wrong."""
        if name not in self._started:
            connection, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._started[name] = process, connection
        process, connection = self._started[name]
        try:
            connection.send(order)
            return connection.recv()
        except (EOFError, BrokenPipeError):
            del self._started[name]
            process.join()
            return f"the process ended with {process.exitcode}"


def measured(row: Row, size: int, workers: Workers, *, patience: float = _PATIENCE, memory: bool = True) -> Measured:
    """A row at a size: all installed contenders take turns; where memory is asked for, each in a process anew."""
    place = (row.group, row.name)
    answers = {name: workers.ask(name, "prepare", *place, name, size) for name in row.installed(size)}
    failures = {name: answer for name, answer in answers.items() if isinstance(answer, str)}
    estimates = {name: answer for name, answer in answers.items() if name not in failures}
    rounds = max(_FEWEST, min(_MOST, int(patience / sum(estimates.values())))) if estimates else 0
    seconds: dict[str, list[float]] = {name: [] for name in estimates}
    for _ in range(rounds):
        for name in [*seconds]:
            answer = workers.ask(name, "time")
            if isinstance(answer, str):
                failures[name] = answer
                del seconds[name]
            else:
                seconds[name].append(answer)
    peaks = {}
    for name in seconds if row.memory and memory else ():
        with Workers() as new:
            answer = new.ask(name, "peak", *place, name, size)
        (failures if isinstance(answer, str) else peaks)[name] = answer
    return Measured(row, size, seconds, peaks, failures)


def _serve(orders: Connection) -> None:
    """Do what the parent says, until it ends this process or is gone."""
    from .table import found

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, who ends its workers
    call, repeats = None, 1
    while True:
        try:
            order = orders.recv()
        except EOFError:
            return
        answer: float | str
        try:
            match order:
                case "prepare", group, name, contender, size:
                    call = None  # what the last one held is free before the next begins
                    call = found(group, name).contenders[contender](size)
                    call()  # compiles; what is asked again may be compiled once more
                    call()
                    start, answer, repeats = time.perf_counter(), 0.0, 0
                    while answer < _ROUND:  # all of it, whatever counts of it
                        call()
                        repeats, answer = repeats + 1, time.perf_counter() - start
                case "peak", group, name, contender, size:
                    answer = peak(found(group, name), contender, size)
                case _:
                    answer = timed(call, repeats)
        except Exception as error:  # whatever a library raises is what the table says of it
            answer = f"{type(error).__name__}: {error}"
        orders.send(answer)


def timed(call: Call, repeats: int) -> float:
    """The seconds of a call, by the mean of so many."""
    counted, result = 0.0, None
    start = time.perf_counter()
    for _ in range(repeats):
        result = call()
        if isinstance(result, Lasted):
            counted += result.seconds
    lasted = counted if isinstance(result, Lasted) else time.perf_counter() - start
    return lasted / repeats


def peak(row: Row, contender: str, size: int) -> int:
    """The bytes of memory that inputs and one call take at their peak, above what the process has before.

    What comes before is the same call at the smallest size, so that libraries are loaded and functions compiled. Of a
    command it is how much more its process holds than that of the smallest size.
    """
    row.contenders[contender](row.tiny)()
    before = _most_memory()
    row.contenders[contender](size)()
    return max(after - earlier for after, earlier in zip(_most_memory(), before, strict=True))


def _most_memory() -> tuple[int, int]:
    """The most bytes that this process has held so far, and the most that any of its children has.

    Linux's `getrusage` counts what a process held before it became another program, so its own record is read.
    """
    unit = 1 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM:")), children
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, children
