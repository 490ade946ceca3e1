"""A computation graph to be drawn: nodes with their numbers, edges with what flows along them, groups."""

from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from diffcli.analysis.drawing.style import Sweeps
from diffcli.analysis.kinks import KinkNotice, kinks
from diffcli.analysis.presented import Presented
from diffcli.analysis.problem import Problem
from diffcli.analysis.trace import FlowRow, NodeRow, Trace, excerpt
from diffcli.execute.arrays import Array
from diffcli.graph.build import Built
from diffcli.source import Span

NodeKind = Literal["variable", "parameter", "constant", "operation", "named", "folded"]


class Group(NamedTuple):
    """The nodes of a named intermediate or of a call that is written out, by what the user called it.

    `within` is the group around it, as its place in the drawing's groups; groups stand after those around them. `span`
    is the call, or where the intermediate's name is given.
    """

    kind: Literal["intermediate", "call", "definition"]
    label: str
    within: int | None
    result: int
    span: Span


class DrawnNode(NamedTuple):
    """A node: the trace's row, what kind of node it is, and the group that it stands in.

    `title` is its text, its name, or, where the user wrote no text of its own for it, what it
    computes. A folded group is drawn as the node of its result; `folded` are the nodes that it
    stands for, itself included, and `span` is the text that they come from. `calls` are the calls
    from whose functions' bodies it comes: the outermost and, where they are nested, the innermost.
    """

    row: NodeRow
    kind: NodeKind
    title: str
    output: bool
    group: int | None
    folded: tuple[int, ...] = ()
    span: Span | None = None
    calls: tuple[Span, ...] = ()

    @property
    def id(self) -> int:
        """The node's number in the graph."""
        return self.row.id


