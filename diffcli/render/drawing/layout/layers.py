"""A layered layout that needs nothing but Python: the same places that Graphviz would give, a little less tidy.

Boxes stand on layers, arrows go down from layer to layer and bend between layers, so that no arrow crosses a box, or
with one bend where nothing is in the way (after Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of
Hierarchical System Structures", 1981). The work grows with the layers that arrows cross.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.box_sizes import flat, frame_label_size, heading_size
from diffcli.render.drawing.layout.coordinates import FRAME_PAD, coordinates
from diffcli.render.drawing.layout.crossings import ordered
from diffcli.render.drawing.layout.ends import MARGIN, ends
from diffcli.render.drawing.layout.geometry import (
    PLATE_DISTANCE,
    Layout,
    Point,
    Rect,
    Route,
    around,
    before_end,
    outer_first,
    straight,
    transposed,
)
from diffcli.render.drawing.layout.layer_graph import LayerGraph, Link, layer_graph, surroundings
from diffcli.render.drawing.layout.routing import Ground

#: Between a layer and the next one: at least, where tips and plates stand above boxes, and for each point that a link
#: goes aside.
_GAP, _ABOVE_BOXES, _SLOPE = 20.0, 28.0, 0.16
#: The most that slanting links add.
_MOST_SLOPE = 60.0
#: Over how many stops of a way at once a shortcut is tried.
_SHORTCUTS = (32, 8, 4, 2)

_Bands = Sequence[tuple[float, float]]


class _Names(NamedTuple):
    """The room that the names of frames take: how wide frames are at least, and what is kept free above what they hold
    and on its left.
    """

    widths: Mapping[str, float]
    above: float
    beside: float


def layered(diagram: Diagram) -> Layout:
    """The places of a diagram: inputs at the top, the output at the bottom, operands from left to right; of one that is
    set sideways inputs on the left, the output on the right, operands from top to bottom.

    The same diagram gives the same layout. No arrow leads from a box to itself, and every frame holds a box.
    """
    if not diagram.boxes:
        return Layout(2 * MARGIN, 2 * MARGIN, {}, {}, {})
    layout = _downwards(diagram)
    return transposed(layout) if diagram.setting.sideways else layout


def _downwards(diagram: Diagram) -> Layout:
    """The layout with ranks from top to bottom; of a diagram set sideways its mirror image about the diagonal."""
    grid, names = layer_graph(diagram), _names(diagram)
    layers = ordered(grid)
    grid = _parted(diagram, grid, layers)
    x, reaches = coordinates(grid, layers, names.widths, names.beside)
    bands = _bands(grid, x, names.above)
    middles = [Point(place, sum(bands[item.layer]) / 2) for place, item in zip(x, grid.items, strict=True)]
    rects = [around(middle, item.size) for middle, item in zip(middles, grid.items, strict=True)]
    frames = _frames(diagram, grid, rects, bands, reaches, names)
    boxes = {box: rects[number] for box, number in grid.boxes.items()}
    labels = {arrow: rects[number] for arrow, number in grid.labels.items()}
    ground, inside = Ground([*boxes.values(), *labels.values()]), surroundings(diagram)
    routes = {}
    for arrow in diagram.arrows:
        near = {*inside[arrow.tail], *inside[arrow.head]}
        foreign = [rect for frame, rect in frames.items() if frame not in near]
        path = _path(grid, arrow.id, middles, bands, partial(ground.clear, foreign=foreign))
        starts_above = boxes[arrow.tail].y <= boxes[arrow.head].y
        plate = before_end(path, PLATE_DISTANCE) if arrow.position else None
        routes[arrow.id] = Route(tuple(path if starts_above else path[::-1]), labels.get(arrow.id), plate)
    return _on_a_page(boxes, routes, frames, rects)


def _names(diagram: Diagram) -> _Names:
    """Names stand above what a frame holds: where ranks go to the right that is on the left of the mirror image, and a
    name that is too long for its frame is shortened.
    """
    scale = diagram.setting.font_scale
    if diagram.setting.sideways:
        return _Names({frame.id: 0.0 for frame in diagram.frames}, 0.0, frame_label_size("", scale).height)
    sizes = {frame.id: heading_size(frame.label, scale) for frame in diagram.frames}
    return _Names({frame: size.width + FRAME_PAD for frame, size in sizes.items()}, heading_size("", scale).height, 0.0)


def _on_a_page(
    boxes: Mapping[str, Rect], routes: Mapping[str, Route], frames: Mapping[str, Rect], rects: Sequence[Rect]
) -> Layout:
    """Everything counted from the corner of a page with a margin around it all, in hundredths of points."""
    all_of_it = [*rects, *frames.values()]
    left, top = (min(rect[axis] for rect in all_of_it) - MARGIN for axis in (0, 1))
    right, bottom = max(rect.right for rect in all_of_it) + MARGIN, max(rect.bottom for rect in all_of_it) + MARGIN

    def point(place: Point) -> Point:
        return Point(round(place.x - left, 2), round(place.y - top, 2))

    def rect(place: Rect) -> Rect:
        return Rect(*point(Point(place.x, place.y)), round(place.width, 2), round(place.height, 2))

    def route(way: Route) -> Route:
        return Route(tuple(map(point, way.path)), way.label and rect(way.label), way.position and point(way.position))

    return Layout(
        round(right - left),
        round(bottom - top),
        {box: rect(place) for box, place in boxes.items()},
        {arrow: route(way) for arrow, way in routes.items()},
        {frame: rect(place) for frame, place in frames.items()},
    )


def _parted(diagram: Diagram, grid: LayerGraph, layers: Sequence[Sequence[int]]) -> LayerGraph:
    """The graph with the links that leave a box beginning side by side, in the order in which they part."""
    places = {number: place for layer in layers for place, number in enumerate(layer)}
    leaving: dict[int, list[str]] = {}
    for arrow, chain in grid.chains.items():
        leaving.setdefault(chain[0].upper, []).append(arrow)
    chains = dict(grid.chains)
    for number, arrows in leaving.items():
        box, size = diagram.boxes[number], grid.items[number].size
        arrows.sort(key=lambda arrow: (places[grid.chains[arrow][0].lower], grid.chains[arrow][0].end))
        for arrow, place in zip(arrows, ends(flat(box, size.width, diagram.setting), len(arrows)), strict=True):
            first, *rest = chains[arrow]
            chains[arrow] = [first._replace(begin=place - size.width / 2), *rest]
    return replace(grid, chains=chains)


def _bands(grid: LayerGraph, x: Sequence[float], above: float) -> _Bands:
    """Upper and lower end of each layer, with room for slanting links and for the borders and names of frames."""
    count = max(item.layer for item in grid.items) + 1
    heights, aside = [0.0] * count, [0.0] * count
    for item in grid.items:
        heights[item.layer] = max(heights[item.layer], item.size.height)
    for link in grid.links():
        depth = grid.items[link.upper].layer
        aside[depth] = max(aside[depth], abs(x[link.lower] + link.end - x[link.upper] - link.begin))
    opened, ended = _borders(grid, above, count)
    bands, y = [], 0.0
    for depth, height in enumerate(heights):
        y += opened[depth]
        bands.append((y, y + height))
        room = _ABOVE_BOXES if depth % 2 else _GAP
        y += height + max(room, min(_SLOPE * aside[depth], _MOST_SLOPE)) + ended[depth]
    return bands


def _borders(grid: LayerGraph, above: float, count: int) -> tuple[list[float], list[float]]:
    """The room above and below each layer for the borders of frames that begin or end there, one around the other."""
    spans: dict[str, tuple[int, int]] = {}
    chains = {item.frames for item in grid.items}
    for item in grid.items:
        for frame in item.frames:
            first, last = spans.get(frame, (item.layer, item.layer))
            spans[frame] = min(first, item.layer), max(last, item.layer)
    opened, ended = [0.0] * count, [0.0] * count
    for chain in chains:
        for depth in {spans[frame][0] for frame in chain}:
            opened[depth] = max(opened[depth], sum(FRAME_PAD + above for frame in chain if spans[frame][0] == depth))
        for depth in {spans[frame][1] for frame in chain}:
            ended[depth] = max(ended[depth], sum(FRAME_PAD for frame in chain if spans[frame][1] == depth))
    return opened, ended


def _frames(
    diagram: Diagram,
    grid: LayerGraph,
    rects: Sequence[Rect],
    bands: _Bands,
    reaches: Mapping[str, tuple[float, float]],
    names: _Names,
) -> dict[str, Rect]:
    """A rectangle around what each frame holds, the inner frames first, and wide enough for its name."""
    corners: dict[str, list[tuple[float, float, float, float]]] = {}
    for item, rect in zip(grid.items, rects, strict=True):
        if item.frames:
            corners.setdefault(item.frames[-1], []).append(
                (rect.x, bands[item.layer][0], rect.right, bands[item.layer][1])
            )
    found: dict[str, Rect] = {}
    for frame in reversed(outer_first(diagram.frames)):
        held, width = corners[frame.id], names.widths[frame.id]
        left = min(each[0] for each in held) - FRAME_PAD - names.beside
        top = min(each[1] for each in held) - FRAME_PAD - names.above
        right, bottom = max(each[2] for each in held) + FRAME_PAD, max(each[3] for each in held) + FRAME_PAD
        right = min(reaches[frame.id][1], max(right, left + width))
        left = min(left, right - width)
        found[frame.id] = Rect(left, top, right - left, bottom - top)
        if frame.within is not None:
            corners.setdefault(frame.within, []).append((left, top, right, bottom))
    return found


def _path(
    grid: LayerGraph, arrow: str, middles: Sequence[Point], bands: _Bands, clear: Callable[[Sequence[Point]], bool]
) -> list[Point]:
    """An arrow's way from the upper box's lower side to the lower box's upper side, straight through its label."""
    chain, label = grid.chains[arrow], grid.labels.get(arrow)
    if label is None:
        return _way(_stops(grid, chain, middles, bands), clear)
    half = next(place for place, link in enumerate(chain) if link.lower == label) + 1
    above = _way(_stops(grid, chain[:half], middles, bands), clear)
    below = _way(_stops(grid, chain[half:], middles, bands), clear)
    return [*above, *straight(above[-1], below[0]), *below[1:]]


