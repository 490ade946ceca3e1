"""A formula in a document."""

from typing import TYPE_CHECKING, Any

from diffcli.render.documents.values import value_of

if TYPE_CHECKING:
    from diffcli.analysis.formula_values import SymbolicRow


def symbolic(row: "SymbolicRow") -> dict[str, Any]:
    """A formula with its value, or why there is none."""
    if row.formula is None:
        return {"formula": None, "reason": row.reason}
    document: dict[str, Any] = {"formula": row.formula}
    if row.value is not None:
        document["value"] = value_of(row.value)
    return document
