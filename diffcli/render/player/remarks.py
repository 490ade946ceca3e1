"""Remarks on a step: the things that its formula leaves out, and the kinks that it passes."""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from diffcli.analysis.drawing.arrivals import Arrival
from diffcli.analysis.drawing.drawing import Drawing, DrawnNode
from diffcli.graph.node_formula import formula
from diffcli.messages import told
from diffcli.primitives.shape import text
from diffcli.render.messages import Texts
from diffcli.render.player.phrase import Phrase, phrase
from diffcli.render.player.story_names import called

#: Two words next to each other, which no expression of the language has: a rule that is told, not written.
_PROSE = re.compile(r"\w \w")
_COUNT = re.compile(r"\bn\b")


class Remark(NamedTuple):
    """A remark; one `of_start` holds at the point where the page begins, not after a step of descent."""

    words: Phrase
    of_start: bool = False


class Rule(NamedTuple):
    """The rule from upstream to a contribution, in the language or in words; empty for a folded group."""

    text: str
    prose: bool


def rule(drawing: Drawing, arrival: Arrival) -> Rule:
    """The rule by which an edge's contribution comes about."""
    flow = arrival.edge.flow
    if flow is None:
        return Rule("", False)
    said = "0" if only_chooses(drawing, arrival) else flow.formula
    return Rule(told(said), _PROSE.search(said) is not None)


def only_chooses(drawing: Drawing, arrival: Arrival) -> bool:
    """Whether the contribution is always 0: a label or an index decides which elements are taken, no more."""
    return arrival.local is None and all(
        formula(drawing.trace.graph, node, drawing.trace.output) == "0" for node in arrival.contributions
    )


def repeated(drawing: Drawing, arrival: Arrival) -> int:
    """The number of the operands of an edge's source that are its target."""
    return sum(edge.target == arrival.edge.target for edge in drawing.operands()[arrival.edge.source])


def kinks(drawing: Drawing, node: DrawnNode) -> Iterator[Remark]:
    """The kinks of a node, or of those folded into it."""
    for kink in drawing.kinks:
        if kink.node in (node.folded or (node.id,)):
            yield Remark(phrase("{kink}", kink=told(kink.sentence)), of_start=True)


def remarks(drawing: Drawing, arrival: Arrival, source: DrawnNode, target: DrawnNode, texts: Texts) -> Iterator[Remark]:
    """The remarks on a step back."""
    flow, count = arrival.edge.flow, repeated(drawing, arrival)
    if count > 1:
        yield Remark(phrase(texts.held_fixed, node=called(target), count=str(count), source=called(source)))
    if flow is not None and flow.summed > 1:
        yield Remark(phrase(texts.broadcast, node=called(target), count=f"{flow.summed:,}"))
    if flow is not None and _COUNT.search(flow.formula) and all(node.row.label != "n" for node in drawing.nodes):
        shape = target.row.shape
        size = shape[-1] if "eye(n)" in flow.formula else math.prod(shape) // max(1, math.prod(source.row.shape))
        yield Remark(phrase(texts.n_is, count=f"{size:,}", node=called(target), shape=text(shape)))
    if only_chooses(drawing, arrival):
        yield Remark(phrase(texts.only_chooses, node=called(target)))
    yield from kinks(drawing, source)
