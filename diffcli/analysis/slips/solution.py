"""The right derivation, from which slips are made: its nodes, and how they are called."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from diffcli.autodiff.forward import tangents
from diffcli.autodiff.reverse import Gradient, Pull, active_nodes, gradient
from diffcli.graph.graph import Graph, Value
from diffcli.graph.node_formula import formula, label
from diffcli.primitives.shape import size
from diffcli.primitives.structural import constant, input
from diffcli.source import Source, Span

#: Characters of a piece of the question that a sentence may quote.
_LONGEST = 40
#: The largest question whose slips are tried: its nodes, and the elements of all of them.
_MOST_NODES, _MOST_ELEMENTS = 1_000, 5_000


@dataclass(frozen=True)
class Solution:
    """The derivative of a graph's output by some nodes, by name, as reverse mode has it.

    Slips are appended to the same graph, which is the solution's own. `asked` are the nodes of the right answers where
    something else than the derivative is wanted.
    """

    graph: Graph
    output: int
    wrt: Mapping[str, int]
    source: Source
    asked: Mapping[str, int] | None = None

    @cached_property
    def right(self) -> Gradient:
        """The right derivative."""
        return gradient(self.graph, self.output, self.wrt.values(), self.seed)

    @cached_property
    def contributions(self) -> Mapping[tuple[int, int], int]:
        """What flows back along each edge, a node and an operand's position, in the right derivation."""
        return {(flow.source, flow.operand): flow.contribution for flow in self.right.flows}

    @property
    def seed(self) -> Value:
        """The output's cotangent: of an array the sum is differentiated."""
        return self.graph.filled(1.0, self.graph.shapes[self.output])

    @cached_property
    def active(self) -> list[int]:
        """The nodes between the variables and the output, the output first."""
        return active_nodes(self.graph, self.output, self.wrt.values())[::-1]

    @cached_property
    def varying(self) -> frozenset[int]:
        """The same nodes, to ask whether one is among them."""
        return frozenset(self.active)

    @cached_property
    def variables(self) -> frozenset[int]:
        """The nodes that are differentiated by."""
        return frozenset(self.wrt.values())

    @cached_property
    def inputs(self) -> list[int]:
        """The variables of the expression."""
        return [node for node in range(self.output + 1) if self.graph.primitives[node] is input]

    @cached_property
    def answers(self) -> Mapping[str, int]:
        """The right answers' nodes."""
        if self.asked is not None:
            return self.asked
        return {name: self.adjoint(self.right, node) for name, node in self.wrt.items()}

    def asking(self, answers: Mapping[str, int]) -> "Solution":
        """The same derivation, of which other nodes are the right answers."""
        return replace(self, asked=answers)

    def adjoint(self, found: Gradient, node: int) -> int:
        """A node's adjoint; zeros where it has no influence."""
        adjoint = found.adjoints.get(node)
        return self.graph.filled(0.0, self.graph.shapes[node]).index if adjoint is None else adjoint

    def swept(self, wrt: Mapping[str, int], pull: Pull) -> dict[str, int]:
        """The answers by some of the variables where edges pull back in another way."""
        found = gradient(self.graph, self.output, wrt.values(), self.seed, pull)
        return {name: self.adjoint(found, node) for name, node in wrt.items()}

    def handle(self, node: int) -> Value:
        """A handle on a node."""
        return Value(self.graph, node)

    def tangents(self, variable: int) -> Mapping[int, Value]:
        """The derivative of each node that varies with a variable, element by element."""
        known = self._tangents.get(variable)
        if known is None:
            seed = self.graph.filled(1.0, self.graph.shapes[variable])
            known = self._tangents[variable] = tangents(self.graph, self.output, {variable: seed})
        return known

    @cached_property
    def _tangents(self) -> dict[int, Mapping[int, Value]]:
        return {}

    def is_inner(self, node: int) -> bool:
        """Whether a node varies, and is no variable itself."""
        return node in self.varying and node not in self.variables

    def span(self, node: int) -> Span | None:
        """The text that a node comes from."""
        return self.graph.spans[node]

    def text(self, node: int) -> str:
        """A node by its name, as the question writes it, or as its formula; its label where that would be long."""
        if node in self.graph.names:
            return self.graph.names[node]
        span = self.span(node)
        if self.graph.primitives[node] is constant:
            return label(self.graph, node)
        if span is None:
            written = formula(self.graph, node, -1)
        else:
            written = " ".join(self.source.text[span.start : span.end].split())
        return written if 0 < len(written) <= _LONGEST and written != "..." else label(self.graph, node)


def is_small(graph: Graph, output: int) -> bool:
    """Whether slips of an output can be tried in little time and memory."""
    return output <= _MOST_NODES and sum(map(size, graph.shapes[: output + 1])) <= _MOST_ELEMENTS


def solution(graph: Graph, output: int, wrt: Mapping[str, int], source: Source) -> Solution:
    """The solution on a copy of a graph, to which slips can be appended."""
    return Solution(graph.copied(), output, wrt, source)
