"""Text as rows of cells between commas, semicolons, tabs, upright bars or blanks."""

import csv
import re
from collections.abc import Iterator
from itertools import islice

_MARKS = ",;\t|"
#: The files that are rows of cells; in some of them blanks alone may stand between cells.
SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".dat")
BLANK_SUFFIXES = frozenset(SUFFIXES[1:])
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+\Z")


def lines_from(text: str, first: int = 0) -> Iterator[re.Match[str]]:
    """The lines from the first on, counted from 0, with what ends them."""
    return islice(_LINE.finditer(text), first, None)


def mark_of(line: str, blanks: bool = False) -> str:
    """The mark that stands most often in a line, but for its quotes; where there is none a comma, or, if they may, the blanks between several words."""
    bare = re.sub(r'"[^"]*("|$)', "x", line)
    mark = max(_MARKS, key=bare.count)
    return " " if blanks and mark not in bare and len(bare.split()) > 1 else mark


def records(text: str, mark: str, first: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The rows from a line on, each with the line that it begins on; lines without content are nothing, one in quotes may go on over several.

    Blanks that are marks are as many as one wants.
    Raises BrokenRecord where the quotes are wrong.
    """
    line, last = first, ""

    def lines() -> Iterator[str]:
        nonlocal last
        for found in lines_from(text, first):
            last = found[0]
            yield f"{last.strip()}\n" if mark == " " else last

    reader = csv.reader(lines(), delimiter=mark, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            if last.strip():
                yield line, row
            line = first + reader.line_num
    except csv.Error as error:
        raise BrokenRecord(line, str(error)) from None


class BrokenRecord(Exception):
    """What is wrong with the quotes of the row that begins on a line, counted from 0."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line + 1}: {reason}")
        self.line, self.reason = line, reason
