"""Room between ranks: where lines go far to the side they get more height, so that they arrive steeply and apart."""

import bisect
from collections.abc import Iterable, Mapping, Sequence

from diffcli.render.drawing.layout.dot_solver import Node, Solution

#: A line may go so many times as far to the side as the gap between ranks is high; the highest gap that is made for
#: that.
_SLOPE, _HIGHEST = 3.6, 84.0


def stretched(solution: Solution, nodes: Sequence[Node], slants: Iterable[tuple[str, str, float]]) -> Solution:
    """The solution with higher gaps; `slants` are a line's upper and lower node and how far it goes to the side."""
    middles = sorted({solution.nodes[node.name][1] for node in nodes})
    rank_of = {node.name: bisect.bisect_left(middles, solution.nodes[node.name][1]) for node in nodes}
    tops, bottoms = [float("inf")] * len(middles), [0.0] * len(middles)
    for node in nodes:
        rank, middle = rank_of[node.name], solution.nodes[node.name][1]
        tops[rank], bottoms[rank] = (
            min(tops[rank], middle - node.height / 2),
            max(bottoms[rank], middle + node.height / 2),
        )
    more = [0.0] * len(middles)
    for upper, lower, aside in slants:
        rank = rank_of[upper]
        if rank_of[lower] == rank + 1:
            gap = tops[rank + 1] - bottoms[rank]
            more[rank] = max(more[rank], min(abs(aside) / _SLOPE, _HIGHEST) - gap)
    knots, moved = [0.0], [0.0]
    total = 0.0
    for rank, (top, bottom) in enumerate(zip(tops, bottoms, strict=True)):
        knots += [top, bottom]
        moved += [top + total, bottom + total]
        total += more[rank]
    return _mapped(solution, knots, moved, total)


def _mapped(solution: Solution, knots: Sequence[float], moved: Sequence[float], total: float) -> Solution:
    """All heights through the broken line that takes each knot to where it moved."""

    def height(y: float) -> float:
        after = bisect.bisect_right(knots, y)
        if after == len(knots):
            return y + total
        low, high = knots[after - 1], knots[after]
        part = (y - low) / (high - low) if high > low else 0.0
        return moved[after - 1] + part * (moved[after] - moved[after - 1])

    def points(path: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
        return tuple((x, height(y)) for x, y in path)

    nodes: Mapping[str, tuple[float, float]] = {name: (x, height(y)) for name, (x, y) in solution.nodes.items()}
    links = {name: points(path) for name, path in solution.links.items()}
    clusters = {
        name: (left, height(top), right, height(bottom))
        for name, (left, top, right, bottom) in solution.clusters.items()
    }
    return Solution(solution.width, solution.height + total, nodes, links, clusters)
