"""The symbolic derivative as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.entries import symbolic
from diffcli.render.documents.json_values import Document, by_name

if TYPE_CHECKING:
    from diffcli.analysis.symbolic_derivative import DiffReport


def diff_document(report: "DiffReport") -> Document:
    """`diffcli/diff@1`; `form` names a form other than plain, in which each formula is there too, or the `code`."""
    rows = {name: symbolic(row) for name, row in report.derivatives.items()}
    for name, row in report.derivatives.items():
        if row.form is not None:
            rows[name][report.form] = row.form
    document: Document = {
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
