"""Tables as text: a header with the columns' names, then a line for each row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

from diffcli.analysis.data.arrow import WORTHWHILE, number_columns
from diffcli.analysis.data.cells import Cells
from diffcli.analysis.data.table import Column, Place, Table
from diffcli.analysis.numerals import PLAIN, Notation, decimal_comma
from diffcli.analysis.reading import decoded, read_file
from diffcli.analysis.separated import BLANK_SUFFIXES, BrokenRecord, lines_from, mark_of, records
from diffcli.errors import DiffcliError, Label, fault
from diffcli.source import Source, Span

_HEADER_HINT = "the first line names the columns, as in x,y"
#: Rows that are turned into numbers at once.
_AT_ONCE = 4096
_STATED = re.compile(r"sep=(.)\s*", re.IGNORECASE)


def read_delimited(asked: Source, notation: Notation) -> Table:
    """A table of cells between commas, semicolons, tabs or upright bars, or blanks where it is no .csv; the header tells which.

    Lines that begin with '#' may stand above the header, or one that states the mark, as in `sep=;`;
    empty lines are nothing. Where the whole file has commas before its decimals, they are read so.
    Raises DiffcliError where rows are not all as long as the header.
    """
    text = _Text(decoded(read_file(asked.text, asked), asked.text), asked, notation)
    names: dict[str, int] = {}
    for place, name in enumerate(cell.strip() for cell in text.header):
        if name in names:
            first = Label(text.cell(text.first, names[name]), "first here")
            raise fault(
                "E406",
                f"two columns are called '{name}'",
                text.source,
                text.cell(text.first, place),
                first,
                hint="give one of them another name",
            )
        if name:  # a column without a name, as of row numbers, cannot be meant
            names[name] = place
    commas = (
        text.delimiter != ","
        and not notation.stated
        and notation.decimal == "."
        and notation.thousands != ","
        and "," in text.source.text
    )
    if commas and decimal_comma(chain.from_iterable(row for _, row in text.rows())):
        note = f"the numbers of {asked.text} are read with commas before their decimals; --thousands , takes those for marks between thousands"
        return Table(
            asked, tuple(names), lambda chosen: _columns(text, names, chosen, notation._replace(decimal=",")), (note,)
        )
    return Table(asked, tuple(names), lambda chosen: _columns(text, names, chosen, notation))


def _columns(text: "_Text", names: Mapping[str, int], chosen: Sequence[str], notation: Notation) -> dict[str, Column]:
    """Some of the columns, from one pass over the text."""

    def placed(name: str) -> Cells:
        def place(row: int) -> Place:
            line = text.line_of(row)
            return Place(
                f"{text.source.name}, line {line + 1}, column '{name}'", text.source, text.cell(line, names[name])
            )

        return Cells(place, notation)

    if (
        notation == PLAIN
        and len(text.source.text) >= WORTHWHILE
        and (found := text.numbers([names[name] for name in chosen])) is not None
    ):
        return dict(zip(chosen, found, strict=True))
    columns = {name: placed(name) for name in chosen}
    rows = (row for _, row in text.rows())
    while block := list(islice(rows, _AT_ONCE)):
        for name, column in columns.items():
            place = names[name]
            column.extend([row[place] for row in block])
    return {name: column.column() for name, column in columns.items()}


class _Text:
    """The text of a table; `first` is the line of the header, or of the first row below one in a comment, and `below` that of the first row, counted from 0."""

    def __init__(self, source: Source, asked: Source, notation: Notation) -> None:
        """Raises DiffcliError if there is no header, or it holds numbers."""
        self.source = source
        stated, comment = None, ""
        blanks = Path(asked.text).suffix.lower() in BLANK_SUFFIXES
        for self.first, found in enumerate(lines_from(source.text)):
            line = found[0]
            if stated is None and (stated := _STATED.fullmatch(line)):
                continue
            if line.strip() and not line.startswith("#"):
                break
            comment = line.strip() or comment
        else:
            raise fault("E406", f"'{source.name}' is empty", asked, asked.whole, hint=_HEADER_HINT)
        commas = (
            "," in (notation.decimal, notation.thousands) and "," not in line
        )  # no column ends at them where there is only one
        mark = mark_of(line, blanks)
        self.delimiter = stated[1] if stated else ";" if commas and mark == "," else mark
        _, self.header = next(self._records())
        self._skipped = 1
        if (
            all(PLAIN.number(cell) is not None for cell in self.header) and comment
        ):  # NumPy writes the header as a comment
            _, named = next(records(comment.lstrip("#%! "), self.delimiter))
            if len(named) == len(self.header) and all(map(str.strip, named)):
                self.header, self._skipped = named, 0
        if all(PLAIN.number(cell) is not None for cell in self.header):
            what = "the first line holds numbers, not the names of columns"
            raise fault(
                "E406",
                f"{source.name}, line {self.first + 1}: {what}",
                source,
                self.line(self.first),
                hint=_HEADER_HINT,
            )
        self.below = next(self.rows(), (-1,))[0]
        if self.below < 0:
            raise fault(
                "E406",
                f"{source.name} has a header and no rows",
                source,
                self.line(self.first),
                hint="a row is a line below the header",
            )

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header, and the line that each begins on. Raises DiffcliError for one of another length."""
        width = len(self.header)
        for line, row in islice(self._records(), self._skipped, None):
            if len(row) != width:
                raise self._ragged(row, line, width)
            yield line, row

    def numbers(self, places: Sequence[int]) -> list[Column] | None:
        """Some columns, where they are plain numbers throughout and there is a library that reads them fast."""
        if self.delimiter == " ":
            return None
        return number_columns(self.source.text, self.delimiter, self.below, len(self.header), places)

    def line_of(self, row: int) -> int:
        """The line that a row begins on."""
        return next(islice(self.rows(), row, None))[0]

    def line(self, number: int) -> Span:
        """The span of a line."""
        found = next(lines_from(self.source.text, number), None)
        return Span(found.start(), found.start() + len(found[0].rstrip("\r\n"))) if found else self.source.whole

    def cell(self, line: int, place: int) -> Span:
        """The span of a cell in a line; that of the line where a cell goes on over several."""
        whole = self.line(line)
        if self.delimiter == " ":
            words = [word.span() for word in re.finditer(r'"[^"]*"|\S+', self.source.text[whole.start : whole.end])]
            return Span(*(whole.start + at for at in words[place])) if place < len(words) else whole
        quoted, start, found = False, whole.start, 0
        for at in range(whole.start, whole.end + 1):
            character = self.source.text[at] if at < whole.end else self.delimiter
            quoted ^= character == '"'
            if character == self.delimiter and not quoted:
                if found == place:
                    return _stripped(self.source.text, start, at)
                start, found = at + 1, found + 1
        return whole

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        try:
            yield from records(self.source.text, self.delimiter, self.first)
        except BrokenRecord as error:
            raise fault(
                "E406", f"{self.source.name}, {error}", self.source, self.line(error.line), hint="check the quotes"
            ) from None

    def _ragged(self, row: Sequence[str], line: int, width: int) -> DiffcliError:
        cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
        hint = "each row has a cell for each name in the header; a cell with a comma in it stands in double quotes"
        return fault(
            "E406",
            f"{self.source.name}, line {line + 1} has {cells}, the header {width}",
            self.source,
            self.line(line),
            hint=hint,
        )


def _stripped(text: str, start: int, end: int) -> Span:
    """The part without blanks at its ends; all of it where there is nothing else."""
    part = text[start:end]
    return (
        Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip())) if part.strip() else Span(start, end)
    )
