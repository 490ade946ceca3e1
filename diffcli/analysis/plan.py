"""The executor of a problem: the one asked for, or the one that fits, and why."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from diffcli.analysis.evaluation import Evaluated, Evaluation
from diffcli.analysis.problem import Problem
from diffcli.errors import fault, given
from diffcli.execute.executors.choice import Plan, planned
from diffcli.execute.executors.executor import NoDevice, Unfit
from diffcli.execute.executors.kept import Arrays, Kept, kept
from diffcli.execute.schedule import Schedule, scheduled
from diffcli.graph.graph import Graph
from diffcli.messages import Argument, Message


def plan_for(problem: Problem, schedule: Schedule) -> Plan:
    """The schedule ready to run. Raises DiffcliError where the executor that was asked for does not take it."""
    try:
        return planned(schedule, problem.wanted)
    except NoDevice as reason:
        where = given(Argument("device", problem.wanted.device))
        raise fault("E402", str(reason), where, hint=Message("leave it out")) from None
    except Unfit as reason:
        name = problem.wanted.executor
        message = Message("{executor} cannot compute this: {reason}", executor=name, reason=reason)
        hint = Message("leave it out: the executor that fits is chosen")
        raise fault("E402", message, given(Argument("executor", name)), hint=hint) from None


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
