"""A failure as a document."""

from diffcli.errors import Diagnostic
from diffcli.messages import Speech, speech
from diffcli.render.documents.json_values import Document, by_name, number


def error_document(diagnostic: Diagnostic) -> Document:
    """`diffcli/error@1`."""
    diagnostic = diagnostic.said(Speech(speech().face, "en"))
    labels = diagnostic.labels
    document: Document = {
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
