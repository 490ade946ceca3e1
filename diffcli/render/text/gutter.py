"""The tree's rows as text: rails and signs, and what there is to say of each row, in columns or on lines of its own."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from diffcli.render.screen import Symbols
from diffcli.render.text.graph_rows import Row

#: Columns of the screen that a text gets at least, however narrow the screen is.
_NARROWEST = 20
_GAP = "  "


class Column(NamedTuple):
    """A heading and the style below it; what is `clear` without its heading can stand behind the row's text."""

    heading: str
    style: str
    clear: bool = False


class Entry(NamedTuple):
    """A row of the tree: a mark such as the operand's position, the sign, its text, and the columns' contents."""

    row: Row
    mark: str
    sign: Text
    text: Text
    cells: tuple[str, ...]


class _Form(NamedTuple):
    """Columns and what stands in them; a text alone is a row left out."""

    columns: Sequence[Column]
    entries: Sequence[Entry | Text]


class Gutter:
    """Entries with their rails, texts in place of those left out, and a legend below.

    All numbers are in columns where that fits the screen, if need be with fewer columns; else they
    are on lines below their rows, each with its heading.
    """

    def __init__(
        self,
        heading: str,
        columns: Sequence[Column],
        entries: Sequence[Entry | Text],
        legend: Sequence[Text],
        symbols: Symbols,
    ) -> None:
        self.heading, self.legend, self.symbols = heading, legend, symbols
        self.slot = max([1, *(cell_len(entry.mark) for entry in entries if isinstance(entry, Entry))])
        used = {
            place for entry in entries if isinstance(entry, Entry) for place, cell in enumerate(entry.cells) if cell
        }
        self.wide = _form(columns, entries, [place for place in range(len(columns)) if place in used])
        self.compact = _form(
            columns, entries, [place for place in range(len(columns)) if place in used and not columns[place].clear]
        )

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(1, max(*map(_width, self._table(self.wide)), _width(Text(_GAP).join(self.legend))))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for form in (self.wide, self.compact):
            table = list(self._table(form))
            if max(map(_width, table)) <= options.max_width:
                yield from table
                break
        else:
            yield from self._lines(console, options.max_width)
        yield Text("")
        yield from _packed(self.legend, options.max_width)

    def _table(self, form: _Form) -> Iterator[Text]:
        """The entries in columns as wide as they need to be."""
        header = (Text(" " * (self.slot + 1) + self.heading), tuple(column.heading for column in form.columns))
        rows = [
            header,
            *((self._beginning(entry) + entry.text, entry.cells) for entry in form.entries if isinstance(entry, Entry)),
        ]
        widths = [
            max(_width(first) for first, _ in rows),
            *(max(cell_len(cells[place]) for _, cells in rows) for place in range(len(form.columns))),
        ]
        remaining = iter(rows)
        yield _aligned(*next(remaining), widths, ["bold"] * len(form.columns), "bold")
        for entry in form.entries:
            if isinstance(entry, Entry):
                yield _aligned(*next(remaining), widths, [column.style for column in form.columns])
            else:
                yield self._left_out(entry)

    def _lines(self, console: Console, width: int) -> Iterator[Text]:
        """Each entry, and below it its numbers with their headings, broken between words where they need more lines."""
        for entry in self.compact.entries:
            if not isinstance(entry, Entry):
                yield self._left_out(entry)
                continue
            beginning, under, title = self._beginning(entry), self._under(entry), entry.text
            columns = zip(self.compact.columns, entry.cells, strict=True)
            numbers = [
                Text.assemble((f"{column.heading} ", "dim"), (cell, column.style)) for column, cell in columns if cell
            ]
            whole = Text(_GAP).join([title, *numbers])
            if (
                not entry.row.open and _width(beginning) + _width(whole) <= width
            ):  # nothing hangs below it: its rail needs no line
                title, numbers = whole, []
            for line in title.wrap(console, max(_NARROWEST, width - _width(beginning))):
                yield beginning + line
                beginning = under + Text(" ")
            room = max(_NARROWEST, width - _width(under) - len(_GAP))
            for part in _packed(numbers, room) if numbers else ():
                for line in part.wrap(console, room):
                    yield Text.assemble(under, _GAP, line)

    def _beginning(self, entry: Entry) -> Text:
        """Rails, mark and sign."""
        row, fork, along = entry.row, self.symbols.rails[1], self.symbols.rails[2]
        before = self._columns(row.depth)
        if row.branch:
            before, between = before[: -self.slot - 3] + fork + along, along
        else:
            before, between = before[: -self.slot - 1], " "
        filling = between * (self.slot - cell_len(entry.mark))
        return Text.assemble((before + filling, "dim"), (entry.mark, "yellow"), (between, "dim"), entry.sign, " ")

    def _under(self, entry: Entry) -> Text:
        """The rails on the lines below an entry's first, as wide as its beginning without the last blank."""
        return Text.assemble(
            (self._columns(entry.row.depth) + (self.symbols.rails[0] if entry.row.open else " "), "dim"), " "
        )

    def _columns(self, depth: int) -> str:
        """The rails of all columns to the left of one."""
        return " " * (self.slot + 1) + (self.symbols.rails[0] + " " * (self.slot + 2)) * depth

    def _left_out(self, text: Text) -> Text:
        return Text(self._columns(0)) + text


def _form(columns: Sequence[Column], entries: Sequence[Entry | Text], kept: Sequence[int]) -> _Form:
    """The form with some of the columns; what stands in the other ones follows the text."""
    behind = [place for place in range(len(columns)) if place not in kept]

    def formed(entry: Entry) -> Entry:
        beside = [Text(entry.cells[place], columns[place].style) for place in behind if entry.cells[place]]
        return entry._replace(
            text=Text(" ").join([entry.text, *beside]), cells=tuple(entry.cells[place] for place in kept)
        )

    return _Form(
        [columns[place] for place in kept], [formed(entry) if isinstance(entry, Entry) else entry for entry in entries]
    )


def _aligned(
    first: Text, cells: Sequence[str], widths: Sequence[int], styles: Sequence[str], first_style: str = ""
) -> Text:
    """Cells in columns of the given widths, without blanks at the end."""
    line = Text.assemble(first, style=first_style, no_wrap=True)
    missing = widths[0] - _width(first)
    for cell, width, style in zip(cells, widths[1:], styles, strict=True):
        missing += len(_GAP)
        if cell:
            line.append(" " * missing).append(cell, style)
            missing = -cell_len(cell)
        missing += width
    return line


def _width(text: Text) -> int:
    return cell_len(text.plain)


def _packed(parts: Sequence[Text], width: int) -> Iterator[Text]:
    """Parts side by side, on as few lines as the width allows without breaking one."""
    line: list[Text] = []
    for part in parts:
        if line and _width(Text(_GAP).join([*line, part])) > width:
            yield Text(_GAP).join(line)
            line = []
        line.append(part)
    yield Text(_GAP).join(line)
