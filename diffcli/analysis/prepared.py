"""What does not depend on a problem's values, made once for all problems that differ in nothing else."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import count
from math import isfinite
from typing import Any, NamedTuple

from diffcli.analysis.kinks import meets_kinks
from diffcli.analysis.label_checks import check_demands, demanding
from diffcli.analysis.later import Later
from diffcli.analysis.lost_digits import is_judged
from diffcli.analysis.plan import EveryNode, every_node, plan_for
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, swept
from diffcli.execute.arithmetic import MACHINE
from diffcli.execute.arrays import Array, hollow
from diffcli.execute.executors.choice import Choice, Plan
from diffcli.execute.executors.plain import plain
from diffcli.execute.finiteness import finite_together, taken
from diffcli.execute.program import Program
from diffcli.execute.schedule import scheduled
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Message
from diffcli.primitives.shape import size

#: So many are remembered, of expressions of so many nodes.
_REMEMBERED, _LARGEST = 64, 5_000
#: Elements of all nodes together that are kept only if somebody looks at them.
_MANY = 1_000_000
#: Elements that take as much memory as what else is kept of a node: without them there is little to spare.
_WEIGHT = 64


class Answers(NamedTuple):
    """The value, the gradient by variable and at what was asked for beside, all numbers by node, and what ran."""

    value: Array
    gradient: dict[str, Array]
    numbers: dict[int, Array]
    plan: Choice


class Swift(NamedTuple):
    """What computes a sweep's answers without keeping the value of every node.

    The last target is finite only if all is that the answers are made of. `demands` are operands that are looked at
    after each run, since functions demand something of them.
    """

    sweep: Sweep
    targets: tuple[int, ...]
    demands: frozenset[int]
    plan: Plan

    def answers(self, problem: Problem) -> Answers | None:
        """The answers at the problem's point; None where something on the way is not finite, or nearly not.

        Raises DiffcliError where a function cannot take the data that it is given.
        """
        sweep, given = self.sweep, self.sweep.inputs(problem.values)
        found = self.plan.runner([*given.values()])
        if not isfinite(found.pop()):
            return None
        numbers: dict[int, Any] = dict(zip(self.targets, found, strict=True))
        if self.demands:
            check_demands(problem, sweep.built, {**numbers, **given}.get)
        gradient = sweep.gradient(numbers, problem.values)  # type: ignore[arg-type]  # by node too
        return Answers(numbers[sweep.built.output], gradient | sweep.asked(numbers), numbers, self.plan.choice)  # type: ignore[arg-type]


class Prepared(NamedTuple):
    """A sweep, to whose graph nothing is to be appended, what runs all of its nodes, and what finds its answers alone.

    `met` counts the problems that it was taken for; `kinked` tells whether the gradient passes through a function that
    has kinks, `judged` whether lost digits are looked for; `large` ones are not to be kept whole.
    """

    sweep: Sweep
    program: Later[Program | EveryNode]
    swift: Later[Swift]
    met: Iterator[int]
    kinked: bool
    judged: bool
    large: bool

    def answers(self, problem: Problem) -> Answers | None:
        """The answers alone, where that is sooner than all nodes, or takes less memory, and all is finite."""
        again = next(self.met) > 0
        worth = problem.arithmetic in MACHINE and (again or self.large)
        return self.swift().answers(problem) if worth else None


class _Question:
    """A problem as far as its sweep depends on it: not on the values."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        asked = (problem.wrt, problem.of, problem.wanted, problem.precision.dtype)
        self.key = (id(problem.resolved), problem.source, tuple(problem.shapes.items()), *asked)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.key == other.key


def prepared(problem: Problem) -> Prepared:
    """The problem's sweep and its program, those of an earlier problem where it is as if it were the same.

    Raises DiffcliError unless the result is a single number.
    """
    if problem.arithmetic not in MACHINE or len(problem.resolved.nodes) > _LARGEST:
        return _prepared(problem)
    return _remembered(_Question(problem))


def _prepared(problem: Problem) -> Prepared:
    sweep = swept(problem)
    graph, large = sweep.built.graph, is_large(sweep)
    return Prepared(
        sweep,
        Later(partial(every_node, problem, graph, [*sweep.built.inputs.values()])),
        Later(partial(swift, problem, sweep, large)),
        count(),
        meets_kinks(graph, sweep.backward),
        is_judged(graph),
        large,
    )


@lru_cache(maxsize=_REMEMBERED)
def _remembered(question: _Question) -> Prepared:
    problem = question.problem
    question.problem = problem._replace(
        values={name: hollow(shape, problem.arithmetic.dtype) for name, shape in problem.shapes.items()}, stated={}
    )
    return _prepared(question.problem)


def is_large(sweep: Sweep) -> bool:
    """Whether to keep the value of every node takes much memory."""
    shapes = sweep.built.graph.shapes
    elements = sum(size(shape) * times for shape, times in Counter(shapes).items())
    return elements >= max(_MANY, _WEIGHT * len(shapes))


def _masks(graph: Graph, sweep: Sweep) -> dict[int, Value]:
    """For nodes of branches, and for local derivatives of those, where the branches are taken."""
    masks = taken(graph, sweep.built.output)
    found: dict[int, list[Value | None]] = {}
    for flow in sweep.backward.flows if masks else ():
        if flow.local is not None:
            found.setdefault(flow.local, []).append(masks.get(flow.source))
    others = {*range(sweep.built.output + 1), *sweep.adjoints}
    for local, (mask, *more) in found.items():
        if mask is not None and local not in others and all(other is mask for other in more):
            masks[local] = mask
    return masks


def swift(problem: Problem, sweep: Sweep, large: bool) -> Swift:
    """What finds the answers alone: of `large` ones the executor that fits, else the one that a trace agrees with."""
    built, inputs = sweep.built, [*sweep.built.inputs.values()]
    graph = built.graph.copied()
    unmoved = [node for node in sweep.of.values() if node not in sweep.backward.adjoints]
    demands = frozenset(demanding(built))
    targets = (built.output, *sweep.adjoints, *unmoved, *(demands - {*inputs}))
    looked_at = {*graph.needed([built.output]), *sweep.backward.locals, *sweep.adjoints}
    schedule = scheduled(
        graph,
        [*targets, finite_together(graph, looked_at, _masks(graph, sweep))],
        inputs,
        arithmetic=problem.arithmetic,
    )
    if large or problem.wanted.executor is not None:
        plan = plan_for(problem, schedule)
    else:
        plan = Plan(plain(schedule), "plain", Message("its numbers are those of a trace, to the last bit"))
    return Swift(sweep, targets, demands, plan)
