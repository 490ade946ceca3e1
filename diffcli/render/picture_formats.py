"""The formats of a graph's picture by its file's extension: what each needs, how much it holds, who writes it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from diffcli.analysis.drawing.style import Sweeps, Theme
from diffcli.messages import Language
from diffcli.render.drawing.boxes import diagram
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.notation import mermaid, tikz

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph
    from diffcli.render.drawing.layout.geometry import Layout

    Graph = Drawing | TorchGraph

#: Boxes of a picture that is laid out: on a page of more nobody finds anything, and the layout takes many seconds.
MOST_BOXES = 300


class Manner(NamedTuple):
    """The wanted look of a picture."""

    sweeps: Sweeps | None = None
    theme: Theme = "auto"
    precision: int = 4
    language: Language = "en"


class Format(NamedTuple):
    """A format: who writes it, the library that it needs, how much it holds (None: any number), whether it is still.

    Only a still picture shows a single sweep, or PyTorch's graph.
    """

    write: "Callable[[Graph, Manner], bytes]"
    library: str | None = None
    boxes: int | None = None
    arrows: int | None = None
    characters: int | None = None
    still: bool = True


def described(graph: "Graph", manner: Manner) -> Diagram:
    """The diagram of either graph."""
    from diffcli.analysis.drawing.drawing import Drawing

    if isinstance(graph, Drawing):
        return diagram(graph, manner.sweeps, manner.precision, manner.language)
    from diffcli.render.drawing.torch_boxes import torch_diagram

    return torch_diagram(graph, manner.language)


def _placed(graph: "Graph", manner: Manner) -> "tuple[Diagram, Layout, Theme]":
    """What a picture is painted from."""
    from diffcli.render.drawing.layout.placement import laid_out

    drawn = described(graph, manner)
    return drawn, laid_out(drawn), manner.theme


def _svg(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.render.drawing.painting.svg import svg

    return svg(*_placed(graph, manner)).encode()


def _png(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.render.drawing.painting.raster import png

    return png(*_placed(graph, manner))


def _pdf(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.render.drawing.painting.raster import pdf

    return pdf(*_placed(graph, manner))


def _dot(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.render.drawing.notation.dot import dot

    return dot(described(graph, manner), manner.theme).encode()


def _mermaid(graph: "Graph", manner: Manner) -> bytes:
    return mermaid.mermaid(described(graph, manner), manner.theme).encode()


def _tikz(graph: "Graph", manner: Manner) -> bytes:
    return tikz.tikz(described(graph, manner), manner.theme).encode()


def _page(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.render.player.page import page

    assert isinstance(graph, Drawing)
    return page(graph, manner.theme, manner.language, manner.precision).encode()


def _document(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.render.documents.graph import graph_document
    from diffcli.render.documents.json_values import dumps
    from diffcli.render.documents.torch_graph import torch_graph_document

    document = graph_document(graph) if isinstance(graph, Drawing) else torch_graph_document(graph)
    return f"{dumps(document)}\n".encode()


FORMATS: Mapping[str, Format] = {
    "svg": Format(_svg, boxes=MOST_BOXES),
    "png": Format(_png, library="matplotlib", boxes=MOST_BOXES),
    "pdf": Format(_pdf, library="matplotlib", boxes=MOST_BOXES),
    "html": Format(_page, boxes=MOST_BOXES, still=False),
    "dot": Format(_dot),
    "mmd": Format(_mermaid, arrows=mermaid.MOST_ARROWS, characters=mermaid.MOST_CHARACTERS),
    "tex": Format(_tikz, boxes=tikz.MOST_BOXES),
    "json": Format(_document),
}
