"""The formats of a handout, by the extension of its file."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from diffcli.analysis.gradient import GradReport
from diffcli.messages import Language
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.handout.blocks import Handout
from diffcli.render.picture_formats import FORMATS as PICTURES


class Format(NamedTuple):
    """A format: what writes it, and which graphs it has room for."""

    write: Callable[[Handout], str]
    fits: Callable[[Diagram], bool]


def handout(report: GradReport, kind: str, precision: int, full: bool, language: Language) -> bytes:
    """The handout of a gradient report in a format of those."""
    from diffcli.render.handout.grad_handout import gradient_handout

    form = FORMATS[kind]
    return form.write(gradient_handout(report, precision, full, form.fits, language)).encode()


def _markdown(content: Handout) -> str:
    from diffcli.render.handout.markdown_writer import markdown

    return markdown(content)


def _page(content: Handout) -> str:
    from diffcli.render.handout.html_writer import page

    return page(content)


def _latex(content: Handout) -> str:
    from diffcli.render.handout.latex_writer import latex

    return latex(content)


def _fits_mermaid(diagram: Diagram) -> bool:
    from diffcli.render.drawing.notation.mermaid import MOST_CHARACTERS, mermaid

    return _fits("mmd", diagram) and len(mermaid(diagram, "auto")) <= MOST_CHARACTERS


def _fits(kind: str, diagram: Diagram) -> bool:
    form = PICTURES[kind]
    return (form.boxes is None or len(diagram.boxes) <= form.boxes) and (
        form.arrows is None or len(diagram.arrows) <= form.arrows
    )


FORMATS: Mapping[str, Format] = {
    "md": Format(_markdown, _fits_mermaid),
    "html": Format(_page, lambda diagram: _fits("html", diagram)),
    "tex": Format(_latex, lambda diagram: _fits("tex", diagram)),
}
