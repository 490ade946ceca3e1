"""What Rich makes of a result's parts: consoles that show no control characters, tables, headings, sentences."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from shutil import get_terminal_size

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from diffcli.messages import told
from diffcli.source import visible

#: A width at which no cell is folded: what a table would like to have.
UNBOUNDED = 1_000_000
#: Nothing that is shown depends on the height: it is stated so that Rich does not look for LINES.
HEIGHT = 25


class Writer:
    """Writes parts as text for a stream, without blanks at line ends."""

    def __init__(self, width: int, coloured: bool) -> None:
        self._buffer = io.StringIO()
        self._console = SafeConsole(
            file=self._buffer,
            force_terminal=coloured,
            color_system="standard" if coloured else None,
            width=width,
            height=HEIGHT,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )

    def within(self, part: RenderableType) -> str:
        """A part, folded to the width."""
        return self._written([part], [None])

    def unfolded(self, parts: Sequence[RenderableType]) -> str:
        """Each part as wide as it wants to be: nothing is folded, nothing padded further."""
        unbounded = self._console.options.update(width=UNBOUNDED)
        widths = [max(1, Measurement.get(self._console, unbounded, part).maximum) for part in parts]
        self._console.width = max([1, *widths])
        return self._written(parts, widths)

    def _written(self, parts: Sequence[RenderableType], widths: Sequence[int | None]) -> str:
        for part, width in zip(parts, widths, strict=True):
            self._console.print(part, width=width)
        text = "\n".join(line.rstrip() for line in self._buffer.getvalue().split("\n"))
        self._buffer.seek(0)
        self._buffer.truncate()
        return text


def plain_text(parts: Iterable[RenderableType], width: int | None = None) -> str:
    """The parts as text without colour; as wide as the terminal where no width is given, in none 80 columns."""
    columns = get_terminal_size().columns if width is None else width
    console = plain_console(columns)
    with console.capture() as shown:
        for part in parts:
            console.print(part)
    return "\n".join(line.rstrip() for line in shown.get().rstrip().split("\n"))


def plain_console(width: int) -> Console:
    """A console of so many columns that writes into nothing, for its measures and its text."""
    return SafeConsole(
        file=io.StringIO(), width=width, height=HEIGHT, color_system=None, highlight=False, markup=False, emoji=False
    )


class SafeConsole(Console):
    """A console whose own sequences are the only ones: text that would act on the terminal is made visible."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of something to show."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=visible(segment.text, kept="\n"))


class Unbroken:
    """Parts of a text side by side, or where the screen has no room for that below each other, each on as many lines as
    it needs: broken between words or within a formula, never within a number.
    """

    def __init__(self, *parts: Text) -> None:
        self.parts = parts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text(" " * _BETWEEN).join(self.parts)
        for part in [line] if cell_len(line.plain) <= options.max_width else self.parts:
            yield _broken(part, options.max_width)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, Text(" " * _BETWEEN).join(self.parts))


class _Fitted(Table):
    """A table that, where it is wider than the screen, makes its columns narrower, and breaks no number and no name for
    that; where that is not enough, a row takes several lines.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wanted = Measurement.get(console, options.update(width=UNBOUNDED), self).maximum
        if wanted <= options.max_width:
            yield from super().__rich_console__(console, options)
            return
        cells = [
            [cell if isinstance(cell, Text) else Text(str(cell)) for cell in (column.header, *column.cells)]
            for column in self.columns
        ]
        widths = _widths(cells, options.max_width - _BETWEEN * (len(self.columns) - 1))
        if widths is None:
            for line in self._stacked(cells, options.max_width):
                yield from console.render(line, options)
            return
        for column, texts, most in zip(self.columns, cells, widths, strict=True):
            column.width = most
            header, *others = (_broken(text, most) for text in texts)
            column.header, column._cells = header, [*others]  # rich has no other way to them
        yield from super().__rich_console__(console, options)

    def _stacked(self, cells: Sequence[Sequence[Text]], width: int) -> Iterator[RenderableType]:
        """The lines of the rows, the first with as many columns as it has room for, the others further in."""
        most = [_wide(texts) for texts in cells]
        groups: list[list[int]] = [[]]
        for place, wide in enumerate(most):
            room = width - (_INDENT if len(groups) > 1 else 0)
            if groups[-1] and sum(most[each] + _BETWEEN for each in groups[-1]) + wide > room:
                groups.append([])
            groups[-1].append(place)
        for row, texts in enumerate(zip(*cells, strict=True)):
            for level, group in enumerate(groups):
                if any(texts[place].plain for place in group):
                    indent = _INDENT if level else 0
                    line = Table.grid(padding=(0, _BETWEEN, 0, 0))
                    for place in group:
                        column = self.columns[place]
                        line.add_column(width=min(most[place], width - indent), justify=column.justify, overflow="fold")
                    line.add_row(
                        *(_broken(texts[place], width - indent) for place in group),
                        style=None if row else self.header_style,
                    )
                    yield Padding(line, (0, 0, 0, indent))


#: Blanks between two columns of a table; before a further line of a row.
_BETWEEN, _INDENT = 2, 4
_WORD, _TOKEN = re.compile(r"\S+"), re.compile(r"\d[\d.]*(?:e[-+]?\d+)?|[^\W\d]\w*|\S")


def _wide(texts: Iterable[Text]) -> int:
    """The width of the longest line."""
    return max(cell_len(line) for text in texts for line in text.plain.split("\n"))


def _widths(columns: Sequence[Sequence[Text]], room: int) -> list[int] | None:
    """Widths of columns that together take so much room: no word is broken if that can be, else no number and no name;
    None where that cannot be either.
    """
    most = [_wide(texts) for texts in columns]
    longest: list[Callable[[str], int]] = [
        lambda text: max(map(cell_len, _WORD.findall(text)), default=1),
        lambda text: max(map(cell_len, _TOKEN.findall(text)), default=1),
    ]
    for measure in longest:
        least = [max(measure(text.plain) for text in texts) for texts in columns]
        for level in range(room, 0, -1):
            widths = [min(wide, max(level, narrow)) for wide, narrow in zip(most, least, strict=True)]
            if sum(widths) <= room:
                return widths
    return None


def _broken(text: Text, width: int) -> Text:
    """The text with words that are too long broken between what they are made of."""
    cuts = []
    for word in _WORD.finditer(text.plain):
        line = word.start()
        if cell_len(word.group()) <= width:
            continue
        for token in _TOKEN.finditer(text.plain, *word.span()):
            if token.start() > line and cell_len(text.plain[line : token.end()]) > width:
                cuts.append(token.start())
                line = token.start()
    return Text("\n").join(text.divide(cuts)) if cuts else text


def table(*headers: str, right: Iterable[int] = ()) -> Table:
    """A table without lines, whose cells are folded rather than cut, but between numbers."""
    made = _Fitted(box=None, pad_edge=False, padding=(0, _BETWEEN, 0, 0), header_style="bold", show_edge=False)
    for position, header in enumerate(headers):
        made.add_column(told(header), overflow="fold", justify="right" if position in set(right) else "left")
    return made


def sentence(text: str, /, style: str = "", **values: object) -> Text:
    """A text told in the language of the moment: a message, or a template with its values."""
    return Text(told(text, **values), style=style)


def heading(text: str) -> Text:
    """The title of a part."""
    return sentence(text, style="bold underline")
