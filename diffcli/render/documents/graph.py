"""A computation graph as a document, for other programs to draw."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import head, kink_entry
from diffcli.render.documents.json_values import Document, Json, value_of

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing, DrawnEdge, DrawnNode, Group
    from diffcli.execute.arrays import Array


def graph_document(drawing: "Drawing") -> Document:
    """`diffcli/graph@1`: nodes and their operands; an edge leads, as a flow of `grad`, from a node to its operand."""
    document = {
        **head("graph", drawing.expression, drawing.at),
        "wrt": list(drawing.wrt),
        "output": drawing.output.id,
        "nodes": [_node(node, drawing.sketch) for node in drawing.nodes],
        "edges": [_edge(edge) for edge in drawing.edges],
        "groups": [_group(group) for group in drawing.groups],
        "kinks": [kink_entry(kink) for kink in drawing.kinks],
    }
    if drawing.cotangent is not None:
        document["cotangent"] = value_of(drawing.cotangent)
    return document


def _node(node: "DrawnNode", sketch: bool) -> Document:
    """A node; in a sketch it has neither a shape nor a value."""
    row = node.row
    return {
        "id": node.id,
        "label": node.title,
        "name": row.label,
        "kind": node.kind,
        "output": node.output,
        "primitive": row.primitive,
        "computes": row.computes,
        "shape": None if sketch else list(row.shape),
        "span": list(row.span),
        "value": _given(row.value),
        "gradient": _given(row.gradient),
        "group": node.group,
        "folded": list(node.folded),
    }


def _edge(edge: "DrawnEdge") -> Document:
    flow = edge.flow
    return {
        "from": edge.source,
        "to": edge.target,
        "operand": edge.operand,
        "formula": (edge.rule or None) if flow is None else flow.formula,
        "local": None if flow is None else _given(flow.local),
        "upstream": None if flow is None else value_of(flow.upstream),
        "contribution": _given(edge.contribution),
    }


def _group(group: "Group") -> Document:
    return {"kind": group.kind, "label": group.label, "within": group.within, "result": group.result}


def _given(value: "Array | None") -> Json:
    return None if value is None else value_of(value)
