"""Whether rounding leaves the answers of a small graph as they are, told by runs on single floats.

Where it says so there is nothing to doubt; where it does not, `rounding` estimates the errors.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from random import Random
from typing import Any

from diffcli.execute.executors.cells import Cells
from diffcli.execute.executors.executor import Unfit
from diffcli.execute.executors.interpreted import CellFunction, interpreted
from diffcli.execute.executors.kept import Kept
from diffcli.execute.rounding import MOVE, Shake, lost_in_constant, shaken
from diffcli.graph.graph import Graph, Parameters
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.shape import Shape, size
from diffcli.primitives.structural import constant

#: Runs that are compared, and how many times farther apart results may be than those of the runs: sixteen times what
#: `rounding` takes, whose random numbers are others.
_RUNS, _MARGIN = 3, 1024.0 / MOVE


def are_steady(
    graph: Graph, answers: Iterable[int], inputs: Mapping[int, Kept], values: Sequence[Any], part: float, least: float
) -> bool:
    """Whether no answer, of these nodes, may be wrong by more than a part of itself, or by `least`.

    `values` are the cells of all nodes.
    """
    nodes = [*dict.fromkeys(answers)]
    for seed in range(_RUNS):
        change = partial(_changed, _Moves(seed))
        try:
            moved = interpreted(graph, graph.needed(nodes), inputs, change)
        except (Unfit, ArithmeticError, ValueError):
            return False
        for node in nodes:
            for number, other in zip(values[node].elements, moved[node].elements, strict=True):  # type: ignore[union-attr]
                if not _MARGIN * abs(other - number) <= max(part * abs(number), least):
                    return False
    return True


class _Moves:
    """Random numbers in cells."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def random(self, shape: Shape) -> Cells:
        """Numbers between 0 and 1, for each element of a shape."""
        return self.uniform(0.0, 1.0, shape)

    def uniform(self, low: float, high: float, shape: Shape) -> Cells:
        """Numbers between two, for each element of a shape."""
        return Cells(shape, [self._random.uniform(low, high) for _ in range(size(shape))])


def _changed(moves: _Moves, primitive: Primitive, parameters: Parameters, function: CellFunction) -> CellFunction:
    if primitive is not constant:
        return shaken(primitive, dict(parameters), function, Shake(moves))
    lost = lost_in_constant(dict(parameters)["value"])
    return partial(_inexact, moves, lost, function()) if any(lost) else function


def _inexact(moves: _Moves, lost: list[float], value: Cells) -> Cells:
    """A constant, moved by what double precision makes of numbers that are none."""
    each = lost * (len(value.elements) // len(lost))
    return value + Cells(value.shape, each) * moves.uniform(-MOVE, MOVE, value.shape)
