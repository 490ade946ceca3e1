"""The Jacobian as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import kink_entry, pattern_entry
from diffcli.render.documents.json_values import Document, arithmetic_entry, by_name, value_of

if TYPE_CHECKING:
    from diffcli.analysis.jacobian import JacobianReport


def jacobian_document(report: "JacobianReport") -> Document:
    """`diffcli/jacobian@1`; `pattern` where it was asked for."""
    document: Document = {
        "schema": "diffcli/jacobian@1",
        "expression": report.expression,
        "at": by_name(report.at),
        "value": value_of(report.value),
        "jacobian": by_name(report.jacobian),
        "mode": report.mode,
        "reason": report.reason,
        "sweeps": report.sweeps,
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
    if report.pattern is not None:
        document["pattern"] = pattern_entry(report.pattern)
    return document | arithmetic_entry(report.precision)
