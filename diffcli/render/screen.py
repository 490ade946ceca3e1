"""The stream for people: its width, its colour, and the characters that it can show."""

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass
from shutil import get_terminal_size
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from diffcli.messages import told
from diffcli.render.writing import Color, put
from diffcli.source import visible

#: A width at which no cell is folded: what a table would like to have.
UNBOUNDED = 1_000_000
#: Nothing that is shown depends on the height: it is stated so that Rich does not look for LINES.
HEIGHT = 25


@dataclass(frozen=True, slots=True)
class Symbols:
    """The characters that differ between a Unicode and an ASCII terminal."""

    arrow: str
    times: str
    agree: str
    disagree: str
    powers: str
    marks: tuple[str, str]
    nonzero: str
    zero: str
    rails: str  #: on and on, with a branch, along a branch
    refer: str  #: to what stands above, below
    output: str
    kinds: str  #: of nodes: variable, parameter, constant, operation, named, folded

    def power(self, exponent: int) -> str:
        """The exponent of a power, raised where there are characters for it; nothing for 1."""
        return "" if exponent == 1 else self.powers[exponent] if self.powers else f"^{exponent}"


UNICODE = Symbols(
    "\N{RIGHTWARDS ARROW}", "\N{MULTIPLICATION SIGN}", "\N{CHECK MARK}", "\N{BALLOT X}", "⁰¹²³⁴⁵⁶⁷⁸⁹", ("○", "●"),
    "\N{BLACK CIRCLE}", "\N{MIDDLE DOT}", "│├─", "↑↓", "→", "○◎□●◆▣",
)  # fmt: skip
ASCII = Symbols("->", "x", "ok:", "WRONG:", "", ("o", "*"), "*", ".", "||-", "<>", "=", "o@#*$%")


@dataclass(frozen=True, slots=True)
class Screen:
    """A stream to show results on."""

    stream: TextIO
    color: Color = "auto"

    @property
    def symbols(self) -> Symbols:
        """ASCII where the stream's encoding has no more."""
        encoding = getattr(self.stream, "encoding", None) or "ascii"
        try:
            "".join((*"→✓✗●", UNICODE.rails, UNICODE.refer, UNICODE.kinds)).encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return ASCII
        return UNICODE

    def show(self, renderables: Iterable[RenderableType]) -> None:
        """Write all of them, without blanks at line ends."""
        buffer = io.StringIO()
        console = self._console(buffer)
        parts = list(renderables)
        widths: list[int | None] = [None] * len(parts)
        if not self._watched:  # each part as wide as it wants to be: nothing is folded, nothing padded further
            unbounded = console.options.update(width=UNBOUNDED)
            widths = [max(1, Measurement.get(console, unbounded, part).maximum) for part in parts]
            console.width = max([1, *(width for width in widths if width)])
        for part, width in zip(parts, widths, strict=True):
            console.print(part, width=width)
        text = "\n".join(line.rstrip() for line in buffer.getvalue().split("\n"))
        put(text, self.stream, flush=True)

    @property
    def _watched(self) -> bool:
        return self.stream.isatty()

    def _console(self, buffer: io.StringIO) -> Console:
        plain = self.color == "never" or (
            self.color == "auto" and (bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb")
        )
        forced = self.color == "always" or (self.color == "auto" and bool(os.environ.get("FORCE_COLOR")))
        coloured = not plain and (forced or self._watched)
        return SafeConsole(
            file=buffer,
            force_terminal=coloured,
            color_system="standard" if coloured else None,
            width=terminal_width(self.stream),
            height=HEIGHT,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )


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


def terminal_width(stream: TextIO) -> int:
    """The columns of a terminal, as COLUMNS states them or the terminal itself does; 80 for what is none."""
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        width = 0
    stated = os.environ.get("COLUMNS", "")
    return (int(stated[:6]) if stated.isascii() and stated.isdigit() else 0) or width or 80
