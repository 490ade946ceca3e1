"""Long arrays in blocks that fit into a processor's cache, by several threads.

What a block computes goes from one function to the next while it is in the cache, in buffers that are used again, and
only results are written to memory. Sums over blocks are added pairwise in the order of the blocks: numbers do not
depend on how many threads there are, nor on which of them computed what.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

from diffcli.execute.arrays import Array
from diffcli.execute.executors.array_calls import VIEWS
from diffcli.execute.executors.block_text import BlockFunction, block_function
from diffcli.execute.executors.elementary import Operation
from diffcli.execute.executors.executor import Runner, Unfit
from diffcli.execute.executors.freed_memory import keep_freed_memory
from diffcli.execute.executors.layouts import stored_in_columns
from diffcli.execute.executors.lowering import Lowered, lowered
from diffcli.execute.executors.plain import plain
from diffcli.execute.executors.stages import Staged, longest_extent, staged, work
from diffcli.execute.executors.threads import in_threads, most_threads
from diffcli.execute.program import quietly
from diffcli.execute.schedule import Schedule
from diffcli.messages import Message
from diffcli.primitives.shape import Shape, size

#: Bytes of everything that a block touches.
_BLOCK_BYTES = 1 << 22
#: Parts of the work that threads take one after the other, and the work, in additions, that is worth a further thread:
#: to share that out takes so many blocks.
_PARTS, _WORTH, _SHARED = 48, 8_000_000, 8
#: Doubles between the starts of buffers: those of a cache's line.
_LINE = 8

_Taken = TypeVar("_Taken")


def blocks(schedule: Schedule, least: float = 0.0, often: bool = True) -> Runner:
    """Blocks along the axes of the extent that cuts the most elements.

    What is run `often` is worth storing constants in another order. Raises Unfit where nothing can be cut, or less of
    the work than the part `least`.
    """
    if not schedule.steps:  # all is known
        return plain(schedule)
    program = lowered(schedule)
    plan = staged(program, longest_extent(program))
    if not plan.placed or _part(program, plan) < least:
        raise Unfit(Message("too little of it can be done in blocks"))
    keep_freed_memory()
    phases = _phases(plan, program)
    shapes = [schedule.shapes[target] for target in schedule.targets]
    copied = _copied(program)
    constants = {**program.constants, **(stored_in_columns(program, plan) if often else {})}
    room = max(phase.loop.room for phase in phases if phase.loop)
    spare: deque[Array] = deque()  # room for buffers that no thread uses now

    def run(values: Sequence[Any]) -> list[Any]:
        known = {**constants, **dict(zip(program.inputs, values, strict=True))}
        with quietly():
            for phase in phases:
                phase.run(known, spare, room)
            return [
                _own(known[target], shape, copy)
                for target, shape, copy in zip(program.targets, shapes, copied, strict=True)
            ]

    return run


def _part(program: Lowered, plan: Staged) -> float:
    """The part of the work that is done in blocks."""
    costs = {operation.node: work(operation, program.shapes) for operation in program.operations}
    return sum(costs[node] for node in plan.placed) / sum(costs.values())


def _copied(program: Lowered) -> list[bool]:
    """For each target whether its array may also be that of something else."""
    own = {operation.node for operation in program.operations if operation.form not in VIEWS}
    return [target not in own or target in program.targets[:place] for place, target in enumerate(program.targets)]


def _own(value: Any, shape: Shape, copied: bool) -> Any:
    """A target's value, filling its shape, that belongs to nobody else."""
    if np.shape(value) != shape:
        return np.broadcast_to(value, shape).copy()
    return value.copy() if copied and shape else value


