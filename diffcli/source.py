"""Source text: the spans that point into it, its lines, and how it is shown."""

import re
from functools import partial
from typing import NamedTuple

#: The characters that end lines, and what ends one, for the scanner and for whoever shows the text: a comment
#: must not end for one of them and go on for the other.
LINE_ENDS = r"\n\v\f\r\x85\u2028\u2029"
LINE_END = rf"\r\n|[{LINE_ENDS}]"
#: Characters without a look of their own that join letters or make one picture of several.
_JOINERS = "\u200c\u200d"


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


#: Makes a Span of a pair, at a third of the cost of Span(...): every node of a tree has one.
as_span = partial(tuple.__new__, Span)


class Source(NamedTuple):
    """A piece of text that the user wrote, and what to call it."""

    text: str
    name: str = "expression"

    @property
    def whole(self) -> Span:
        """The span of the whole text."""
        return Span(0, len(self.text))

    @property
    def lines(self) -> list[Span]:
        """The spans of the lines, without what ends them; at least one."""
        starts, ends = [0], []
        for end in re.finditer(LINE_END, self.text):
            ends.append(end.start())
            starts.append(end.end())
        return [Span(*line) for line in zip(starts, [*ends, len(self.text)], strict=True)]


def lines_of(text: str) -> list[str]:
    """The lines of a source, without what ends them; no empty one at the end."""
    lines = re.split(LINE_END, text)
    return lines if lines[-1] else lines[:-1]


def visible(text: str, kept: str = "") -> str:
    """The text without characters that act on a terminal, hide what follows or turn its direction, and that XML cannot
    hold.

    Control pictures stand for controls (and a blank for a tab), U+FFFD for the rest; those `kept`, which a
    writer sets himself, stay.
    """
    if text.isprintable():
        return text
    return re.sub(r"[^ -~]", lambda found: found[0] if found[0] in kept else _visible(found[0]), text)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    import unicodedata

    code, category = ord(character), unicodedata.category(character)
    if character == "\t" or category in ("Zl", "Zp"):
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    unseen = category in ("Cc", "Cs") or (category == "Cf" and character not in _JOINERS)
    return "\ufffd" if unseen or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF else character
