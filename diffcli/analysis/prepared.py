"""What does not depend on a problem's values, made once for all problems that differ in nothing else."""

from functools import lru_cache
from typing import NamedTuple

from diffcli.analysis.plan import EveryNode, every_node
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, swept
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import hollow
from diffcli.execute.program import Program

#: So many are remembered, of expressions of so many nodes.
_REMEMBERED, _LARGEST = 64, 5_000


class Prepared(NamedTuple):
    """A sweep, to whose graph nothing is to be appended, and the program of all its nodes."""

    sweep: Sweep
    program: Program | EveryNode


class _Question:
    """A problem as far as its sweep depends on it: not on the values."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        asked = (problem.wrt, problem.of, problem.wanted)
        self.key = (id(problem.resolved), problem.source, tuple(problem.shapes.items()), *asked)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.key == other.key


def prepared(problem: Problem) -> Prepared:
    """The problem's sweep and its program, those of an earlier problem where it is as if it were the same.

    Raises DiffcliError unless the result is a single number.
    """
    if problem.arithmetic is not FLOAT64 or len(problem.resolved.nodes) > _LARGEST:
        return _prepared(problem)
    return _remembered(_Question(problem))


def _prepared(problem: Problem) -> Prepared:
    sweep = swept(problem)
    return Prepared(sweep, every_node(problem, sweep.built.graph, [*sweep.built.inputs.values()]))


@lru_cache(maxsize=_REMEMBERED)
def _remembered(question: _Question) -> Prepared:
    problem = question.problem
    question.problem = problem._replace(
        values={name: hollow(shape) for name, shape in problem.shapes.items()}, stated={}
    )
    return _prepared(question.problem)
