"""Answers found alone, without keeping the value of every node."""

from math import isfinite
from typing import Any, NamedTuple

from diffcli.analysis.evaluation import settled_of
from diffcli.analysis.label_checks import check_demands, demanding
from diffcli.analysis.plan import as_traced, plan_for
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep
from diffcli.execute.arrays import Array
from diffcli.execute.executors.choice import Plan
from diffcli.execute.executors.effort import is_small
from diffcli.execute.executors.executor import Choice
from diffcli.execute.finiteness import finite_together, taken
from diffcli.execute.schedule import scheduled
from diffcli.graph.graph import Graph, Value


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
    traced = not large and problem.wanted.executor is None
    small = traced and is_small(built.graph)
    settled = settled_of(built.graph) if small else None
    schedule = scheduled(graph, [*targets, finite_together(graph, looked_at, _masks(graph, sweep))], inputs, settled)
    plan = as_traced(schedule, small) if traced else plan_for(problem, schedule)
    return Swift(sweep, targets, demands, plan)
