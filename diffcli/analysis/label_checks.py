"""Demands of functions on their data: a class label is one of the classes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diffcli.analysis.problem import Problem
from diffcli.errors import Label, fault
from diffcli.execute.arrays import Array, zeros_like
from diffcli.graph.build import Built
from diffcli.messages import Message
from diffcli.primitives.primitive import Rule


def demanding(built: Built) -> list[int]:
    """The operands that functions demand something of."""
    graph = built.graph
    return [operand for node, _ in _demands(built) for operand in graph.operands[node]]


def check_demands(problem: Problem, built: Built, value_of: Callable[[int], Array | None]) -> None:
    """Raise DiffcliError, pointing at the operand, where a function cannot take the data it was given."""
    graph = built.graph
    for node, demand in _demands(built):
        operands, parameters = graph.operands[node], dict(graph.parameters[node])
        given = [value for operand in operands if (value := value_of(operand)) is not None]
        if len(given) < len(operands):
            continue  # nothing depends on it, so it was not computed
        wrong = demand(*given, **parameters)
        if wrong is not None:
            selecting = graph.primitives[node].selecting
            span = graph.spans[operands[_culprit(demand, given, parameters) if selecting else -1]] or graph.spans[node]
            hint = (
                Message("places are whole numbers; the first one is 0")
                if selecting
                else Message("labels count from 0; a row of probabilities has one for each class")
            )
            raise fault("E306", wrong, problem.source, *([] if span is None else [Label(span)]), hint=hint)


def _culprit(demand: Rule, given: Sequence[Array], parameters: Mapping[str, Any]) -> int:
    """The operand whose numbers are no places: one that is at fault though all others are 0, which is a place."""
    zeros = [given[0], *(zeros_like(numbers) for numbers in given[1:])]
    return next(
        position
        for position, numbers in enumerate(given)
        if position and demand(*zeros[:position], numbers, *zeros[position + 1 :], **parameters)
    )


def _demands(built: Built) -> list[tuple[int, Rule]]:
    """The nodes whose functions demand something, and what."""
    primitives, count = built.graph.primitives, built.output + 1
    demands = {primitive: primitive.demand for primitive in {*primitives} if primitive.demand is not None}
    return [(node, demands[primitives[node]]) for node in range(count if demands else 0) if primitives[node] in demands]
