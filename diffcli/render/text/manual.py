"""A page of the manual for people: help, topics, examples. It needs no library, since help is to be there at once."""

import re
import unicodedata
from collections.abc import Iterator

from diffcli.analysis.manual.page import Examples, ManualPage, Rows
from diffcli.messages import speech, told
from diffcli.render.screen import Line

#: A page is no wider, whatever the screen is: lines are to be read.
_WIDEST = 80
#: The widest name that has its meaning beside it, and that on a page of less than so many columns.
_BESIDE, _BESIDE_IF_NARROW, _NARROW = 30, 12, 60
#: What stays on one line: a Chinese character or a word with the marks behind it.
_MARKS = r"[\u3001\u3002\uff00-\uff65\u201d)\]]*"
_PIECES = rf"[\[(\u201c]*[\u3400-\u9fff]{_MARKS}|[^\s\u3400-\u9fff\u3001\u3002\uff00-\uff65]+{_MARKS}\s*|\s+|\S"


def manual_text(page: ManualPage, width: int) -> Iterator[Line]:
    """The page in lines of a screen's width; what is to be typed stays on one line."""
    width = min(width, _WIDEST) - 2
    if page.usage:
        for place, line in enumerate(_folded(f"{told('Usage: ')}{page.usage}", width)):
            yield _line(f"{'    ' * (place > 0)}{line}")
        yield _line("")
        yield from _paragraph(page.title, width, "  ")
    else:
        yield from _paragraph(page.title, width, "", "bold")
    for part in page.parts:
        yield _line("")
        match part:
            case Rows(rows, title):
                yield from _heading(title)
                yield from _rows(rows, width)
            case Examples(wanted, examples):
                yield from _heading(wanted)
                for example in examples:
                    yield _line(f"  {example.command}")
                    yield from _paragraph(example.told, width, " " * 6)
            case str():
                yield from _paragraph(part, width, "  " if page.usage else "")


def _line(text: str, style: str = "") -> Line:
    return Line(text, "bold" if style else "", kept=True)


def _heading(title: str) -> Iterator[Line]:
    if title:
        colon = ":" if speech().language == "en" else "\N{FULLWIDTH COLON}"
        yield _line(f"{told(title)}{colon}", "bold")


def _rows(rows: tuple[tuple[str, str], ...], width: int) -> Iterator[Line]:
    """Each name, with its meaning beside it or below."""
    names = [_plain(told(name)) for name, _ in rows]
    widest = max(map(_cells, names))
    beside = min(widest, _BESIDE) + 2 if width >= _NARROW or widest <= _BESIDE_IF_NARROW else 4
    for name, (_, meaning) in zip(names, rows, strict=True):
        lines = list(_folded(_plain(told(meaning)), width - beside - 2))
        room = beside - _cells(name)
        if room >= 2 and lines:
            yield _line(f"  {name}{' ' * room}{lines.pop(0)}")
        else:
            yield _line(f"  {name}")
        for line in lines:
            yield _line(f"  {' ' * beside}{line}")


def _paragraph(text: str, width: int, indent: str, style: str = "") -> Iterator[Line]:
    for line in _folded(_plain(told(text)), width - len(indent)):
        yield _line(f"{indent}{line}", style)


def _plain(text: str) -> str:
    """The text with quotes around what is to be typed where that is several words, else without marks."""
    begin, end = "''" if speech().language == "en" else "“”"
    quoted = re.sub(r"`([^`]*)`", lambda typed: f"{begin}{typed[1]}{end}" if " " in typed[1] else typed[1], text)
    return re.sub(r" ?(“[^”]*”) ?", r"\1", quoted)  # Chinese has no blanks around quotes


def _folded(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most so many columns; broken between Chinese characters, and at blanks."""
    line, used = "", 0
    for piece in re.findall(_PIECES, text):
        if used + _cells(piece.rstrip()) > width and line:
            yield line.rstrip()
            line, used = "", 0
        added = piece if line else piece.lstrip()
        line, used = line + added, used + _cells(added)
    if line:
        yield line.rstrip()


def _cells(text: str) -> int:
    """The columns that a text takes on a screen."""
    return len(text) if text.isascii() else sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in text)
