"""The names of the story: ids of boxes and arrows, nodes and derivatives in formulas."""

from diffcli.analysis.drawing.drawing import Drawing, DrawnEdge, DrawnNode
from diffcli.render.drawing.boxes import arrow_id, box_id

#: Characters of a title that a sentence holds; longer ones look alike, and a node's label says more.
_LONGEST_TITLE = 32


def box(node: DrawnNode) -> str:
    """The id of a node's box."""
    return box_id(node.id)


def arrow(edge: DrawnEdge) -> str:
    """The id of an edge's arrow."""
    return arrow_id(edge)


def called(node: DrawnNode) -> str:
    """A node in a sentence: its title, or its label (`v7`, which its box shows too) where the title is long."""
    return node.title if len(node.title) <= _LONGEST_TITLE or node.kind == "folded" else node.row.label


def derivative(of: str, by: str) -> str:
    """The derivative of one by the other, in symbols."""
    return f"d({of})/d({by})"


def differentiated(drawing: Drawing) -> str:
    """The function that is differentiated: the output, or the sum of its elements weighed by the cotangent."""
    label = drawing.output.row.label
    return label if drawing.cotangent is None else f"sum(cotangent*{label})"