class _Loop(NamedTuple):
    """A stage's function on blocks of so many rows, slices along the axis that is cut; `cost` is the work of all."""

    function: BlockFunction
    extent: int
    rows: int
    cost: int

    @property
    def room(self) -> int:
        """The doubles that a block's buffers take."""
        return sum(size(cut.within(self.rows)) + _LINE for cut in self.function.buffers)

    def run(self, known: dict[int, Any], spare: deque[Array], room: int) -> None:
        """All blocks, by several threads where there is much to do; what they make is added to what is known."""
        function = self.function
        for node, cut in function.kept.items():
            known[node] = np.empty(cut.shape, cut.type)
        wholes = [known[node] for node in function.arguments]
        starts = range(0, self.extent, self.rows)
        together = -(-len(starts) // _PARTS)
        parts = [starts[first : first + together] for first in range(0, len(starts), together)]
        pending = deque(enumerate(parts))
        found: list[Any] = [None] * len(parts)

        def block(start: int, own: Array, buffers: list[Array]) -> list[Any]:
            stop = start + self.rows
            if stop > self.extent:
                stop = self.extent
                buffers = self._buffers(own, stop - start)
            partial = function.swift(start, stop, buffers, wholes)
            return function.by_rule()(start, stop, buffers, wholes) if partial is None else partial

        def task() -> None:
            own = _taken(spare)
            if own is None:
                own = np.empty(room)
            buffers = self._buffers(own, self.rows)
            with quietly():
                while part := _taken(pending):
                    place, starts = part
                    partial = [block(start, own, buffers) for start in starts]
                    found[place] = _combined(partial, function.combined.values())
            spare.append(own)

        in_threads(task, min(most_threads(), len(parts), 1 + self.cost // _WORTH), pending.clear)
        known.update(zip(function.combined, _combined(found, function.combined.values()), strict=True))

    def _buffers(self, room: Array, rows: int) -> list[Array]:
        """The buffers for a block of so many rows, one after the other."""
        buffers: list[Array] = []
        start = 0
        for cut in self.function.buffers:
            count = size(cut.within(rows))
            buffers.append(cut.block(room[start : start + count].view(cut.type)[:count], rows))
            start = -(-(start + count) // _LINE) * _LINE
        return buffers


class _Phase(NamedTuple):
    """A stage made ready: operations on whole values and what is not needed after each, and the loop over blocks."""

    whole: tuple[tuple[Operation, tuple[int, ...]], ...]
    loop: _Loop | None
    done: tuple[int, ...]

    def run(self, known: dict[int, Any], spare: deque[Array], room: int) -> None:
        """Adds the stage's values to those that are known."""
        for operation, done in self.whole:
            known[operation.node] = operation.function(*[known[operand] for operand in operation.operands])
            for node in done:
                del known[node]
        if self.loop is not None:
            self.loop.run(known, spare, room)
        for node in self.done:
            del known[node]


def _phases(plan: Staged, program: Lowered) -> list[_Phase]:
    """The stages from first to last; a value is let go after the last one that uses it."""
    needed = set(program.targets)
    phases = []
    for stage in reversed(plan.stages):
        loop, looped = None, {*stage.partial, *stage.kept}
        if stage.blocked:
            function = block_function(plan, stage, program.shapes)
            cost = sum(work(operation, program.shapes) for operation in stage.blocked)
            fewest = _SHARED if cost >= _WORTH else 1
            rows = min(_BLOCK_BYTES // function.row_bytes, function.most_rows, plan.extent // fewest)
            loop = _Loop(function, plan.extent, max(1, rows), cost)
            looped |= {*function.arguments}
        done = looped - needed
        needed |= looped
        whole = []
        for operation in reversed(stage.whole):
            touched = {operation.node, *operation.operands}
            whole.append((operation, tuple(touched - needed)))
            needed |= touched
        phases.append(_Phase(tuple(reversed(whole)), loop, tuple(done)))
    return phases[::-1]


def _combined(parts: Sequence[Sequence[Any]], functions: Iterable[np.ufunc]) -> list[Any]:
    """Two halves, each made of two in turn, so that rounding errors grow as slowly as they can."""
    if len(parts) == 1:
        return [*parts[0]]
    half = (len(parts) + 1) // 2
    both = zip(functions, _combined(parts[:half], functions), _combined(parts[half:], functions), strict=True)
    return [function(first, second) for function, first, second in both]


def _taken(pending: deque[_Taken]) -> _Taken | None:
    """The next one that no thread has taken yet."""
    try:
        return pending.popleft()
    except IndexError:
        return None
