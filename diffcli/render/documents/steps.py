"""The textbook derivation as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.diff import diff_document
from diffcli.render.documents.json_values import Document

if TYPE_CHECKING:
    from diffcli.analysis.derivation.derivation_report import DerivationReport
    from diffcli.analysis.derivation.line import Derivation


def derivation_document(report: "DerivationReport") -> Document:
    """`diffcli/diff@1` with the `steps` and `letters` of each variable; null is what a worksheet leaves open."""
    return {
        **diff_document(report.diff),
        "steps": {name: _steps(derivation) for name, derivation in report.derivations.items()},
        "letters": {name: dict(derivation.letters) for name, derivation in report.derivations.items()},
    }


def _steps(derivation: "Derivation") -> list[Document]:
    return [
        {
            "number": line.number,
            "rule": line.rule,
            "general": line.general,
            "statement": line.statement,
            "result": line.result,
        }
        for line in derivation.lines
    ]
