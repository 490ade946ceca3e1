"""The stages of a run in blocks: in each, some operations on whole values, then a loop over the blocks of long ones.

What is summed up along the blocked axis is known after a loop, and what needs it belongs to a later one. Long values of
earlier stages are computed again where that costs less than to write and read them.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.executors.elementary import Operation
from diffcli.execute.executors.lowering import Lowered
from diffcli.execute.executors.placements import Placement, placements
from diffcli.primitives.shape import Shape, size

#: What an elementwise function costs, an addition being 1; others 4.
_CHEAP = frozenset(
    [
        *(
            np.add,
            np.subtract,
            np.multiply,
            np.negative,
            np.absolute,
            np.square,
            np.maximum,
            np.minimum,
            np.true_divide,
        ),
        *(np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal),
    ]
)
_COSTS: Mapping[Callable[..., object], int] = {np.sin: 35, np.cos: 35, np.tan: 40, np.power: 35}
#: What it costs to write an element to memory and to read it again.
_KEPT = 40
#: Elements of a matrix that each slice is multiplied by, and of a sum that each block adds to.
_MATRIX, _SUM = 1 << 11, 1 << 15
#: The forms of operations that BLAS computes.
PRODUCTS = frozenset(["matmul", "dot"])


class Stage(NamedTuple):
    """Operations on whole values, and then those of a loop over blocks.

    `partial` are those of the loop whose results are combined, `kept` those whose results are written to arrays.
    """

    whole: tuple[Operation, ...]
    blocked: tuple[Operation, ...]
    partial: tuple[int, ...]
    kept: tuple[int, ...]


class Staged(NamedTuple):
    """The stages in their order, and how each operation in a loop is computed in blocks of an extent.

    `truths` are the values that are True and False, `type` is that of all others.
    """

    stages: tuple[Stage, ...]
    placed: Mapping[int, Placement]
    extent: int
    truths: frozenset[int]
    type: np.dtype[Any]


def staged(program: Lowered, extent: int) -> Staged:
    """The stages of a program that is cut along axes of an extent."""
    return _Staging(program, extent).result()


def longest_extent(program: Lowered) -> int:
    """The longest extent along which at least half as many elements can be cut as along any."""
    elements: dict[int, int] = defaultdict(int)
    for shape in [operation.shape for operation in program.operations] + [
        program.shapes[node] for node in (*program.inputs, *program.constants)
    ]:
        for extent in set(shape) - {1}:
            elements[extent] += size(shape)
    most = max(elements.values(), default=0)
    return max((extent for extent, count in elements.items() if 2 * count >= most), default=1)


def work(operation: Operation, shapes: Mapping[int, Shape]) -> int:
    """What an operation costs, an addition of two numbers being 1."""
    first = size(shapes[operation.operands[0]])
    if operation.form in PRODUCTS:
        return first * (operation.shape[-1] if min(len(shapes[operand]) for operand in operation.operands) > 1 else 1)
    cost = _COSTS.get(operation.function, 1 if operation.function in _CHEAP else 4)
    return max(first, size(operation.shape)) * (1 if operation.form == "reduce" else cost)


class _Staging:
    """The placement and stage of each operation, found from first to last; then what each stage computes, from last to
    first.
    """

    def __init__(self, program: Lowered, extent: int) -> None:
        self.program = program
        self.extent = extent
        self.placed: dict[int, Placement] = {}
        self.stage: dict[int, int] = {}  # in whose loop it is computed
        self.known_at: dict[int, int] = {}  # from which on it is known as a whole
        self.kept: dict[int, set[int]] = defaultdict(set)  # by stage
        self.whole: dict[int, list[Operation]] = defaultdict(list)
        self.by_node = {operation.node: operation for operation in program.operations}
        for node in (*program.inputs, *program.constants):
            self.known_at[node] = 0
        for operation in program.operations:
            self._place(operation)
        self._postpone()
        for target in program.targets:
            if target not in self.known_at:
                self._keep(target)

    def _place(self, operation: Operation) -> None:
        shapes = [self.program.shapes[operand] for operand in operation.operands]
        found = [
            (conflicts, stage, order, placement)
            for order, placement in enumerate(placements(operation, shapes, self.extent))
            if self._is_small(operation, placement)
            for conflicts, stage in [self._fit(operation, placement)]
        ]
        if not found:
            self.known_at[operation.node] = level = max(map(self._level, operation.operands), default=0)
            self.whole[level].append(operation)
            return
        _, stage, _, placement = min(found, key=lambda choice: choice[:3])
        for operand, axis in zip(operation.operands, placement.operands, strict=True):
            if not self._is_aligned(operand, axis):
                self._level(operand)
        self.placed[operation.node] = placement
        self.stage[operation.node] = stage
        if placement.result is None:
            self.known_at[operation.node] = stage + 1

    def _is_small(self, operation: Operation, placement: Placement) -> bool:
        """Whether blocks share little: products of large matrices are best left whole."""
        if operation.form in PRODUCTS:
            return work(operation, self.program.shapes) <= _MATRIX * self.extent
        return placement.result is not None or size(operation.shape) <= _SUM

    def _fit(self, operation: Operation, placement: Placement) -> tuple[int, int]:
        """How many operands had to be there as wholes, and the first stage in which all are there."""
        conflicts, stage = 0, 0
        for operand, axis in zip(operation.operands, placement.operands, strict=True):
            if self._is_aligned(operand, axis):
                stage = max(stage, self.known_at.get(operand, self.stage.get(operand, 0)))
            else:
                conflicts += 1
                stage = max(stage, self.stage[operand] + 1)
        return conflicts, stage

    def _is_aligned(self, operand: int, axis: int | None) -> bool:
        """Whether an operand is known as a whole, or is cut along that axis."""
        return operand in self.known_at or self.placed[operand].result == axis

    def _level(self, node: int) -> int:
        """The stage from which on a value is there as a whole, which it is made to be."""
        if node in self.known_at:
            return self.known_at[node]
        self._keep(node)
        return self.stage[node] + 1

    def _keep(self, node: int) -> None:
        self.kept[self.stage[node]].add(node)

    def _postpone(self) -> None:
        """Leave to later stages what no earlier one needs: there it is not computed again."""
        first_use: dict[int, int] = {}
        for operation in reversed(self.program.operations):
            node = operation.node
            if node in self.stage:
                if node not in self.known_at and node not in self.kept[self.stage[node]]:
                    self.stage[node] = first_use.get(node, self.stage[node])
                for operand in operation.operands:
                    first_use[operand] = min(first_use.get(operand, self.stage[node]), self.stage[node])

    def result(self) -> Staged:
        """The stages that compute something."""
        last = max([*self.stage.values(), *self.known_at.values()], default=0)
        stages = [self._stage(number) for number in range(last, -1, -1)]
        found = tuple(stage for stage in reversed(stages) if stage.whole or stage.blocked)
        truths = frozenset(operation.node for operation in self.program.operations if operation.truths)
        return Staged(found, self.placed, self.extent, truths, self.program.type)

    def _stage(self, number: int) -> Stage:
        """What a stage computes, once all later ones are settled."""
        partial = [node for node, stage in self.stage.items() if stage == number and self.placed[node].result is None]
        kept = self.kept[number]
        needed = {*partial, *kept}
        blocked = []
        for operation in reversed(self.program.operations):
            if operation.node in needed:
                blocked.append(operation)
                for operand in operation.operands:
                    if operand not in self.known_at and not self._is_kept_before(operand, number):
                        if self.stage[operand] < number and self._costs_more(operand):
                            self._keep(operand)
                        else:
                            needed.add(operand)
        return Stage(tuple(self.whole[number]), tuple(reversed(blocked)), tuple(partial), tuple(sorted(kept)))

    def _is_kept_before(self, node: int, number: int) -> bool:
        return self.stage[node] < number and node in self.kept[self.stage[node]]

    def _costs_more(self, node: int) -> bool:
        """Whether a value is better kept than computed again from those that are there."""
        budget = _KEPT * size(self.program.shapes[node])
        pending, met = [node], {node}
        while pending and budget >= 0:
            operation = self.by_node[pending.pop()]
            budget -= self._work(operation)
            for operand in operation.operands:
                if (
                    operand not in met
                    and operand not in self.known_at
                    and operand not in self.kept[self.stage[operand]]
                ):
                    met.add(operand)
                    pending.append(operand)
        return budget < 0

    def _work(self, operation: Operation) -> int:
        return work(operation, self.program.shapes)
