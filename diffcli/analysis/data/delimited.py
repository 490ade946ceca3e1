"""Tables as text: a header with the columns' names, then a line for each row."""

import csv
import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from diffcli.analysis.data.cells import column_of
from diffcli.analysis.data.table import Column, Place, Table
from diffcli.errors import DiffcliError, Label, fault
from diffcli.source import Source, Span

_HEADER_HINT = "the first line names the columns, as in x,y"


def read_delimited(path: Path, asked: Source) -> Table:
    """A table of cells between commas, semicolons or tabs; the header tells which.

    Lines that begin with '#' may stand above the header; empty lines are nothing. Raises
    DiffcliError where rows are not all as long as the header.
    """
    text = _Text(_decoded(path.read_bytes(), str(path)))
    header = text.header(asked)
    names: dict[str, int] = {}
    for place, name in enumerate(cell.strip() for cell in header):
        if name in names:
            first = Label(text.cell(text.first, names[name]), "first here")
            raise fault("E406", f"two columns are called '{name}'", text.source, text.cell(text.first, place), first, hint="give one of them another name")
        if name:  # a column without a name, as of row numbers, cannot be meant
            names[name] = place
    rows, lines = text.rows(len(header))
    return Table(asked, {name: partial(_column, text, rows, lines, place, name) for name, place in names.items()})


def _column(text: "_Text", rows: Sequence[Sequence[str]], lines: Sequence[int], place: int, name: str) -> Column:
    def at(row: int) -> Place:
        return Place(f"{text.source.name}, line {lines[row] + 1}, column '{name}'", text.source, text.cell(lines[row], place))

    return column_of([row[place] for row in rows], at)


class _Text:
    """The text with its lines; `first` is that of the header, counted from 0."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = source.text.split("\n")
        self.first = next((number for number, line in enumerate(self.lines) if line.strip() and not line.startswith("#")), len(self.lines))
        line = self.lines[self.first] if self.first < len(self.lines) else ""
        self.delimiter = next((delimiter for delimiter in ",;\t" if delimiter in line), ",")

    def header(self, asked: Source) -> list[str]:
        """The cells of the first line. Raises DiffcliError if there is none, or it holds numbers."""
        if self.first == len(self.lines):
            raise fault("E406", f"'{self.source.name}' is empty", asked, asked.whole, hint=_HEADER_HINT)
        cells = self._split(self.lines[self.first])
        if all(_is_number(cell) for cell in cells):
            what = "the first line holds numbers, not the names of columns"
            raise fault("E406", f"{self.source.name}, line {self.first + 1}: {what}", self.source, self.line(self.first), hint=_HEADER_HINT)
        return cells

    def rows(self, width: int) -> tuple[list[list[str]], list[int]]:
        """The rows below the header, and the line that each begins on. Raises DiffcliError for one of another length."""
        rows, lines = [], []
        reader = csv.reader(io.StringIO("\n".join(self.lines[self.first + 1 :])), delimiter=self.delimiter, strict=True)
        begins = self.first + 1
        try:
            for row in reader:
                line, begins = begins, self.first + 1 + reader.line_num
                if not row or not self.lines[line].strip():
                    continue
                if len(row) != width:
                    raise self._ragged(row, line, width)
                rows.append(row)
                lines.append(line)
        except csv.Error as error:
            raise fault("E406", f"{self.source.name}, line {begins + 1}: {error}", self.source, self.line(begins), hint="check the quotes") from None
        if not rows:
            raise fault("E406", f"{self.source.name} has a header and no rows", self.source, self.line(self.first), hint="a row is a line below the header")
        return rows, lines

    def line(self, number: int) -> Span:
        """The span of a line."""
        start = sum(len(line) + 1 for line in self.lines[:number])
        return Span(start, start + len(self.lines[number]))

    def cell(self, line: int, place: int) -> Span:
        """The span of a cell in a line; that of the line where a cell goes on over several."""
        whole = self.line(line)
        quoted, start, found = False, whole.start, 0
        for at in range(whole.start, whole.end + 1):
            character = self.source.text[at] if at < whole.end else self.delimiter
            quoted ^= character == '"'
            if character == self.delimiter and not quoted:
                if found == place:
                    return _stripped(self.source.text, start, at)
                start, found = at + 1, found + 1
        return whole

    def _ragged(self, row: Sequence[str], line: int, width: int) -> DiffcliError:
        cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
        hint = "each row has a cell for each name in the header; a cell with a comma in it stands in double quotes"
        return fault("E406", f"{self.source.name}, line {line + 1} has {cells}, the header {width}", self.source, self.line(line), hint=hint)

    def _split(self, line: str) -> list[str]:
        try:
            return next(csv.reader([line], delimiter=self.delimiter, strict=True))
        except csv.Error as error:
            raise fault("E406", f"{self.source.name}, line {self.first + 1}: {error}", self.source, self.line(self.first), hint="check the quotes") from None


def _stripped(text: str, start: int, end: int) -> Span:
    """The part without blanks at its ends; all of it where there is nothing else."""
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip())) if part.strip() else Span(start, end)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _decoded(content: bytes, name: str) -> Source:
    """The text, with one kind of line ends."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        source = Source(content.decode("utf-8", "replace"), name)
        raise fault("E101", "the text is not valid UTF-8 here", source, Span(len(before), len(before) + 1), hint="save the text as UTF-8") from None
    return Source(text.replace("\r\n", "\n").replace("\r", "\n"), name)
