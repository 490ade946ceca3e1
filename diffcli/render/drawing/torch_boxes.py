"""PyTorch's backward graph in words and roles, as torchviz shows it: leaves at the top, the output at the bottom."""

from typing import TYPE_CHECKING

from diffcli.messages import Language
from diffcli.primitives.shape import text
from diffcli.render.drawing.diagram import USUAL, Arrow, ArrowLook, Box, BoxLook, Diagram, LegendEntry, Line, Setting
from diffcli.render.messages import Texts

if TYPE_CHECKING:
    from diffcli.analysis.drawing.torch_graph import TorchGraph, TorchNode

_LOOKS: dict[str, BoxLook] = {
    "function": "function",
    "accumulate": "accumulate",
    "leaf": "leaf",
    "saved": "saved",
    "output": "tensor",
    "base": "base",
}
_ARROWS: dict[str, ArrowLook] = {"gradient": "forward", "saved": "saved", "view": "view"}


def torch_diagram(graph: "TorchGraph", language: Language = "en", setting: Setting = USUAL) -> Diagram:
    """The diagram of the graph that PyTorch records; a line without a tip leads to a tensor kept for later."""
    texts = Texts(language)
    boxes = tuple(_box(number, node, texts) for number, node in enumerate(graph.nodes))
    arrows = tuple(
        Arrow(f"e{number}", _ARROWS[edge.kind], f"n{edge.tail}", f"n{edge.head}")
        for number, edge in enumerate(graph.edges)
    )
    words = {
        "leaf": texts.leaf_tensor, "accumulate": texts.accumulate_grad, "function": texts.backward_function,
        "saved": texts.saved_tensor, "base": texts.base_tensor, "tensor": texts.output_tensor,
    }  # fmt: skip
    looks = {box.look for box in boxes}
    legend = [LegendEntry(word, box=look) for look, word in words.items() if look in looks]
    kinds = {edge.kind for edge in graph.edges}
    if "saved" in kinds:
        legend.append(LegendEntry(texts.kept_for_backward, arrow="saved"))
    if "view" in kinds:
        legend.append(LegendEntry(texts.view_of, arrow="view"))
    return Diagram("PyTorch", boxes, arrows, legend=tuple(legend), setting=setting)


def _box(number: int, node: "TorchNode", texts: Texts) -> Box:
    label = node.label or (texts.output if node.kind == "output" else "")
    lines = [Line("title", label)] if label else []
    if node.shape is not None:
        lines.append(Line("kind", text(node.shape)))
    return Box(
        f"n{number}",
        _LOOKS[node.kind],
        tuple(lines),
        node.kind == "output",
        description=" ".join(line.text for line in lines),
    )
