"""Which executor computes a schedule: chosen by size and use, and said why."""

from importlib import import_module
from typing import NamedTuple

from diffcli.execute.executors.executor import Executor, ExecutorName, Runner
from diffcli.execute.schedule import Schedule
from diffcli.messages import Message


class Plan(NamedTuple):
    """A schedule's runner, the executor that made it, and why that one was taken."""

    runner: Runner
    executor: ExecutorName
    reason: str


def planned(schedule: Schedule, executor: ExecutorName | None = None) -> Plan:
    """The schedule ready to run, by the executor asked for, or by the one that fits its sizes.

    Raises Unfit where the one asked for does not take it.
    """
    if executor is not None:
        return Plan(_executor(executor)(schedule), executor, Message("it was asked for"))
    return Plan(_executor("plain")(schedule), "plain", Message("its arrays are neither few numbers nor long"))


def _executor(name: ExecutorName) -> Executor:
    module = import_module(f"diffcli.execute.executors.{name}")
    made: Executor = getattr(module, name)
    return made
