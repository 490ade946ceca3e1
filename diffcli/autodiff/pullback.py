"""The pull-back along an edge: a primitive's rule, appended to a graph."""

from collections.abc import Sequence
from typing import NamedTuple

from diffcli.graph.graph import Graph, Parameters, Value
from diffcli.primitives.primitive import Primitive, Rule
from diffcli.primitives.structural import constant

#: The nodes of the local derivative by an operand, None where there is none, and of the contribution to it.
Pulled = tuple[int | None, int]


def pulled_back(graph: Graph, node: int, position: int, upstream: int) -> Pulled:
    """Append a primitive's rule for one of its operands."""
    primitive, operands = graph.primitives[node], graph.operands[node]
    rules = () if graph.shapes[node] else _WRITTEN.get(primitive.vjp)
    if rules is None:
        rules = _written(primitive)
    if rules:
        appended, local, contribution, asks = rules[position]
        if not (asks and graph.knows(operands)):
            nodes = [*operands, node, upstream]
            for applied, places, own, name in appended:
                if len(places) == 2:
                    first, second = places
                    nodes.append(graph.derived(applied, (nodes[first], nodes[second]), own))
                elif applied is constant:
                    nodes.append(graph.filled(own[0][1], name=name).index)
                else:
                    nodes.append(graph.derived(applied, tuple([nodes[place] for place in places]), own))
            return nodes[local], nodes[contribution]
    handles, parameters = [Value(graph, operand) for operand in operands], dict(graph.parameters[node])
    return _pulled(graph, *primitive.vjp(position, Value(graph, upstream), handles, Value(graph, node), parameters))


class _Steps(NamedTuple):
    """What a rule appends where its operands are single numbers: the same for all such nodes.

    Places count the operands, the output, its upstream gradient, and then what is appended; constants have their names.
    A rule that `asks` whether a number is known does otherwise where it is.
    """

    appended: Sequence[tuple[Primitive, tuple[int, ...], Parameters, str]]
    local: int
    contribution: int
    asks: bool


class _Watched(Graph):
    """A graph that notes whether it was asked for a known number."""

    asked = False

    def number(self, index: int) -> float | None:
        """The number that every element of the node is known to be."""
        self.asked = True
        return super().number(index)


#: By the rule of a primitive its steps for each operand; none where they depend on shapes or options.
_WRITTEN: dict[Rule, tuple[_Steps, ...]] = {}


def _written(primitive: Primitive) -> tuple[_Steps, ...]:
    """The steps of a primitive's rule, which is run once."""
    written = primitive.kind == "elementwise" and not primitive.options
    positions = range(len(primitive.operands) if written else 0)
    found = _WRITTEN[primitive.vjp] = tuple([_steps(primitive, each) for each in positions])
    return found


def _steps(primitive: Primitive, position: int) -> _Steps:
    """The steps of a rule, which is run on a graph of its own."""
    graph, given = _Watched(), len(primitive.operands) + 2
    *operands, out, upstream = [graph.value(graph.append_input(str(place), (), None)) for place in range(given)]
    local, contribution = _pulled(graph, *primitive.vjp(position, upstream, operands, out, {}))
    assert local is not None, "the rule of an elementwise primitive multiplies"
    appended = [
        (graph.primitives[node], graph.operands[node], graph.parameters[node], graph.names.get(node, ""))
        for node in range(given, len(graph))
    ]
    return _Steps(appended, local, contribution, graph.asked)


def _pulled(graph: Graph, local: Value | int | None, contribution: Value) -> Pulled:
    """The nodes of the handles that a rule returns; a local derivative may be a plain number."""
    if isinstance(local, int):
        return graph.filled(local).index, contribution.index
    return None if local is None else local.index, contribution.index
