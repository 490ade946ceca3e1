"""A formula in a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.json_values import Document, value_of

if TYPE_CHECKING:
    from diffcli.analysis.formula_values import SymbolicRow


def symbolic(row: "SymbolicRow") -> Document:
    """A formula with its value, or why there is none."""
    if row.formula is None:
        return {"formula": None, "reason": row.reason}
    document: Document = {"formula": row.formula}
    if row.value is not None:
        document["value"] = value_of(row.value)
    return document
