"""A graph's picture inside a page."""

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.placement import laid_out
from diffcli.render.drawing.painting.svg import svg


def inline_svg(diagram: Diagram, theme: Theme, standalone: bool = False) -> str:
    """The picture as an SVG element, or as a document of its own."""
    return svg(diagram, laid_out(diagram), theme, standalone)
