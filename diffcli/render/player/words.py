"""The words of a story for nodes and numbers, in sentences, equations and tables."""

from diffcli.analysis.drawing.drawing import Drawing, DrawnNode
from diffcli.render.messages import Texts
from diffcli.render.player.phrase import Phrase, Piece, phrase
from diffcli.render.player.story_names import derivative, differentiated
from diffcli.source import Span


class Words:
    """The words of a drawing in a language, its nodes and the edges to their operands."""

    def __init__(self, drawing: Drawing, texts: Texts) -> None:
        self.drawing, self.texts = drawing, texts
        self.nodes = {node.id: node for node in drawing.nodes}
        self.operands = drawing.operands()

    def derivative_by(self, label: str) -> str:
        """The derivative of what is differentiated, in symbols."""
        return derivative(differentiated(self.drawing), label)

    def kind(self, node: DrawnNode) -> str:
        """The kind of a node that is not computed."""
        return self.texts.named(node.kind if node.kind in ("variable", "parameter") else "constant")

    def label(self, node: DrawnNode) -> str:
        """The name of a node in formulas, where that is not its title."""
        return node.row.label if node.row.operands else self.kind(node)


def entry(node: DrawnNode) -> Phrase:
    """A computed node in the table: its label, and its title where that is another."""
    same = node.row.label == node.title
    return code(node.title) if same else phrase("{node}: {computes}", node=node.row.label, computes=node.title)


def spans(node: DrawnNode) -> tuple[Span, ...]:
    """A node's piece of the source, and the calls from whose functions' bodies it comes."""
    own = node.span or node.row.span
    return (own, *(call for call in node.calls if call != own))


def code(text: str) -> Phrase:
    """Text of the program."""
    return phrase("{node}", node=text)


def shown_number(place: int | None, role: str = "value") -> Phrase:
    """A number as a cell of a table; empty without one."""
    return () if place is None else (Piece(role, number=place),)
