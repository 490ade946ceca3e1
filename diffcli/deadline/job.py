"""A piece of work as one process asks it of another, and what that sends back."""

import os
import pickle
import signal
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from diffcli.deadline.budget import end_by
from diffcli.deadline.lifeline import hold, let_go
from diffcli.errors import Diagnostic, DiffcliError, ExitCode
from diffcli.garbage import seldom_sought
from diffcli.messages import Argument, Message


class TimeLimit(Exception):
    """The work took longer than it may."""


class Interrupted(KeyboardInterrupt):
    """Whoever asked for the work does not wait for it any longer."""


class Job(NamedTuple):
    """A function and its arguments.

    What it does itself under limits must end in `seconds`, it all in `grace` seconds more.
    """

    work: Callable[..., object]
    arguments: tuple[object, ...]
    seconds: float
    grace: float


class Item(NamedTuple):
    """One item of the iterator that the work returned."""

    value: object


class Done(NamedTuple):
    """The work has ended; its result, None where that was an iterator."""

    result: object


class Failed(NamedTuple):
    """The exception that the work raised."""

    exception: BaseException


Outcome = Item | Done | Failed


def perform(job: Job, answers: BinaryIO, line: int) -> None:
    """Do the work and send its outcomes.

    The process ends here where the time is up, or the other end of the line is closed, whatever it is doing.
    """
    start_clock(job)
    hold(line)
    try:
        with end_by(job.seconds), seldom_sought():
            result = job.work(*job.arguments)
            if isinstance(result, Iterator):
                for item in result:
                    _send(answers, pickle.dumps(Item(item)))
                result = None
        last = pickle.dumps(Done(result))
    except BaseException as exception:  # it is raised where the work was asked for
        last = pickle.dumps(Failed(_portable(exception)))
    stop_clock()
    let_go(line)
    _send(answers, last)


def received(answers: BinaryIO) -> Iterator[Outcome]:
    """The outcomes as they arrive; the last is no Item, but where the other process ended before the work."""
    while True:
        try:
            outcome = pickle.load(answers)
        except (EOFError, pickle.UnpicklingError):
            return
        yield outcome
        if not isinstance(outcome, Item):
            return


def start_clock(job: Job) -> None:
    """Have the system end this process when the job's time is up: it needs neither the interpreter nor whoever
    asked.
    """
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])  # whoever began this process may have blocked it
        signal.setitimer(signal.ITIMER_REAL, max(job.seconds + job.grace, 1e-3))  # 0 would be no limit


def stop_clock() -> None:
    """The job is done in time."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)


def why_it_ended(status: int, late: bool = False) -> Exception:
    """The reason why a process ended before its work, by its exit status, or its signal as a negative number.

    It is 0 too where the program does not hear of its processes' ends; then it matters whether its time was up.
    """
    if status == -getattr(signal, "SIGALRM", 0) or (late and status == 0):
        return TimeLimit()
    if status < 0:
        return DiffcliError(_ended_by(-status))
    return RuntimeError(f"the process that computed it ended with status {status}")


#: What the signals mean by which the system ends a process, and what to do about it.
_SIGNALS = {
    "SIGKILL": (
        Message("most often because memory was short"),
        Message("take a smaller problem, fewer variables or fewer digits, or run it where there is more memory"),
    ),
    "SIGXCPU": (
        Message("it used up the processor time that 'ulimit -t' allows"),
        Message("allow more of it, or state a {timeout} below it", timeout=Argument("timeout")),
    ),
    "SIGTERM": (Message("it was asked to end"), Message("run it again")),
}
_BROKEN = (
    Message("a library that it calls is broken, or its stack was full"),
    Message("run it again; if it is so each time, report it with the command line"),
)


def _ended_by(number: int) -> Diagnostic:
    """The diagnostic where a signal ended the process before its work."""
    try:
        name = signal.Signals(number).name
    except ValueError:
        name = str(number)
    reason, hint = _SIGNALS.get(name, _BROKEN)
    message = Message("the system ended the process that computed it ({name}): {reason}", name=name, reason=reason)
    return Diagnostic("E605", message, hint=hint, exit_code=ExitCode.TIME_LIMIT)


def no_process(reason: str) -> DiffcliError:
    """The diagnostic where the system does not let another process begin."""
    return DiffcliError(
        Diagnostic(
            "E604",
            Message("no process can be begun to compute it in: {reason}", reason=reason),
            hint=Message("what may take long is computed in one that can be ended"),
        )
    )


def _send(answers: BinaryIO, message: bytes) -> None:
    answers.write(message)
    answers.flush()


def _portable(exception: BaseException) -> BaseException:
    """The exception as far as it can be sent; its traceback is a note, for those who look for a defect."""
    if os.environ.get("DIFFCLI_DEBUG"):
        from traceback import format_exception

        exception.add_note("".join(format_exception(exception)))
    try:
        pickle.loads(pickle.dumps(exception))
    except Exception:
        return RuntimeError(f"{type(exception).__name__}: {exception}")
    return exception
