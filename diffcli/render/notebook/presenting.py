"""What a notebook shows of each result."""

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import RenderableType
from rich.text import Text as RichText

from diffcli.analysis.presented import Kind
from diffcli.render.drawing.boxes import diagram
from diffcli.render.handout.content import Cell, Code, Formula, Listing, Paragraph, Picture
from diffcli.render.handout.gradient import gradient_handout
from diffcli.render.handout.html import fragment, section
from diffcli.render.handout.picture import inline_svg
from diffcli.render.messages import Texts
from diffcli.render.notebook import mathematics
from diffcli.render.notebook.curve import curve
from diffcli.render.notebook.screen import plain, sections
from diffcli.render.screen import UNICODE, Screen, Symbols

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.symbolic_derivative import DiffReport

_PRECISION = 6
#: Boxes of a picture that is drawn though nobody asked for it: it must not keep anybody waiting.
_MOST_BOXES = 100
#: Each rule below our own element, since a notebook is one page; those for tables name them too, to hold against its own rules.
_STYLE = (
    ".diffcli .wide { overflow-x: auto; margin: .5em 0; } .diffcli table :is(th, td) { text-align: left; vertical-align: top; padding-right: 1em; } "
    ".diffcli table tbody th { font-weight: normal; } .diffcli pre { white-space: pre-wrap; } .diffcli .printed { display: none; } "
    ".diffcli svg { max-width: 100%; height: auto; }"
)


#: What a result's command shows on a screen.
Text = Callable[[Any, Symbols], Iterable[RenderableType]]


class Forms(NamedTuple):
    """How a result is written in each kind; None where it has no such form."""

    text: Text
    html: Callable[[Any], str]
    latex: Callable[[Any], str | None] = lambda _: None
    svg: Callable[[Any], str | None] = lambda _: None


def presented(result: object, kind: Kind) -> str | None:
    """The result in a form that a notebook asks for; None where it has none."""
    forms = FORMS.get(type(result).__name__)
    if forms is None:
        return None
    if kind == "text":
        return plain(forms.text(result, Screen(sys.stdout).symbols))
    if kind == "html":
        return f'<div class="diffcli">\n<style>{_STYLE}</style>\n{forms.html(result)}\n</div>'
    return forms.latex(result) if kind == "latex" else forms.svg(result)


def _drawing_html(drawing: "Drawing") -> str:
    """The picture; of a graph too large for one what the command shows, and how it becomes smaller."""
    if len(drawing.nodes) <= _MOST_BOXES:
        return fragment((Picture(diagram(drawing)),))
    said: list[Cell] = [Texts().too_many_nodes.format(count=f"{len(drawing.nodes):,}")]
    if drawing.groups:
        said += ["; ", Code("draw(..., depth=0)"), " makes one node of each group"]
    return fragment((Paragraph(tuple(said)), Listing(plain(_DRAWING_TEXT(drawing, UNICODE)))))


def _drawing_svg(drawing: "Drawing") -> str | None:
    return inline_svg(diagram(drawing), "light", True) if len(drawing.nodes) <= _MOST_BOXES else None


def _grad_html(report: "GradReport") -> str:
    handout = gradient_handout(report, _PRECISION, False, lambda drawn: len(drawn.boxes) <= _MOST_BOXES)
    return "\n".join(section(part, level=4) for part in handout.sections)


def _screen(topic: str, function: str, precision: int = _PRECISION, **view: Any) -> Text:
    """What the command shows on a screen; `topic` is loaded with the first such result."""

    def text(report: Any, symbols: Symbols) -> Iterable[RenderableType]:
        found: Iterable[RenderableType] = getattr(import_module(f"diffcli.render.{topic}"), function)(
            report, symbols, precision, False, **view
        )
        return found

    return text


def _html(text: Text) -> Callable[[Any], str]:
    """What is on the screen, its tables as tables."""
    return lambda report: "\n".join(section(part, level=4) for part in sections(text(report, UNICODE)))


def _same(text: Text, latex: Callable[[Any], str | None] = lambda _: None) -> Forms:
    """The forms of a result of which a page says what the screen says."""
    return Forms(text, _html(text), latex)


def _diff_text(report: "DiffReport", symbols: Symbols) -> Iterable[RenderableType]:
    """The program, where one was asked for, as by the command; else the formulas."""
    return _DIFF_TEXT(report, symbols) if report.code is None else (RichText(report.code),)


def _diff_html(report: "DiffReport") -> str:
    formulas = tuple(
        Formula(mathematics.derivative(name), row.in_form("latex").form, f"d/d{name} = {row.formula}")
        for name, row in report.derivatives.items()
        if row.formula
    )
    program = () if report.code is None else (Listing(report.code.rstrip("\n")),)
    return "\n".join(filter(None, (fragment(formulas), _html(_DIFF_TEXT)(report), fragment(program))))


def _descent_html(report: "DescentReport") -> str:
    picture = curve(report)
    return (f"<figure>{picture}</figure>\n" if picture else "") + _html(
        _screen("descent", "descend_text", chart=False)
    )(report)


def _aligned(lines: Callable[[Any], list[str]]) -> Callable[[Any], str | None]:
    """The lines in one display; None without any."""

    def latex(report: Any) -> str | None:
        found = lines(report)
        return f"$${mathematics.environment('aligned', found)}$$" if found else None

    return latex


_DRAWING_TEXT = _screen("drawing.terminal.text", "graph_text", 4)
_DIFF_TEXT = _screen("derivative", "diff_text")
#: By the name of the result's class: to know the classes, all analyses would have to be loaded.
FORMS: Mapping[str, Forms] = {
    "Drawing": Forms(_DRAWING_TEXT, _drawing_html, svg=_drawing_svg),
    "GradReport": Forms(
        _screen("gradient", "grad_text"),
        _grad_html,
        _aligned(mathematics.gradient_lines),
        lambda report: _drawing_svg(report.drawing),
    ),
    "DiffReport": Forms(_diff_text, _diff_html, _aligned(mathematics.derivative_lines)),
    "DerivationReport": _same(_screen("derivation", "derivation_text"), _aligned(mathematics.derivation_lines)),
    "CompareReport": _same(_screen("comparison", "compare_text")),
    "JacobianReport": _same(_screen("jacobian", "jacobian_text"), _aligned(mathematics.jacobian_lines)),
    "HessianReport": _same(_screen("hessian", "hessian_text"), _aligned(mathematics.hessian_lines)),
    "JvpReport": _same(_screen("products", "jvp_text")),
    "VjpReport": _same(_screen("products", "vjp_text")),
    "DescentReport": Forms(_screen("descent", "descend_text"), _descent_html, svg=curve),
}
