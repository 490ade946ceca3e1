"""A graph's picture inside a page: laid out by Graphviz where it is installed, else by our own layout."""

from functools import lru_cache

from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layers import layered
from diffcli.render.drawing.layout import laid_out
from diffcli.render.drawing.look import Theme
from diffcli.render.drawing.places import Layout
from diffcli.render.drawing.svg import svg


def inline_svg(diagram: Diagram, theme: Theme, standalone: bool = False) -> str:
    """The picture as an SVG element, or as a document of its own."""
    return svg(diagram, _layout(diagram), theme, standalone)


@lru_cache(maxsize=1)  # a notebook asks for the same picture as HTML and as SVG
def _layout(diagram: Diagram) -> Layout:
    try:
        return laid_out(diagram)
    except ImportError:
        return layered(diagram)
