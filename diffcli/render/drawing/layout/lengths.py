"""The lengths of a diagram's arrows."""

from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.ends import lower_end, upper_end

#: Ranks that all arrows together may pass before Graphviz takes many seconds to lead them: a sum of fifty terms that
#: are one variable.
_LONGEST = 2_500


def is_long(diagram: Diagram) -> bool:
    """Whether Graphviz would take too long: its work grows with the ranks that arrows pass, not with their number."""
    return ranks_passed(diagram) > _LONGEST


def ranks_passed(diagram: Diagram) -> int:
    """The ranks that all arrows pass, an arrow's label on one of its own, if every box stands as high as it can."""
    ranks = {box.id: 0 for box in diagram.boxes}
    ends = [(upper_end(diagram, arrow), lower_end(diagram, arrow), 2 if arrow.lines else 1) for arrow in diagram.arrows]
    incoming: dict[str, list[tuple[str, int]]] = {box.id: [] for box in diagram.boxes}
    for upper, lower, least in ends:
        incoming[lower].append((upper, least))
    for box in diagram.boxes:  # in the order of the forward sweep: what is above has its rank already
        ranks[box.id] = max((ranks[upper] + least for upper, least in incoming[box.id]), default=0)
    return sum(ranks[lower] - ranks[upper] for upper, lower, _ in ends)
