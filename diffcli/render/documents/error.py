"""A failure as a document."""

from typing import Any

from diffcli.errors import Diagnostic
from diffcli.messages import Speech, speech
from diffcli.render.documents.values import by_name, number


def error_document(diagnostic: Diagnostic) -> dict[str, Any]:
    """`diffcli/error@1`."""
    diagnostic = diagnostic.said(Speech(speech().face, "en"))
    labels = diagnostic.labels
    document: dict[str, Any] = {
        "schema": "diffcli/error@1",
        "code": diagnostic.code,
        "message": diagnostic.message,
        "source": diagnostic.source.name if diagnostic.source else None,
        "span": list(labels[0].span) if labels else None,
        "hint": diagnostic.hint,
        "labels": [{"span": list(label.span), "text": label.text} for label in labels],
        "exit_code": int(diagnostic.exit_code),
    }
    if diagnostic.readings:
        document["readings"] = list(diagnostic.readings)
    if diagnostic.suggestion is not None:
        suggestion = diagnostic.suggestion
        document["suggestion"] = {
            "expression": suggestion.expression,
            "value": number(suggestion.value),
            "gradient": by_name(suggestion.gradient),
        }
    return document
