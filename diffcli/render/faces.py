"""The faces of results: the text of a screen, lines for scripts, the JSON document, the forms of a notebook and a page.

One table from report to faces. The rooms named in it load a module when it is first used, so a command pays for no
other.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from diffcli.messages import speech
from diffcli.render import documents, notebook, terse, text
from diffcli.render.screen import terminal_width

if TYPE_CHECKING:
    from rich.console import RenderableType

    from diffcli.analysis.catalogue import Catalogue
    from diffcli.analysis.comparison.compare_report import CompareReport
    from diffcli.analysis.derivation.derivation_report import DerivationReport
    from diffcli.analysis.descent.descent_report import DescentReport, DescentRuns
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph
    from diffcli.analysis.exercise.check_report import CheckReport
    from diffcli.analysis.gradient import GradReport
    from diffcli.analysis.hessian import HessianReport
    from diffcli.analysis.jacobian import JacobianReport
    from diffcli.analysis.jacobian_products import JvpReport, VjpReport
    from diffcli.analysis.manual.page import ManualPage
    from diffcli.analysis.quiz.exercise import QuizReport
    from diffcli.analysis.sheets.sheet_report import SheetReport
    from diffcli.analysis.symbolic_derivative import DiffReport
    from diffcli.presenter import Kind
    from diffcli.render.documents.json_values import Document
    from diffcli.render.terse import Labelled
    from diffcli.render.view import View

Report = TypeVar("Report")


@dataclass(frozen=True)  # with slots, `Faces[Report](...)` cannot be called before Python 3.12
class Faces(Generic[Report]):
    """The faces of one class of reports.

    `text` is what a command shows on a screen, with so many significant digits unless asked otherwise; `terse` the
    answer alone, `document` its JSON. `html` is a fragment of a page, with headings of that level, and `page` a whole
    page; without them both are made of the text. `latex` and `svg` are None where there is none. `options` are the
    answer as options of another command, and `endings` the last documents of a stream of them.
    """

    text: "Callable[[Report, View], Iterable[RenderableType]]"
    terse: "Callable[[Report], str | Labelled]"
    document: "Callable[[Report], Document]"
    html: Callable[[Report, int], str] | None = None
    page: Callable[[Report], str] | None = None
    latex: Callable[[Report], str | None] = lambda report: None
    svg: Callable[[Report], str | None] = lambda report: None
    options: Callable[[Report], str] | None = None
    endings: "Callable[[Report], Iterable[Document]] | None" = None
    precision: int = 6


#: By the name of the report's class: to know the classes, all analyses would have to be loaded.
FACES: Mapping[str, Faces[Any]] = {
    "GradReport": Faces["GradReport"](
        lambda report, view: text.grad.grad_text(report, view),
        terse.grad_lines,
        lambda report: documents.grad.grad_document(report),
        html=lambda report, level: notebook.fragments.gradient(report, level),
        latex=lambda report: notebook.mathematics.gradient(report),
        svg=lambda report: notebook.fragments.drawing_svg(report.drawing),
        page=lambda report: notebook.fragments.gradient_page(report),
    ),
    "DiffReport": Faces["DiffReport"](
        lambda report, view: text.diff.diff_text(report, view),
        terse.diff_lines,
        lambda report: documents.diff.diff_document(report),
        html=lambda report, level: notebook.fragments.derivative(report, level),
        latex=lambda report: notebook.mathematics.derivative(report),
    ),
    "DerivationReport": Faces["DerivationReport"](
        lambda report, view: text.steps.derivation_text(report, view),
        terse.derivation_lines,
        lambda report: documents.diff.derivation_document(report),
        latex=lambda report: notebook.mathematics.derivative(report.diff),
    ),
    "CompareReport": Faces["CompareReport"](
        lambda report, view: text.compare.compare_text(report, view),
        terse.compare_lines,
        lambda report: documents.compare.compare_document(report),
    ),
    "CheckReport": Faces["CheckReport"](
        lambda report, view: text.check.check_text(report, view),
        terse.check_lines,
        lambda report: documents.check.check_document(report),
    ),
    "QuizReport": Faces["QuizReport"](
        lambda report, view: text.quiz.quiz_text(report, view),
        terse.quiz_lines,
        lambda report: documents.quiz.quiz_document(report),
    ),
    "SheetReport": Faces["SheetReport"](
        lambda report, view: text.sheet.sheet_text(report, view),
        terse.sheet_lines,
        lambda report: documents.sheet.sheet_document(report),
    ),
    "JacobianReport": Faces["JacobianReport"](
        lambda report, view: text.jacobian.jacobian_text(report, view),
        terse.jacobian_lines,
        lambda report: documents.linear_maps.jacobian_document(report),
        latex=lambda report: notebook.mathematics.jacobian(report),
    ),
    "HessianReport": Faces["HessianReport"](
        lambda report, view: text.hessian.hessian_text(report, view),
        terse.hessian_lines,
        lambda report: documents.linear_maps.hessian_document(report),
        latex=lambda report: notebook.mathematics.hessian(report),
    ),
    "JvpReport": Faces["JvpReport"](
        lambda report, view: text.jvp_vjp.jvp_text(report, view),
        terse.jvp_lines,
        lambda report: documents.linear_maps.jvp_document(report),
    ),
    "VjpReport": Faces["VjpReport"](
        lambda report, view: text.jvp_vjp.vjp_text(report, view),
        terse.vjp_lines,
        lambda report: documents.linear_maps.vjp_document(report),
    ),
    "DescentReport": Faces["DescentReport"](
        lambda report, view: text.descend.descend_text(report, view),
        terse.descend_lines,
        lambda report: documents.descend.descend_document(report),
        html=lambda report, level: notebook.fragments.descent(report, level),
        svg=lambda report: notebook.curve.curve(report),
        options=terse.descend_options,
        endings=lambda report: documents.descend.end_documents([report]),
    ),
    "DescentRuns": Faces["DescentRuns"](
        lambda report, view: text.descend.descend_text(report, view),
        terse.descend_runs_lines,
        lambda report: documents.descend.descend_document(report),
        endings=lambda report: documents.descend.end_documents(report.runs),
    ),
    "Drawing": Faces["Drawing"](
        lambda report, view: text.graph.graph_text(report, view),
        terse.graph_lines,
        lambda report: documents.graph.graph_document(report),
        html=lambda report, level: notebook.fragments.drawing(report, level),
        svg=lambda report: notebook.fragments.drawing_svg(report),
        page=lambda report: notebook.fragments.drawing_page(report),
        precision=4,
    ),
    "TorchGraph": Faces["TorchGraph"](
        lambda report, view: text.torch_graph.torch_graph_text(report, view),
        terse.torch_graph_lines,
        lambda report: documents.torch_graph.torch_graph_document(report),
    ),
    "Catalogue": Faces["Catalogue"](
        lambda report, view: text.functions.functions_text(report, view),
        terse.functions_lines,
        lambda report: documents.functions.functions_document(report),
    ),
    "ManualPage": Faces["ManualPage"](
        lambda report, view: text.manual.manual_text(report, terminal_width(sys.stdout)),
        terse.manual_lines,
        lambda report: documents.manual.manual_document(report),
        html=lambda report, level: notebook.manual.manual(report, level),
    ),
}


def faces_of(report: Report) -> Faces[Report]:
    """The faces of a report. Raises KeyError for what is none."""
    return FACES[type(report).__name__]


def document_of(report: object) -> "Document":
    """The JSON document of a report, as a dictionary."""
    return faces_of(report).document(report)


def text_of(report: object, view: "View | None" = None, width: int | None = None) -> str:
    """A command's text on a screen of `width` columns (the terminal's without one), without colour."""
    from diffcli.render.console import plain_text
    from diffcli.render.view import View

    faces = faces_of(report)
    view = View(precision=faces.precision, language=speech().language) if view is None else view
    return plain_text(faces.text(report, view), width)


def page_of(report: object) -> str:
    """A report as a whole HTML document, which follows its reader's colour scheme."""
    page = faces_of(report).page
    if page is not None:
        return page(report)
    return notebook.fragments.page(getattr(report, "expression", "diffcli"), html_of(report, 2))


def html_of(report: object, level: int) -> str:
    """A report as a fragment of a page, with headings of that level."""
    from diffcli.render.view import View

    faces = faces_of(report)
    if faces.html is not None:
        return faces.html(report, level)
    view = View(precision=faces.precision, language=speech().language)
    return notebook.fragments.of_screen(faces.text(report, view), level)


def presented(report: object, kind: "Kind") -> str | None:
    """A report in a form that a notebook asks for; None where it has none."""
    faces = FACES.get(type(report).__name__)
    if faces is None:
        return None
    if kind == "text":
        from diffcli.render.screen import Screen
        from diffcli.render.view import View

        return text_of(report, View(Screen(sys.stdout).symbols, faces.precision, language=speech().language))
    if kind == "html":
        return notebook.fragments.enclosed(html_of(report, 4))
    return faces.latex(report) if kind == "latex" else faces.svg(report)
