"""Reverse mode: one walk back over the graph appends the adjoint of every active node to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress, islice
from typing import Any, NamedTuple, cast, overload

from diffcli.autodiff.pullback import Pulled, pulled_back
from diffcli.graph.graph import Graph, Value
from diffcli.primitives.arithmetic import add
from diffcli.primitives.shape import size
from diffcli.primitives.structural import accumulate, index, stack

#: Appends what flows back to an operand: of a graph's node, the operand's position, and the upstream gradient.
Pull = Callable[[Graph, int, int, int], Pulled]


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


class Flows(Sequence[Flow]):
    """Flows in the order of the sweep.

    Kept are the nodes of each one's local derivative, -1 for none, and contribution, in `pairs`; the rest is read from
    the graph and the adjoints when somebody looks.
    """

    def __init__(self, operands: Sequence[tuple[int, ...]], adjoints: Sequence[int | None]) -> None:
        self._operands, self._adjoints = operands, adjoints
        self.pairs: list[int] = []

    def __len__(self) -> int:
        return len(self.pairs) // 2

    def __eq__(self, other: object) -> bool:
        return [*self] == [*other] if isinstance(other, Flows) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # it can grow

    @overload
    def __getitem__(self, index: int) -> Flow: ...
    @overload
    def __getitem__(self, index: slice) -> list[Flow]: ...
    def __getitem__(self, index: int | slice) -> Flow | list[Flow]:
        places = range(len(self))[index]
        return [self._flow(place) for place in places] if isinstance(places, range) else self._flow(places)

    @cached_property
    def _edges(self) -> list[int]:
        """The node and the operand's position of each flow, one after the other."""
        active = (node for node in range(len(self._adjoints) - 1, -1, -1) if self._adjoints[node] is not None)
        return [
            field
            for node in active
            for position, operand in enumerate(self._operands[node])
            if self._adjoints[operand] is not None
            for field in (node, position)
        ]

    def _flow(self, place: int) -> Flow:
        source, position = self._edges[2 * place : 2 * place + 2]
        local, contribution = self.pairs[2 * place : 2 * place + 2]
        upstream = cast("int", self._adjoints[source])
        target = self._operands[source][position]
        return Flow(source, target, position, None if local < 0 else local, upstream, contribution)


class Adjoints(Mapping[int, int]):
    """The adjoint's node of every active node, the last one first."""

    __slots__ = ("_nodes",)

    def __init__(self, nodes: Sequence[int | None]) -> None:
        self._nodes = nodes

    def __getitem__(self, node: int) -> int:
        adjoint = self._nodes[node] if 0 <= node < len(self._nodes) else None
        if adjoint is None:
            raise KeyError(node)
        return adjoint

    def __iter__(self) -> Iterator[int]:
        return (node for node in range(len(self._nodes) - 1, -1, -1) if self._nodes[node] is not None)

    def __len__(self) -> int:
        return sum(adjoint is not None for adjoint in self._nodes)


class Gradient(NamedTuple):
    """The adjoint's node of every active node, and the flows in the order of the sweep."""

    adjoints: Mapping[int, int]
    flows: Sequence[Flow]

    @property
    def locals(self) -> set[int]:
        """The nodes of all local derivatives."""
        found = islice(self.flows.pairs, 0, None, 2) if isinstance(self.flows, Flows) else ()
        return {local for local in found if local >= 0}


def active_nodes(graph: Graph, output: int, wrt: Iterable[int]) -> list[int]:
    """The nodes that depend on one of `wrt` and that the output depends on, in order."""
    varying = _varying(graph, output, wrt)
    needed = bytearray(output + 1)
    needed[output] = varying[output]
    for node in range(output, -1, -1):
        if needed[node]:
            for operand in graph.operands[node]:
                needed[operand] = varying[operand]
    return list(compress(range(output + 1), needed))


def _varying(graph: Graph, output: int, wrt: Iterable[int]) -> bytearray:
    """For each node up to the output whether it depends on one of `wrt`."""
    varying = bytearray(output + 1)
    for node in wrt:
        if node <= output:
            varying[node] = 1
    for node, operands in enumerate(islice(graph.operands, output + 1)):
        for operand in operands:
            if varying[operand]:
                varying[node] = 1
                break
    return varying


def gradient(
    graph: Graph, output: int, wrt: Iterable[int], seed: Value | None = None, pull: Pull = pulled_back
) -> Gradient:
    """Append the adjoints of the nodes between `wrt` and `output`; nothing is executed.

    `seed` is the output's cotangent, of the output's shape; without it the output, a single
    number, gets d(output)/d(output) = 1. Running twice appends nothing new. `pull` is what is done at each edge
    where that is not to be the primitive's rule.
    """
    varying = _varying(graph, output, wrt)
    if not varying[output]:
        return Gradient({}, ())
    met: list[Any] = [None] * (output + 1)  # by node the contributions: none, one, or a list of them; then the adjoint
    met[output] = (seed or graph.filled(1.0, graph.shapes[output])).index
    one: int | None = graph.filled(1.0).index
    flows = Flows(graph.operands, met)
    note = flows.pairs.append
    primitives, operands, shapes = graph.primitives, graph.operands, graph.shapes
    for node in range(output, -1, -1):
        upstream = met[node]
        if upstream is None:
            continue
        if upstream.__class__ is list:
            upstream = met[node] = graph.derived(add if len(upstream) == 2 else accumulate, tuple(upstream))
        is_sum = primitives[node] is add and not shapes[node] and pull is pulled_back
        for position, operand in enumerate(operands[node]):
            if not varying[operand]:
                continue
            if is_sum:  # it needs no rule: worth a short cut, for long sums are common
                local, contribution = one, upstream
            else:
                local, contribution = pull(graph, node, position, upstream)
            note(-1 if local is None else local)
            note(contribution)
            others = met[operand]
            if others is None:
                met[operand] = contribution
            elif others.__class__ is list:
                others.append(contribution)
            else:
                met[operand] = [others, contribution]
    return Gradient(Adjoints(met), flows)


def derivative(graph: Graph, output: int, by: int) -> int:
    """The node of d(output)/d(by), appended: zeros where the output does not depend on it."""
    adjoint = gradient(graph, output, [by]).adjoints.get(by)
    return graph.filled(0.0, graph.shapes[by]).index if adjoint is None else adjoint


def jacobian(graph: Graph, function: int, by: int) -> int:
    """Append the derivative of an array by a variable: an array of the function's axes and then the variable's."""
    shape = graph.shapes[function]
    if shape == ():
        return derivative(graph, function, by)
    flat = graph.value(function).reshaped((size(shape),))
    elements = [graph.apply(index, (flat,), (("key", (place,)),)) for place in range(size(shape))]
    rows = [graph.value(derivative(graph, element.index, by)) for element in elements]
    return graph.apply(stack, rows).reshaped(shape + graph.shapes[by]).index
