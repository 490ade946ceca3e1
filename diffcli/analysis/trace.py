"""Numbers at every node: values forward, gradients and flows backward."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar, overload

from diffcli.analysis.evaluation import NODE_BY_NODE
from diffcli.autodiff.reverse import Flow, Gradient
from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array
from diffcli.execute.executors.executor import Choice
from diffcli.execute.executors.kept import added, kept
from diffcli.graph.graph import Graph
from diffcli.graph.node_formula import computes, label, local_formula, pulled_formula
from diffcli.primitives.shape import size
from diffcli.source import Source, Span

_LABEL_WIDTH = 60
#: Elements of an array that a sentence shows.
_SHOWN = 6

Row = TypeVar("Row")


class NodeRow(NamedTuple):
    """A node of the expression: what it is, its value, and d(output)/d(node)."""

    id: int
    label: str
    text: str
    primitive: str
    operands: tuple[int, ...]
    shape: tuple[int, ...]
    span: Span
    value: Array
    gradient: Array | None
    graph: Graph

    @property
    def computes(self) -> str:
        """The operation, its operands called by their labels."""
        return computes(self.graph, self.id)


class FlowRow(NamedTuple):
    """One edge of the backward sweep: `local x upstream = contribution`.

    `formula` is that of the local derivative; where there is none, because the rule does more than
    multiply, it is what the rule makes of `upstream`.

    `summed` is how many products add up to each element of the contribution: more than 1 where
    the operand was broadcast. `running` is the sum of the contributions to the target so far, from the second one on.
    """

    source: int
    target: int
    operand: int
    rule: str
    formula: str
    local: Array | None
    upstream: Array
    contribution: Array
    summed: int
    running: Array | None


class Rows(Sequence[Row]):
    """Rows that are made when they are looked at: a long trace costs what is shown of it."""

    def __init__(self, count: int, row: Callable[[int], Row]) -> None:
        self._count = count
        self._row = row

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Sequence[Row]:
        if isinstance(index, slice):
            return [self._row(position) for position in range(*index.indices(self._count))]
        return self._row(range(self._count)[index])

    def __iter__(self) -> Iterator[Row]:
        return map(self._row, range(self._count))


class Trace(NamedTuple):
    """An executed graph and its backward sweep, read row by row."""

    source: Source
    graph: Graph
    output: int
    gradient: Gradient
    values: Sequence[Any]
    arithmetic: Arithmetic = FLOAT64
    plan: Choice = NODE_BY_NODE

    @property
    def bare(self) -> "Trace":
        """The trace with its numbers in whatever holds them: for who writes them out, and needs no arrays."""
        return self._replace(values=kept(self.values))

    @property
    def nodes(self) -> Sequence[NodeRow]:
        """The nodes of the expression in the order of the forward sweep."""
        return Rows(self.output + 1, self.node)

    @property
    def flows(self) -> Sequence[FlowRow]:
        """The flows in the order of the backward sweep."""
        return self._flows(_RunningSums(self.gradient.flows, self.values))

    @property
    def contributions(self) -> Sequence[FlowRow]:
        """The same without running sums."""
        return self._flows(None)

    def _flows(self, sums: "_RunningSums | None") -> Sequence[FlowRow]:
        return Rows(len(self.gradient.flows), partial(self._flow, sums, {}))

    def node(self, index: int) -> NodeRow:
        """Node `index` of the expression."""
        graph = self.graph
        span = graph.spans[index] or Span(0, 0)
        adjoint = self.gradient.adjoints.get(index)
        return NodeRow(
            id=index,
            label=label(graph, index),
            text=excerpt(self.source, span),
            primitive=graph.primitives[index].name,
            operands=graph.operands[index],
            shape=graph.shapes[index],
            span=span,
            value=self.values[index],
            gradient=None if adjoint is None else self.values[adjoint],
            graph=graph,
        )

    def _flow(self, sums: "_RunningSums | None", formulas: dict[int, str], index: int) -> FlowRow:
        """Flow `index` of the sweep; the running sum only where `sums` are given."""
        flow = self.gradient.flows[index]
        local = flow.local
        elementwise = self.graph.primitives[flow.source].kind == "elementwise"
        return FlowRow(
            source=flow.source,
            target=flow.target,
            operand=flow.operand,
            rule=self.graph.primitives[flow.source].backward_name,
            formula=self.formula(flow, formulas),
            local=None if local is None else self.values[local],
            upstream=self.values[flow.upstream],
            contribution=self.values[flow.contribution],
            summed=size(self.graph.shapes[flow.source]) // size(self.graph.shapes[flow.target]) or 1
            if elementwise
            else 1,
            running=None if sums is None else sums.up_to(index),
        )

    def formula(self, flow: Flow, known: dict[int, str] | None = None) -> str:
        """The formula of a flow's local derivative, or what its rule makes of `upstream`; `known` ones by node."""
        if flow.local is None:
            return pulled_formula(self.graph, flow.source, flow.contribution, flow.upstream, self.output)
        return local_formula(self.graph, flow.source, flow.target, flow.local, self.output, known)


class _RunningSums:
    """Sums of contributions by target, continued from where they were last asked for."""

    def __init__(self, flows: Sequence[Flow], values: Sequence[Array]) -> None:
        self._flows = flows
        self._values = values
        self._by_target: dict[int, list[int]] = {}
        for index, flow in enumerate(flows):
            self._by_target.setdefault(flow.target, []).append(index)
        self._reached: dict[int, tuple[int, Any]] = {}

    def up_to(self, index: int) -> Any:
        """The sum of the contributions up to flow `index`, if it is not the first to its target."""
        target = self._flows[index].target
        indices = self._by_target[target]
        place = bisect_left(indices, index)
        if place == 0:
            return None
        count, total = self._reached.get(target, (0, None))
        if count > place:
            count, total = 0, None
        for earlier in indices[count : place + 1]:
            contribution = self._values[self._flows[earlier].contribution]
            total = contribution if total is None else added(total, contribution)
        self._reached[target] = (place + 1, total)
        return total


def excerpt(source: Source, span: Span) -> str:
    """The text of a span on one line, shortened in the middle if it is long."""
    if span.end - span.start > _LABEL_WIDTH:
        half = (_LABEL_WIDTH - 5) // 2
        text = f"{source.text[span.start : span.start + half]} ... {source.text[span.end - half : span.end]}"
    else:
        text = source.text[span.start : span.end]
    return " ".join(text.split())


def operand_text(source: Source, graph: Graph, node: int, operand: int, element: tuple[int, ...] = ()) -> str:
    """An operand's text, indexed where it has elements; its name in the primitive where it has no text of its own."""
    if graph.spans[operand] == graph.spans[node]:
        primitive = graph.primitives[node]
        text = primitive.operands[min(graph.operands[node].index(operand), len(primitive.operands) - 1)]
    else:
        text = graph.names.get(operand) or excerpt(source, graph.spans[operand] or Span(0, 0))
    if not element:
        return text
    whole = f"({text})" if graph.primitives[operand].notation is not None and operand not in graph.names else text
    return f"{whole}[{', '.join(map(str, element))}]"


def shown(value: Array) -> str:
    """A number, or the first elements of an array, as a sentence holds it."""
    if value.shape == ():
        return f"{value[()] + 0:.6g}"  # never -0
    return (
        "["
        + ", ".join(f"{element + 0:.6g}" for element in value.ravel()[:_SHOWN])
        + (", ...]" if value.size > _SHOWN else "]")
    )
