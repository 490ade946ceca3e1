"""The descent report as a document."""

from typing import TYPE_CHECKING, Any

from diffcli.render.documents.kink import kink_entry
from diffcli.render.documents.values import by_name, number

if TYPE_CHECKING:
    from diffcli.analysis.descent import DescentReport


def descend_document(report: "DescentReport") -> dict[str, Any]:
    """`diffcli/descend@1` or `diffcli/ascend@1`."""
    return {
        "schema": f"diffcli/{'ascend' if report.maximize else 'descend'}@1",
        "expression": report.expression,
        "learning_rate": report.learning_rate,
        "tolerance": report.tolerance,
        "start": by_name(report.start),
        "final": by_name(report.final),
        "value": number(report.value),
        "gradient_norm": number(report.gradient_norm),
        "status": report.status,
        "explanation": report.explanation,
        "iterations": report.iterations,
        "history": [
            {
                "iteration": iterate.iteration,
                "at": by_name(iterate.at),
                "value": number(iterate.value),
                "gradient_norm": number(iterate.gradient_norm),
            }
            for iterate in report.history
        ],
        "start_kinks": [kink_entry(kink) for kink in report.start_kinks],
        "kinks": [kink_entry(kink) for kink in report.kinks],
    }
