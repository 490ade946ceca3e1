"""What a notebook shows of each result."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from diffcli.analysis.presented import Kind
from diffcli.render.drawing.boxes import diagram
from diffcli.render.handout.content import Block, Formula, Paragraph, Picture
from diffcli.render.handout.gradient import gradient_handout
from diffcli.render.handout.html import fragment, section
from diffcli.render.handout.picture import inline_svg
from diffcli.render.messages import Texts
from diffcli.render.notebook import mathematics
from diffcli.render.notebook.curve import curve
from diffcli.render.notebook.screen import sections
from diffcli.render.screen import UNICODE

if TYPE_CHECKING:
    from diffcli.analysis.derivative import DiffReport
    from diffcli.analysis.descent.report import DescentReport
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.gradient import GradReport

_PRECISION = 6
#: Boxes of a picture that is drawn though nobody asked for it: it must not keep anybody waiting.
_MOST_BOXES = 100
#: Each rule below our own element: a notebook is one page.
_STYLE = (
    ".diffcli .wide { overflow-x: auto; margin: .5em 0; } .diffcli th, .diffcli td { text-align: left; vertical-align: top; padding-right: 1em; } "
    ".diffcli tbody th { font-weight: normal; } .diffcli pre { white-space: pre-wrap; } .diffcli .printed { display: none; } "
    ".diffcli svg { max-width: 100%; height: auto; }"
)


class Forms(NamedTuple):
    """How a result is written in each kind; None where it has no such form."""

    html: Callable[[Any], str]
    latex: Callable[[Any], str | None] = lambda _: None
    svg: Callable[[Any], str | None] = lambda _: None


def presented(result: object, kind: Kind) -> str | None:
    """The result in a form that a notebook asks for; None where it has none."""
    forms = FORMS.get(type(result).__name__)
    if forms is None:
        return None
    if kind == "html":
        return f'<div class="diffcli">\n<style>{_STYLE}</style>\n{forms.html(result)}\n</div>'
    return forms.latex(result) if kind == "latex" else forms.svg(result)


def _picture(drawing: "Drawing") -> Block:
    if len(drawing.nodes) > _MOST_BOXES:
        texts = Texts()
        return Paragraph((texts.too_many_nodes.format(count=f"{len(drawing.nodes):,}"),))
    return Picture(diagram(drawing))


def _drawing_svg(drawing: "Drawing") -> str | None:
    picture = _picture(drawing)
    return inline_svg(picture.diagram, "light", True) if isinstance(picture, Picture) else None


def _grad_html(report: "GradReport") -> str:
    handout = gradient_handout(report, _PRECISION, False, lambda drawn: len(drawn.boxes) <= _MOST_BOXES)
    return "\n".join(section(part, level=4) for part in handout.sections)


def _screen_html(topic: str, function: str, **view: Any) -> Callable[[Any], str]:
    """What the command shows on a screen, its tables as tables; `topic` is loaded with the first such result."""

    def html(report: Any) -> str:
        text = getattr(import_module(f"diffcli.render.{topic}"), function)
        return "\n".join(section(part, level=4) for part in sections(text(report, UNICODE, _PRECISION, False, **view)))

    return html


def _diff_html(report: "DiffReport") -> str:
    formulas = tuple(
        Formula(mathematics.derivative(name), row.in_form("latex").form, f"d/d{name} = {row.formula}")
        for name, row in report.derivatives.items()
        if row.formula
    )
    return f"{fragment(formulas)}\n{_screen_html('derivative', 'diff_text')(report)}"


def _descent_html(report: "DescentReport") -> str:
    picture = curve(report)
    return (f"<figure>{picture}</figure>\n" if picture else "") + _screen_html("descent", "descend_text", chart=False)(report)


def _aligned(lines: Callable[[Any], list[str]]) -> Callable[[Any], str | None]:
    """The lines in one display; None without any."""

    def latex(report: Any) -> str | None:
        found = lines(report)
        return f"$${mathematics.environment('aligned', found)}$$" if found else None

    return latex


#: By the name of the result's class: to know the classes, all analyses would have to be loaded.
FORMS: Mapping[str, Forms] = {
    "Drawing": Forms(lambda drawing: fragment((_picture(drawing),)), svg=_drawing_svg),
    "GradReport": Forms(_grad_html, _aligned(mathematics.gradient_lines), lambda report: _drawing_svg(report.drawing)),
    "DiffReport": Forms(_diff_html, _aligned(mathematics.derivative_lines)),
    "DerivationReport": Forms(_screen_html("derivation", "derivation_text"), _aligned(mathematics.derivation_lines)),
    "CompareReport": Forms(_screen_html("comparison", "compare_text")),
    "JacobianReport": Forms(_screen_html("jacobian", "jacobian_text"), _aligned(mathematics.jacobian_lines)),
    "HessianReport": Forms(_screen_html("hessian", "hessian_text"), _aligned(mathematics.hessian_lines)),
    "JvpReport": Forms(_screen_html("products", "jvp_text")),
    "VjpReport": Forms(_screen_html("products", "vjp_text")),
    "DescentReport": Forms(_descent_html, svg=curve),
}
