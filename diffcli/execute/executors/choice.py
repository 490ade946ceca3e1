"""Which executor computes a schedule: chosen by size and use, and said why."""

from importlib import import_module
from typing import NamedTuple

from diffcli.execute.arithmetic import MACHINE
from diffcli.execute.executors.effort import are_few, operations
from diffcli.execute.executors.executor import ANY, Choice, Executor, ExecutorName, NoDevice, Runner, Unfit, Wanted
from diffcli.execute.schedule import Schedule
from diffcli.messages import Message
from diffcli.primitives.shape import size

#: Runs that are worth compiling for.
_FEW = 40
#: Executors that compute on the device that is named.
_ON_DEVICES = frozenset(["torch", "jax"])
#: Elements of a result that is worth being cut into blocks, or a quarter of them where there are so many operations;
#: and the part of the work that has to be done in blocks.
_LONG, _MUCH, _MOST = 200_000, 2_500_000, 0.5


class Plan(NamedTuple):
    """A schedule's runner, the executor that made it, and why that one was taken."""

    runner: Runner
    executor: ExecutorName
    reason: str

    @property
    def choice(self) -> Choice:
        """The plan without what it runs."""
        return Choice(self.executor, self.reason)


def planned(schedule: Schedule, wanted: Wanted = ANY, runs: int | None = None) -> Plan:
    """The schedule ready to run, by the executor asked for, or by the one that fits its sizes and the number of runs,
    if that is known.

    Raises Unfit where the one asked for does not take it.
    """
    if schedule.arithmetic not in MACHINE:
        return Plan(
            _executor("plain")(schedule),
            "plain",
            Message("numbers that are not the machine's are computed array by array"),
        )
    if wanted.executor is not None:
        device = {} if wanted.device is None else {"device": wanted.device}
        if device and wanted.executor not in _ON_DEVICES:
            raise NoDevice(Message("a device is chosen for the executors torch and jax alone"))
        return Plan(_executor(wanted.executor)(schedule, **device), wanted.executor, Message("it was asked for"))
    longest = max((size(schedule.shapes[step.node]) for step in schedule.steps), default=0)
    often = runs is None or runs >= _FEW
    if not often and longest < _LONG:
        from diffcli.execute.executors.plain import interpreted

        return Plan(interpreted(schedule), "plain", Message("it runs too few times to be worth compiling"))
    count = operations(
        (step.primitive, [schedule.shapes[node] for node in (*step.operands, step.node)]) for step in schedule.steps
    )
    if are_few(count, len(schedule.steps)):
        try:
            return Plan(
                _executor("scalars")(schedule),
                "scalars",
                Message("{count} operations on single numbers take less time than calls on arrays", count=count),
            )
        except Unfit:
            pass
    if longest < _LONG // 4 or (longest < _LONG and count < _MUCH):
        return Plan(_executor("plain")(schedule), "plain", Message("its arrays are neither few numbers nor long"))
    from diffcli.execute.executors.blocks import blocks

    try:
        return Plan(
            blocks(schedule, _MOST, often),
            "blocks",
            Message("its arrays are long, and few of its functions need all of one"),
        )
    except Unfit:
        return Plan(_executor("plain")(schedule), "plain", Message("most of the work cannot be done in blocks"))


def _executor(name: ExecutorName) -> Executor:
    module = import_module(f"diffcli.execute.executors.{name}")
    made: Executor = getattr(module, name)
    return made
