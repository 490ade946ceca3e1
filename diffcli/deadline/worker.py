"""Work done by a second interpreter, which then waits for more: what it has loaded stays loaded."""

import atexit
import contextlib
import json
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from importlib import import_module
from typing import BinaryIO, cast

from diffcli.deadline.fork import end_group
from diffcli.deadline.job import Item, Job, Outcome, TimeLimit, no_process, perform, received, why_it_ended
from diffcli.deadline.ownership import be_a_copy

#: How a worker begins: it finds modules where its parent does.
_BEGIN = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from diffcli.deadline.worker import serve
serve(sys.argv[2:])
"""
#: What a worker says when it has loaded what it begins with.
_READY = b"ready"
#: What the successor of a worker that was late begins with: else it might be late for ever.
_LOADED = ("diffcli.symbolic.derive.formula_search", "diffcli.execute.many_digits", "scipy.special")
#: A worker leads a group of processes, which are its copies, where the system has such groups.
_GROUP = 0 if os.name == "posix" else None


class Worker:
    """The second interpreter, seen from the first."""

    def __init__(self, ready: Sequence[str] = ()) -> None:
        paths = json.dumps(
            [os.path.abspath(path) for path in sys.path if isinstance(path, str)]
        )  # others are nobody's modules
        errors = None if os.environ.get("DIFFCLI_DEBUG") else subprocess.DEVNULL
        if not sys.executable:
            raise no_process("sys.executable does not say which program Python is")
        command = [sys.executable, "-I" if sys.flags.isolated else "-P", "-c", _BEGIN, paths, *ready]
        try:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, process_group=_GROUP
            )
        except OSError as error:
            raise no_process((error.strerror or str(error)).lower()) from None
        self.jobs, self.answers = cast("BinaryIO", self.process.stdin), cast("BinaryIO", self.process.stdout)
        self._ready = False

    def is_ready(self, seconds: float) -> bool:
        """Whether it has loaded what it begins with, or does so in the seconds."""
        if not self._ready and (_GROUP is None or _says_something(self.answers, seconds)):
            self._ready = True
            self.answers.read(len(_READY))
        return self._ready

    def outcomes(self, request: bytes) -> Iterator[Outcome]:
        """The outcomes of a job; as far as it gets, where the worker ends before it."""
        with contextlib.suppress(BrokenPipeError):
            self.jobs.write(request)
            self.jobs.flush()
        return received(self.answers)

    def kill(self) -> None:
        """End it at once, with the copies that it has made of itself."""
        if _GROUP is None:
            self.process.kill()
        else:
            end_group(self.process.pid)

    def end(self) -> None:
        """Have no more of it, whatever it does."""
        self.kill()
        self.hang_up()
        self.process.wait()

    def hang_up(self) -> None:
        """Ask for nothing any more."""
        for stream in (self.jobs, self.answers):
            with contextlib.suppress(OSError):  # of a request that it did not live to read
                stream.close()


def _says_something(answers: BinaryIO, seconds: float) -> bool:
    """Whether there is something to be read, or an end, or will be in the seconds; of any number of open files."""
    poll = select.poll()
    poll.register(answers, select.POLLIN)
    return bool(poll.poll(1000 * max(seconds, 0)))


#: Workers without work. To take one and to put it back are single operations of a list: threads need no lock.
_idle: list[Worker] = []


def done_by_a_worker(job: Job) -> Generator[Outcome]:
    """The job's outcomes, from a worker that does nothing else meanwhile. Raises TimeLimit."""
    parts = pickle.dumps(job.work), pickle.dumps(job.arguments)
    begun = time.monotonic()
    worker = _free_worker()
    kept = False
    try:
        if not worker.is_ready(job.seconds):
            kept = True
            _idle.insert(0, worker)  # others may be ready
            raise TimeLimit
        request = pickle.dumps((job.seconds - (time.monotonic() - begun), job.grace, *parts))
        with _ended_if_late(worker, job) as late:
            for outcome in worker.outcomes(request):
                kept = not isinstance(outcome, Item)
                if kept:
                    _idle.append(worker)
                yield outcome
        if not kept:
            reason = (
                TimeLimit()
                if late.is_set()
                else why_it_ended(worker.process.wait(), time.monotonic() - begun >= job.seconds + job.grace)
            )
            if isinstance(reason, TimeLimit):
                _idle.insert(0, Worker(_LOADED))
            raise reason
    finally:
        if not kept:
            worker.end()


def _free_worker() -> Worker:
    """One that waits, or a new one."""
    while _idle:
        with contextlib.suppress(IndexError):  # another thread was faster
            worker = _idle.pop()
            if worker.process.poll() is None:
                return worker
            worker.end()
    return Worker()


@contextlib.contextmanager
def _ended_if_late(worker: Worker, job: Job) -> Generator[threading.Event]:
    """End the worker from here where the system has no clock that ends a process; whether that was done."""
    late = threading.Event()
    if hasattr(signal, "setitimer"):
        yield late
        return

    def end() -> None:
        late.set()
        worker.kill()

    timer = threading.Timer(job.seconds + job.grace, end)
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        timer.join()


def _forget() -> None:
    """Leave the workers to the process that this one is a copy of."""
    for worker in _idle:
        worker.hang_up()
        worker.process.returncode = 0
    _idle.clear()


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)


def serve(ready: Sequence[str]) -> None:
    """Be a worker: load some modules, then do one job after another until nobody is left to ask for more."""
    asked = os.dup(0)
    jobs, answers = os.fdopen(asked, "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)  # what is printed by mistake is no answer
    be_a_copy()
    for module in ready:
        import_module(module)
    answers.write(_READY)
    answers.flush()
    while True:
        try:
            seconds, grace, work, arguments = pickle.load(jobs)
        except EOFError:
            return
        perform(Job(_unpacked, (work, arguments), seconds, grace), answers, asked)


def _unpacked(work: bytes, arguments: bytes) -> object:
    """Do what another process asks for, whose modules may have to be loaded first."""
    return pickle.loads(work)(*pickle.loads(arguments))
