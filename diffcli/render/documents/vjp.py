"""A product with the Jacobian, backward, as a document."""

from typing import TYPE_CHECKING, Any

from diffcli.render.documents.kink import kink_entry
from diffcli.render.documents.values import arithmetic_entry, by_name, value_of

if TYPE_CHECKING:
    from diffcli.analysis.jacobian_products import VjpReport


def vjp_document(report: "VjpReport") -> dict[str, Any]:
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
