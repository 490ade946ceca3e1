"""A command's text as sections of a page, so that a page says all that the command says, written once."""

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleRenderable, RenderableType
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table as RichTable
from rich.text import Text

from diffcli.render.console import UNBOUNDED, heading, plain_console
from diffcli.render.handout.blocks import Block, Cell, Code, Listing, Paragraph, Section, Table
from diffcli.render.text.matrix_table import MatrixTable

_HEADING = heading("").style


def sections(renderables: Iterable[RenderableType]) -> Iterator[Section]:
    """The parts by their headings; that before the first one has none, and begins with the expression."""
    console = plain_console(UNBOUNDED)
    title, found = "", list[Block]()
    for place, renderable in enumerate(renderables):
        if isinstance(renderable, Text) and renderable.style == _HEADING:
            yield Section(title, tuple(found))
            title, found = renderable.plain, []
        elif place == 0 and isinstance(renderable, Text):
            found.append(Paragraph((Code(renderable.plain),)))
        else:
            found += _blocks(renderable, console, title)
    yield Section(title, tuple(found))


def _blocks(renderable: RenderableType | Segment, console: Console, caption: str) -> Iterator[Block]:
    match renderable:
        case Padding():
            yield from _blocks(renderable.renderable, console, caption)
        case Text():
            text = renderable.plain.rstrip()
            if text:
                yield Listing(text) if "\n" in text else Paragraph((text,))
        case RichTable():
            headers = (
                tuple(map(str, (column.header for column in renderable.columns)))
                if renderable.show_header
                else ("",) * len(renderable.columns)
            )
            yield Table(
                caption, headers, tuple(zip(*(map(_cell, column.cells) for column in renderable.columns), strict=True))
            )
        case MatrixTable(labels, columns):
            headers, *rows = zip(labels, *columns, strict=True)
            yield Table(caption, headers, tuple((Code(name), *cells) for name, *cells in rows))
        case ConsoleRenderable():
            for part in renderable.__rich_console__(console, console.options):
                yield from _blocks(part, console, caption)


def _cell(cell: RenderableType) -> Cell:
    """A cell; text with a style is of the program or a number."""
    return Code(cell.plain) if isinstance(cell, Text) else str(cell)
