"""Flows back in a drawing, in the order of the backward sweep, with the sums that it adds up to."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from diffcli.analysis.drawing.drawing import Drawing, DrawnEdge
from diffcli.execute.arrays import Array, arrayed


class Arrival(NamedTuple):
    """A contribution that arrives at an edge's target: number `number` of `of` there.

    `local`, `upstream` and `contributions` are nodes of the trace's graph; what arrives is the sum
    of `contributions`, several where the edge is that of a folded group. Such an edge has no
    `local` of its own, and its upstream is the group's gradient. `before` is what had arrived at the target, None if
    nothing had; `total` is what has arrived now.
    """

    edge: DrawnEdge
    local: int | None
    upstream: int
    contributions: tuple[int, ...]
    before: Array | None
    total: Array
    number: int
    of: int

    @property
    def complete(self) -> bool:
        """Whether nothing more arrives at the target."""
        return self.number == self.of


def arrivals(drawing: Drawing) -> Iterator[Arrival]:
    """The contributions along the drawing's edges, in the order of the sweep."""
    flows = {(flow.source, flow.target, flow.operand): flow for flow in drawing.trace.gradient.flows}
    carrying = [(edge, edge.contribution) for edge in drawing.edges if edge.contribution is not None]
    carrying.sort(key=lambda pair: pair[0].step or 0)
    of = Counter(edge.target for edge, _ in carrying)
    counts: Counter[int] = Counter()
    totals: dict[int, Array] = {}
    for edge, contribution in carrying:
        parallel = edge.flows if edge.flow is None else (edge.flow,)
        found = [flows[row.source, row.target, row.operand] for row in parallel]
        before = totals.get(edge.target)
        total = totals[edge.target] = contribution if before is None else arrayed(before + contribution)
        counts[edge.target] += 1
        yield Arrival(
            edge,
            local=found[0].local if edge.flow is not None else None,
            upstream=drawing.trace.gradient.adjoints[edge.source],
            contributions=tuple(flow.contribution for flow in found),
            before=before,
            total=total,
            number=counts[edge.target],
            of=of[edge.target],
        )
