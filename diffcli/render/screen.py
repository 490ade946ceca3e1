"""The stream for people: its width, its colour, and the characters that it can show."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TextIO

from diffcli.render.writing import Color, put

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from diffcli.render.console import Writer


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


class Line(NamedTuple):
    """A line of text in one style; where it is `kept`, it is written as it is, however long."""

    text: str
    style: Literal["", "bold"] = ""
    kept: bool = False

    def __rich__(self) -> "Text":
        from rich.text import Text

        return Text(self.text, style=self.style)


@dataclass(frozen=True)
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

    def show(self, parts: "Iterable[RenderableType]") -> None:
        """Write all of them: on a terminal each when it is made, so that what takes long keeps nothing back."""
        if not self._watched:
            parts = list(parts)
            kept = [self._as_it_is(part) for part in parts if isinstance(part, Line) and part.kept]
            whole = "".join(filter(None, kept)) if len(kept) == len(parts) else self._writer.unfolded(parts)
            put(whole, self.stream, flush=True)
            return
        for part in parts:
            line = self._as_it_is(part) if isinstance(part, Line) else None
            put(self._writer.within(part) if line is None else line, self.stream, flush=True)

    def _as_it_is(self, line: Line) -> str | None:
        """What Rich makes of a line that needs no folding, without loading it; None of one that it has to look at."""
        plain = line.text.isascii() and line.text.isprintable() and len(line.text) <= self._width
        if not plain and not line.kept:
            return None
        bold = line.style == "bold" and self._coloured and line.text
        return f"\x1b[1m{line.text}\x1b[0m\n" if bold else f"{line.text.rstrip()}\n"

    @property
    def _watched(self) -> bool:
        return self.stream.isatty()

    @property
    def _coloured(self) -> bool:
        plain = self.color == "never" or (
            self.color == "auto" and (bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb")
        )
        forced = self.color == "always" or (self.color == "auto" and bool(os.environ.get("FORCE_COLOR")))
        return not plain and (forced or self._watched)

    @property
    def _width(self) -> int:
        return terminal_width(self.stream)

    @cached_property
    def _writer(self) -> "Writer":
        from diffcli.render.console import Writer  # which loads Rich: a line or two can be on the screen before

        return Writer(self._width, self._coloured)


def terminal_width(stream: TextIO) -> int:
    """The columns of a terminal, as COLUMNS states them or the terminal itself does; 80 for what is none."""
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        width = 0
    stated = os.environ.get("COLUMNS", "")
    return (int(stated[:6]) if stated.isascii() and stated.isdigit() else 0) or width or 80
