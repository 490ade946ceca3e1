"""The choice of a layout."""

from functools import lru_cache

from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.by_graphviz import graphviz_layout
from diffcli.render.drawing.layout.geometry import Layout, Rect, passes
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.layout.lengths import is_long

#: How far a line reaches into a box that it does not merely touch.
_TOUCH = 1.0


@lru_cache(maxsize=1)  # a notebook asks for the same picture as HTML and as SVG
def laid_out(diagram: Diagram) -> Layout:
    """Places by Graphviz, or by our own layout: where ranks go to the right, and where Graphviz is missing, too slow or
    leads a line through a box.
    """
    if diagram.setting.sideways or is_long(diagram):
        return layered(diagram)
    try:
        layout = graphviz_layout(diagram)
    except ImportError:
        return layered(diagram)
    return layout if _clear(diagram, layout) else layered(diagram)


def _clear(diagram: Diagram, layout: Layout) -> bool:
    """Whether no arrow passes through a box that is none of its ends."""
    inner = {
        box: Rect(rect.x + _TOUCH, rect.y + _TOUCH, rect.width - 2 * _TOUCH, rect.height - 2 * _TOUCH)
        for box, rect in layout.boxes.items()
    }
    return not any(
        box not in (arrow.tail, arrow.head) and passes(layout.arrows[arrow.id].path, rect)
        for arrow in diagram.arrows
        for box, rect in inner.items()
    )
