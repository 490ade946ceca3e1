"""PyTorch's backward graph in the terminal: what torchviz draws, the output first."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import get_args

from rich.console import RenderableType
from rich.text import Text

from diffcli.analysis.drawing.drawing import NodeKind
from diffcli.analysis.drawing.torch_graph import TorchGraph, TorchNodeKind
from diffcli.primitives.shape import text as shape_text
from diffcli.render.messages import Texts
from diffcli.render.text.graph import STYLES, english_if_plain, left_out, refer, references, shown_rows, written
from diffcli.render.text.graph_rows import Row, tree
from diffcli.render.text.gutter import Column, Entry, Gutter
from diffcli.render.view import View

#: The node of our own graph that one of PyTorch's looks like.
_LIKE: Mapping[TorchNodeKind, NodeKind] = {
    "leaf": "variable", "base": "parameter", "saved": "constant", "function": "operation", "accumulate": "named",
    "output": "folded",
}  # fmt: skip


def torch_graph_text(graph: TorchGraph, view: View) -> Iterator[RenderableType]:
    """The graph that PyTorch records, its output first: what torchviz draws, with the tensors' shapes."""
    yield _Words(graph, english_if_plain(view)).rails()


class _Words:
    """The words in the rows of the graph's tree."""

    def __init__(self, graph: TorchGraph, view: View) -> None:
        self.nodes, self.view, self.texts, self.symbols = graph.nodes, view, view.texts, view.symbols
        self.rows = shown_rows(tree(_operands(graph), _output(graph)), view.full)
        seen = [row for row in self.rows if isinstance(row, Row)]
        self.drawn, self.referred = ({row.node for row in seen if row.drawn == drawn} for drawn in (True, False))
        self.often = Counter(node.label for node in graph.nodes)

    def rails(self) -> RenderableType:
        """The tree with the tensors' shapes and its legend."""
        entries = [left_out(row, self.texts) if isinstance(row, int) else self._entry(row) for row in self.rows]
        shapes = [Column(self.texts.shape, "dim", clear=True)]
        return Gutter(self.texts.node, shapes, entries, list(self._legend()), self.symbols)

    def _entry(self, row: Row) -> Entry:
        node, nameless = self.nodes[row.node], {"output": self.texts.output_tensor, "base": "base"}
        label = Text(written(node.label or nameless.get(node.kind, ""), self.view.plain))
        if row.node in self.referred and self.often[node.label] > 1:  # which of the nodes of one label is meant
            label.append(f" #{row.node}", "yellow")
        shape = shape_text(node.shape) if row.drawn and node.shape is not None else ""
        sign = self._sign(node.kind) if row.drawn else Text(refer(row, self.symbols), "yellow")
        return Entry(row, "", sign, label, (shape,))

    def _sign(self, kind: TorchNodeKind) -> Text:
        return Text(self.symbols.kinds[get_args(NodeKind).index(_LIKE[kind])], STYLES[_LIKE[kind]])

    def _legend(self) -> Iterator[Text]:
        """The meanings of the signs that occur."""
        kinds = {self.nodes[number].kind for number in self.drawn}
        for kind, word in _words(self.texts).items():
            if kind in kinds:
                yield Text.assemble(self._sign(kind), f" {word}")
        yield from references([row for row in self.rows if isinstance(row, Row)], self.symbols, self.texts)


def _words(texts: Texts) -> Mapping[TorchNodeKind, str]:
    return {
        "leaf": texts.leaf_tensor, "base": texts.base_tensor, "saved": texts.saved_tensor,
        "function": texts.backward_function, "accumulate": texts.accumulate_grad, "output": texts.output_tensor,
    }  # fmt: skip


def _operands(graph: TorchGraph) -> dict[int, list[int]]:
    """The nodes that each node takes, keeps or is a view of."""
    operands: dict[int, list[int]] = {number: [] for number in range(len(graph.nodes))}
    for edge in graph.edges:
        user, operand = (edge.tail, edge.head) if edge.saved else (edge.head, edge.tail)
        operands[user].append(operand)
    return operands


def _output(graph: TorchGraph) -> int:
    return next(number for number, node in enumerate(graph.nodes) if node.kind == "output")
