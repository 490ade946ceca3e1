"""Text as rows of cells between commas, semicolons, tabs or upright bars."""

import csv
import re
from collections.abc import Iterator
from itertools import islice

from diffcli.messages import Message

_MARKS = ",;\t|"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+\Z")


def lines_from(text: str, first: int = 0) -> Iterator[re.Match[str]]:
    """The lines from the first on, counted from 0, with what ends them."""
    return islice(_LINE.finditer(text), first, None)


def mark_of(line: str) -> str:
    """The mark that stands most often in a line, but for its quotes; a comma where there is none."""
    bare = re.sub(r'"[^"]*("|$)', "", line)
    return max(_MARKS, key=bare.count)


def records(text: str, mark: str, first: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The rows from a line on, each with the line that it begins on; lines without content are nothing, one in quotes may go on over several.

    Raises BrokenRecord where the quotes are wrong.
    """
    line, last = first, ""

    def lines() -> Iterator[str]:
        nonlocal last
        for found in lines_from(text, first):
            last = found[0]
            yield last

    reader = csv.reader(lines(), delimiter=mark, skipinitialspace=mark != " ", strict=True)
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
        self.message = Message("line {line}: {reason}", line=line + 1, reason=reason)
        super().__init__(self.message)
        self.line, self.reason = line, reason
