"""Work under a time limit."""

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeVar, cast

from diffcli.deadline.budget import end_by, seconds_left
from diffcli.deadline.fork import done_by_a_copy
from diffcli.deadline.job import Done, Failed, Interrupted, Item, Job, TimeLimit
from diffcli.deadline.ownership import may_fork

__all__ = ["Interrupted", "TimeLimit", "end_by", "streamed", "within"]

Result = TypeVar("Result")
Element = TypeVar("Element")


def within(seconds: float, work: Callable[..., Result], *arguments: object, grace: float = 0.0) -> Result:
    """The work's result. Raises TimeLimit once the seconds have passed, and what the work raises.

    The work is a function of a module, or a `partial` of one; it, its arguments and its result are
    pickled. With `grace` it has so many seconds more, for which the limits inside it leave room.
    """
    for outcome in _outcomes(seconds, grace, work, arguments):
        if isinstance(outcome, Done):
            return cast("Result", outcome.result)
    raise AssertionError("work ends in a result or in an exception")


def streamed(
    seconds: float, work: Callable[..., Iterator[Element]], *arguments: object, grace: float = 0.0
) -> Iterator[Element]:
    """The elements of an iterator, as they are found.

    After those that there was time for it raises TimeLimit, as `within` does.
    """
    for outcome in _outcomes(seconds, grace, work, arguments):
        if isinstance(outcome, Item):
            yield cast("Element", outcome.value)


def _outcomes(
    seconds: float, grace: float, work: Callable[..., object], arguments: tuple[object, ...]
) -> Iterator[Item | Done]:
    left = seconds_left(seconds)
    if left <= 0:
        raise TimeLimit
    job = Job(work, arguments, left, grace)
    if may_fork():
        outcomes = done_by_a_copy(job)
    else:
        from diffcli.deadline.worker import done_by_a_worker  # which many processes never need

        outcomes = done_by_a_worker(job)
    with contextlib.closing(outcomes):
        for outcome in outcomes:
            if isinstance(outcome, Failed):
                raise outcome.exception
            yield outcome
