"""What does not depend on a problem's values, made once for all problems that differ in nothing else."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from diffcli.analysis.evaluation import Evaluation
from diffcli.analysis.execution import every_node
from diffcli.analysis.later import Later
from diffcli.analysis.lost_digits import is_judged
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, meets_kinks, swept
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.executors.kept import Arrays, hollow
from diffcli.primitives.shape import size

if TYPE_CHECKING:
    from diffcli.analysis.swift import Answers, Swift

#: So many are remembered, of expressions of so many nodes.
_REMEMBERED, _LARGEST = 64, 5_000
#: Elements of all nodes together that are kept only if somebody looks at them.
_MANY = 1_000_000
#: Elements that take as much memory as what else is kept of a node: without them there is little to spare.
_WEIGHT = 64


class Prepared(NamedTuple):
    """A sweep, to whose graph nothing is to be appended, what runs all its nodes, and what finds its answers alone.

    `met` counts the problems that it was taken for; `kinked` tells whether the gradient passes through a function that
    has kinks, `judged` whether lost digits are looked for; `large` ones are not to be kept whole.
    """

    sweep: Sweep
    evaluation: Later[Evaluation]
    swift: "Later[Swift]"
    met: Iterator[int]
    kinked: bool
    judged: bool
    large: bool

    def answers(self, problem: Problem) -> "Answers | None":
        """The answers alone, where that is sooner than all nodes, or takes less memory, and all is finite."""
        again = next(self.met) > 0
        worth = problem.arithmetic is FLOAT64 and (again or self.large)
        return self.swift().answers(problem) if worth else None


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
    graph, large = sweep.built.graph, is_large(sweep)
    return Prepared(
        sweep,
        Later(partial(every_node, problem, graph, [*sweep.built.inputs.values()])),
        Later(partial(_swift, problem, sweep, large)),
        count(),
        meets_kinks(graph, sweep.backward),
        is_judged(graph),
        large,
    )


@lru_cache(maxsize=_REMEMBERED)
def _remembered(question: _Question) -> Prepared:
    problem = question.problem
    question.problem = problem._replace(values=Arrays(hollow(problem.shapes)), stated={})
    return _prepared(question.problem)


def _swift(problem: Problem, sweep: Sweep, large: bool) -> "Swift":
    from diffcli.analysis.swift import swift  # imports that only a problem met again needs, or a large one

    return swift(problem, sweep, large)


def is_large(sweep: Sweep) -> bool:
    """Whether to keep the value of every node takes much memory."""
    shapes = sweep.built.graph.shapes
    elements = sum(size(shape) * times for shape, times in Counter(shapes).items())
    return elements >= max(_MANY, _WEIGHT * len(shapes))
