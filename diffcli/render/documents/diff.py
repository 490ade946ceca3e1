"""The symbolic derivative as a document."""

from typing import TYPE_CHECKING, Any

from diffcli.render.documents.formula import symbolic
from diffcli.render.documents.values import by_name

if TYPE_CHECKING:
    from diffcli.analysis.symbolic_derivative import DiffReport


def diff_document(report: "DiffReport") -> dict[str, Any]:
    """`diffcli/diff@1`; with a form other than plain, `form` names it and each formula is there in it too, or `code` is."""
    rows = {name: symbolic(row) for name, row in report.derivatives.items()}
    for name, row in report.derivatives.items():
        if row.form is not None:
            rows[name][report.form] = row.form
    document: dict[str, Any] = {
        "schema": "diffcli/diff@1",
        "expression": report.expression,
        "at": by_name(report.at),
        "derivative": rows,
        "form": report.form,
        "order": report.order,
    }
    if report.code is not None:
        document["code"] = report.code
    return document
