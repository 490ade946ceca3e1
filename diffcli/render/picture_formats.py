"""The formats of a graph's picture by its file's extension: what each needs, how much it holds, who writes it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.boxes import diagram
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.notation import mermaid, tikz
from diffcli.render.picture_manner import Manner

if TYPE_CHECKING:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.analysis.drawing.torch_graph import TorchGraph
    from diffcli.render.drawing.layout.geometry import Layout

    Graph = Drawing | TorchGraph

#: Boxes of a picture that is laid out: on a page of more nobody finds anything, and the layout takes many seconds.
MOST_BOXES = 300


#: Slides in a file: with more nobody waits for them.
MOST_SLIDES = 200
#: What a format need not be able to: to go to the right, to have a size of its own, to set letters in another size.
Ability = Literal["layout", "size", "font_scale", "slides"]


class Format(NamedTuple):
    """A format: who writes it, the library that it needs, how much it holds (None: any number), whether it is still,
    and what it can do.

    Only a still picture shows a single sweep, or PyTorch's graph.
    """

    write: "Callable[[Graph, Manner], bytes]"
    library: str | None = None
    boxes: int | None = None
    arrows: int | None = None
    characters: int | None = None
    still: bool = True
    able: tuple[Ability, ...] = ()


def described(graph: "Graph", manner: Manner) -> Diagram:
    """The diagram of either graph."""
    from diffcli.analysis.drawing.drawing import Drawing

    if isinstance(graph, Drawing):
        return diagram(graph, manner.sweeps, manner.precision, manner.language, manner.setting)
    from diffcli.render.drawing.torch_boxes import torch_diagram

    return torch_diagram(graph, manner.language, manner.setting)


def _placed(graph: "Graph", manner: Manner) -> "tuple[Diagram, Layout, Theme]":
    """What a picture is painted from."""
    from diffcli.render.drawing.layout.placement import laid_out

    drawn = described(graph, manner)
    return drawn, laid_out(drawn), manner.theme


def _svg(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.render.drawing.painting.svg import svg

    return svg(*_placed(graph, manner), extent=manner.extent).encode()


def _png(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.render.drawing.painting.raster import png

    return png(*_placed(graph, manner), extent=manner.extent)


def _pdf(graph: "Graph", manner: Manner) -> bytes:
    if manner.slides:
        from diffcli.analysis.drawing.drawing import Drawing
        from diffcli.render.player.still_slides import still_slides

        assert isinstance(graph, Drawing)
        return still_slides(graph, manner)
    from diffcli.render.drawing.painting.raster import pdf

    return pdf(*_placed(graph, manner), extent=manner.extent)


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
    return page(graph, manner).encode()


def _document(graph: "Graph", manner: Manner) -> bytes:
    from diffcli.analysis.drawing.drawing import Drawing
    from diffcli.render.documents.graph import graph_document
    from diffcli.render.documents.json_values import dumps
    from diffcli.render.documents.torch_graph import torch_graph_document

    document = graph_document(graph) if isinstance(graph, Drawing) else torch_graph_document(graph)
    return f"{dumps(document)}\n".encode()


_SIZED: tuple[Ability, ...] = ("layout", "size", "font_scale")
_FITTED: tuple[Ability, ...] = ("layout", "font_scale")
FORMATS: Mapping[str, Format] = {
    "svg": Format(_svg, boxes=MOST_BOXES, able=_SIZED),
    "png": Format(_png, library="matplotlib", boxes=MOST_BOXES, able=_SIZED),
    "pdf": Format(_pdf, library="matplotlib", boxes=MOST_BOXES, able=(*_SIZED, "slides")),
    "html": Format(_page, boxes=MOST_BOXES, still=False, able=(*_FITTED, "slides")),
    "dot": Format(_dot, able=("layout",)),
    "mmd": Format(_mermaid, arrows=mermaid.MOST_ARROWS, characters=mermaid.MOST_CHARACTERS, able=_FITTED),
    "tex": Format(_tikz, boxes=tikz.MOST_BOXES, able=_FITTED),
    "json": Format(_document),
}
