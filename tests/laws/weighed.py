"""A primitive's output with its gradient, weighed by a cotangent, as executors compute it.

What is compiled knows shapes and options, not points: cases that differ in their points alone have it compiled once,
which is also how it is meant to be used.
"""

from functools import lru_cache
from random import Random
from typing import Any, NamedTuple

from diffcli.autodiff.reverse import gradient
from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.executors.choice import planned
from diffcli.execute.executors.executor import ExecutorName, Runner, Wanted
from diffcli.execute.schedule import scheduled
from diffcli.graph.graph import Graph

from . import oracle
from .cases import Case, arbitrary

#: Neighbours that are kept: a test tries one case with each executor, then the next one.
_KEPT = 8


class Weighed(NamedTuple):
    """The graph of it: the operands and the cotangent are its inputs, the output and the adjoints of the operands that
    vary its targets.
    """

    graph: Graph
    inputs: list[int]
    targets: list[int]

    def at(self, points: list[Any]) -> list[Any]:
        """The values of the inputs at an operands' point; the cotangent is the same each time."""
        return [x[()] for x in (*points, arbitrary(Random(7), self.graph.shapes[self.inputs[-1]]))]


def weighed(case: Case) -> Weighed:
    """The graph of a case."""
    return _weighed(case.anywhere)


def compiled(executor: ExecutorName, case: Case, arithmetic: Arithmetic = FLOAT64) -> Runner:
    """The same as an executor runs it. Raises Unfit where it does not."""
    return _compiled(executor, case.anywhere, arithmetic)


@lru_cache(_KEPT)
def _weighed(case: Case) -> Weighed:
    node = oracle.applied(case)
    seed = node.input(node.out.shape)
    varying = [node.operands[position].index for position in case.varying]
    adjoints = gradient(node.graph, node.out.index, varying, seed).adjoints
    return Weighed(
        node.graph,
        [*(operand.index for operand in node.operands), seed.index],
        [node.out.index, *(adjoints[operand] for operand in varying if operand in adjoints)],
    )


@lru_cache(_KEPT)
def _compiled(executor: ExecutorName, case: Case, arithmetic: Arithmetic) -> Runner:
    graph, inputs, targets = _weighed(case)
    return planned(scheduled(graph, targets, inputs, arithmetic=arithmetic), Wanted(executor)).runner
