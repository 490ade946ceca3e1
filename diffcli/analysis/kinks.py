"""Whether the point sits where a primitive has a corner or a jump."""

from functools import cache
from typing import NamedTuple

from diffcli.analysis.trace import Trace, excerpt
from diffcli.execute.arrays import any_nonzero
from diffcli.execute.influence import relevant
from diffcli.source import Span


class KinkNotice(NamedTuple):
    """A primitive evaluated at its kink, and the convention that gave the derivative."""

    text: str
    span: Span
    reason: str
    convention: str
    sides: tuple[float, float] | None

    @property
    def sentence(self) -> str:
        """The notice in words."""
        sides = "" if self.sides is None else f"; from the left it is {self.sides[0]:g}, from the right {self.sides[1]:g}"
        return f"{self.text} is at a kink: {self.reason}. Convention: {self.convention}{sides}"


def kinks(trace: Trace) -> tuple[KinkNotice, ...]:
    """The kinks that the point sits on, where the gradient passes through them."""
    graph, found = trace.graph, []
    matters = cache(lambda: relevant(graph, trace.output, trace.values))
    for node, adjoint in trace.gradient.adjoints.items():
        kink = graph.primitives[node].kink
        if kink is None:
            continue
        at = kink.at(*(trace.values[operand] for operand in graph.operands[node]), **dict(graph.parameters[node]))
        if any_nonzero(at) and any_nonzero(at & (matters()[node] if kink.jump else trace.values[adjoint] != 0)):
            span = graph.spans[node] or Span(0, 0)
            found.append(KinkNotice(excerpt(trace.source, span), span, kink.text, kink.convention, kink.sides))
    return tuple(found)
