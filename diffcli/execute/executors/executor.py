"""What every executor is: a function of the inputs' values, made once for all calls."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple

#: The executors, as a caller names them.
ExecutorName = Literal["scalars", "plain", "blocks", "torch", "jax"]

#: Computes the targets' values, in the schedule's order, from the inputs' in theirs. Values are doubles and arrays of
#: doubles of the nodes' shapes, never written to; results are the caller's own. May run in several threads at once.
Runner = Callable[[Sequence[Any]], list[Any]]

#: Makes a runner of a schedule; a library's takes the device's name too. Raises Unfit for one that it does not take.
Executor = Callable[..., Runner]


class Wanted(NamedTuple):
    """The executor that a caller asks for, and the device of a library; None for the one that fits."""

    executor: ExecutorName | None = None
    device: str | None = None


class Choice(NamedTuple):
    """An executor, and why it was taken."""

    executor: ExecutorName
    reason: str


#: No wish.
ANY = Wanted()


class Unfit(Exception):
    """A schedule that an executor does not take; the message says why."""


class NoDevice(Unfit):
    """A device on which an executor does not compute."""
