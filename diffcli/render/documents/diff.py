"""The symbolic derivative and the textbook derivation as documents."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import head, symbolic
from diffcli.render.documents.json_values import Document

if TYPE_CHECKING:
    from diffcli.analysis.derivation.derivation_report import DerivationReport
    from diffcli.analysis.derivation.line import Derivation
    from diffcli.analysis.symbolic_derivative import DiffReport


def diff_document(report: "DiffReport") -> Document:
    """`diffcli/diff@1`; `form` names a form other than plain, in which each formula is there too, or the `code`."""
    rows = {name: symbolic(row) for name, row in report.derivatives.items()}
    for name, row in report.derivatives.items():
        if row.form is not None:
            rows[name][report.form] = row.form
    document: Document = {
        **head("diff", report.expression, report.at),
        "derivative": rows,
        "form": report.form,
        "order": report.order,
    }
    if report.code is not None:
        document["code"] = report.code
    return document


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
