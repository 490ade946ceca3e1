"""The pull-back along one edge: a primitive's rule, appended to the graph."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from diffcli.graph.graph import Graph, Parameters, Value
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.structural import constant


def pulled_back(graph: Graph, node: int, position: int, upstream: int) -> tuple[int | None, int]:
    """The nodes of the local derivative by an operand, None where there is none, and of the contribution to it."""
    primitive, operands = graph.primitives[node], graph.operands[node]
    if primitive.kind == "elementwise" and not (graph.shapes[node] or graph.parameters[node] or graph.knows(operands)):
        return _steps(primitive, position).written(graph, [*operands, node, upstream])
    handles = [Value(graph, operand) for operand in operands]
    found = primitive.vjp(position, Value(graph, upstream), handles, Value(graph, node), dict(graph.parameters[node]))
    return _indices(graph, *found)


class _Steps(NamedTuple):
    """What a rule appends where its operands are single numbers of which nothing is known.

    That is the same for all such nodes, since a rule asks its operands for nothing else. Places count the operands, the
    output, its upstream gradient, and then the steps: a primitive with the places of its operands, or a constant.
    """

    steps: Sequence[tuple[Primitive, tuple[int, ...], Parameters, str]]
    local: int | None
    contribution: int

    def written(self, graph: Graph, nodes: list[int]) -> tuple[int | None, int]:
        """Append the steps, given the nodes of the first places."""
        for primitive, operands, parameters, name in self.steps:
            if primitive is constant:
                nodes.append(graph.filled(parameters[0][1], name=name).index)
            else:
                nodes.append(graph.derived(primitive, tuple([nodes[place] for place in operands]), parameters))
        return None if self.local is None else nodes[self.local], nodes[self.contribution]


@cache
def _steps(primitive: Primitive, position: int) -> _Steps:
    """The rule's steps: it is run once, on a graph of its own."""
    graph = Graph()
    count = len(primitive.operands)
    *operands, out, upstream = [graph.value(graph.append_input(str(place), (), None)) for place in range(count + 2)]
    local, contribution = _indices(graph, *primitive.vjp(position, upstream, operands, out, {}))
    made = range(count + 2, len(graph))
    steps = [
        (graph.primitives[node], graph.operands[node], graph.parameters[node], graph.names.get(node, ""))
        for node in made
    ]
    return _Steps(steps, local, contribution)


def _indices(graph: Graph, local: Value | float | None, contribution: Value) -> tuple[int | None, int]:
    """The nodes of the handles that a rule returns; a local derivative may be a plain number."""
    if isinstance(local, (int, float)):
        return graph.filled(local).index, contribution.index
    return None if local is None else local.index, contribution.index
