"""A diagram and its layout as shapes and texts with roles, from back to front: what SVG, PNG and PDF draw alike."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from diffcli.render.drawing.diagram import Arrow, ArrowLook, Box, BoxLook, Diagram, Frame, LegendEntry, Line, Setting
from diffcli.render.drawing.extent import SCREEN, Extent
from diffcli.render.drawing.layout.box_sizes import (
    ADVANCE,
    ASCENT,
    FONT_SIZES,
    FRAME_SIZE,
    LEGEND_SIZE,
    LINE_HEIGHT,
    MOST_COLUMNS,
    OUTPUT_GAP,
    POSITION_SIZE,
    columns,
    frame_label_size,
    lines_size,
    shown,
    text_width,
)
from diffcli.render.drawing.layout.geometry import Layout, Point, Rect, Route, outer_first, passes, shortened, straight
from diffcli.render.drawing.painting.legend_places import Entry, entries
from diffcli.render.drawing.painting.shapes import TIP_LENGTH, Shape, curve, inset, rounded, shapes_of_box, tip
from diffcli.render.drawing.theme import ARROW_SHAPES, BOX_SHAPES

#: What a part of a picture is; its shapes' and texts' colours follow from this, from its look and from their roles.
Kind = Literal["frame", "arrow", "box", "entry"]
#: Which of a text's points its place is.
Anchor = Literal["start", "middle"]
_START: Anchor = "start"
_MIDDLE: Anchor = "middle"


class Text(NamedTuple):
    """A text as shown, where it begins or its middle, and its baseline.

    `role` is a line's, or frame, position or legend.
    """

    role: str
    text: str
    x: float
    y: float
    size: float
    anchor: Anchor = "middle"


class Part(NamedTuple):
    """Shapes and texts that belong together; `look` is a box's or an arrow's, `whole` what it says unabridged."""

    kind: Kind
    id: str
    look: BoxLook | ArrowLook | None
    shapes: tuple[Shape, ...]
    texts: tuple[Text, ...]
    whole: str = ""
    output: bool = False


class Painting(NamedTuple):
    """A picture without colours: its size in points, its parts, and where they count its left and upper side."""

    width: float
    height: float
    parts: tuple[Part, ...]
    left: float = 0.0
    top: float = 0.0


def painted(diagram: Diagram, layout: Layout, legend: bool = True, extent: Extent | None = None) -> Painting:
    """All parts as they are drawn: frames, arrows with labels, names of frames, boxes, the legend (unless without).

    What `extent` has too much is left free around them.
    """
    scale = diagram.setting.font_scale
    placed = entries(diagram.legend if legend else (), layout, scale, extent or SCREEN)
    panels = list(layout.frames.values())
    frames = outer_first(diagram.frames)
    ways = [route.path for route in layout.arrows.values()] if frames else []
    parts = [
        *(_panel(frame, layout.frames[frame.id]) for frame in frames),
        *(_arrow(arrow, layout.arrows[arrow.id], panels, scale) for arrow in diagram.arrows),
        *(_heading(frame, layout.frames[frame.id], ways, diagram.setting) for frame in frames),
        *(_box(box, layout.boxes[box.id], scale) for box in diagram.boxes),
        *(_entry(entry, f"legend{number}", scale) for number, entry in enumerate(placed.entries)),
    ]
    if extent is None:
        return Painting(placed.width, placed.height, tuple(parts))
    width, height = extent.around(placed.width, placed.height)
    return Painting(width, height, tuple(parts), (placed.width - width) / 2, (placed.height - height) / 2)


def _panel(frame: Frame, rect: Rect) -> Part:
    return Part("frame", frame.id, None, (Shape("panel", rounded(rect, min(9.0, rect.height / 2))),), (), frame.label)


def _heading(frame: Frame, rect: Rect, ways: Iterable[Sequence[Point]], setting: Setting) -> Part:
    """A frame's name on a plate, at the upper left, or at the upper right where only there no arrow comes in; where
    ranks go to the right a name that is longer than its frame is shortened.
    """
    size = FRAME_SIZE * setting.font_scale
    most = int((rect.width - 18.0) / (ADVANCE * size)) if setting.sideways else MOST_COLUMNS
    label = shown(frame.label, min(MOST_COLUMNS, most))
    width, height = frame_label_size(label, setting.font_scale)
    left = Rect(rect.x + 5.0, rect.y + 3.0, width, height)
    right = left._replace(x=rect.right - 5.0 - width)
    ways = list(ways)
    plate = right if any(passes(way, left) for way in ways) and not any(passes(way, right) for way in ways) else left
    name = Text("frame", label, plate.x + 4.0, round(plate.y + 1.0 + ASCENT * size, 2), size, "start")
    return Part("frame", f"{frame.id}name", None, (Shape("heading", rounded(plate, 4.0)),), (name,))


def _box(box: Box, rect: Rect, scale: float) -> Part:
    shape = BOX_SHAPES[box.look]
    shapes = shapes_of_box(shape.outline, rect, box.output)
    inner = inset(rect, OUTPUT_GAP) if box.output else rect
    if shape.outline == "stack":
        inner = _front(shapes)
    texts = tuple(_texts(box.lines, inner, scale))
    return Part("box", box.id, box.look, shapes, texts, _whole(box.description, box.lines), box.output)


def _front(shapes: Iterable[Shape]) -> Rect:
    """The rectangle of the front sheet of a stack."""
    points = [
        point for shape in shapes if shape.role == "outline" for command in shape.path for point in command.points
    ]
    left, top = min(point.x for point in points), min(point.y for point in points)
    return Rect(left, top, max(point.x for point in points) - left, max(point.y for point in points) - top)


def _whole(description: str, lines: Iterable[Line]) -> str:
    """The full text of a part: its description and, where it was shortened, a line's text."""
    cut = [line.text for line in lines if shown(line.text) != line.text and line.text not in description]
    return "\n".join(part for part in (description, *cut) if part)


