"""Demands of functions on their data: a class label is one of the classes."""

from collections.abc import Sequence

from diffcli.analysis.problem import Problem
from diffcli.errors import Label, fault
from diffcli.execute.arrays import Array
from diffcli.graph.build import Built
from diffcli.messages import Message


def demanding(built: Built) -> list[int]:
    """The operands that functions demand something of."""
    graph = built.graph
    return [
        operand
        for node in range(built.output + 1)
        if graph.primitives[node].demand is not None
        for operand in graph.operands[node]
    ]


def check_demands(problem: Problem, built: Built, values: Sequence[Array]) -> None:
    """Raise DiffcliError, pointing at the operand, where a function cannot take the data it was given."""
    graph = built.graph
    for node in range(built.output + 1):
        demand = graph.primitives[node].demand
        if demand is None:
            continue
        operands = graph.operands[node]
        if any(values[operand] is None for operand in operands):
            continue  # nothing depends on it, so it was not computed
        wrong = demand(*(values[operand] for operand in operands), **dict(graph.parameters[node]))
        if wrong is not None:
            span = graph.spans[operands[-1]] or graph.spans[node]
            labels = [] if span is None else [Label(span)]
            hint = Message("labels count from 0; a row of probabilities has one for each class")
            raise fault("E306", wrong, problem.source, *labels, hint=hint)
