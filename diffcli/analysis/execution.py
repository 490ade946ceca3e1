"""A problem executed at its point: the value of every node, forward and backward."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from diffcli.analysis.evaluation import Evaluation, evaluation
from diffcli.analysis.label_checks import check_demands
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, swept
from diffcli.analysis.trace import Trace
from diffcli.execute.arrays import Array
from diffcli.execute.executors.kept import Arrays, kept
from diffcli.graph.graph import Graph


class Executed(NamedTuple):
    """The trace, the gradient by variable, the graph's inputs by node.

    Nothing is checked: numbers may be anything.
    """

    trace: Trace
    gradient: Arrays[str]
    inputs: Mapping[int, Array]


def executed(
    problem: Problem,
    sweep: Sweep | None = None,
    cotangent: Array | None = None,
    tangents: Mapping[int, Array] | None = None,
    evaluation: Evaluation | None = None,
) -> Executed:
    """Run the problem's sweep at its point, from the cotangent if the sweep takes one, along tangents if some were
    pushed; `evaluation` is that of all its nodes.

    Raises DiffcliError if the result is not a single number and no sweep was given.
    """
    sweep = swept(problem) if sweep is None else sweep
    built = sweep.built
    inputs = Arrays({**kept(sweep.inputs(problem.values, cotangent)), **kept(tangents or {})})
    values, plan = (evaluation or every_node(problem, built.graph, [*inputs]))(inputs)  # the trace shows every node
    check_demands(problem, built, values.__getitem__)
    trace = Trace(problem.source, built.graph, built.output, sweep.backward, values, problem.arithmetic, plan)
    return Executed(trace, sweep.gradient(values, problem.values), inputs)


def every_node(problem: Problem, graph: Graph, inputs: Sequence[int]) -> Evaluation:
    """What computes all nodes of a graph from its inputs: the executor asked for, or the one that fits."""
    if problem.wanted.executor is None:
        return evaluation(graph, problem.arithmetic)
    from diffcli.analysis.plan import asked_for

    return asked_for(problem, graph, inputs)
