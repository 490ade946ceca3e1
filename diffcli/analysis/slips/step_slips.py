"""Slips of a step inside: the gradient at a node, the local derivative of an edge, a forward value."""

from collections.abc import Iterator, Mapping, Sequence

from diffcli.analysis.slips.gradient_slips import derivative_mutations
from diffcli.analysis.slips.mutation import Mutation
from diffcli.analysis.slips.offer import offered
from diffcli.analysis.slips.readings import OF_VALUES, readings
from diffcli.analysis.slips.rules import BACK
from diffcli.analysis.slips.site import Site
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution, is_small, solution
from diffcli.analysis.slips.table import ROWS, SIGNS
from diffcli.autodiff.pullback import pulled_back
from diffcli.autodiff.reverse import active_nodes, gradient
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Message
from diffcli.primitives.shape import ShapeFault
from diffcli.source import Source, Span

_VALUES = Message("a forward value is computed from the values of the operands")


def node_slips(
    graph: Graph, output: int, of: Mapping[str, int], source: Source, seen: Sequence[Sighting] = ()
) -> Iterator[Slip]:
    """The slips of the gradient at nodes on the way, by name: those of a variable, and that of the wrong node."""
    if is_small(graph, output):
        right = solution(graph, output, of, source)
        yield from offered(right, [*derivative_mutations(right), *_elsewhere(right)], seen)


def local_slips(
    graph: Graph, output: int, node: int, position: int, name: str, source: Source, seen: Sequence[Sighting] = ()
) -> Iterator[Slip]:
    """The slips of the local derivative of a node by one of its operands; the answer goes by `name`.

    There are none where the pull-back is no multiplication.
    """
    if not is_small(graph, output):
        return
    operand = graph.operands[node][position]
    right = solution(graph, output, {name: operand}, source)
    upstream = right.right.adjoints.get(node)
    if upstream is None:
        return
    local, contribution = pulled_back(right.graph, node, position, upstream)
    if local is not None:
        asked = right.asking({name: local})
        site = Site(asked, node, (position,))
        yield from offered(asked, _of_edge(site, name, local, upstream, contribution), seen)


def value_slips(graph: Graph, node: int, name: str, source: Source, seen: Sequence[Sighting] = ()) -> Iterator[Slip]:
    """The slips of a forward value; the answer goes by `name`."""
    if not is_small(graph, node):
        return
    right = solution(graph, node, {name: node}, source).asking({name: node})
    yield from offered(right, _of_value(right, name), seen)


def _elsewhere(right: Solution) -> Iterator[Mutation]:
    """The gradient at another node, and the value for the gradient."""
    graph = right.graph
    inputs = [node for node in range(right.output + 1) if not graph.operands[node]]
    every = gradient(graph, right.output, inputs, right.seed).adjoints
    for name, node in right.wrt.items():
        yield _given(
            right,
            name,
            "value-for-gradient",
            Message("this is the value of {name}, not the gradient there", name=right.text(node)),
            node,
        )
        for other in active_nodes(graph, right.output, inputs):
            if other not in (node, right.output, *inputs) and graph.shapes[other] == graph.shapes[node]:
                told = Message(
                    "this is the gradient at {other}, not at {name}", other=right.text(other), name=right.text(node)
                )
                yield _given(right, name, "other-node", told, every[other], right.span(other), family="factor")


def _of_edge(site: Site, name: str, local: int, upstream: int, contribution: int) -> Iterator[Mutation]:
    right, (position,) = site.solution, site.varying
    graph = right.graph
    for row in ROWS:
        wrong = row.partials[min(position, len(row.partials) - 1)] if row.partials else None
        if wrong is not None and row.applies(site):
            try:
                found = wrong(*site.operands, site.out)
            except ShapeFault:
                continue
            told, rule = (row.sentence(text, site) for text in (row.told, row.rule))
            index = found.index if isinstance(found, Value) else graph.filled(float(found)).index
            yield _given(right, name, row.kind, told, index, right.span(site.node), rule, row.family)
    yield _given(
        right,
        name,
        "contribution-for-local",
        Message("this is the contribution: the local derivative was multiplied by the upstream gradient already"),
        contribution,
    )
    yield _given(
        right, name, "upstream-for-local", Message("this is the upstream gradient, not the local derivative"), upstream
    )
    yield _given(
        right,
        name,
        "value-for-local",
        Message("this is the value of {part}, not its derivative", part=right.text(site.node)),
        site.node,
    )
    for other in range(len(site.nodes)):
        if other != position:
            beside = pulled_back(graph, site.node, other, upstream)[0]
            if beside is not None:
                told = Message(
                    "this is the local derivative by the other operand, {operand}",
                    operand=right.text(site.nodes[other]),
                )
                yield _given(right, name, "other-operand", told, beside)
    yield _given(right, name, "wrong-sign", Message("the sign is wrong"), (-right.handle(local)).index, beside=SIGNS)


def _of_value(right: Solution, name: str) -> Iterator[Mutation]:
    for reading in readings(right, OF_VALUES):
        row = reading.misreading
        yield _given(right, name, row.kind, reading.told, reading.output, reading.span, row.rule)
    for node in right.graph.needed([right.output])[:-1]:
        if right.graph.operands[node] and right.graph.shapes[node] == right.graph.shapes[right.output]:
            told = Message("this is the value of {part}: the last steps are missing", part=right.text(node))
            yield _given(right, name, "stopped-early", told, node, right.span(node), _VALUES)
    yield _given(
        right,
        name,
        "wrong-sign",
        Message("the sign is wrong"),
        (-right.handle(right.output)).index,
        None,
        _VALUES,
        beside=SIGNS,
    )


def _given(
    right: Solution,
    name: str,
    kind: str,
    told: Message,
    answer: int,
    span: Span | None = None,
    rule: Message = BACK,
    family: str = "",
    beside: frozenset[str] = frozenset(),
) -> Mutation:
    """Something else given for what was asked."""
    return Mutation(
        kind, family or kind, told, rule, span, {name: right.wrt[name]}, whole={name: answer}, beside=beside
    )
