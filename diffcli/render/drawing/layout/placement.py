"""Which layout a diagram gets."""

from functools import lru_cache

from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.by_graphviz import graphviz_layout
from diffcli.render.drawing.layout.geometry import Layout
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.layout.lengths import is_long


@lru_cache(maxsize=1)  # a notebook asks for the same picture as HTML and as SVG
def laid_out(diagram: Diagram) -> Layout:
    """Places by Graphviz; by our own layout where that is not installed or would take too long."""
    if is_long(diagram):
        return layered(diagram)
    try:
        return graphviz_layout(diagram)
    except ImportError:
        return layered(diagram)
