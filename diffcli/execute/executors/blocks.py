"""Long arrays in blocks that fit into a processor's cache, by several threads.

What a block computes goes from one function to the next while it is in the cache, in buffers that are used again, and
only results are written to memory. Sums over blocks are added pairwise in the order of the blocks: numbers do not
depend on how many threads there are, nor on which of them computed what.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from diffcli.execute.arrays import Array
from diffcli.execute.executors.array_calls import VIEWS
from diffcli.execute.executors.block_text import BlockFunction, block_function
from diffcli.execute.executors.executor import Runner, Unfit
from diffcli.execute.executors.lowering import Lowered, Operation, lowered
from diffcli.execute.executors.stages import Staged, longest_extent, staged, work
from diffcli.execute.program import quietly
from diffcli.execute.schedule import Schedule
from diffcli.messages import Message

#: Bytes of the buffers and slices of a block: those of a cache, or a few.
_BLOCK_BYTES = 1 << 21
#: Parts of the work that threads take one after the other.
_PARTS = 48


def blocks(schedule: Schedule, least: float = 0.0) -> Runner:
    """Blocks along the axes of the extent that cuts the most elements.

    Raises Unfit where nothing can be cut, or less of the work than the part `least`.
    """
    program = lowered(schedule)
    plan = staged(program, longest_extent(program))
    if not plan.placed or _part(program, plan) < least:
        raise Unfit(Message("too little of it can be done in blocks"))
    phases = _phases(plan, program)
    shapes = [schedule.shapes[target] for target in schedule.targets]
    copied = _copied(program)

    def run(values: Sequence[Any]) -> list[Any]:
        known = {**program.constants, **dict(zip(program.inputs, values, strict=True))}
        with quietly():
            for phase in phases:
                phase.run(known, plan.extent)
            return [
                _own(known[target], shape, copy)
                for target, shape, copy in zip(program.targets, shapes, copied, strict=True)
            ]

    return run


def _part(program: Lowered, plan: Staged) -> float:
    """The part of the work that blocks speed up: what is cut, but for products of matrices, which have threads."""
    whole = cut = 1
    for operation in program.operations:
        cost = work(operation, program.shapes)
        whole += cost
        products = operation.form == "matmul" and all(len(program.shapes[node]) > 1 for node in operation.operands)
        if operation.node in plan.placed and not products:
            cut += cost
    return cut / whole


def _own(value: Any, shape: tuple[int, ...], copied: bool) -> Any:
    if np.shape(value) != shape:
        return np.full(shape, value) if np.ndim(value) == 0 else np.broadcast_to(value, shape).copy()
    return value.copy() if copied and shape else value


def _copied(program: Lowered) -> list[bool]:
    """For each target whether its array may also be that of something else."""
    own = {operation.node for operation in program.operations if operation.form not in VIEWS}
    return [target not in own or target in program.targets[:place] for place, target in enumerate(program.targets)]


class _Phase(NamedTuple):
    """A stage made ready: operations on whole values, the function of a block, and what is not needed afterwards."""

    whole: tuple[Operation, ...]
    function: BlockFunction | None
    done: tuple[int, ...]

    def run(self, known: dict[int, Any], extent: int) -> None:
        """Adds the stage's values to those that are known."""
        for operation in self.whole:
            known[operation.node] = operation.function(*[known[operand] for operand in operation.operands])
        if self.function is not None:
            _loop(self.function, extent, known)
        for node in self.done:
            del known[node]


def _phases(plan: Staged, program: Lowered) -> list[_Phase]:
    """The stages from first to last; a value is let go after the last one that uses it."""
    needed = set(program.targets)
    phases = []
    for stage in reversed(plan.stages):
        function = block_function(plan, stage, program.shapes) if stage.blocked else None
        made = {operation.node for operation in stage.whole}.union(stage.partial, stage.kept)
        used = {operand for operation in stage.whole for operand in operation.operands}
        used |= {*function.arguments} if function else set()
        phases.append(_Phase(stage.whole, function, tuple((made | used) - needed)))
        needed |= used
    return phases[::-1]


def _loop(function: BlockFunction, extent: int, known: dict[int, Any]) -> None:
    """One block after the other, by several threads; what they make is added to what is known."""
    for node, cut in function.kept.items():
        known[node] = np.empty(cut.shape, cut.type)
    wholes = [known[node] for node in function.arguments]
    rows = min(max(1, _BLOCK_BYTES // function.row_bytes), extent)
    starts = range(0, extent, rows)
    together = -(-len(starts) // _PARTS)
    parts = [starts[first : first + together] for first in range(0, len(starts), together)]
    pending = deque(enumerate(parts))
    found: list[Any] = [None] * len(parts)

    def work() -> None:
        buffers: dict[int, list[Array]] = {}  # by length: the last block may be shorter
        with quietly():
            while pending:
                try:
                    place, own = pending.popleft()
                except IndexError:  # another thread was faster
                    return
                results = []
                for start in own:
                    stop = min(start + rows, extent)
                    length = stop - start
                    if length not in buffers:
                        buffers[length] = [np.empty(cut.within(length), cut.type) for cut in function.buffers]
                    partial = function.swift(start, stop, buffers[length], wholes)
                    if partial is None:
                        partial = function.by_rule(start, stop, buffers[length], wholes)
                    results.append(partial)
                found[place] = _combined(results, function.combined.values())

    _in_threads(work, min(_threads(), len(parts)), pending.clear)
    known.update(zip(function.combined, _combined(found, function.combined.values()), strict=True))


def _combined(parts: Sequence[Sequence[Any]], functions: Iterable[np.ufunc]) -> list[Any]:
    """Two halves, each made of two in turn, so that rounding errors grow as slowly as they can."""
    if len(parts) == 1:
        return [*parts[0]]
    half = (len(parts) + 1) // 2
    both = zip(functions, _combined(parts[:half], functions), _combined(parts[half:], functions), strict=True)
    return [function(first, second) for function, first, second in both]


def _in_threads(work: Callable[[], None], count: int, stop: Callable[[], None]) -> None:
    """The work done by the caller and as many others as make up the count. `stop` leaves nothing more to do."""
    if count == 1:
        work()
        return
    with ThreadPoolExecutor(count - 1) as others:
        running = [others.submit(work) for _ in range(count - 1)]
        try:
            work()
        finally:
            stop()
    for each in running:
        each.result()


def _threads() -> int:
    """As many as OMP_NUM_THREADS says, or there are processors for this process."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    return int(said) if said.isdecimal() and int(said) else len(os.sched_getaffinity(0))
