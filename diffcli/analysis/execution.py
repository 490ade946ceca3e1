"""A problem executed at its point: the value of every node, forward and backward."""

from collections.abc import Mapping
from typing import NamedTuple

from diffcli.analysis.label_checks import check_demands
from diffcli.analysis.plan import NODE_BY_NODE, EveryNode, every_node
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import Sweep, swept
from diffcli.analysis.trace import Trace
from diffcli.execute.arrays import Array
from diffcli.execute.program import Program


class Executed(NamedTuple):
    """The trace, the gradient by variable, the graph's inputs by node.

    Nothing is checked: numbers may be anything.
    """

    trace: Trace
    gradient: dict[str, Array]
    inputs: Mapping[int, Array]


def executed(
    problem: Problem,
    sweep: Sweep | None = None,
    cotangent: Array | None = None,
    tangents: Mapping[int, Array] | None = None,
    program: Program | EveryNode | None = None,
) -> Executed:
    """Run the problem's sweep at its point, from the cotangent if the sweep takes one, along tangents if some were
    pushed; `program` is that of all its nodes.

    Raises DiffcliError if the result is not a single number and no sweep was given.
    """
    sweep = swept(problem) if sweep is None else sweep
    built = sweep.built
    inputs = {**sweep.inputs(problem.values, cotangent), **(tangents or {})}
    program = program or every_node(problem, built.graph, [*inputs])
    values = program.values(inputs)  # the trace shows every node
    check_demands(problem, built, values.__getitem__)
    plan = NODE_BY_NODE if isinstance(program, Program) else program.plan.choice
    trace = Trace(problem.source, built.graph, built.output, sweep.backward, values, problem.arithmetic, plan)
    return Executed(trace, sweep.gradient(values, problem.values), inputs)
