"""The computation graph in the terminal: the output first, operands below their user, values and gradients beside."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from rich.console import RenderableType
from rich.text import Text

from diffcli.analysis.drawing.drawing import Drawing, DrawnEdge, DrawnNode, NodeKind
from diffcli.messages import told
from diffcli.primitives.shape import text as shape_text
from diffcli.render.excerpt import one_line
from diffcli.render.messages import Texts
from diffcli.render.screen import Symbols
from diffcli.render.text.graph_rows import Row, abridged, tree
from diffcli.render.text.gutter import Column, Entry, Gutter
from diffcli.render.text.kink_notes import kink_notes
from diffcli.render.view import View
from diffcli.source import visible

if TYPE_CHECKING:
    from diffcli.analysis.drawing.style import Sweeps
    from diffcli.execute.arrays import Array

#: A node's source text says more than its computation, but not if it is longer than this.
_LONGEST = 32
#: Rows shown at each end of a long graph.
_FIRST, _LAST = 60, 20
#: How the signs and names of nodes look.
STYLES: dict[NodeKind, str] = {
    "variable": "bold cyan", "parameter": "bold bright_blue", "constant": "dim", "operation": "",
    "named": "bold magenta", "folded": "bold yellow",
}  # fmt: skip


def graph_text(drawing: Drawing, view: View) -> Iterator[RenderableType]:
    """The expression, the point, the graph with its legend, the kinks.

    The sweeps of the view: `forward` leaves the gradients out, `backward` shows each edge's
    `local x upstream = contribution` instead of the values. A drawing without gradients has the forward sweep alone, a
    sketch the rules.
    """
    view = english_if_plain(view)
    texts, plain = view.texts, view.plain
    yield Text(written(one_line(drawing.expression, view.full, texts.more_characters), plain), style="bold")
    if drawing.at:
        yield Text(written(texts.at_point.format(point=view.listed(drawing.at)), plain))
    if drawing.wrt and drawing.cotangent is not None:
        beginning = texts.cotangent.format(cotangent=view.shown(drawing.cotangent))
        yield Text(texts.backward_from.format(beginning=beginning))
    yield Text("")
    yield _Words(drawing, view).rails()
    for note in kink_notes(drawing.kinks):
        yield Text("")
        yield note if not plain else Text(_escaped(note.plain), style="magenta")


class _Words:
    """The words in the rows of a drawing's tree."""

    def __init__(self, drawing: Drawing, view: View) -> None:
        self.view, self.texts, self.symbols = view, view.texts, view.symbols
        self.sweeps: Sweeps = view.sweeps or drawing.sweeps if drawing.wrt else "forward"
        self.sketch = drawing.sketch
        self.nodes = {node.id: node for node in drawing.nodes}
        self.edges = drawing.operands()
        self.root = drawing.output.id
        self.flows = Counter(edge.target for edge in drawing.edges if edge.contribution is not None)
        self.groups: dict[int, list[str]] = {}
        for group in drawing.groups:
            self.groups.setdefault(group.result, []).append(group.label)

    def rails(self) -> RenderableType:
        """The tree with its columns and its legend."""
        rows = shown_rows(
            tree({node: [edge.target for edge in edges] for node, edges in self.edges.items()}, self.root),
            self.view.full,
        )
        entries = [left_out(row, self.texts) if isinstance(row, int) else self._entry(row) for row in rows]
        return Gutter(self.texts.node, self._columns(), entries, list(self._legend(rows)), self.symbols)

    def _columns(self) -> list[Column]:
        texts = self.texts
        shape, gradient = Column(texts.shape, "dim", clear=True), Column(texts.gradient, "green")
        value = Column(texts.value, "")
        if self.sketch:
            return [Column(texts.local_derivative, "")]
        if self.sweeps == "forward":
            return [shape, value]
        if self.sweeps == "both":
            return [shape, value, Column(texts.contribution, ""), gradient]
        times = Column(texts.times_upstream.format(times=self.symbols.times), "")
        return [shape, Column(texts.local_derivative, ""), times, Column(texts.equals_contribution, ""), gradient]

    def _entry(self, row: Row) -> Entry:
        node = self.nodes[row.node]
        edge = None if row.user is None or row.operand is None else self.edges[row.user][row.operand]
        mark = (
            self.symbols.output if edge is None else str(edge.operand + 1) if len(self.edges[edge.source]) > 1 else ""
        )
        cells = tuple(self._cells(node, edge, row.drawn))
        if row.drawn:
            return Entry(row, mark, Text(self._sign(node.kind), STYLES[node.kind]), self._title(node), cells)
        return Entry(
            row,
            mark,
            Text(refer(row, self.symbols), "yellow"),
            Text(self._written(node.row.label), STYLES[node.kind]),
            cells,
        )

    def _sign(self, kind: NodeKind) -> str:
        return self.symbols.kinds[get_args(NodeKind).index(kind)]

    def _title(self, node: DrawnNode) -> Text:
        """A node's name, the groups that it is the result of, and what it computes: `v5 = layer(X, W, b) = v4 + b`."""
        label = node.row.label
        said = dict.fromkeys([*self.groups.get(node.id, ()), self._computes(node)])
        said.pop(label, None)
        said.pop("", None)
        title = Text.assemble(
            (self._written(label), STYLES[node.kind]), self._written("".join(f" = {part}" for part in said))
        )
        if node.folded:
            title.append(f" ({self.texts.folded_nodes.format(count=f'{len(node.folded):,}')})", "dim")
        return title

    def _computes(self, node: DrawnNode) -> str:
        """The node's own text if it is short, else its computation; nothing where its name says it all."""
        row = node.row
        if row.primitive == "constant":
            return row.text if row.label == f"v{row.id}" else ""
        if row.primitive == "input" or (node.kind == "folded" and node.title == row.label):
            return ""
        if node.kind == "folded" or (node.kind != "named" and len(node.title) <= _LONGEST):
            return node.title
        return row.computes

    def _cells(self, node: DrawnNode, edge: DrawnEdge | None, drawn: bool) -> Iterator[str]:
        """The contents of the columns: of the node where it is drawn, of the edge in every row."""
        row = node.row
        if self.sketch:
            yield "" if edge is None else self._written(told(edge.rule))
            return
        yield shape_text(row.shape) if drawn and row.shape else ""
        if self.sweeps != "backward":
            yield self.view.shown(row.value) if drawn else ""
        if self.sweeps == "forward":
            return
        if self.sweeps == "backward":
            flow = None if edge is None else edge.flow
            local = "" if flow is None or flow.local is None else f" {self.symbols.arrow} {self.view.shown(flow.local)}"
            yield "" if flow is None else self._written(told(flow.formula)) + local
            yield "" if flow is None else self.view.shown(flow.upstream)
        # the only contribution to a node is its gradient: said once
        telling = edge is not None and (self.sweeps == "backward" or self.flows[edge.target] > 1)
        yield self._contribution(edge) if edge is not None and telling else ""
        yield self._shown(row.gradient) if drawn else ""

    def _contribution(self, edge: DrawnEdge) -> str:
        shown = self._shown(edge.contribution)
        if edge.flow is None or edge.flow.summed == 1:
            return shown
        return self.texts.sum_of.format(contribution=shown, count=f"{edge.flow.summed:,}")

    def _shown(self, value: "Array | None") -> str:
        return "" if value is None else self.view.shown(value)

    def _legend(self, rows: Iterable[Row | int]) -> Iterator[Text]:
        """The meanings of the signs that occur."""
        texts, shown = self.texts, [row for row in rows if isinstance(row, Row)]
        kinds = {self.nodes[row.node].kind for row in shown if row.drawn}
        words: dict[NodeKind, str] = {
            "variable": texts.variable, "parameter": texts.parameter, "constant": texts.constant,
            "operation": texts.operation, "named": texts.named_intermediate, "folded": texts.folded_group,
        }  # fmt: skip
        for kind, word in words.items():
            if kind in kinds:
                yield Text.assemble((self._sign(kind), STYLES[kind]), f" {word}")
        yield Text.assemble((self.symbols.output, "yellow"), f" {texts.output}")
        yield from references(shown, self.symbols, texts)
        if any(row.user is not None and len(self.edges[row.user]) > 1 for row in shown):
            yield Text.assemble(("1", "yellow"), " ", ("2", "yellow"), f" {texts.operand_position}")

    def _written(self, text: str) -> str:
        return written(text, self.view.plain)


