"""The textbook derivation as a document."""

from typing import TYPE_CHECKING, Any

from diffcli.render.documents.diff import diff_document

if TYPE_CHECKING:
    from diffcli.analysis.derivation.derivation_report import DerivationReport
    from diffcli.analysis.derivation.line import Derivation


def derivation_document(report: "DerivationReport") -> dict[str, Any]:
    """`diffcli/diff@1` with `steps` and the `letters` in them, by variable; in a worksheet what is left open is null."""
    return {
        **diff_document(report.diff),
        "steps": {name: _steps(derivation) for name, derivation in report.derivations.items()},
        "letters": {name: dict(derivation.letters) for name, derivation in report.derivations.items()},
    }


def _steps(derivation: "Derivation") -> list[dict[str, Any]]:
    return [
        {"number": line.number, "rule": line.rule, "general": line.general, "statement": line.statement, "result": line.result}
        for line in derivation.lines
    ]  # fmt: skip
