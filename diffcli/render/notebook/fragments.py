"""Reports as HTML: fragments for a notebook, and whole pages."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import RenderableType

from diffcli.messages import speech, told
from diffcli.render.console import plain_text
from diffcli.render.drawing.boxes import diagram
from diffcli.render.drawing.inline_svg import inline_svg
from diffcli.render.excerpt import one_line
from diffcli.render.handout.blocks import Cell, Code, Formula, Listing, Paragraph, Picture
from diffcli.render.handout.grad_handout import gradient_handout
from diffcli.render.handout.html_writer import fragment, section, whole_page
from diffcli.render.messages import Texts
from diffcli.render.notebook import mathematics
from diffcli.render.notebook.curve import curve
from diffcli.render.notebook.screen_sections import sections
from diffcli.render.text.descend import descend_text
from diffcli.render.text.diff import derivatives_text
from diffcli.render.text.graph import graph_text
from diffcli.render.view import View

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.symbolic_derivative import DiffReport

_PRECISION = 6
#: Boxes of a picture that is drawn though nobody asked for it: it must not keep anybody waiting.
_MOST_BOXES = 100
#: Each rule below our own element, since a notebook is one page; those of tables name them too, to outrank its own
#: rules.
_STYLE = (
    ".diffcli .wide { overflow-x: auto; margin: .5em 0; } "
    ".diffcli table :is(th, td) { text-align: left; vertical-align: top; padding-right: 1em; } "
    ".diffcli table tbody th { font-weight: normal; } .diffcli pre { white-space: pre-wrap; } "
    ".diffcli .printed { display: none; } .diffcli svg { max-width: 100%; height: auto; }"
)


def enclosed(html: str) -> str:
    """A fragment with its style, for a page that is not ours."""
    return f'<div class="diffcli">\n<style>{_STYLE}</style>\n{html}\n</div>'


def page(expression: str, html: str) -> str:
    """A fragment as a page of its own under the expression."""
    return whole_page(one_line(expression, True), html)


def of_screen(parts: Iterable[RenderableType], level: int) -> str:
    """A command's text, its tables as tables."""
    return "\n".join(section(part, level) for part in sections(parts))


def gradient(report: "GradReport", level: int) -> str:
    """The handout's sections, with a picture where it is small."""
    language = speech().language
    handout = gradient_handout(report, _PRECISION, False, lambda drawn: len(drawn.boxes) <= _MOST_BOXES, language)
    return "\n".join(section(part, level) for part in handout.sections)


def gradient_page(report: "GradReport") -> str:
    """The handout."""
    from diffcli.render.handout.file_kinds import handout

    return handout(report, "html", _PRECISION, False, "en").decode()


def derivative(report: "DiffReport", level: int) -> str:
    """The formulas set as such, what the screen says, the program where one was asked for."""
    formulas = tuple(
        Formula(mathematics.partial(name), row.in_form("latex").form, f"d/d{name} = {row.formula}")
        for name, row in report.derivatives.items()
        if row.formula
    )
    program = () if report.code is None else (Listing(report.code.rstrip("\n")),)
    said = of_screen(derivatives_text(report, View(precision=_PRECISION, language=speech().language)), level)
    return "\n".join(filter(None, (fragment(formulas), said, fragment(program))))


def descent(report: "DescentReport", level: int) -> str:
    """The curve of the values as a picture, and what the screen says beside its chart."""
    picture = curve(report)
    view = View(precision=_PRECISION, language=speech().language, chart=False)
    said = of_screen(descend_text(report, view), level)
    return f"<figure>{picture}</figure>\n{said}" if picture else said


def drawing(made: "Drawing", level: int) -> str:
    """The picture; of a graph too large for one what the screen shows, and how it becomes smaller."""
    language = speech().language
    if len(made.nodes) <= _MOST_BOXES:
        return fragment((Picture(diagram(made, language=language)),))
    said: list[Cell] = [Texts(language).too_many_nodes.format(count=f"{len(made.nodes):,}")]
    if made.groups:
        said += ["; ", Code("draw(..., depth=0)"), told(" makes one node of each group")]
    return fragment(
        (Paragraph(tuple(said)), Listing(plain_text(graph_text(made, View(precision=4, language=language)))))
    )


def drawing_page(made: "Drawing") -> str:
    """The page that plays both sweeps; of a drawing without gradients its fragment."""
    from diffcli.render.player.page import page as player

    return player(made) if made.wrt else page(made.expression, drawing(made, 2))


def drawing_svg(made: "Drawing") -> str | None:
    """The picture as a document of its own; None of a graph too large for one."""
    return (
        inline_svg(diagram(made, language=speech().language), "light", standalone=True)
        if len(made.nodes) <= _MOST_BOXES
        else None
    )