def english_if_plain(view: View) -> View:
    """The view in English where there are ASCII characters alone."""
    return replace(view, language="en") if view.plain else view


def shown_rows(rows: list[Row], full: bool) -> list[Row | int]:
    """The rows to show; a number stands for so many left out."""
    return list(rows) if full else abridged(rows, _FIRST, _LAST)


def left_out(count: int, texts: Texts) -> Text:
    """The line in place of so many rows."""
    return Text(f"... {texts.more.format(count=f'{count:,}')}", "dim")


def refer(row: Row, symbols: Symbols) -> str:
    """The sign that refers to where a row's node is drawn."""
    return symbols.refer[row.away > 0]


def references(rows: Iterable[Row], symbols: Symbols, texts: Texts) -> Iterator[Text]:
    """The meaning of an arrow to a node drawn elsewhere."""
    ways = {refer(row, symbols) for row in rows if not row.drawn}
    for sign, word in zip(symbols.refer, (texts.drawn_above, texts.drawn_below), strict=True):
        if sign in ways:
            yield Text.assemble((sign, "yellow"), f" {word}")


def written(text: str, plain: bool) -> str:
    """A text of the user's: printable, and in ASCII if it must be `plain`."""
    text = visible(text)
    return _escaped(text) if plain else text


def _escaped(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")
