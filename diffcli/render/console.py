"""What Rich makes of a result's parts: consoles that show no control characters, tables, headings, sentences."""

import io
from collections.abc import Iterable, Sequence
from shutil import get_terminal_size

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
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


def table(*headers: str, right: Iterable[int] = ()) -> Table:
    """A table without lines, whose cells are folded rather than cut."""
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_edge=False)
    for position, header in enumerate(headers):
        made.add_column(told(header), overflow="fold", justify="right" if position in set(right) else "left")
    return made


def sentence(text: str, /, style: str = "", **values: object) -> Text:
    """A text told in the language of the moment: a message, or a template with its values."""
    return Text(told(text, **values), style=style)


def heading(text: str) -> Text:
    """The title of a part."""
    return sentence(text, style="bold underline")
