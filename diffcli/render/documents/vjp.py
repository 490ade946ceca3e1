"""A product with the Jacobian, backward, as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import kink_entry
from diffcli.render.documents.json_values import Document, arithmetic_entry, by_name, value_of

if TYPE_CHECKING:
    from diffcli.analysis.jacobian_products import VjpReport


def vjp_document(report: "VjpReport") -> Document:
    """`diffcli/vjp@1`."""
    document = {
        "schema": "diffcli/vjp@1",
        "expression": report.expression,
        "at": by_name(report.at),
        "value": value_of(report.value),
        "cotangent": value_of(report.cotangent),
        "vjp": by_name(report.vjp),
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    return document | arithmetic_entry(report.precision)
