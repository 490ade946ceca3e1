"""Entries of several documents: formulas, nodes, kinks, and the structure of a matrix."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from diffcli.render.documents.json_values import Document, by_name, number, value_of

if TYPE_CHECKING:
    from diffcli.analysis.formula_values import SymbolicRow
    from diffcli.analysis.kinks import KinkNotice
    from diffcli.analysis.pattern import Pattern
    from diffcli.analysis.trace import NodeRow
    from diffcli.execute.arrays import Array


def head(command: str, expression: str, at: Mapping[str, "Array"]) -> Document:
    """The first entries of a document about a point."""
    return {"schema": f"diffcli/{command}@1", "expression": expression, "at": by_name(at)}


def symbolic(row: "SymbolicRow") -> Document:
    """A formula with its value, or why there is none."""
    if row.formula is None:
        return {"formula": None, "reason": row.reason}
    document: Document = {"formula": row.formula}
    if row.value is not None:
        document["value"] = value_of(row.value)
    return document


def node_entry(node: "NodeRow") -> Document:
    """A node with its value."""
    return {
        "id": node.id,
        "label": node.label if node.primitive == "input" else node.text,
        "name": node.label,
        "primitive": node.primitive,
        "operands": list(node.operands),
        "shape": list(node.shape),
        "span": list(node.span),
        "value": value_of(node.value),
    }


def kink_entry(kink: "KinkNotice") -> Document:
    """A kink that the point sits on; a side that is outside the domain is null."""
    return {
        "kind": kink.kind,
        "primitive": kink.primitive,
        "node": kink.node,
        "text": kink.text,
        "span": list(kink.span),
        "reason": kink.reason,
        "convention": kink.convention,
        "elements": [list(element) for element in kink.elements],
        "count": kink.count,
        "sides": [
            {"operand": side.operand, "left": _side(side.left), "right": _side(side.right), "taken": number(side.taken)}
            for side in kink.sides
        ],
        "values": None if kink.values is None else [number(value) for value in kink.values],
        "torch": kink.torch,
        "jax": kink.jax,
    }


def _side(derivative: float | None) -> float | str | None:
    return None if derivative is None else number(derivative)


def pattern_entry(pattern: "Pattern") -> Document:
    """Counts, the columns of each variable, and the places, row and column from 0, that can differ from 0."""
    return {
        "rows": len(pattern.entries),
        "columns": pattern.width,
        "nonzeros": pattern.nonzeros,
        "columns_of": {name: list(place) for name, place in pattern.columns.items()},
        "entries": [
            [row, column]
            for row, flags in enumerate(pattern.entries.tolist())
            for column, flag in enumerate(flags)
            if flag
        ],
    }
