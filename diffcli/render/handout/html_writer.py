"""A handout as one page of HTML: formulas as MathML, the graph as SVG, no script, nothing from elsewhere."""

from collections.abc import Iterator
from html import escape
from typing import assert_never

from diffcli.messages import Language
from diffcli.render.drawing.inline_svg import inline_svg
from diffcli.render.drawing.painting.svg import stylesheet
from diffcli.render.drawing.theme import DARK, LIGHT, Palette
from diffcli.render.handout.blocks import (
    Block,
    Cell,
    Code,
    Formula,
    Handout,
    Listing,
    Paragraph,
    Picture,
    Section,
    Table,
)
from diffcli.render.handout.mathml import mathml
from diffcli.render.messages import Texts
from diffcli.source import lines_of, visible

_STYLE = """
body { margin: 1.5rem auto; padding: 0 1.25rem; max-width: 60rem; font: 1rem/1.5 var(--sans); }
body { background: var(--ground); color: var(--ink); }
h1 { font: 650 1.35rem/1.4 var(--mono); overflow-wrap: anywhere; }
h2 { margin: 1.8rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); font-size: 1.15rem; }
.formula, figure, tr { break-inside: avoid; }
h2 { break-after: avoid; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
code, pre { font: .9em/1.45 var(--mono); }
pre { margin: .5rem 0; padding: .6rem .8rem; background: var(--panel); }
pre { border: 1px solid var(--line); border-radius: .4rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; font-size: .92rem; }
th, td { padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
tbody th { font-weight: inherit; white-space: nowrap; }
td code { overflow-wrap: break-word; }
thead th { color: var(--faint); font-weight: 600; }
.wide { overflow-x: auto; margin: .5rem 0; }
.formula { margin: .8rem 0; font-size: 1.1rem; }
.printed { display: none; }
figure { margin: .8rem 0; }
figure svg { display: block; margin: 0 auto; max-width: 100%; height: auto; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
@media print {
  body { margin: 0; padding: 0; max-width: none; font-size: 10pt; }
  .wide { overflow: visible; }
  .long { display: none; }
  .printed { display: block; }
  figure svg { max-height: 24cm; }
}
"""
#: Characters of a formula that a sheet of paper is wide enough for; a longer one is printed as text, which can be
#: broken.
_PRINTED = 110
_FONTS = """
:root {
  color-scheme: light dark;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", sans-serif;
  --mono: "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", monospace;
}
"""
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{sections}
</main>
</body>
</html>
"""


def page(handout: Handout) -> str:
    """The handout as a page."""
    return whole_page(handout.title, "\n".join(map(section, handout.sections)), handout.language)


def whole_page(title: str, sections: str, language: Language = "en") -> str:
    """HTML under a title as a document, which follows the reader's colour scheme."""
    dark = _colours(DARK) + stylesheet("dark", "figure .diagram")  # paper is light, whatever the screen is
    style = f"{_FONTS}{_colours(LIGHT)}@media screen and (prefers-color-scheme: dark) {{\n{dark}}}{_STYLE}"
    return _PAGE.format(language=Texts(language).html_language, title=text(title), style=style, sections=sections)


def section(part: Section, level: int = 2) -> str:
    """A section under its heading, if it has one."""
    heading = f"<h{level}>{text(part.heading)}</h{level}>\n" if part.heading else ""
    return f"<section>\n{heading}{fragment(part.blocks)}\n</section>"


def _colours(colours: Palette) -> str:
    return (
        f":root {{ --ground: {colours.ground}; --ink: {colours.ink}; --faint: {colours.faint}; "
        f"--line: {colours.frame.stroke}; --panel: {colours.frame.fill}; }}\n"
    )


def fragment(blocks: tuple[Block, ...]) -> str:
    """Blocks as HTML for inside a page. Pictures are light: a page that knows its colours may say otherwise."""
    return "\n".join(line for block in blocks for line in _block(block))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(pieces):
            yield f"<p>{''.join(map(inline, pieces))}</p>"
        case Listing(source):
            yield f"<pre><code>{escape(chr(10).join(map(visible, lines_of(source))))}</code></pre>"
        case Table():
            yield from _table(block)
        case Formula(left, latex, plain):
            body = None if latex is None else mathml(f"{left} = {latex}")
            # what is wider than the page is scrolled to, by keyboard too
            label = f'role="group" aria-label="{text(plain)}" tabindex="0"'
            long = len(plain) > _PRINTED
            if body:
                yield f'<div class="formula wide{long * " long"}" {label}>{body}</div>'
            if long or not body:
                role = ' class="printed"' if body else ""
                yield f"<p{role}>{inline(Code(plain))}</p>"
        case Picture(diagram):
            yield f"<figure>\n{inline_svg(diagram, 'light')}</figure>"
        case _:
            assert_never(block)


def _table(table: Table) -> Iterator[str]:
    label = f' role="group" aria-label="{text(table.caption)}"' if table.caption else ""
    yield f'<div class="wide"{label} tabindex="0">\n<table>'
    headers = "".join(f'<th scope="col">{text(header)}</th>' if header else "<td></td>" for header in table.headers)
    yield (f"<thead><tr>{headers}</tr></thead>\n" if any(table.headers) else "") + "<tbody>"
    for name, *cells in table.rows:
        columns = "".join(f"<td>{inline(cell)}</td>" for cell in cells)
        yield f'<tr><th scope="row">{inline(name)}</th>{columns}</tr>'
    yield "</tbody>\n</table>\n</div>"


def inline(cell: Cell) -> str:
    """A piece of a line."""
    if isinstance(cell, Code) and cell.text:
        return f"<code>{text(cell.text)}</code>"
    return text(cell if isinstance(cell, str) else "")


def text(words: str) -> str:
    """Text as text, on one line."""
    return escape(visible(" ".join(lines_of(words))))
