"""Texts so long that to read them takes a while: that too is done in the time that a call has."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

Result = TypeVar("Result")

#: So many characters are read in a moment.
_LONG = 20_000
#: Seconds beyond the limit in which what was found by then is sent, that of inner limits included.
_GRACE = 0.4


def reading_limit(expression: object, timeout: Any) -> float | None:
    """The limit that holds for reading too: where there is one, none yet around this, and the text may take as long."""
    from diffcli.deadline.budget import is_limited

    text = getattr(expression, "text", expression)
    long = isinstance(text, str) and len(text) > _LONG and not is_limited()
    return float(timeout) if long and timeout is not None and 0 < timeout < float("inf") else None


def read_in_time(seconds: float, work: Callable[..., Result], /, *arguments: Any, **keywords: Any) -> Result:
    """The result of work that begins with reading a text. Raises DiffcliError at the time limit."""
    from diffcli.deadline.limit import TimeLimit, within
    from diffcli.errors import ExitCode, fault
    from diffcli.messages import Argument, Message

    try:
        return within(seconds, partial(work, **keywords), *arguments, grace=_GRACE)
    except TimeLimit:
        message = Message("it takes longer than {seconds:g} s", seconds=seconds)
        hint = Message("a larger {timeout}", timeout=Argument("timeout"))
        raise fault("E601", message, hint=hint, exit_code=ExitCode.TIME_LIMIT) from None
