"""A failure as a document."""

from typing import Any

from diffcli.errors import Diagnostic


def error_document(diagnostic: Diagnostic) -> dict[str, Any]:
    """`diffcli/error@1`."""
    labels = diagnostic.labels
    return {
        "schema": "diffcli/error@1",
        "code": diagnostic.code,
        "message": diagnostic.message,
        "source": diagnostic.source.name if diagnostic.source else None,
        "span": list(labels[0].span) if labels else None,
        "hint": diagnostic.hint,
        "labels": [{"span": list(label.span), "text": label.text} for label in labels],
        "exit_code": int(diagnostic.exit_code),
    }
