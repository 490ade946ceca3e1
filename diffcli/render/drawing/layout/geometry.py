"""Places: points, rectangles and arrows' ways, and what one does with them."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from diffcli.render.drawing.diagram import Frame
from diffcli.render.drawing.layout.box_sizes import Size

#: How far from the arrow's end the plate with the operand's position is: behind the tip.
PLATE_DISTANCE = 14.5


class Point(NamedTuple):
    """A place in points (1/72 inch), counted from the picture's upper left corner; y grows downwards."""

    x: float
    y: float


class Rect(NamedTuple):
    """A rectangle: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """The middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    @property
    def right(self) -> float:
        """The right side's x."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower side's y."""
        return self.y + self.height


class Route(NamedTuple):
    """An arrow's way.

    `path` holds 3n+1 points of n cubic Bezier curves, from the border of the arrow's tail to that of its head, tips
    included. `label` is where its lines stand, `position` the middle of the plate with the operand's position; None
    where there is nothing to write.
    """

    path: tuple[Point, ...]
    label: Rect | None = None
    position: Point | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a diagram's parts by their ids, and the size of the whole, without the legend."""

    width: float
    height: float
    boxes: Mapping[str, Rect]
    arrows: Mapping[str, Route]
    frames: Mapping[str, Rect]


def outer_first(frames: Sequence[Frame]) -> list[Frame]:
    """The frames, each after the one around it."""
    within = {frame.id: frame.within for frame in frames}
    return sorted(frames, key=lambda frame: len(chain(frame.id, within)))


def chain(frame: str | None, within: Mapping[str, str | None]) -> list[str]:
    """A frame and those around it, from the inner to the outer; empty for None."""
    frames = []
    while frame is not None:
        frames.append(frame)
        frame = within[frame]
    return frames


def transposed(layout: Layout) -> Layout:
    """The layout with what was on the left on top, and what was on top on the left."""

    def point(place: Point) -> Point:
        return Point(place.y, place.x)

    def rect(place: Rect) -> Rect:
        return Rect(place.y, place.x, place.height, place.width)

    def route(way: Route) -> Route:
        return Route(tuple(map(point, way.path)), way.label and rect(way.label), way.position and point(way.position))

    return Layout(
        layout.height,
        layout.width,
        {box: rect(place) for box, place in layout.boxes.items()},
        {arrow: route(way) for arrow, way in layout.arrows.items()},
        {frame: rect(place) for frame, place in layout.frames.items()},
    )


def around(centre: Point, size: Size) -> Rect:
    """The rectangle of that size with that middle."""
    return Rect(round(centre.x - size.width / 2, 2), round(centre.y - size.height / 2, 2), size.width, size.height)


def straight(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """A straight line as a curve's second to fourth point."""
    third = Point((end.x - start.x) / 3, (end.y - start.y) / 3)
    return Point(start.x + third.x, start.y + third.y), Point(end.x - third.x, end.y - third.y), end


def moved_end(path: Sequence[Point], end: Point) -> list[Point]:
    """The path, ending there: its last control point goes along, so that it arrives in the same direction."""
    *rest, control, last = path
    return [*rest, Point(control.x + end.x - last.x, control.y + end.y - last.y), end]


def moved_start(path: Sequence[Point], start: Point) -> list[Point]:
    """The path, beginning there."""
    return moved_end(path[::-1], start)[::-1]


def before_end(path: Sequence[Point], distance: float) -> Point:
    """The point so far before the path's end, measured along chords; the path's start if it is shorter."""
    reached, last = 0.0, path[-1]
    for index in range(len(path) - 4, -1, -3):
        for step in range(23, -1, -1):
            point = on_curve(path[index : index + 4], step / 24)
            length = ((point.x - last.x) ** 2 + (point.y - last.y) ** 2) ** 0.5
            if length and reached + length >= distance:
                part = (distance - reached) / length
                return Point(last.x + part * (point.x - last.x), last.y + part * (point.y - last.y))
            reached, last = reached + length, point
    return last


def passes(path: Sequence[Point], rect: Rect) -> bool:
    """Whether a path goes through a rectangle."""
    for index in range(0, len(path) - 3, 3):
        curve = path[index : index + 4]
        heights, sides = [point.y for point in curve], [point.x for point in curve]
        if min(heights) > rect.bottom or max(heights) < rect.y or min(sides) > rect.right or max(sides) < rect.x:
            continue
        if any(rect.x <= point.x <= rect.right and rect.y <= point.y <= rect.bottom for point in dots(curve)):
            return True
    return False


def dots(curve: Sequence[Point]) -> Iterator[Point]:
    """Points of a cubic curve, so close that nothing of a text's height slips between them."""
    count = 8 + int(sum(math.dist(one, next_) for one, next_ in itertools.pairwise(curve)) / 6)
    return (on_curve(curve, step / count) for step in range(count + 1))


def on_curve(curve: Sequence[Point], t: float) -> Point:
    """The point of a cubic Bezier curve at t between 0 and 1."""
    p, q, r, s = curve
    u = 1 - t
    a, b, c, d = u * u * u, 3 * t * u * u, 3 * t * t * u, t * t * t
    return Point(a * p.x + b * q.x + c * r.x + d * s.x, a * p.y + b * q.y + c * r.y + d * s.y)


def shortened(path: Sequence[Point], distance: float) -> list[Point]:
    """The path without a last piece of that length, where a tip stands; a curve partly gone is cut (de Casteljau)."""
    end = path[-1]
    kept = list(path)
    while len(kept) > 4 and _within(kept[-4], end, distance):
        kept = kept[:-3]
    curve = kept[-4:]
    if _within(curve[0], end, distance):
        return kept
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (low, middle) if _within(on_curve(curve, middle), end, distance) else (middle, high)
    return kept[:-4] + _head_of(curve, low)


def _within(point: Point, end: Point, distance: float) -> bool:
    return bool((point.x - end.x) ** 2 + (point.y - end.y) ** 2 <= distance * distance)


def _head_of(curve: Sequence[Point], t: float) -> list[Point]:
    """The part of a cubic curve from 0 to t."""
    points, kept = list(curve), []
    while points:
        kept.append(points[0])
        points = [Point(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)) for a, b in itertools.pairwise(points)]
    return kept
