"""A graph made ready to be compiled: the operations that some targets need, each once, constants computed.

Every executor starts from a schedule and computes what it says, in whatever way is fastest.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
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

    `constants` are values by node, numbers of the arithmetic as the graph's shapes have them; `shapes` those of all
    nodes. Targets may be inputs, constants, or the same node twice.
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

    def parted(self, later: Sequence[int]) -> tuple["Schedule", "Schedule"]:
        """What depends on none of some inputs, and the rest, which starts from the first one's targets and those."""
        moving = set(later)
        for step in self.steps:
            if not moving.isdisjoint(step.operands):
                moving.add(step.node)
        early, late = ([step for step in self.steps if (step.node in moving) == moves] for moves in (False, True))
        used = dict.fromkeys([*(operand for step in late for operand in step.operands), *self.targets])
        between = tuple(node for node in used if node not in moving and node not in self.constants)
        first = tuple(node for node in self.inputs if node not in moving)
        known = self.constants, self.shapes, self.arithmetic
        return _schedule(first, early, between, *known), _schedule((*between, *later), late, self.targets, *known)

    def along(self, later: Sequence[int], directions: Iterable[Sequence[Any]]) -> "Schedule":
        """For each of some values of the inputs `later` one set of targets after the other; what depends on none of
        them is there once.
        """
        first, rest = self.parted(later)
        fresh = count(max(self.shapes) + 1)
        steps, targets = [*first.steps], list[int]()
        constants, shapes = {**self.constants}, {**self.shapes}
        for values in directions:
            own = {node: next(fresh) for node in (*later, *(step.node for step in rest.steps))}
            shapes |= {other: self.shapes[node] for node, other in own.items()}
            constants |= zip((own[node] for node in later), values, strict=True)
            steps += [
                Step(own[node], primitive, tuple([own.get(operand, operand) for operand in operands]), parameters)
                for node, primitive, operands, parameters in rest.steps
            ]
            targets += [own.get(target, target) for target in rest.targets]
        return _schedule(first.inputs, steps, tuple(targets), constants, shapes, self.arithmetic)


def scheduled(
    graph: Graph,
    targets: Iterable[int],
    inputs: Iterable[int],
    fixed: Mapping[int, Any] | None = None,
    arithmetic: Arithmetic = FLOAT64,
) -> Schedule:
    """The schedule of the targets: what depends on no input is computed now, what is computed twice is computed once.

    `fixed` are the values of inputs that never change, and of what is known of other nodes.
    """
    wanted, varying = tuple(targets), tuple(inputs)
    known: dict[int, Any] = dict(fixed or {})
    steps: dict[tuple[Primitive, tuple[int, ...], tuple[tuple[str, Any], ...]], int] = {}
    same: dict[int, int] = {}  # nodes that are computed by an earlier one
    found: list[Step] = []
    functions: dict[Any, Callable[..., Any]] = {}
    with quietly():
        for node in graph.needed(wanted):
            primitive, parameters = graph.primitives[node], graph.parameters[node]
            operands = tuple([same.get(operand, operand) for operand in graph.operands[node]])
            if primitive is input or node in known:
                continue
            if primitive is constant:
                known[node] = arithmetic.number(dict(parameters)["value"], graph.shapes[node])
            elif all(operand in known for operand in operands):
                kind = primitive, parameters, len(operands)
                if kind not in functions:
                    functions[kind] = arithmetic.function(primitive, dict(parameters), len(operands))
                known[node] = functions[kind](*[known[operand] for operand in operands])
            else:
                first = steps.setdefault((primitive, operands, parameters), node)
                if first == node:
                    found.append(Step(node, primitive, operands, dict(parameters)))
                else:
                    same[node] = first
    ends = tuple([same.get(target, target) for target in wanted])
    return _schedule(varying, found, ends, known, graph.shapes, arithmetic)


def _schedule(
    inputs: tuple[int, ...],
    steps: Sequence[Step],
    targets: tuple[int, ...],
    known: Mapping[int, Any],
    shapes: Mapping[int, Shape] | Sequence[Shape],
    arithmetic: Arithmetic,
) -> Schedule:
    """The schedule of some steps, with those of the constants that they need."""
    used = {*targets, *(operand for step in steps for operand in step.operands)}
    constants = {node: value for node, value in known.items() if node in used}
    own = {node: shapes[node] for node in {*used, *inputs, *(step.node for step in steps)}}
    return Schedule(inputs, constants, tuple(steps), targets, own, arithmetic)
