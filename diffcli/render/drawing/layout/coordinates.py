"""Coordinates along the layers: straight and short arrows, nothing over anything else, frames around their own alone.

What must keep a distance is a list of gaps `x[right] - x[left] >= distance` without circles. Wishes are met by pushing
everything that is too close to the right of where it wants to be, once more to the left, and taking the middle of both,
which keeps all distances as each of them does.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from diffcli.render.drawing.layout.crossings import Layers
from diffcli.render.drawing.layout.layer_graph import LayerGraph

#: Room between boxes, beside an arrow without a label, and between a frame and what it holds.
BOX_GAP, LINE_GAP, FRAME_PAD = 20.0, 12.0, 10.0
_SWEEPS = 12
#: How much a link wants to be straight that has no joint of an arrow at its ends, one, or two, so that long arrows are
#: (Gansner, Koutsofios, North and Vo, "A Technique for Drawing Directed Graphs", 1993).
_WEIGHTS = (1.0, 2.0, 8.0)


class _Pull(NamedTuple):
    """A neighbour to which an item is drawn, how far beside it the item would stand, and how strongly."""

    item: int
    aside: float
    weight: float


class Gap(NamedTuple):
    """The least distance from one variable to another on its right."""

    left: int
    right: int
    distance: float


class Places(NamedTuple):
    """The x of each item's middle, and from where to where each frame may reach."""

    x: list[float]
    frames: dict[str, tuple[float, float]]


def coordinates(graph: LayerGraph, layers: Layers, names: Mapping[str, float], beside: float = 0.0) -> Places:
    """Find the places.

    `names` are the widths of the frames' names, which a frame is never narrower than, `beside` is what a name takes of
    a frame's left.
    """
    gaps, sides = _gaps(graph, layers, names, beside)
    count = len(graph.items) + 2 * len(sides)
    order = _by_left(gaps, count)
    x = _pushed([0.0] * count, order)
    above: list[list[_Pull]] = [[] for _ in graph.items]
    below: list[list[_Pull]] = [[] for _ in graph.items]
    for link in graph.links():
        weight = _WEIGHTS[(link.upper >= len(graph.boxes)) + (link.lower >= len(graph.boxes))]
        above[link.lower].append(_Pull(link.upper, link.begin - link.end, weight))
        below[link.upper].append(_Pull(link.lower, link.end - link.begin, weight))
    both = [[*up, *down] for up, down in zip(above, below, strict=True)]
    along = [list(_along(graph, layer, beside)) for layer in layers]
    down, up = range(len(layers)), range(len(layers) - 1, -1, -1)
    for sweep in range(_SWEEPS):
        final = sweep >= _SWEEPS - 4
        neighbours = both if final else (below if sweep % 2 else above)
        for depth in up if sweep % 2 else down:
            _settle(x, layers[depth], neighbours, along[depth])
        if sides:
            _around(x, graph, sides, beside)
            x = _met(x, order)
    return Places(x[: len(graph.items)], {frame: (x[left], x[right]) for frame, (left, right) in sides.items()})


def _half(graph: LayerGraph, number: int) -> float:
    return graph.items[number].size.width / 2


def _between(graph: LayerGraph, left: int, right: int) -> float:
    room = BOX_GAP if graph.items[left].size.width and graph.items[right].size.width else LINE_GAP
    return _half(graph, left) + _half(graph, right) + room


def _along(graph: LayerGraph, layer: Sequence[int], beside: float) -> Iterable[float]:
    """The distances between neighbours on a layer, with the room for the sides of frames between them."""
    for left, right in pairwise(layer):
        one, other = graph.items[left].frames, graph.items[right].frames
        shared = sum(a == b for a, b in zip(one, other, strict=False))
        closed, opened = len(one) - shared, len(other) - shared
        yield _between(graph, left, right) + FRAME_PAD * (closed + opened) + beside * opened


