"""Which layout a diagram gets."""

from functools import lru_cache

from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.by_graphviz import graphviz_layout
from diffcli.render.drawing.layout.ends import lower_end, upper_end
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.layout.places import Layout

#: Ranks that all arrows together may pass before Graphviz takes many seconds to lead them: a sum of fifty terms that are one variable.
_LONGEST = 2_500


@lru_cache(maxsize=1)  # a notebook asks for the same picture as HTML and as SVG
def laid_out(diagram: Diagram) -> Layout:
    """Places by Graphviz, or by our own layout where Graphviz is not installed or would take too long."""
    if _passed(diagram) > _LONGEST:
        return layered(diagram)
    try:
        return graphviz_layout(diagram)
    except ImportError:
        return layered(diagram)


def _passed(diagram: Diagram) -> int:
    """The ranks that arrows pass, an arrow's label on one of its own, if every box stands as high as it can."""
    ranks = {box.id: 0 for box in diagram.boxes}
    ends = [(upper_end(diagram, arrow), lower_end(diagram, arrow), 2 if arrow.lines else 1) for arrow in diagram.arrows]
    incoming: dict[str, list[tuple[str, int]]] = {box.id: [] for box in diagram.boxes}
    for upper, lower, least in ends:
        incoming[lower].append((upper, least))
    for box in diagram.boxes:  # in the order of the forward sweep: what is above has its rank already
        ranks[box.id] = max((ranks[upper] + least for upper, least in incoming[box.id]), default=0)
    return sum(ranks[lower] - ranks[upper] for upper, lower, _ in ends)
