"""A schedule as elementary operations, one NumPy function each.

Primitives that are made of other functions (sigmoid, softmax, variance) are taken apart, by computing them with
symbols that record what NumPy is asked for. Then what several of them need is computed once, each operation can be told
where to put its result, and a reduction inside of one is a reduction like others. What does not come apart stays one
operation.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arithmetic import FLOAT64, Float64
from diffcli.execute.executors.array_calls import array_call
from diffcli.execute.executors.chain_products import plain_products
from diffcli.execute.executors.elementary import Operation, Recorder, Symbol
from diffcli.execute.program import quietly
from diffcli.execute.schedule import Schedule, Step
from diffcli.primitives.shape import Axes, Shape, reduced


class Lowered(NamedTuple):
    """Operations in an order in which they can be run.

    `inputs` and `targets` are in the schedule's order; a target's shape may only broadcast to the schedule's.
    """

    inputs: tuple[int, ...]
    constants: Mapping[int, Any]
    operations: tuple[Operation, ...]
    targets: tuple[int, ...]
    shapes: Mapping[int, Shape]


def lowered(schedule: Schedule) -> Lowered:
    """The elementary operations that the targets need, each once."""
    recorder = Recorder()
    symbols: dict[int, Any] = {node: recorder.leaf(schedule.shapes[node]) for node in schedule.inputs}
    inputs = tuple(symbol.node for symbol in symbols.values())
    symbols |= {node: recorder.constant(value) for node, value in schedule.constants.items()}
    products = plain_products(schedule)
    with quietly():
        for step in schedule.steps:
            arithmetic = Symbolic(recorder, step.node in products)
            operands = [symbols[operand] for operand in step.operands]
            symbols[step.node] = _applied(arithmetic, step, operands, schedule)
    targets = tuple(symbols[target].node for target in schedule.targets)
    needed = set(targets)
    found = []
    for operation in reversed(recorder.operations):
        if operation.node in needed:
            needed.update(operation.operands)
            found.append(operation)
    constants = {node: value for node, value in recorder.constants.items() if node in needed}
    return Lowered(inputs, constants, tuple(reversed(found)), targets, recorder.shapes)


class Symbolic(Float64):
    """NumPy's functions, on symbols; products of the chain rule may be taken for plain ones if `either` is true."""

    def __init__(self, recorder: Recorder, either: bool = False) -> None:
        self._recorder = recorder
        self._either = either

    @staticmethod
    def array(x: Any) -> Any:
        """The array itself."""
        return x

    def weigh(self, upstream: Any, local: Any) -> Any:  # type: ignore[override]  # it records
        """The product of the chain rule."""
        return self._recorder.elementwise(FLOAT64.weigh, (upstream, local), self._either)

    def unit_of(self, x: Any, axis: Axes = None) -> Any:  # type: ignore[override]  # it records
        """A power of two near the largest magnitude along the axes."""
        return self._recorder.elementwise(FLOAT64.unit_near, [np.max(np.abs(x), axis=axis, keepdims=True)])

    def norm(self, x: Any, axis: Axes = None, keepdims: bool = False) -> Any:  # type: ignore[override]  # it records
        """The Euclidean norm, in units of that kind, of which nobody has to see first whether they are needed."""
        unit = self.unit_of(x, axis)
        root = np.sqrt(np.sum(np.square(x / unit), axis=axis, keepdims=True)) * unit
        return root if keepdims else np.reshape(root, reduced((x.shape,), axis))


def _applied(arithmetic: Symbolic, step: Step, operands: Sequence[Symbol], schedule: Schedule) -> Symbol:
    """A step's result, taken apart where that can be done."""
    recorder = operands[0].recorder
    if step.primitive.name == "broadcast_to":
        return Symbol(recorder, operands[0].node, schedule.shapes[step.node])
    try:
        found = step.primitive.implementation(arithmetic)(*operands, **step.parameters)
    except (TypeError, AttributeError, ValueError):  # it looks at numbers, or uses what symbols have not
        pass
    else:
        if isinstance(found, Symbol):
            return found
    if step.primitive.kind == "elementwise":
        function = partial(step.primitive.implementation(FLOAT64), **step.parameters)
        return recorder.elementwise(function, operands)
    nodes = tuple(recorder.filled(operand) for operand in operands)
    call = array_call(step, schedule.shapes, {})  # a block may be at some of the places
    return recorder.append(step.primitive.name, call, nodes, schedule.shapes[step.node], step.parameters)
