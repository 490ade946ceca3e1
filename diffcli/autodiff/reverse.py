"""Reverse mode: one walk back over the graph appends the adjoint of every active node to it."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple

from diffcli.graph.graph import Graph, Value
from diffcli.primitives.structural import accumulate


class Flow(NamedTuple):
    """The flow back along one edge: `contribution = local x upstream`, each the index of a node.

    `local` is None where the pull-back is not a multiplication (a stack, a slice).
    """

    source: int
    target: int
    operand: int
    local: int | None
    upstream: int
    contribution: int


#: Makes a Flow of a tuple, at a third of the cost of Flow(...).
_flow = partial(tuple.__new__, Flow)


class Gradient(NamedTuple):
    """The adjoint's node of every active node, and the flows in the order of the sweep."""

    adjoints: Mapping[int, int]
    flows: tuple[Flow, ...]


def active_nodes(graph: Graph, output: int, wrt: Iterable[int]) -> list[int]:
    """The nodes that depend on one of `wrt` and that the output depends on, in order."""
    depends = bytearray(output + 1)
    for node in wrt:
        if node <= output:
            depends[node] = 1
    for node, operands in enumerate(graph.operands[: output + 1]):
        for operand in operands:
            if depends[operand]:
                depends[node] = 1
                break
    needed = bytearray(output + 1)
    needed[output] = depends[output]
    for node in range(output, -1, -1):
        if needed[node]:
            for operand in graph.operands[node]:
                needed[operand] = depends[operand]
    return [node for node in range(output + 1) if needed[node]]


def gradient(graph: Graph, output: int, wrt: Iterable[int], seed: Value | None = None) -> Gradient:
    """Append the adjoints of the nodes between `wrt` and `output`; nothing is executed.

    `seed` is the output's cotangent, of the output's shape; without it the output, a single
    number, gets d(output)/d(output) = 1. Running twice appends nothing new.
    """
    active = active_nodes(graph, output, wrt)
    if not active:
        return Gradient({}, ())
    waiting: dict[int, Any] = dict.fromkeys(active)  # the contributions met so far: none, one, or a list of them
    waiting[output] = seed or graph.filled(1.0, graph.shapes[output])
    adjoints: dict[int, int] = {}
    flows: list[Flow] = []
    numbers: dict[float, int] = {}  # the nodes of partials that are plain numbers
    for node in reversed(active):
        upstream = _sum(waiting.pop(node))
        adjoints[node] = upstream.index
        primitive, positions, shape = graph.primitives[node], graph.operands[node], graph.shapes[node]
        slopes, operands = primitive.slopes, []
        if slopes is None:
            operands = [Value(graph, operand) for operand in positions]
            out, parameters = Value(graph, node), dict(graph.parameters[node])
        for position, operand in enumerate(positions):
            if operand not in waiting:
                continue
            local: Any
            if slopes is None:
                local, contribution = primitive.vjp(position, upstream, operands, out, parameters)
            else:  # a sum needs no rule: worth a short cut, for long sums are common
                local, contribution = slopes[position], upstream.weighed_by(slopes[position])
                if graph.shapes[operand] != shape:
                    contribution = contribution.sum_to(graph.shapes[operand])
            if local is not None:
                known = numbers.get(local) if local.__class__ is int else local.index
                local = numbers.setdefault(local, graph.filled(local).index) if known is None else known
            flows.append(_flow((node, operand, position, local, upstream.index, contribution.index)))
            met = waiting[operand]
            if met is None:
                waiting[operand] = contribution
            elif isinstance(met, list):
                met.append(contribution)
            else:
                waiting[operand] = [met, contribution]
    return Gradient(adjoints, tuple(flows))


def derivative(graph: Graph, output: int, by: int) -> int:
    """The node of d(output)/d(by), appended: zeros where the output does not depend on it."""
    adjoint = gradient(graph, output, [by]).adjoints.get(by)
    return graph.filled(0.0, graph.shapes[by]).index if adjoint is None else adjoint


def _sum(contributions: Value | list[Value]) -> Value:
    if isinstance(contributions, Value):
        return contributions
    if len(contributions) == 2:
        return contributions[0] + contributions[1]
    return contributions[0].graph.apply(accumulate, contributions)
