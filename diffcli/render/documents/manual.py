"""A page of the manual as a document."""

from diffcli.analysis.manual.page import Examples, ManualPage, Part, Rows
from diffcli.render.documents.json_values import Document


def manual_document(page: ManualPage) -> Document:
    """`diffcli/help@1`."""
    return {
        "schema": "diffcli/help@1",
        "name": page.name,
        "title": page.title,
        "usage": page.usage or None,
        "parts": [_part(part) for part in page.parts],
    }


def _part(part: Part) -> Document:
    """A paragraph, names with their meanings, or examples."""
    match part:
        case Rows(pairs, title):
            return {"kind": "rows", "title": title, "rows": [{"name": name, "meaning": told} for name, told in pairs]}
        case Examples(wanted, examples):
            return {
                "kind": "examples",
                "title": wanted,
                "examples": [
                    {"command": each.command, "shows": each.told, "exit_code": int(each.exit_code)} for each in examples
                ],
            }
    return {"kind": "text", "text": part}
