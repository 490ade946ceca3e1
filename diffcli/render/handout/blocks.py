"""The parts of a handout: sections of paragraphs, tables, formulas and a picture, without a format.

A plain string is prose. Text that comes from the user, or that is to look like it, is `Code`. Neither is ever markup.
"""

from dataclasses import dataclass
from typing import NamedTuple

from diffcli.messages import Language
from diffcli.render.drawing.diagram import Diagram


class Code(NamedTuple):
    """Text in the letters of a typewriter."""

    text: str


Cell = str | Code


class Paragraph(NamedTuple):
    """Pieces of text, one after the other."""

    pieces: tuple[Cell, ...]


class Listing(NamedTuple):
    """Source text, whose lines are kept."""

    text: str


class Table(NamedTuple):
    """Rows of as many cells as there are headers; the first cell of a row names it.

    `caption` says what the table holds to those who do not see where it stands.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Formula(NamedTuple):
    """An equation: its sides in LaTeX (the right one None if it has none), and the whole as plain text."""

    left: str
    latex: str | None
    plain: str


class Picture(NamedTuple):
    """A graph."""

    diagram: Diagram


Block = Paragraph | Listing | Table | Formula | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Handout:
    """A whole document. `title` is source text, unless it is said to be in words."""

    title: str
    sections: tuple[Section, ...]
    language: Language = "en"
    in_words: bool = False
