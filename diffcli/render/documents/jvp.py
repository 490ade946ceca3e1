"""A product with the Jacobian, forward, as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import kink_entry, node_entry
from diffcli.render.documents.json_values import Document, arithmetic_entry, by_name, value_of

if TYPE_CHECKING:
    from diffcli.analysis.jacobian_products import JvpReport


def jvp_document(report: "JvpReport") -> Document:
    """`diffcli/jvp@1`; the tangent of a node that does not vary is null."""
    document = {
        "schema": "diffcli/jvp@1",
        "expression": report.expression,
        "at": by_name(report.at),
        "direction": by_name(report.direction),
        "value": value_of(report.value),
        "jvp": value_of(report.tangent),
        "nodes": [
            {**node_entry(row.node), "tangent": None if row.tangent is None else value_of(row.tangent)}
            for row in report.nodes
        ],
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    return document | arithmetic_entry(report.precision)
