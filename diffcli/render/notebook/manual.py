"""A page of the manual as a fragment of a page."""

import re

from diffcli.analysis.manual.page import ManualPage, Part, Rows
from diffcli.messages import told
from diffcli.render.handout.blocks import Block, Cell, Code, Paragraph, Section, Table
from diffcli.render.handout.html_writer import section


def manual(page: ManualPage, level: int) -> str:
    """Paragraphs, and tables of names and of what is to be typed."""
    return section(Section(told(page.title), tuple(_block(part, page.title) for part in page.parts)), level)


def _block(part: Part, about: str) -> Block:
    if isinstance(part, str):
        return Paragraph(_cells(told(part)))
    title = part.title if isinstance(part, Rows) else part.wanted
    rows = tuple((Code(told(name).replace("`", "")), told(meaning).replace("`", "")) for name, meaning in part.pairs)
    return Table(told(title or about), (told("name"), told("meaning")), rows)


def _cells(text: str) -> tuple[Cell, ...]:
    """A text, what is to be typed in the type of programs."""
    return tuple(Code(each) if place % 2 else each for place, each in enumerate(re.split("`", text)))