def _stops(grid: LayerGraph, chain: Sequence[Link], middles: Sequence[Point], bands: _Bands) -> list[Point]:
    """The possible bends of a way, between layers, from the first item's lower side to the last one's upper side."""
    first, last = chain[0], chain[-1]
    upper, lower = grid.items[first.upper], grid.items[last.lower]
    stops = [Point(middles[first.upper].x + first.begin, middles[first.upper].y + upper.size.height / 2)]
    for link in chain:
        leaves, arrives = bands[grid.items[link.upper].layer], bands[grid.items[link.lower].layer]
        if leaves[0] < leaves[1]:  # where nothing stands on a layer, one bend goes through it
            stops.append(Point(middles[link.upper].x + link.begin, leaves[1]))
        if arrives[0] < arrives[1]:
            stops.append(Point(middles[link.lower].x + link.end, arrives[0]))
    return _without_middles([*stops, Point(stops[-1].x, middles[last.lower].y - lower.size.height / 2)])


def _way(stops: Sequence[Point], clear: Callable[[Sequence[Point]], bool]) -> list[Point]:
    """Bends from stop to stop; stops are left out where nothing is in the way."""
    path, place = [stops[0]], 0
    while place < len(stops) - 1:
        onward = next(
            (
                stop
                for stop in (min(place + step, len(stops) - 1) for step in _SHORTCUTS)
                if place + 1 < stop and clear([stops[place], *_bend(stops[place], stops[stop])])
            ),
            place + 1,
        )
        path += _bend(stops[place], stops[onward])
        place = onward
    return path


def _without_middles(stops: Sequence[Point]) -> list[Point]:
    """The stops without those in the middle of a straight line down."""
    kept: list[Point] = []
    for stop in stops:
        if (
            kept
            and abs(kept[-1].x - stop.x) < 0.01
            and (kept[-1].y == stop.y or (len(kept) > 1 and abs(kept[-2].x - stop.x) < 0.01))
        ):
            kept[-1] = Point(kept[-1].x, stop.y)
        else:
            kept.append(stop)
    return kept


def _bend(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """A curve that begins and ends going down; a straight line where it goes nowhere else."""
    if start.x == end.x:
        return straight(start, end)
    middle = (start.y + end.y) / 2
    return Point(start.x, middle), Point(end.x, middle), end
