"""The structure of a matrix in a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.json_values import Document

if TYPE_CHECKING:
    from diffcli.analysis.pattern import Pattern


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
