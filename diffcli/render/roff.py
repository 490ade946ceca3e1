"""Pages of the manual in the language of man(1)."""

import re
from collections.abc import Iterable, Iterator

from diffcli.analysis.manual.page import Part, Rows
from diffcli.messages import told


def head(title: str, version: str, manual: str) -> Iterator[str]:
    """What a page begins with."""
    yield f'.TH {title} 1 "" "{_escaped(version)}" "{_escaped(told(manual))}"'
    yield ".nh"  # no word is broken: names are to be found
    yield ".ad l"


def section(title: str, parts: Iterable[Part] = ()) -> Iterator[str]:
    """A section with its parts."""
    yield f".SH {_escaped(told(title))}"
    yield from _body(parts)


def subsection(title: str, parts: Iterable[Part]) -> Iterator[str]:
    """A part of a section, with its parts."""
    yield f".SS {_escaped(told(title))}"
    yield from _body(parts)


def _body(parts: Iterable[Part]) -> Iterator[str]:
    """Paragraphs, and names with what they mean."""
    for place, part in enumerate(parts):
        title = "" if isinstance(part, str) else part.title if isinstance(part, Rows) else part.wanted
        if place and (title or isinstance(part, str)):
            yield ".PP"
        if isinstance(part, str):
            yield _text(told(part))
            continue
        if title:
            yield rf"\fI{_escaped(told(title))}\fR"
        for name, meaning in part.pairs:
            yield ".TP"
            yield rf"\fB{_escaped(told(name).replace('`', ''))}\fR".replace("|", "|\\:")  # where it may be broken
            yield _text(told(meaning))


def _text(text: str) -> str:
    r"""A line of text, what is to be typed in bold: `grad` as \fBgrad\fR."""
    return re.sub(r"`([^`]*)`", r"\\fB\1\\fR", _escaped(text))


def _escaped(text: str) -> str:
    """The text without what the language takes for its own, or would print as other signs."""
    escaped = "".join(_SIGNS.get(each, each) for each in text)
    return f"\\&{escaped}" if escaped[:1] == "." else escaped


#: Signs that are to be typed as they stand; man(1) would print other ones.
_SIGNS = {"\\": "\\e", "-": "\\-", '"': "\\(dq", "'": "\\(aq", "^": "\\(ha", "~": "\\(ti"}
