"""A time limit for work that cannot be trusted to end, in any thread."""

import ctypes
import threading
import time
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

#: An interruption that a bare `except` inside the work has swallowed is repeated after this many seconds.
_AGAIN = 0.25


class TimeLimit(BaseException):
    """The work took too long. No Exception, so that the work's own handlers let it pass."""


class _Watchdog:
    """A thread that raises TimeLimit in the thread that made it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = min(seconds, threading.TIMEOUT_MAX)
        self.thread = ctypes.c_ulong(threading.get_ident())
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.fired = False
        self.watcher = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        wait = self.seconds
        while not self.ended.wait(wait):
            with self.lock:
                if not self.ended.is_set():
                    self.fired = True
                    self._interrupt()
            wait = _AGAIN

    def _interrupt(self) -> None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(self.thread, ctypes.py_object(TimeLimit))

    def stop(self) -> None:
        """After this nothing is raised any more."""
        with self.lock:
            self.ended.set()
        if self.fired:
            # One interruption can be pending at a time, and taking it back leaves the interpreter
            # looking for it at every step: so make sure that there is one, and receive it.
            try:
                self._interrupt()
                while True:
                    time.sleep(0)
            except TimeLimit:
                return


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """The work's result. Raises TimeLimit once `seconds` have passed.

    Only Python code can be interrupted; one long operation of the interpreter itself cannot.
    """
    watchdog = _Watchdog(seconds)
    try:
        watchdog.watcher.start()
        result = work()
    except BaseException:
        _end(watchdog)
        raise
    _end(watchdog)
    return result


def _end(watchdog: _Watchdog) -> None:
    while True:
        try:
            watchdog.stop()
        except TimeLimit:  # it struck before the watchdog had been stopped
            continue
        return
