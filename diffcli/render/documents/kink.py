"""A kink in a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.json_values import Document, number

if TYPE_CHECKING:
    from diffcli.analysis.kinks import KinkNotice


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
