"""Demands of functions on their data: a class label is one of the classes."""

from collections.abc import Sequence

from diffcli.analysis.problem import Problem
from diffcli.errors import Label, fault
from diffcli.execute.arrays import Array
from diffcli.graph.build import Built
from diffcli.messages import Message
from diffcli.primitives.primitive import Rule


def demanding(built: Built) -> list[int]:
    """The operands that functions demand something of."""
    graph = built.graph
    return [operand for node, _ in _demands(built) for operand in graph.operands[node]]


def check_demands(problem: Problem, built: Built, values: Sequence[Array]) -> None:
    """Raise DiffcliError, pointing at the operand, where a function cannot take the data it was given."""
    graph = built.graph
    for node, demand in _demands(built):
        operands = graph.operands[node]
        if any(values[operand] is None for operand in operands):
            continue  # nothing depends on it, so it was not computed
        wrong = demand(*(values[operand] for operand in operands), **dict(graph.parameters[node]))
        if wrong is not None:
            span = graph.spans[operands[-1]] or graph.spans[node]
            labels = [] if span is None else [Label(span)]
            raise fault(
                "E306",
                wrong,
                problem.source,
                *labels,
                hint=Message("labels count from 0; a row of probabilities has one for each class"),
            )


def _demands(built: Built) -> list[tuple[int, Rule]]:
    """The nodes whose functions demand something, and what."""
    primitives, count = built.graph.primitives, built.output + 1
    demands = {primitive: primitive.demand for primitive in {*primitives} if primitive.demand is not None}
    return [(node, demands[primitives[node]]) for node in range(count if demands else 0) if primitives[node] in demands]
