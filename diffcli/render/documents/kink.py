"""A kink in a document."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffcli.analysis.kinks import KinkNotice


def kink_entry(kink: "KinkNotice") -> dict[str, Any]:
    """A kink that the point sits on."""
    return {
        "text": kink.text,
        "span": list(kink.span),
        "reason": kink.reason,
        "convention": kink.convention,
        "sides": list(kink.sides) if kink.sides else None,
    }
