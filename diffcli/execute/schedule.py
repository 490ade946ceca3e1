"""A graph made ready to be compiled: the operations that some targets need, each once, constants computed.

Every executor starts from a schedule and computes what it says, in whatever way is fastest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.program import quietly
from diffcli.graph.graph import Graph
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape
from diffcli.primitives.structural import constant, input


class Step(NamedTuple):
    """An operation of a schedule: what is computed, from which nodes, with which static parameters."""

    node: int
    primitive: Primitive
    operands: tuple[int, ...]
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Schedule:
    """Steps in an order in which they can be run, from the inputs' nodes to the targets'.

    `constants` are values by node, as the graph's shapes have them; `shapes` those of all nodes. Targets may be inputs,
    constants, or the same node twice. `arithmetic` is that of all numbers, in double or single precision.
    """

    inputs: tuple[int, ...]
    constants: Mapping[int, Any]
    steps: tuple[Step, ...]
    targets: tuple[int, ...]
    shapes: Mapping[int, Shape]
    arithmetic: Arithmetic = FLOAT64

    @property
    def last_uses(self) -> dict[int, int]:
        """For each node that a step uses the place of the last step that does; targets are never done with."""
        last = {operand: place for place, step in enumerate(self.steps) for operand in step.operands}
        for target in self.targets:
            last.pop(target, None)
        return last


def scheduled(
    graph: Graph,
    targets: Iterable[int],
    inputs: Iterable[int],
    fixed: Mapping[int, Any] | None = None,
    arithmetic: Arithmetic = FLOAT64,
) -> Schedule:
    """The schedule of the targets: what depends on no input is computed now, what is computed twice is computed once.

    `fixed` are the values of inputs that never change.
    """
    wanted, varying = tuple(targets), tuple(inputs)
    known: dict[int, Any] = dict(fixed or {})
    steps: dict[tuple[Primitive, tuple[int, ...], tuple[tuple[str, Any], ...]], int] = {}
    same: dict[int, int] = {}  # nodes that are computed by an earlier one
    found: list[Step] = []
    with quietly():
        for node in graph.needed(wanted):
            primitive, parameters = graph.primitives[node], graph.parameters[node]
            operands = tuple([same.get(operand, operand) for operand in graph.operands[node]])
            if primitive is input:
                continue
            if primitive is constant:
                known[node] = arithmetic.number(dict(parameters)["value"], graph.shapes[node])
            elif all(operand in known for operand in operands):
                values = [known[operand] for operand in operands]
                known[node] = primitive.implementation(arithmetic)(*values, **dict(parameters))
            else:
                first = steps.setdefault((primitive, operands, parameters), node)
                if first == node:
                    found.append(Step(node, primitive, operands, dict(parameters)))
                else:
                    same[node] = first
    ends = tuple([same.get(target, target) for target in wanted])
    used = {*ends, *(operand for step in found for operand in step.operands)}
    kept = {node: value for node, value in known.items() if node in used}
    shapes = {node: graph.shapes[node] for node in {*used, *varying, *(step.node for step in found)}}
    return Schedule(varying, kept, tuple(found), ends, shapes, arithmetic)
