"""A schedule as calls of NumPy's functions in a row, on whole arrays.

What several functions of one family compute alike, as softmax and logsumexp the exponentials of their differences to
the largest, they compute once: functions of such families are taken apart. Otherwise an operation is one call.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arithmetic import MACHINE
from diffcli.execute.executors.array_calls import VIEWS, array_call
from diffcli.execute.executors.elementary import Operation, Recorder, Symbol
from diffcli.execute.executors.lowering import Symbolic
from diffcli.execute.program import quietly
from diffcli.execute.schedule import Schedule, Step
from diffcli.primitives.shape import size

#: Functions that are taken apart: most of them compute a softmax, or parts of one.
_IN_PARTS = frozenset(["logsumexp", "softmax", "log_softmax", "softmax_balance", "softmax_deviation", "var"])
#: Primitives and functions of NumPy's that Python's operators compute.
_OPERATORS: Mapping[Any, str] = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{} / {}",
    "neg": "-{}",
    "matmul": "{} @ {}",
    np.add: "{} + {}",
    np.subtract: "{} - {}",
    np.multiply: "{} * {}",
    np.divide: "{} / {}",
    np.negative: "-{}",
}


class Call(NamedTuple):
    """A function of results of other calls, of inputs and constants, all by name.

    `form` is how Python's operators write it, if one computes it; `elements` are those of the result. A `view` may
    show its operand's own elements.
    """

    result: str
    function: Callable[..., Any]
    operands: tuple[str, ...]
    form: str | None
    elements: int
    view: bool


class Calls(NamedTuple):
    """Calls in an order in which they can be made, and the names of inputs, constants and targets.

    `shared` tells of each target whether its array is also that of something else: then the caller gets a copy.
    """

    inputs: tuple[str, ...]
    constants: Mapping[str, Any]
    calls: tuple[Call, ...]
    targets: tuple[str, ...]
    shared: tuple[bool, ...]

    @property
    def last_uses(self) -> dict[str, int]:
        """For each name that a call uses the place of the last call that does; targets are never done with."""
        last = {operand: place for place, call in enumerate(self.calls) for operand in call.operands}
        for target in self.targets:
            last.pop(target, None)
        return last


def calls(schedule: Schedule, products: frozenset[int]) -> Calls:
    """The calls that compute a schedule; those of `products` are taken for plain ones."""
    found: list[Call] = []
    parts = _Parts(schedule)
    for step in schedule.steps:
        if schedule.arithmetic in MACHINE and step.primitive.name in _IN_PARTS and schedule.shapes[step.operands[0]]:
            found += parts.calls(step)
            continue
        operands = tuple([parts.names[operand] for operand in step.operands])
        name = "mul" if step.node in products else step.primitive.name
        function = np.multiply if step.node in products else _function(step, schedule)
        elements = size(schedule.shapes[step.node])
        found.append(Call(parts.names[step.node], function, operands, _OPERATORS.get(name), elements, name in VIEWS))
    inputs, targets = (tuple([parts.names[node] for node in nodes]) for nodes in (schedule.inputs, schedule.targets))
    own = {call.result for call in found if not call.view}
    shared = [
        schedule.shapes[node] != () and (name not in own or name in targets[:place])
        for place, (node, name) in enumerate(zip(schedule.targets, targets, strict=True))
    ]
    return Calls(inputs, parts.constants, tuple(found), targets, tuple(shared))


def _function(step: Step, schedule: Schedule) -> Callable[..., Any]:
    """The function that computes a step of its operands' values."""
    if schedule.arithmetic in MACHINE:
        return array_call(step, schedule.shapes, schedule.constants, schedule.arithmetic)
    return schedule.arithmetic.function(step.primitive, step.parameters, len(step.operands))


class _Parts:
    """The calls that functions taken apart are made of, each once for all of them.

    `names` are those of the schedule's nodes, `constants` values by name.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._schedule, self._recorder = schedule, Recorder(schedule.arithmetic)
        nodes = (*schedule.inputs, *schedule.constants, *(step.node for step in schedule.steps))
        self.names = {node: f"v{node}" for node in nodes}
        self.constants = {self.names[node]: value for node, value in schedule.constants.items()}
        self._symbols: dict[int, Symbol] = {}
        self._recorded: dict[int, str] = {}  # names of what the recorder has

    def calls(self, step: Step) -> list[Call]:
        """The calls that a step needs beside those of other steps."""
        recorder, before = self._recorder, len(self._recorder.operations)
        operands = [self._symbol(operand) for operand in step.operands]
        with quietly():
            found = step.primitive.implementation(Symbolic(recorder))(*operands, **step.parameters)
        result = recorder.filled(found)
        made = [self._call(operation) for operation in recorder.operations[before:]]
        self.names[step.node] = self._recorded[result]
        return made

    def _symbol(self, node: int) -> Symbol:
        symbol = self._symbols.get(node)
        if symbol is None:
            recorder, constants = self._recorder, self._schedule.constants
            shape = self._schedule.shapes[node]
            symbol = recorder.constant(constants[node]) if node in constants else recorder.leaf(shape)
            self._symbols[node] = symbol
            self._recorded.setdefault(symbol.node, self.names[node])
        return symbol

    def _call(self, operation: Operation) -> Call:
        name = self._recorded[operation.node] = f"p{operation.node}"
        operands = tuple([self._named(operand) for operand in operation.operands])
        view = operation.form in VIEWS
        form = _OPERATORS.get(operation.function)
        return Call(name, operation.function, operands, form, size(operation.shape), view)

    def _named(self, node: int) -> str:
        if node not in self._recorded:  # a constant that a function brought along
            self._recorded[node] = f"p{node}"
            self.constants[f"p{node}"] = self._recorder.constants[node]
        return self._recorded[node]
