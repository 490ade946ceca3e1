"""A product with the Jacobian, forward, as a document."""

from typing import TYPE_CHECKING, Any

from diffcli.render.documents.kink import kink_entry
from diffcli.render.documents.values import arithmetic_entry, by_name, value_of

if TYPE_CHECKING:
    from diffcli.analysis.jacobian_products import JvpReport


def jvp_document(report: "JvpReport") -> dict[str, Any]:
    """`diffcli/jvp@1`; the tangent of a node that does not vary is null."""
    document = {
        "schema": "diffcli/jvp@1",
        "expression": report.expression,
        "at": by_name(report.at),
        "direction": by_name(report.direction),
        "value": value_of(report.value),
        "jvp": value_of(report.tangent),
        "nodes": [
            {
                "id": row.node.id,
                "label": row.node.label if row.node.primitive == "input" else row.node.text,
                "name": row.node.label,
                "primitive": row.node.primitive,
                "operands": list(row.node.operands),
                "shape": list(row.node.shape),
                "span": list(row.node.span),
                "value": value_of(row.node.value),
                "tangent": None if row.tangent is None else value_of(row.tangent),
            }
            for row in report.nodes
        ],
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    return document | arithmetic_entry(report.precision)
