"""Work done by a copy of this process: nothing is loaded again, nothing is sent but the result."""

import contextlib
import os
import signal
import warnings
from collections.abc import Generator

from diffcli.deadline.job import Item, Job, Outcome, perform, received, why_it_ended
from diffcli.deadline.ownership import be_a_copy, is_a_copy


def done_by_a_copy(job: Job) -> Generator[Outcome]:
    """The job's outcomes. Raises TimeLimit; the copy is gone when this ends, however it does."""
    with _termination_raises():
        yield from _outcomes(job)


def _outcomes(job: Job) -> Generator[Outcome]:
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that NumPy's libraries have; a copy makes its own
        process = os.fork()
    if process == 0:
        _do(job, writing)
    done = False
    try:
        os.close(writing)
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
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    if not done:
        raise why_it_ended(status)


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


def _do(job: Job, writing: int) -> None:
    """Do the job in the copy, which ends here, past everything that the original does when it ends."""
    try:
        if not is_a_copy():
            _lead_group(0)
        be_a_copy()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the original is interrupted too, and ends this
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with open(writing, "wb") as answers:
            perform(job, answers)
    finally:
        os._exit(0)


def _lead_group(process: int) -> None:
    """Make the copy the first of a group of processes, with which its own copies end. Both do it: either may be the first to need it."""
    with contextlib.suppress(OSError):  # it has ended
        os.setpgid(process, process)


def end_group(process: int) -> None:
    """End a process and its copies."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)
