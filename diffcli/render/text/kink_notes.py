"""Kinks that a point sits on, for people: the place underlined, both sides, the convention."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from diffcli.analysis.kinks import KinkNotice
from diffcli.errors import Label
from diffcli.messages import told
from diffcli.render.diagnostic import excerpts


def kink_notes(kinks: Sequence[KinkNotice], where: str = "") -> Iterator[Text]:
    """A note for each kink; `where` says at which point, if that needs saying."""
    for kink in kinks:
        text = Text(told("note: {where}{headline}", where=where, headline=kink.headline) + "\n", style="magenta")
        text.append_text(excerpts(kink.source, (Label(kink.span, told(kink.place)),)))
        for slope in kink.slopes:
            text.append(f"  = {told(slope)}\n")
        text.append(
            "  = " + told("convention: {convention}. {elsewhere}", convention=kink.convention, elsewhere=kink.elsewhere)
        )
        yield text