def _gaps(
    graph: LayerGraph, layers: Layers, names: Mapping[str, float], beside: float
) -> tuple[list[Gap], dict[str, tuple[int, int]]]:
    """All gaps, and the variables of the frames' left and right sides."""
    first = len(graph.items)
    frames = dict.fromkeys(frame for item in graph.items for frame in item.frames)
    sides = {frame: (first + 2 * number, first + 2 * number + 1) for number, frame in enumerate(frames)}
    gaps = [Gap(left, right, names[frame]) for frame, (left, right) in sides.items()]
    for layer in layers:
        before: int | None = None
        inside: tuple[str, ...] = ()
        for number in [*layer, None]:
            frames_here = graph.items[number].frames if number is not None else ()
            shared = 0
            while shared < min(len(inside), len(frames_here)) and inside[shared] == frames_here[shared]:
                shared += 1
            steps = [sides[frame][1] for frame in reversed(inside[shared:])] + [
                sides[frame][0] for frame in frames_here[shared:]
            ]
            for variable in [*steps, *([] if number is None else [number])]:
                if before is not None:
                    gaps.append(Gap(before, variable, _distance(graph, before, variable, beside)))
                before = variable
            inside = frames_here
    return gaps, sides


def _distance(graph: LayerGraph, left: int, right: int, beside: float) -> float:
    """Between two items, an item and a frame's side, or two sides; sides have the numbers after the items, the left one
    of a frame before its right one.
    """
    count = len(graph.items)
    if left < count and right < count:
        return _between(graph, left, right)
    opens = left >= count and (left - count) % 2 == 0
    return (
        FRAME_PAD + (beside if opens else 0.0) + sum(_half(graph, number) for number in (left, right) if number < count)
    )


def _by_left(gaps: Sequence[Gap], count: int) -> list[Gap]:
    """The gaps in an order in which a variable's distances to its left all come before those to its right."""
    after: list[list[Gap]] = [[] for _ in range(count)]
    waiting = [0] * count
    for gap in gaps:
        after[gap.left].append(gap)
        waiting[gap.right] += 1
    ready = [number for number in range(count) if not waiting[number]]
    order: list[Gap] = []
    while ready:
        for gap in after[ready.pop()]:
            order.append(gap)
            waiting[gap.right] -= 1
            if not waiting[gap.right]:
                ready.append(gap.right)
    return order


def _pushed(wishes: Sequence[float], order: Sequence[Gap]) -> list[float]:
    x = list(wishes)
    for left, right, distance in order:
        x[right] = max(x[right], x[left] + distance)
    return x


def _met(wishes: Sequence[float], order: Sequence[Gap]) -> list[float]:
    """Places near the wishes that keep all gaps."""
    pushed, pulled = _pushed(wishes, order), list(wishes)
    for left, right, distance in reversed(order):
        pulled[left] = min(pulled[left], pulled[right] - distance)
    return [(one + other) / 2 for one, other in zip(pushed, pulled, strict=True)]


def _settle(
    x: list[float], layer: Sequence[int], neighbours: Sequence[Sequence[_Pull]], distances: Sequence[float]
) -> None:
    """Move a layer's items to the middle of their neighbours, as far as they let each other."""
    wishes = [_wish(x, number, neighbours[number]) for number in layer]
    order = [Gap(place, place + 1, distance) for place, distance in enumerate(distances)]
    for number, place in zip(layer, _met(wishes, order), strict=True):
        x[number] = place


def _wish(x: Sequence[float], number: int, pulls: Sequence[_Pull]) -> float:
    if not pulls:
        return x[number]
    return sum(pull.weight * (x[pull.item] + pull.aside) for pull in pulls) / sum(pull.weight for pull in pulls)


def _around(x: list[float], graph: LayerGraph, sides: Mapping[str, tuple[int, int]], beside: float) -> None:
    """Let the frames' sides wish to stand right beside what they hold."""
    for frame, (left, right) in sides.items():
        held = [number for number, item in enumerate(graph.items) if frame in item.frames]
        x[left] = min(x[number] - _half(graph, number) for number in held) - FRAME_PAD - beside
        x[right] = max(x[number] + _half(graph, number) for number in held) + FRAME_PAD
