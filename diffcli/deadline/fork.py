"""Work done by a copy of this process: nothing is loaded again, nothing is sent but the result."""

import contextlib
import os
import signal
import warnings
from collections.abc import Callable, Generator

from diffcli.deadline.job import Item, Job, Outcome, no_process, perform, received, why_it_ended
from diffcli.deadline.ownership import be_a_copy, is_a_copy

_TO_END = (signal.SIGINT, signal.SIGTERM)


def done_by_a_copy(job: Job) -> Generator[Outcome]:
    """The job's outcomes. Raises TimeLimit; the copy is gone when this ends, however it does."""
    with _termination_raises():
        yield from _outcomes(job)


def _outcomes(job: Job) -> Generator[Outcome]:
    with _unheard() as hear:
        process, reading, line = _begun(job)
        done = False
        try:
            hear()
            if not is_a_copy():
                _lead_group(process)
            with open(reading, "rb") as answers:
                for outcome in received(answers):
                    done = not isinstance(outcome, Item)
                    yield outcome
        finally:
            if is_a_copy():
                os.kill(process, signal.SIGKILL)
            else:
                end_group(process)
            os.close(line)
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if not done:
        raise why_it_ended(status)


@contextlib.contextmanager
def _unheard() -> Generator[Callable[[], object]]:
    """Signals to end wait until what this yields is called: a copy that has just begun would be left to itself."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TO_END)
    try:
        yield lambda: signal.pthread_sigmask(signal.SIG_SETMASK, before)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begun(job: Job) -> tuple[int, int, int]:
    """A copy at work: its number, where to read its answers, and the end of a line that it holds on to.

    Raises DiffcliError where there can be none.
    """
    ends: list[int] = []
    try:
        for _ in range(2):
            ends += os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # of threads that NumPy's libraries have; a copy makes its own
            process = os.fork()
    except OSError as error:
        for end in ends:
            os.close(end)
        raise no_process((error.strerror or str(error)).lower()) from None
    reading, writing, held, line = ends
    if process == 0:
        os.close(reading)
        os.close(line)
        _do(job, writing, held)
    os.close(writing)
    os.close(held)
    return process, reading, line


@contextlib.contextmanager
def _termination_raises() -> Generator[None]:
    """SIGTERM as an exception, where it would end this process and leave its copy to itself."""
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminated(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _do(job: Job, writing: int, line: int) -> None:
    """Do the job in the copy, which ends here, past everything that the original does when it ends."""
    try:
        if not is_a_copy():
            _lead_group(0)
        be_a_copy()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the original is interrupted too, and ends this
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TO_END)
        with open(writing, "wb") as answers:
            perform(job, answers, line)
    finally:
        os._exit(0)


def _lead_group(process: int) -> None:
    """Make the copy the first of a group of processes, with which its own copies end.

    Both do it: either may be the first to need it.
    """
    with contextlib.suppress(OSError):  # it has ended
        os.setpgid(process, process)


def end_group(process: int) -> None:
    """End a process and its copies."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)