def _texts(lines: Sequence[Line], rect: Rect, scale: float) -> Iterator[Text]:
    """Lines in the middle of a rectangle; rows that belong together, as of a matrix, keep their left edge."""
    y = rect.centre.y - lines_size(lines, scale).height / 2
    for rows in _blocks(lines):
        left = rect.centre.x - max(text_width(line.text, FONT_SIZES[line.role] * scale) for line in rows) / 2
        x, anchor = (left, _START) if len(rows) > 1 else (rect.centre.x, _MIDDLE)
        for line in rows:
            size = FONT_SIZES[line.role] * scale
            baseline = y + (ASCENT + (LINE_HEIGHT - ASCENT) * 0.18) * size
            yield Text(line.role, shown(line.text), round(x, 2), round(baseline, 2), size, anchor)
            y += LINE_HEIGHT * size


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Rows that belong together: the numbers of a box or an arrow where some stand in rows, else each line alone."""
    for numbers, run in itertools.groupby(lines, key=lambda line: line.role not in ("title", "kind")):
        rows = list(run)
        roles = [line.role for line in rows]
        if numbers and len(set(roles)) < len(roles):
            yield rows
        else:
            yield from ([line] for line in rows)


def _arrow(arrow: Arrow, route: Route, panels: Iterable[Rect], scale: float) -> Part:
    shapes = list(shapes_of_arrow(arrow.look, route.path))
    texts: list[Text] = []
    if route.label is not None:
        label = route.label
        within = any(
            panel.x <= label.x and label.right <= panel.right and panel.y <= label.y and label.bottom <= panel.bottom
            for panel in panels
        )
        shapes.append(Shape("inner" if within else "label", rounded(label, 4.0)))
        texts += _texts(arrow.lines, route.label, scale)
    if route.position is not None:
        middle, position = route.position, shown(arrow.position)
        size, height = POSITION_SIZE * scale, max(11.0, 11.0 * scale)
        width = max(height, columns(position) * ADVANCE * size + 5.5)
        plate = Rect(middle.x - width / 2, middle.y - height / 2, width, height)
        shapes.append(Shape("plate", rounded(plate, height / 2)))
        texts.append(Text("position", position, middle.x, round(middle.y + 0.36 * size, 2), size))
    return Part("arrow", arrow.id, arrow.look, tuple(shapes), tuple(texts), _whole(arrow.description, arrow.lines))


def shapes_of_arrow(look: ArrowLook, path: Sequence[Point]) -> Iterator[Shape]:
    """An arrow's line, cut short where tips stand, and its tips."""
    shape, whole, line = ARROW_SHAPES[look], path, list(path)
    if shape.head != "bare":
        line = shortened(line, TIP_LENGTH - 1.0)
    if shape.tail != "bare":
        line = shortened(line[::-1], TIP_LENGTH - 1.0)[::-1]
    yield Shape("line", curve(line))
    if shape.head != "bare":
        yield Shape("tip", tip(shape.head, line[-1], whole[-1]))
    if shape.tail != "bare":
        yield Shape("back", tip(shape.tail, line[0], whole[0]))


def _entry(entry: Entry, name: str, scale: float) -> Part:
    """A sample and its meaning."""
    said, sample = entry.said, entry.sample
    text = Text("legend", shown(said.text), entry.text.x, round(entry.text.y, 2), LEGEND_SIZE * scale, "start")
    look, shapes = _sample(said, sample)
    if said.line is not None:
        text = text._replace(role=said.line)
    return Part("entry", name, look, tuple(shapes), (text,), "", said.output)


def _sample(said: LegendEntry, sample: Rect) -> tuple[BoxLook | ArrowLook | None, Iterable[Shape]]:
    if said.box is not None:
        return said.box, shapes_of_box(BOX_SHAPES[said.box].outline, sample, False)
    if said.arrow is not None:
        start, end = Point(sample.x - 2, sample.centre.y), Point(sample.right + 2, sample.centre.y)
        return said.arrow, shapes_of_arrow(said.arrow, (start, *straight(start, end)))
    if said.output:
        return "operation", shapes_of_box(
            "rounded", Rect(sample.x - 1, sample.y - 1.5, sample.width + 2, sample.height + 3), True
        )
    return None, (Shape("swatch", rounded(Rect(sample.centre.x - 4, sample.centre.y - 4, 8, 8), 2)),)
