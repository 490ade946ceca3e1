"""Nodes of any graph at points: truth, answers and mistakes are all computed here, in the same numbers."""

from collections.abc import Mapping
from typing import Any

from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, arrayed
from diffcli.execute.many_digits import of_digits
from diffcli.execute.program import Program
from diffcli.graph.graph import Graph

#: Digits in which answers are held against the truth, 180 bits with those that guard them; and those of a second look.
DIGITS, MORE_DIGITS = 40, 400

#: A point's numbers by variable.
Numbers = Mapping[str, Array]


def digits(count: int = DIGITS) -> Arithmetic:
    """Numbers of so many digits."""
    return of_digits(count)


def lifted(values: Any, arithmetic: Arithmetic) -> Array:
    """Numbers of any type in an arithmetic, with a shape though it be a single one."""
    return arrayed(arithmetic.lifted(values))


class Evaluator:
    """Nodes of a graph by name; `at` computes them at a point as often as wanted."""

    def __init__(self, graph: Graph, nodes: Mapping[str, int], arithmetic: Arithmetic) -> None:
        self.names = tuple(nodes)
        self.arithmetic = arithmetic
        self.inputs = inputs_of(graph)
        self._program = Program(graph, tuple(nodes.values()), arithmetic)

    def at(self, point: Numbers) -> dict[str, Any]:
        """The nodes' values by name, where each variable of the graph has the number that the point gives it.

        What is not finite is nan or infinite: nothing is raised for it.
        """
        found = self._program.run({node: point[name] for name, node in self.inputs.items()})
        return dict(zip(self.names, map(arrayed, found), strict=True))


def evaluated(graph: Graph, nodes: Mapping[str, int], point: Numbers, arithmetic: Arithmetic) -> dict[str, Any]:
    """The values of some nodes at a point, by name; the point's numbers are of the arithmetic."""
    return Evaluator(graph, nodes, arithmetic).at(point)


def inputs_of(graph: Graph) -> dict[str, int]:
    """The node of each variable of a graph."""
    return {
        str(dict(graph.parameters[node])["name"]): node
        for node, primitive in enumerate(graph.primitives)
        if primitive.name == "input"
    }
