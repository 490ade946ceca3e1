"""Slips of the largest stable rate of plain descent, which is 2 over the largest curvature."""

from collections.abc import Iterator, Sequence

from diffcli.analysis.slips.slip import Slip
from diffcli.graph.graph import Graph
from diffcli.messages import Message

#: Curvatures that differ by less than this part are the same.
_NEAR = 1e-9
_RATE = Message("steps of plain descent shrink up to the rate 2/c, where c is the largest second derivative there")


def rate_slips(curvatures: Sequence[float], name: str) -> Iterator[Slip]:
    """The slips, given the second derivatives along the axes of the curvature; the answer goes by a name."""
    largest = max(curvatures)
    wrong = {
        1 / largest: (
            "rate-of-one-step",
            Message("this is 1 over the largest second derivative: up to twice as much is stable"),
        ),
        largest: ("curvature-for-rate", Message("this is the largest second derivative, not the rate")),
        largest / 2: ("rate-inverted", Message("this is upside down: the second derivative over 2")),
    } | {
        2 / each: (
            "smaller-curvature",
            Message("a smaller second derivative was taken: the direction that is bent most limits the rate"),
        )
        for each in curvatures
        if 0 < each < largest * (1 - _NEAR)
    }  # fmt: skip
    graph = Graph()
    right = graph.filled(2 / largest).index
    for rate, (kind, told) in wrong.items():
        answer = graph.filled(rate).index
        if answer != right:
            yield Slip(kind, told, _RATE, None, graph, {name: answer}, {name: right}, kind, among=len(wrong))
