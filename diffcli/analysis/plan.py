"""The executor of a problem: the one asked for, or the one that fits, and why."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple

from diffcli.analysis.evaluation import Evaluated, Evaluation
from diffcli.analysis.problem import Problem
from diffcli.errors import fault, given
from diffcli.execute.executors.choice import Plan, planned
from diffcli.execute.executors.executor import NoDevice, Runner, Unfit
from diffcli.execute.executors.kept import Arrays, Kept, kept
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


def as_traced(schedule: Schedule, small: bool) -> Plan:
    """The schedule ready to run as a trace is run, which is on single numbers where the trace's graph is small."""
    reason = Message("its numbers are those of a trace, to the last bit")
    if small:
        from diffcli.execute.executors.scalars import scalars

        with suppress(Unfit):
            return Plan(scalars(schedule), "scalars", reason)
    from diffcli.execute.executors.plain import plain

    return Plan(plain(schedule), "plain", reason)


def asked_for(problem: Problem, graph: Graph, inputs: Sequence[int]) -> Evaluation:
    """What computes all nodes of a graph from its inputs by the executor that the problem asks for."""
    return partial(_run, plan_for(problem, scheduled(graph, range(len(graph)), inputs)), tuple(inputs))


def _run(plan: Plan, order: Sequence[int], inputs: Mapping[int, Kept]) -> Evaluated:
    arrays = Arrays(kept(inputs))
    return Evaluated(plan.runner([arrays[node] for node in order]), plan.choice)
