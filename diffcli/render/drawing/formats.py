"""The formats of pictures by their files' extensions: what each needs, how much it holds, who writes it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from diffcli.render.drawing.boxes import Sweeps, diagram
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.notation import mermaid, tikz
from diffcli.render.drawing.theme import Theme
from diffcli.render.messages import Language

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph

#: Boxes of a picture that is laid out: on a page of more nobody finds anything, and the layout takes many seconds.
MOST_BOXES = 300


class Manner(NamedTuple):
    """How a picture is to look."""

    sweeps: Sweeps = "both"
    theme: Theme = "auto"
    precision: int = 4
    language: Language = "en"


class Format(NamedTuple):
    """A format: who writes it, whether it needs the extra `graph`, how much it holds (None: any number), and whether it is a still picture.

    Only a still picture shows a single sweep, or PyTorch's graph.
    """

    write: "Callable[[Drawing | TorchGraph, Manner], bytes]"
    extra: bool = False
    boxes: int | None = None
    arrows: int | None = None
    characters: int | None = None
    still: bool = True


def described(answer: "Drawing | TorchGraph", manner: Manner) -> Diagram:
    """The diagram of either graph."""
    from diffcli.analysis.drawing.drawing import Drawing

    if isinstance(answer, Drawing):
        return diagram(answer, manner.sweeps, manner.precision, manner.language)
    from diffcli.render.drawing.torch_boxes import torch_diagram

    return torch_diagram(answer, manner.language)


def _svg(answer: "Drawing | TorchGraph", manner: Manner) -> bytes:
    from diffcli.render.drawing.layout.placement import laid_out
    from diffcli.render.drawing.painting.svg import svg

    drawn = described(answer, manner)
    return svg(drawn, laid_out(drawn), manner.theme).encode()


def _png(answer: "Drawing | TorchGraph", manner: Manner) -> bytes:
    from diffcli.render.drawing.layout.placement import laid_out
    from diffcli.render.drawing.painting.raster import png

    drawn = described(answer, manner)
    return png(drawn, laid_out(drawn), manner.theme)


def _pdf(answer: "Drawing | TorchGraph", manner: Manner) -> bytes:
    from diffcli.render.drawing.layout.placement import laid_out
    from diffcli.render.drawing.painting.raster import pdf

    drawn = described(answer, manner)
    return pdf(drawn, laid_out(drawn), manner.theme)


def _dot(answer: "Drawing | TorchGraph", manner: Manner) -> bytes:
    from diffcli.render.drawing.notation.dot import dot

    return dot(described(answer, manner), manner.theme).encode()


def _mermaid(answer: "Drawing | TorchGraph", manner: Manner) -> bytes:
    return mermaid.mermaid(described(answer, manner), manner.theme).encode()


def _tikz(answer: "Drawing | TorchGraph", manner: Manner) -> bytes:
    return tikz.tikz(described(answer, manner), manner.theme).encode()


def _page(answer: "Drawing | TorchGraph", manner: Manner) -> bytes:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.render.player.page import page

    assert isinstance(answer, Drawing)
    return page(answer, manner.theme, manner.language, manner.precision).encode()


def _document(answer: "Drawing | TorchGraph", manner: Manner) -> bytes:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.render.documents.graph import graph_document
    from diffcli.render.documents.json_values import dumps
    from diffcli.render.documents.torch_graph import torch_graph_document

    return (
        dumps(graph_document(answer) if isinstance(answer, Drawing) else torch_graph_document(answer)) + "\n"
    ).encode()


FORMATS: Mapping[str, Format] = {
    "svg": Format(_svg, extra=True, boxes=MOST_BOXES),
    "png": Format(_png, extra=True, boxes=MOST_BOXES),
    "pdf": Format(_pdf, extra=True, boxes=MOST_BOXES),
    "html": Format(_page, extra=True, boxes=MOST_BOXES, still=False),
    "dot": Format(_dot),
    "mmd": Format(_mermaid, arrows=mermaid.MOST_ARROWS, characters=mermaid.MOST_CHARACTERS),
    "tex": Format(_tikz, boxes=tikz.MOST_BOXES),
    "json": Format(_document),
}
