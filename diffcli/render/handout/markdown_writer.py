"""A handout in Markdown as GitHub reads it: pipe tables, formulas between dollar signs, the graph in Mermaid."""

import re
from collections.abc import Iterator
from typing import assert_never

from diffcli.render.drawing.notation.mermaid import mermaid
from diffcli.render.handout.blocks import Block, Cell, Code, Formula, Handout, Listing, Paragraph, Picture, Table
from diffcli.source import lines_of, visible

#: What Markdown, or GitHub's additions to it, would give a meaning: anywhere in a line, and at its beginning.
_MEANT = re.compile(r"[\\`*_{}\[\]<>#|$~&@]|:(?=//)|(?<=www)\.|^[-+ ]|(?<=^\d)[.)]|(?<=^\d\d)[.)]", re.IGNORECASE)


def markdown(handout: Handout) -> str:
    """The document; every text from the user comes out as it is, none as markup."""
    parts = [f"# {prose(handout.title) if handout.in_words else inline(Code(handout.title))}"]
    for section in handout.sections:
        parts.append(f"## {prose(section.heading)}")
        for block in section.blocks:
            parts += _block(block)
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(pieces):
            yield "".join(map(inline, pieces))
        case Listing(text):
            yield _fenced("text", "\n".join(map(visible, lines_of(text))))
        case Table(_, headers, rows):
            lines = [map(prose, headers), ["---"] * len(headers), *(map(inline, row) for row in rows)]
            yield "\n".join(f"| {' | '.join(line)} |" for line in lines)
        case Formula(left, latex, plain):
            yield inline(Code(plain)) if latex is None else f"$$\n{left} = {latex}\n$$"
        case Picture(diagram):
            yield _fenced("mermaid", mermaid(diagram, "auto").rstrip("\n"))
        case _:
            assert_never(block)


def _fenced(language: str, text: str) -> str:
    """A block of code, between more backquotes than there are in a row within."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}"


def inline(cell: Cell) -> str:
    """A piece of a line, also in a table. A code span cannot hold everything there: then it is an element of HTML."""
    if isinstance(cell, str):
        return prose(cell)
    text = _on_one_line(cell.text)
    if not text:
        return ""
    if re.search(r"[`|\\]|^ | $", text):
        return f"<code>{prose(text)}</code>"
    return f"`{text}`"


def prose(text: str) -> str:
    """Text as text: a character that would mean something is written by its number."""
    return _MEANT.sub(lambda found: f"&#{ord(found[0])};", _on_one_line(text))


def _on_one_line(text: str) -> str:
    return visible(" ".join(lines_of(text)))
