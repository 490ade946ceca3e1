"""Forward mode: one walk over the graph appends the tangent of every node that varies."""

from collections.abc import Mapping

from diffcli.graph.graph import Graph, Value


def tangents(graph: Graph, output: int, seeds: Mapping[int, Value]) -> Mapping[int, Value]:
    """Append the tangents of the nodes up to `output` for the given tangents of some nodes.

    A seed has the shape of its node. A node that does not vary has no entry.
    """
    found: dict[int, Value] = dict(seeds)
    for node in range(output + 1):
        positions = graph.operands[node]
        if node in seeds or not any(operand in found for operand in positions):
            continue
        operands = [Value(graph, operand) for operand in positions]
        incoming = [found.get(operand) for operand in positions]
        found[node] = graph.primitives[node].jvp(incoming, operands, Value(graph, node), dict(graph.parameters[node]))
    return found
