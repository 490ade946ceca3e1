"""A primitive's output with its gradient, weighed by a cotangent, as executors compute it.

What is compiled knows shapes and options, not points: cases that differ in their points alone have it compiled once,
which is also how it is meant to be used. XLA takes longer to begin than to compile one of them: in a long run several
are one program to it, whose parts share nothing. In an ordinary run, in which a case of each primitive is tried, each
is compiled alone, as users have it.
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from random import Random
from typing import Any, NamedTuple

import numpy as np
from amount import makes_long_ones

from diffcli.autodiff.reverse import gradient
from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.executors.choice import planned
from diffcli.execute.executors.executor import ExecutorName, Runner, Unfit, Wanted
from diffcli.execute.schedule import scheduled
from diffcli.graph.graph import Graph

from . import oracle
from .cases import CASES, Case, arbitrary

#: Neighbours that are kept: a test tries one case with each executor, then the next one.
_KEPT = 8
#: What is compiled of all cases, in their order, and how many neighbours of these XLA is handed as one program.
_COMPILED = tuple(dict.fromkeys(case.anywhere for case in CASES))
_PLACES, _TOGETHER = {case: place for place, case in enumerate(_COMPILED)}, 8


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
    return _alone(case.anywhere)


def compiled(executor: ExecutorName, case: Case, arithmetic: Arithmetic = FLOAT64) -> Runner:
    """The same as an executor runs it. Raises Unfit where it does not."""
    place = _PLACES.get(case.anywhere)
    if executor == "jax" and makes_long_ones() and place is not None:
        neighbours = _together(place // _TOGETHER, arithmetic)
        if neighbours:
            return neighbours[case.anywhere]
    return _compiled(executor, case.anywhere, arithmetic)


def _weighed(case: Case, graph: Graph) -> Weighed:
    """A case's nodes in a graph."""
    node = oracle.applied(case, graph)
    seed = node.input(node.out.shape)
    varying = [node.operands[position].index for position in case.varying]
    adjoints = gradient(graph, node.out.index, varying, seed).adjoints
    return Weighed(
        graph,
        [*(operand.index for operand in node.operands), seed.index],
        [node.out.index, *(adjoints[operand] for operand in varying if operand in adjoints)],
    )


@lru_cache(_KEPT)
def _alone(case: Case) -> Weighed:
    return _weighed(case, Graph())


@lru_cache(_KEPT)
def _compiled(executor: ExecutorName, case: Case, arithmetic: Arithmetic) -> Runner:
    graph, inputs, targets = _alone(case)
    return planned(scheduled(graph, targets, inputs, arithmetic=arithmetic), Wanted(executor)).runner


@lru_cache(2)
def _together(number: int, arithmetic: Arithmetic) -> dict[Case, Runner]:
    """Runners in JAX of neighbours that are one program; none where one of them is refused."""
    graph = Graph()
    parts = {case: _weighed(case, graph) for case in _COMPILED[number * _TOGETHER : (number + 1) * _TOGETHER]}
    inputs = [node for part in parts.values() for node in part.inputs]
    targets = [node for part in parts.values() for node in part.targets]
    try:
        runner = planned(scheduled(graph, targets, inputs, arithmetic=arithmetic), Wanted("jax")).runner
    except Unfit:
        return {}
    zeros = {node: np.zeros(graph.shapes[node]) for node in inputs}

    def run(part: Weighed, values: Sequence[Any]) -> list[Any]:
        given = zeros | dict(zip(part.inputs, values, strict=True))
        found = dict(zip(targets, runner([given[node] for node in inputs]), strict=True))
        return [found[target] for target in part.targets]

    return {case: partial(run, part) for case, part in parts.items()}
