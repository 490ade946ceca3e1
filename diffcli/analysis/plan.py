"""The executor of a problem: the one asked for, or the one that fits, and why."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.analysis.problem import Problem
from diffcli.errors import fault, given
from diffcli.execute.arrays import Array
from diffcli.execute.executors.choice import Choice, Plan, planned
from diffcli.execute.executors.executor import NoDevice, Runner, Unfit
from diffcli.execute.program import Program
from diffcli.execute.schedule import Schedule, scheduled
from diffcli.graph.graph import Graph
from diffcli.messages import Argument, Message


def plan_for(problem: Problem, schedule: Schedule, runs: int | None = None) -> Plan:
    """The schedule ready for so many runs, or for any number of them.

    Raises DiffcliError where the executor that was asked for does not take it.
    """
    try:
        return planned(schedule, problem.wanted, runs)
    except NoDevice as reason:
        where = given(Argument("device", problem.wanted.device))
        raise fault("E402", str(reason), where, hint=Message("leave it out")) from None
    except Unfit as reason:
        name = problem.wanted.executor
        message = Message("{executor} cannot compute this: {reason}", executor=name, reason=reason)
        hint = Message("leave it out: the executor that fits is chosen")
        raise fault("E402", message, given(Argument("executor", name)), hint=hint) from None


class Staged(NamedTuple):
    """A schedule in two parts: what does not depend on its last inputs is computed once for many of them."""

    first: Plan
    second: Plan

    def at(self, values: Sequence[Any]) -> Runner:
        """The targets' values by the last inputs, for values of the others."""
        known = self.first.runner(values)
        return lambda further: self.second.runner([*known, *further])


def staged(problem: Problem, schedule: Schedule, later: Sequence[int]) -> Staged:
    """The schedule ready to run, of which the inputs `later` change more often than the others.

    Raises DiffcliError as `plan_for` does.
    """
    first, second = schedule.parted(later)
    return Staged(plan_for(problem, first), plan_for(problem, second))


#: That of a trace.
NODE_BY_NODE = Choice("plain", Message("every node is computed and kept, for the trace shows them"))


class EveryNode(NamedTuple):
    """The values of all nodes of a graph, as a trace shows them, by the executor that was asked for."""

    plan: Plan
    inputs: tuple[int, ...]

    def values(self, inputs: Mapping[int, Array]) -> list[Any]:
        """The value of every node, by node."""
        return self.plan.runner([inputs[node] for node in self.inputs])


def every_node(problem: Problem, graph: Graph, inputs: Sequence[int]) -> Program | EveryNode:
    """What computes all nodes of a graph from its inputs: node by node, if no executor is asked for."""
    nodes = range(len(graph))
    if problem.wanted.executor is None:
        return Program(graph, nodes, problem.arithmetic)
    return EveryNode(plan_for(problem, scheduled(graph, nodes, inputs, arithmetic=problem.arithmetic)), tuple(inputs))
