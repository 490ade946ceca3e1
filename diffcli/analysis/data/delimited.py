"""Tables as text: a header with the columns' names, then a line for each row."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice

from diffcli.analysis.data.arrow import WORTHWHILE, number_columns
from diffcli.analysis.data.cells import Cells
from diffcli.analysis.data.table import Column, Place, Table
from diffcli.analysis.delimited_text import BrokenRow, DelimitedText
from diffcli.analysis.numerals import PLAIN, Notation
from diffcli.analysis.reading import decoded, read_file
from diffcli.errors import Label, fault
from diffcli.messages import Argument, Message
from diffcli.source import Source

_HEADER_HINT = Message("the first line names the columns, as in x,y")
#: Rows that are turned into numbers at once.
_AT_ONCE = 4096


def read_delimited(asked: Source, notation: Notation) -> Table:
    """A table of cells between commas, semicolons, tabs, upright bars or blanks; the header tells which.

    Lines that begin with '#' may stand above the header, or one that states the mark, as in `sep=;`;
    empty lines are nothing. Where the whole file has commas before its decimals, they are read so.
    Raises DiffcliError where rows are not all as long as the header.
    """
    text = _Text(decoded(read_file(asked.text, asked), asked.text), asked, notation)
    names: dict[str, int] = {}
    for place, name in enumerate(cell.strip() for cell in text.top):
        if name in names:
            first = Label(text.cell(text.first, names[name]), Message("first here"))
            message, again = Message("two columns are called '{name}'", name=name), text.cell(text.first, place)
            raise fault("E406", message, text.source, again, first, hint=Message("give one of them another name"))
        if name:  # a column without a name, as of row numbers, cannot be meant
            names[name] = place
    notes: tuple[str, ...] = ()
    if text.has_decimal_commas(notation):
        note = Message(
            "commas in the numbers of {file} are read as decimal marks; {thousands} reads them as marks "
            "between thousands",
            file=asked.text,
            thousands=Argument("thousands", ","),
        )
        notation, notes = notation._replace(decimal=","), (note,)
    return Table(asked, tuple(names), lambda chosen: _columns(text, names, chosen, notation), notes)


def _columns(text: "_Text", names: Mapping[str, int], chosen: Sequence[str], notation: Notation) -> dict[str, Column]:
    """Some of the columns, from one pass over the text."""

    def placed(name: str) -> Cells:
        def place(row: int) -> Place:
            line = text.line_of(row)
            return Place(
                Message("{file}, line {line}, column '{name}'", file=text.source.name, line=line + 1, name=name),
                text.source,
                text.cell(line, names[name]),
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


class _Text(DelimitedText):
    """The text of a table; the first row, or the comment above it, is the header, and `below` the line of the row after
    it, counted from 0.
    """

    def __init__(self, source: Source, asked: Source, notation: Notation) -> None:
        """Raises DiffcliError if there is no header, or it holds numbers."""
        try:
            with _located(source):
                super().__init__(source, notation, Message("the header"))
        except EOFError:
            raise fault("E406", Message("'{file}' is empty", file=source.name), asked, hint=_HEADER_HINT) from None
        self._skipped = 1
        if self.comment and all(PLAIN.number(cell) is not None for cell in self.top):  # NumPy writes the header so
            text = Source(self.comment.lstrip("#%! "), source.name)
            named = DelimitedText(text, notation, Message("the header")).top
            if len(named) == len(self.top) and all(map(str.strip, named)):
                self.top, self._skipped = named, 0
        if all(PLAIN.number(cell) is not None for cell in self.top):
            message = Message(
                "{file}, line {line}: the first line holds numbers, not the names of columns",
                file=source.name,
                line=self.first + 1,
            )
            raise fault("E406", message, source, self.line(self.first), hint=_HEADER_HINT)
        self.below = next(self.rows(), (-1,))[0]
        if self.below < 0:
            message = Message("{file} has a header and no rows", file=source.name)
            raise fault(
                "E406", message, source, self.line(self.first), hint=Message("a row is a line below the header")
            )

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header, and the line that each begins on. Raises DiffcliError for one that is broken."""
        with _located(self.source):
            yield from islice(super().rows(), self._skipped, None)

    def numbers(self, places: Sequence[int]) -> list[Column] | None:
        """Some columns, where they are plain numbers throughout and there is a library that reads them fast."""
        if self.mark == " ":
            return None
        return number_columns(self.source.text, self.mark, self.below, len(self.top), places)

    def line_of(self, row: int) -> int:
        """The line that a row begins on."""
        return next(islice(self.rows(), row, None))[0]


@contextmanager
def _located(source: Source) -> Iterator[None]:
    """Turn what is wrong with a row into a DiffcliError at its line."""
    try:
        yield
    except BrokenRow as error:
        raise fault(
            "E406", Message("{file}, {what}", file=source.name, what=error.message), source, error.span, hint=error.hint
        ) from None
