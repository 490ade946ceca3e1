"""The time that the work around this has left."""

import contextlib
import time
from collections.abc import Generator
from contextvars import ContextVar

#: When it must have ended, by the monotonic clock.
_end: ContextVar[float | None] = ContextVar("end", default=None)
#: Longer than anybody waits; the system refuses some larger numbers.
_LONGEST = 1e7


@contextlib.contextmanager
def end_by(seconds: float | None) -> Generator[None]:
    """One limit for all the work inside; None adds none."""
    token = _end.set(_end.get() if seconds is None else time.monotonic() + seconds_left(seconds))
    try:
        yield
    finally:
        _end.reset(token)


def is_limited() -> bool:
    """Whether the work around this has a limit."""
    return _end.get() is not None


def seconds_left(seconds: float) -> float:
    """The seconds, or as many of them as the work around this has left."""
    end = _end.get()
    return min(seconds, _LONGEST) if end is None else min(seconds, end - time.monotonic())
