"""Where keys and values stand in a TOML document: `tomllib` tells what they are, not where.

Only documents that `tomllib` has read are looked at, so what is told apart here is where things end.
"""

import re
from typing import NamedTuple

from diffcli.source import Span

#: From the top of the document: the names of tables and keys, and numbers among those of an array.
Path = tuple[str | int, ...]

_KEY = re.compile(r'[ \t]*("(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*\'|[A-Za-z0-9_-]+)[ \t]*')
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
#: No `*+` where a text of several lines may be empty: Python before 3.11.5 finds none there.
_TEXT = re.compile(
    r'"""(?:\\.|"{1,2}(?!")|[^"\\])*"{3,5}|\'\'\'(?:\'{1,2}(?!\')|[^\'])*\'{3,5}'
    r'|"(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*\'',
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\n]*")
_ESCAPED = re.compile(r'\\(["\\])')


class Place(NamedTuple):
    """The spans of a key and of its value; of a table both are its header."""

    key: Span
    value: Span


def places(text: str) -> dict[Path, Place]:
    """The place of each table and of each value."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.found


class _Scanner:
    """The document from its beginning to `at`; `counts` are the tables that arrays of them have so far."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Path, Place] = {}
        self.counts: dict[Path, int] = {}

    def document(self) -> None:
        """Tables, arrays of tables, and pairs in them."""
        table: Path = ()
        while self._skip() < len(self.text):
            if self.text[self.at] != "[":
                self._pair(table)
                continue
            start = self.at
            several = self.text.startswith("[[", start)
            self.at += 1 + several
            table = self._inside(self._names(), several)
            self.at = self.text.index("]", self.at) + 1 + several
            self.found[table] = Place(Span(start, self.at), Span(start, self.at))

    def _inside(self, names: list[str], several: bool) -> Path:
        """The path of a header: in the last table of each array on the way, and in a new one where it begins one."""
        path: Path = ()
        for place, name in enumerate(names):
            path = (*path, name)
            if several and place == len(names) - 1:
                self.counts[path] = self.counts.get(path, 0) + 1
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def _skip(self) -> int:
        """Pass blanks and comments; the place of what follows."""
        self.at = self._matched(_BLANK).end()
        return self.at

    def _matched(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.at)
        assert found is not None, "the document was read before"
        return found

    def _names(self) -> list[str]:
        """A key, or several with dots between them."""
        names = []
        while True:
            found = self._matched(_KEY)
            written, self.at = found[1], found.end()
            names.append(_ESCAPED.sub(r"\1", written[1:-1]) if written[0] in "\"'" else written)
            if not self.text.startswith(".", self.at):
                return names
            self.at += 1

    def _pair(self, table: Path) -> None:
        start = self.at
        path = (*table, *self._names())
        key = Span(start, start + len(self.text[start : self.at].rstrip()))
        self.at += 1  # the equals sign
        self._skip()
        first = self.at
        self._value(path)
        self.found[path] = Place(key, Span(first, self.at))

    def _value(self, path: Path) -> None:
        """Pass a value, with those in it."""
        sign = self.text[self.at]
        if sign == "[":
            self._elements(path)
        elif sign == "{":
            self.at += 1
            while self._skip() and self.text[self.at] != "}":
                self._pair(path)
                self.at = self._skip() + (self.text[self.at] == ",")
            self.at += 1
        elif sign in "\"'":
            self.at = self._matched(_TEXT).end()
        else:
            self.at += len(self._matched(_BARE)[0].rstrip())

    def _elements(self, path: Path) -> None:
        self.at += 1
        place = 0
        while self._skip() and self.text[self.at] != "]":
            first = self.at
            self._value((*path, place))
            self.found[*path, place] = Place(Span(first, self.at), Span(first, self.at))
            self.at = self._skip() + (self.text[self.at] == ",")
            place += 1
        self.at += 1
