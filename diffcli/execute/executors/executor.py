"""What every executor is: a function of the inputs' values, made once for all calls."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from diffcli.execute.schedule import Schedule

#: The executors, as a caller names them.
ExecutorName = Literal["scalars", "plain", "blocks"]

#: Computes the targets' values, in the schedule's order, from the inputs' in theirs. Values are doubles and arrays of
#: doubles of the nodes' shapes, never written to; results are the caller's own. May run in several threads at once.
Runner = Callable[[Sequence[Any]], list[Any]]

#: Makes a runner of a schedule. Raises Unfit for one that it does not take.
Executor = Callable[["Schedule"], Runner]


class Unfit(Exception):
    """A schedule that an executor does not take; the message says why."""