class DrawnEdge(NamedTuple):
    """An operand: node `source` is the one that takes it as its operand number `operand`, from 0.

    `flow` is what runs back along it, None where nothing does; `step` is the flow's place in the
    backward sweep. Into a folded group an edge has the sum of several flows: then `flow` has no
    local derivative and no upstream of its own, and `flows` are those that it sums up. `rule` is the formula of the
    local derivative in a sketch, where nothing runs.
    """

    source: int
    target: int
    operand: int
    contribution: Array | None
    flow: FlowRow | None
    step: int | None
    flows: tuple[FlowRow, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Drawing(Presented):
    """The answer of `graph`: nodes in the order of the forward sweep, edges by the node that takes the operand, groups.

    `built` and `trace` are what it was made of. `wrt` are the variables with a gradient; there are none in a drawing of
    the forward sweep alone. `sweeps` are those to be shown, unless who shows it asks for others. A `sketch` has no
    numbers: the values of its nodes are None, and their shapes are unknown.
    """

    expression: str
    at: Mapping[str, Array]
    wrt: tuple[str, ...]
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    groups: tuple[Group, ...]
    kinks: tuple[KinkNotice, ...]
    trace: Trace
    built: Built
    inputs: Mapping[int, Any]
    cotangent: Array | None = None
    sweeps: Sweeps = "both"
    sketch: bool = False

    @property
    def output(self) -> DrawnNode:
        """The node of the result."""
        return next(node for node in self.nodes if node.output)

    def operands(self) -> dict[int, list[DrawnEdge]]:
        """The edges to each node's operands, in their order."""
        found: dict[int, list[DrawnEdge]] = {node.id: [] for node in self.nodes}
        for edge in self.edges:
            found[edge.source].append(edge)
        return found


def drawn(
    problem: Problem,
    built: Built,
    trace: Trace,
    inputs: Mapping[int, Array],
    wrt: tuple[str, ...],
    cotangent: Array | None = None,
) -> Drawing:
    """The drawing of an executed problem, nothing folded."""
    flows = {(flow.source, flow.target, flow.operand): (step, flow) for step, flow in enumerate(trace.flows)}
    nodes, groups = _nodes(problem, built, trace)
    edges = []
    for node in nodes:
        for operand, target in enumerate(node.row.operands):
            step, flow = flows.get((node.id, target, operand), (None, None))
            edges.append(DrawnEdge(node.id, target, operand, None if flow is None else flow.contribution, flow, step))
    text, at, notices = problem.source.text.strip(), problem.values, kinks(trace)
    return Drawing(text, at, wrt, tuple(nodes), tuple(edges), groups, notices, trace, built, inputs, cotangent)


def sketched(problem: Problem, built: Built, trace: Trace, rules: Mapping[tuple[int, int, int], str]) -> Drawing:
    """The drawing of a problem without numbers, with rules by the source, target and operand of an edge."""
    nodes, groups = _nodes(problem, built, trace)
    edges = [
        DrawnEdge(node.id, target, operand, None, None, None, rule=rules.get((node.id, target, operand), ""))
        for node in nodes
        for operand, target in enumerate(node.row.operands)
    ]
    bare = [node._replace(row=node.row._replace(shape=())) for node in nodes]
    text = problem.source.text.strip()
    return Drawing(text, {}, (), tuple(bare), tuple(edges), groups, (), trace, built, {}, sketch=True)


def _nodes(problem: Problem, built: Built, trace: Trace) -> tuple[list[DrawnNode], tuple[Group, ...]]:
    """The nodes of a problem's drawing, and its groups."""
    needed = trace.graph.needed([trace.output])  # a derivative in the expression can leave others behind
    places = _places(built)
    groups, group_of = _groups(problem, built, needed, places)
    calls = _calls(problem)
    titled = _titles(trace, needed, places, calls)
    nodes = []
    for index in needed:
        row = trace.node(index)
        nodes.append(
            DrawnNode(
                row,
                _kind(row, problem, built),
                titled(row),
                index == trace.output,
                group_of.get(index),
                calls=calls.get(places[index], ()),
            )
        )
    return nodes, groups


def _kind(row: NodeRow, problem: Problem, built: Built) -> NodeKind:
    if row.primitive == "input":
        return "parameter" if row.label in problem.resolved.values else "variable"
    if row.primitive == "constant" or not row.operands:
        return "constant"
    return "named" if row.id in built.graph.names else "operation"


def _titles(
    trace: Trace, needed: Sequence[int], places: Mapping[int, int], calls: Container[int]
) -> Callable[[NodeRow], str]:
    """Titles of nodes: their text, or what they compute where several share it or it speaks of parameters."""
    graph, owners = trace.graph, Counter(trace.graph.spans[node] for node in needed if trace.graph.operands[node])

    def title(row: NodeRow) -> str:
        if row.id in graph.names or not row.operands:
            return row.label
        return row.computes if owners[graph.spans[row.id]] > 1 or places[row.id] in calls else row.text

    return title


def _groups(
    problem: Problem, built: Built, needed: Sequence[int], places_of: Mapping[int, int]
) -> tuple[tuple[Group, ...], dict[int, int]]:
    """The groups worth a frame, those of two operations or more, outer ones first; and each node's innermost one."""
    graph, places = built.graph, built.places
    wanted = set(needed)
    owner: list[int | None] = [None] * len(places)
    groups: list[Group] = []
    for part in reversed(problem.resolved.parts):
        inside = range(part.start, part.stop)
        if (
            sum(
                isinstance(places[place], int) and places[place] in wanted and bool(graph.operands[places[place]])
                for place in inside
            )
            < 2
        ):
            continue
        label = part.name if part.kind == "intermediate" else excerpt(problem.source, part.span)
        groups.append(Group(part.kind, label, owner[part.start], places[part.stop - 1], part.span))
        for place in inside:
            owner[place] = len(groups) - 1
    group_of = {}
    for node, place in places_of.items():
        group = owner[place]
        if group is not None and graph.primitives[node].name != "input":
            group_of[node] = group
    return tuple(groups), group_of


def _calls(problem: Problem) -> dict[int, tuple[Span, ...]]:
    """By place in the tree, the outermost and the innermost call of a function that it is written out from."""
    found: dict[int, tuple[Span, ...]] = {}
    for part in reversed(problem.resolved.parts):  # outer ones first
        if part.kind == "call":
            for place in range(part.start, part.stop):
                found[place] = (*found.get(place, ())[:1], part.span)
    return found


def _places(built: Built) -> dict[int, int]:
    """Each node's place in the tree; a node that a derivative appended has the derivative's."""
    found: dict[int, int] = {}
    for place, node in enumerate(built.places):
        if isinstance(node, int):
            found.setdefault(node, place)
    above = len(built.places) - 1
    for node in range(built.output, -1, -1):
        above = found.setdefault(node, above)
    return found
