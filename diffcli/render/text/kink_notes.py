"""Kinks that a point sits on, for people: the place underlined, both sides, the convention."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from diffcli.analysis.kinks import KinkNotice
from diffcli.errors import Label
from diffcli.render.diagnostic import excerpts


def kink_notes(kinks: Sequence[KinkNotice], where: str = "") -> Iterator[Text]:
    """A note for each kink; `where` says at which point, if that needs saying."""
    for kink in kinks:
        text = Text(f"note: {where}{kink.headline}\n", style="magenta")
        text.append_text(excerpts(kink.source, (Label(kink.span, kink.place),)))
        for slope in kink.slopes:
            text.append(f"  = {slope}\n")
        text.append(f"  = convention: {kink.convention}. {kink.elsewhere}")
        yield text
