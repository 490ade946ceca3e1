"""The table of functions as a document."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffcli.analysis.catalogue import Catalogue


def functions_document(report: "Catalogue") -> dict[str, Any]:
    """`diffcli/functions@1`."""
    return {
        "schema": "diffcli/functions@1",
        "functions": [
            {
                "name": row.name,
                "family": row.family,
                "signature": row.signature,
                "notation": row.notation,
                "aliases": list(row.aliases),
                "summary": row.summary,
                "definition": row.definition,
                "derivatives": dict(row.derivatives),
                "domain": row.domain,
                "kink": row.kink,
                "example": row.example,
            }
            for row in report.functions
        ],
    }
