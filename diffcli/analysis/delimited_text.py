"""Text as rows of cells between commas, semicolons, tabs, upright bars or blanks."""

import csv
import re
from collections.abc import Iterator
from itertools import chain, islice

from diffcli.analysis.numerals import Notation, decimal_comma
from diffcli.messages import Message
from diffcli.source import Source, Span

_RAGGED_HINT = Message(
    "each row has a cell for each name in the header; put a cell that contains a comma in double quotes"
)
_MARKS = ",;\t|"
#: The files that are rows of cells; in all but the first blanks alone may stand between cells.
SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat")
#: One number of several groups of digits, or nothing.
_GROUPED = re.compile(r"([+-]?[1-9]\d{0,2}( \d{3})+)?\s*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+\Z")
_STATED = re.compile(r"sep=(.)\s*", re.IGNORECASE)


class BrokenRow(Exception):
    """A fault in the quotes of a row or in the number of its cells; `span` is the line that it begins on."""

    def __init__(self, line: int, reason: str, span: Span, hint: str) -> None:
        self.message = Message("line {line}{reason}", line=line + 1, reason=reason)
        super().__init__(self.message)
        self.span, self.hint = span, hint


class DelimitedText:
    """A text whose first line with content tells the mark between cells: the one that stands most often in it.

    Lines that begin with '#' may stand above that, or one that states the mark, as in `sep=;`; lines without content
    are nothing. `first` is the line of the first row, counted from 0, `top` that row, and `comment` what stands last
    above it. In files of other names than .csv, blanks are marks where there are no others.
    """

    def __init__(self, source: Source, notation: Notation, called: str) -> None:
        """`called` is what messages call the first row. Raises EOFError where there is none."""
        self.source, self._called = source, called
        stated, self.comment = None, ""
        for self.first, found in enumerate(_lines(source.text)):
            line = found[0]
            if stated is None and (stated := _STATED.fullmatch(line)):
                continue
            if line.strip() and not line.startswith("#"):
                break
            self.comment = line.strip() or self.comment
        else:
            raise EOFError
        commas = "," in (notation.decimal, notation.thousands) and "," not in line
        mark = _mark_of(line)
        blanks = source.name.lower().endswith(SUFFIXES[1:]) and mark not in line and len(line.split()) > 1
        if blanks and not all(_GROUPED.fullmatch(found[0]) for found in _lines(source.text, self.first)):
            mark = " "
        # no column ends at commas that belong to numbers where there is only one
        self.mark = stated[1] if stated else ";" if commas and mark == "," else mark
        _, self.top = next(self.records())

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows, and the line that each begins on. Raises BrokenRow for one of another length than the first."""
        width = len(self.top)
        for line, row in self.records():
            if len(row) != width:
                cells = Message("1 cell") if len(row) == 1 else Message("{count} cells", count=len(row))
                message = Message(" has {cells}, {called} {width}", cells=cells, called=self._called, width=width)
                raise BrokenRow(line, message, self.line(line), _RAGGED_HINT)
            yield line, row

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows however long they are; one in quotes may go on over several lines.

        Raises BrokenRow where quotes are wrong.
        """
        line, last = self.first, ""

        def lines() -> Iterator[str]:
            nonlocal last
            for found in _lines(self.source.text, self.first):
                last = found[0]
                yield f"{last.strip()}\n" if self.mark == " " else last

        reader = csv.reader(lines(), delimiter=self.mark, skipinitialspace=True, strict=True)
        try:
            for row in reader:
                if last.strip():
                    yield line, row
                line = self.first + reader.line_num
        except csv.Error as error:
            message = Message(": {reason}", reason=error)
            raise BrokenRow(line, message, self.line(line), Message("check the quotes")) from None

    def has_decimal_commas(self, notation: Notation) -> bool:
        """Whether the whole text shows that commas stand before its decimals, where no other notation is stated."""
        return (
            self.mark != ","
            and not notation.stated
            and notation.decimal == "."
            and notation.thousands != ","
            and "," in self.source.text
            and decimal_comma(chain.from_iterable(row for _, row in self.rows()))
        )

    def line(self, number: int) -> Span:
        """The span of a line."""
        found = next(_lines(self.source.text, number), None)
        return Span(found.start(), found.start() + len(found[0].rstrip("\r\n"))) if found else self.source.whole

    def cell(self, line: int, place: int) -> Span:
        """The span of a cell in a line; that of the line where a cell goes on over several."""
        whole = self.line(line)
        if self.mark == " ":
            words = [word.span() for word in re.finditer(r'"[^"]*"|\S+', self.source.text[whole.start : whole.end])]
            return Span(*(whole.start + at for at in words[place])) if place < len(words) else whole
        quoted, start, found = False, whole.start, 0
        for at in range(whole.start, whole.end + 1):
            character = self.source.text[at] if at < whole.end else self.mark
            quoted ^= character == '"'
            if character == self.mark and not quoted:
                if found == place:
                    return _stripped(self.source.text, start, at)
                start, found = at + 1, found + 1
        return whole


def _lines(text: str, first: int = 0) -> Iterator[re.Match[str]]:
    """The lines from the first on, counted from 0, with what ends them."""
    return islice(_LINE.finditer(text), first, None)


def _mark_of(line: str) -> str:
    """The mark that stands most often in a line, but for its quotes; a comma where there is none."""
    bare = re.sub(r'"[^"]*("|$)', "", line)
    return max(_MARKS, key=bare.count)


def _stripped(text: str, start: int, end: int) -> Span:
    """The part without blanks at its ends; all of it where there is nothing else."""
    part = text[start:end]
    return (
        Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip())) if part.strip() else Span(start, end)
    )
