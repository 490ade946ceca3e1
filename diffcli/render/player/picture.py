"""The graph's picture in a page: the one of several of which all can be seen in a window, in letters that can be read.

A small graph is drawn as everywhere. Of a larger one boxes show what a node computes, its value and its gradient, and
the product along an arrow is shown where it happens.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from diffcli.analysis.drawing.drawing import DrawnNode
from diffcli.analysis.drawing.style import Direction
from diffcli.render.drawing.diagram import Diagram, Line, Setting
from diffcli.render.drawing.layout.box_sizes import Size, label_size, shown
from diffcli.render.drawing.layout.geometry import Layout, Point, Rect, Route, around, on_curve
from diffcli.render.drawing.layout.placement import laid_out
from diffcli.render.drawing.painting.svg import svg
from diffcli.render.player.content import Content
from diffcli.render.player.placeholders import roomy
from diffcli.render.player.story_names import box as box_of


class Room(NamedTuple):
    """The width and the height that there are for a picture, in pixels."""

    width: float
    height: float


class Rooms(NamedTuple):
    """The room beside what is said of a picture, and above that, where a picture from left to right stands.

    `whole` says that a picture is always seen as a whole, however small its letters are.
    """

    beside: Room
    above: Room
    whole: bool = False


#: In a window of 1280 x 720 pixels the room in the player, and that on a slide.
PLAYER = Rooms(Room(690.0, 540.0), Room(1240.0, 330.0))
SLIDE = Rooms(Room(1240.0, 380.0), Room(1240.0, 380.0), whole=True)
#: Pixels to a point of usual letters that are enough for the usual picture, that can be read from the last row, and
#: with which a whole picture still serves.
_ENOUGH, _READABLE, _LEGIBLE = 1.2, 1.4, 1.05
#: Larger letters that are tried in a compact picture, which has room for them.
_SCALES = (1.2, 1.5, 1.8, 2.0)
#: Between a label and a box beside it.
_APART = 4.0
#: Boxes of a graph of which a whole picture may be readable; columns of a title in a compact one.
_MOST_BOXES, _TITLE = 40, 24


class Drawn(NamedTuple):
    """A diagram at its places, the rooms that there are for it, and whether it is compact."""

    diagram: Diagram
    layout: Layout
    rooms: Rooms
    compact: bool = False

    @property
    def wide(self) -> bool:
        """Whether it stands above what is said of it."""
        return self.diagram.setting.sideways

    @property
    def legible(self) -> float:
        """Pixels to a point of usual letters where all of it is seen."""
        across, down = self.rooms.above if self.wide else self.rooms.beside
        return min(across / self.layout.width, down / self.layout.height) * self.diagram.setting.font_scale

    def svg(self) -> str:
        """The picture as an element of a page, whose style colours it."""
        look = "diagram compact" if self.compact else "diagram"
        return svg(self.diagram, self.layout, None, standalone=False, legend=False, look=look)


def pictured(
    made: Content, direction: Direction | None = None, font_scale: float = 1.0, rooms: Rooms = PLAYER
) -> Drawn:
    """The first picture that is readable as a whole; else the most legible one, if it serves or nothing
    else is seen; else the usual one.
    """
    usual = _usual(made, Setting(direction == "horizontal", font_scale), rooms)
    if usual.legible >= _ENOUGH or len(made.diagram.boxes) > _MOST_BOXES:
        return usual
    best = usual
    for drawn in _others(made, direction, font_scale, rooms):
        best = max(best, drawn, key=lambda each: each.legible)
        if best.legible >= _READABLE:
            break
    return _labelled(best, made) if rooms.whole or best.legible >= _LEGIBLE else usual


def _others(made: Content, direction: Direction | None, font_scale: float, rooms: Rooms) -> Iterator[Drawn]:
    """Pictures of which more can be seen, those first that tell more."""
    ways = [direction == "horizontal"] if direction else [False, True]
    if direction is None:
        yield _usual(made, Setting(True, font_scale), rooms)
    for scale in _SCALES if font_scale == 1.0 else [font_scale]:
        for sideways in ways:
            yield _compact(made, Setting(sideways, scale), rooms)


def _usual(made: Content, setting: Setting, rooms: Rooms) -> Drawn:
    """All words in their places."""
    diagram = replace(made.diagram, setting=setting)
    return Drawn(diagram, laid_out(_roomy(made, diagram)), rooms)


def _roomy(made: Content, diagram: Diagram) -> Diagram:
    """The diagram with room for the numbers of other points."""
    return roomy(diagram, made.placeholders, made.precision, made.varies)


def _compact(made: Content, setting: Setting, rooms: Rooms) -> Drawn:
    """Few words in the boxes, and no room for labels."""
    titles = {box_of(node): _title(node) for node in made.drawing.nodes}
    boxes = tuple(
        replace(box, lines=(Line("title", titles[box.id]), *(line for line in box.lines if line.role not in _LEFT_OUT)))
        for box in made.diagram.boxes
    )
    diagram = replace(made.diagram, boxes=boxes, setting=setting)
    bare = tuple(replace(arrow, lines=()) for arrow in made.diagram.arrows)
    return Drawn(diagram, laid_out(replace(_roomy(made, diagram), arrows=bare)), rooms, compact=True)


def _labelled(drawn: Drawn, made: Content) -> Drawn:
    """The picture, if compact with places for labels: they cover what is near, as little as can be."""
    if not drawn.compact:
        return drawn
    layout, routes = drawn.layout, dict(drawn.layout.arrows)
    for arrow in _roomy(made, drawn.diagram).arrows:
        if arrow.lines:
            size = label_size(arrow, drawn.diagram.setting.font_scale)
            routes[arrow.id] = routes[arrow.id]._replace(label=_free(_middle(routes[arrow.id]), size, layout))
    return drawn._replace(layout=replace(layout, arrows=routes))


#: Lines of a box that a compact picture has no room for; the title is another one.
_LEFT_OUT = ("title", "kind")


def _title(node: DrawnNode) -> str:
    """The name of a node, and what it computes."""
    row = node.row
    if not row.operands or node.kind == "folded" or row.computes == row.label:
        return shown(node.title, _TITLE)
    return shown(f"{row.label} = {row.computes}", _TITLE)


def _middle(route: Route) -> Point:
    """The point in the middle of an arrow."""
    pieces = (len(route.path) - 1) // 3
    first = 3 * (pieces // 2)
    return on_curve(route.path[first : first + 4], 0.5 if pieces % 2 else 0.0)


def _free(middle: Point, size: Size, layout: Layout) -> Rect:
    """The place for a label on the page, on its arrow or right above or below some box, that covers least of the boxes,
    and of such places the nearest.
    """
    boxes = layout.boxes.values()
    heights = (y for box in boxes for y in (box.y - _APART - size.height / 2, box.bottom + _APART + size.height / 2))
    places = [middle, *(Point(middle.x, y) for y in heights)]
    rects = [_within(around(place, size), layout) for place in places]
    return min(rects, key=lambda rect: (sum(_shared(rect, box) for box in boxes), abs(rect.centre.y - middle.y)))


def _shared(one: Rect, other: Rect) -> float:
    """The area that two rectangles have in common."""
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return max(across, 0.0) * max(down, 0.0)


def _within(rect: Rect, layout: Layout) -> Rect:
    """The rectangle, moved onto the page."""
    x = max(0.0, min(rect.x, layout.width - rect.width))
    return rect._replace(x=round(x, 2), y=round(max(0.0, min(rect.y, layout.height - rect.height)), 2))
