"""Ctrl-C and SIGTERM: the first asks a run to end, a second one ends the process at once."""

import signal
from types import FrameType, TracebackType
from typing import Any, Self

from diffcli.deadline.limit import Interrupted
from diffcli.errors import ExitCode

_EXIT_CODES = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED}
#: Seconds that a step is waited for after the first signal.
_PATIENCE = 0.2


class Waiting:
    """A block that is left, by Interrupted, if it takes longer after a signal than one waits."""

    def __init__(self) -> None:
        self._within = False
        self._timed = False

    def __enter__(self) -> None:
        self._within = True

    def __exit__(self, *_: object) -> None:
        self._within = False
        if self._timed:  # an alarm that comes when the program is about to end would end it otherwise
            signal.setitimer(signal.ITIMER_REAL, 0)

    def lose_patience(self) -> None:
        """Give the block so much time from now."""
        if self._within and hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, self._leave)
            self._timed = True
            signal.setitimer(signal.ITIMER_REAL, _PATIENCE)

    def _leave(self, *_: object) -> None:
        if self._within:
            raise Interrupted


class Interruption:
    """Turns the first signal of a block into a question that the run asks after each step."""

    def __init__(self) -> None:
        self.waiting = Waiting()
        self._caught: int | None = None
        self._former: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self._former = {number: signal.signal(number, self._catch) for number in _EXIT_CODES}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the signals back."""
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def asked(self) -> bool:
        """Whether a signal came."""
        return self._caught is not None

    def exit_code(self, code: int) -> int:
        """The exit code: that of an interrupted run says which signal it was."""
        if self._caught is not None and code == ExitCode.INTERRUPTED:
            return int(_EXIT_CODES[signal.Signals(self._caught)])
        return code

    def _catch(self, number: int, _: FrameType | None) -> None:
        self._caught = number
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        self.waiting.lose_patience()
