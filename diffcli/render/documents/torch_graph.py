"""PyTorch's backward graph as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.json_values import Document

if TYPE_CHECKING:
    from diffcli.analysis.drawing.torch_graph import TorchGraph


def torch_graph_document(graph: "TorchGraph") -> Document:
    """`diffcli/torch-graph@1`; `node` is the node of `diffcli/graph@1` that stands behind one of PyTorch's."""
    return {
        "schema": "diffcli/torch-graph@1",
        "nodes": [
            {"id": number, **node._asdict(), "shape": None if node.shape is None else list(node.shape)}
            for number, node in enumerate(graph.nodes)
        ],
        "edges": [{"from": edge.tail, "to": edge.head, "kind": edge.kind} for edge in graph.edges],
    }
