"""Sizes: how much room texts, boxes, labels and frames' names take, in points (1/72 inch), before anything has a place.

All text is set in a monospaced font, so sizes follow from counting, and the same layout serves every format.
"""

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from diffcli.render.drawing.diagram import USUAL, Arrow, Box, Line, LineRole, Setting
from diffcli.render.drawing.theme import BOX_SHAPES, Outline
from diffcli.source import visible

#: Width of a character, in em, of DejaVu Sans Mono, the widest of the usual monospaced fonts.
ADVANCE = 0.602
#: Distance of lines and height of the part above the baseline, in em.
LINE_HEIGHT, ASCENT = 1.32, 0.97
#: Size of the text by what it says, in points.
FONT_SIZES: dict[LineRole, float] = {
    "title": 11.0,
    "kind": 8.5,
    "value": 9.5,
    "gradient": 9.5,
    "local": 8.5,
    "contribution": 8.5,
}
#: Size of a frame's name, of the legend and of an operand's position.
FRAME_SIZE, LEGEND_SIZE, POSITION_SIZE = 9.5, 9.0, 7.5
#: Longer texts are shown shortened; the whole text stays in the box's or the arrow's description.
MOST_COLUMNS = 72

#: Room between a text and the outline at its sides; forms that are round or slanted there need more. And above and
#: below.
_SIDES: dict[Outline, float] = {"pill": 15.0, "hexagon": 17.0, "cut": 12.0, "note": 13.0}
_SIDE, _ABOVE = 10.0, 6.0
#: How far the round, slanted or cut part of an outline reaches in from its sides.
CORNERS: dict[Outline, float] = {
    "pill": 16.0,
    "hexagon": 11.0,
    "rectangle": 0.0,
    "rounded": 6.0,
    "cut": 7.0,
    "stack": 6.0,
    "note": 9.0,
}
#: Room that an output's outer line takes on each side.
OUTPUT_GAP = 3.5
#: How far the second sheet of a folded group stands out, to the right and upwards.
STACK_GAP = 4.0
#: The distance of arrows that end side by side, and for how many of them a box is made wider.
ARROW_DISTANCE, _MOST_ARROWS = 18.0, 40


class Size(NamedTuple):
    """A width and a height in points."""

    width: float
    height: float


def columns(text: str) -> int:
    """Columns of a monospaced font: two for East Asian wide characters and pictures, none for combining marks."""
    return len(text) if text.isascii() else sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" or ord(character) >= 0x1F000 else 1


def shown(text: str, most: int = MOST_COLUMNS) -> str:
    """The text as pictures show it: visible, and cut to so many columns with an ellipsis at the end."""
    text = visible(text)
    if columns(text) <= most:
        return text
    width, kept = 1, 0
    for character in text:
        width += _columns(character)
        if width > most:
            break
        kept += 1
    return text[:kept] + "…"


def text_width(text: str, size: float) -> float:
    """The width of a text as it is shown, in a font of that size, in points."""
    return columns(shown(text)) * ADVANCE * size


def lines_size(lines: Iterable[Line], font_scale: float = 1.0) -> Size:
    """The width and height of lines below each other, without room around them; 0, 0 without lines."""
    sizes = [(text_width(line.text, FONT_SIZES[line.role]), LINE_HEIGHT * FONT_SIZES[line.role]) for line in lines]
    width, height = max((width for width, _ in sizes), default=0.0), sum(height for _, height in sizes)
    return Size(font_scale * width, font_scale * height)


def box_size(box: Box, operands: int = 1, setting: Setting = USUAL) -> Size:
    """The size of a box with all that belongs to its outline, with room for so many arrows to end side by side."""
    width, height = lines_size(box.lines, setting.font_scale)
    outline = BOX_SHAPES[box.look].outline
    arrows = min(operands, _MOST_ARROWS) * ARROW_DISTANCE + 2 * CORNERS[outline]
    extra = (2 * OUTPUT_GAP if box.output else 0.0) + (STACK_GAP if outline == "stack" else 0.0)
    width = max(width + 2 * _SIDES.get(outline, _SIDE), 54.0, 0.0 if setting.sideways else arrows)
    height = max(max(height, 12.0) + 2 * _ABOVE, arrows if setting.sideways and operands > 1 else 0.0)
    return Size(round(width + extra, 1), round(height + extra, 1))


def flat(box: Box, side: float, setting: Setting = USUAL) -> tuple[float, float]:
    """The straight part of a box's side of that length, on which arrows end: of its upper and lower sides, or of those
    on its left and right, where a hexagon has nothing but a point.
    """
    outline = BOX_SHAPES[box.look].outline
    inset = min(CORNERS[outline] + 2.0 + (OUTPUT_GAP if box.output else 0.0), side / 2)
    if outline == "hexagon" and setting.sideways:
        inset = side / 2 - 0.5
    inset += STACK_GAP if outline == "stack" else 0.0
    return inset, side - inset


def label_size(arrow: Arrow, font_scale: float = 1.0) -> Size:
    """The size of an arrow's label; 0, 0 if it has none."""
    if not arrow.lines:
        return Size(0.0, 0.0)
    width, height = lines_size(arrow.lines, font_scale)
    return Size(round(width + 8.0, 1), round(height + 4.0, 1))


def frame_label_size(label: str, font_scale: float = 1.0) -> Size:
    """The size of a frame's name at its upper left, with room around it."""
    size = FRAME_SIZE * font_scale
    return Size(round(text_width(label, size) + 8.0, 1), round(size * LINE_HEIGHT + 4.0, 1))


def heading_size(label: str, font_scale: float = 1.0) -> Size:
    """The room of a frame's name and, below it, of the plates of arrows that enter."""
    width, height = frame_label_size(label, font_scale)
    return Size(width, height + 10.0)


def turned(size: Size, setting: Setting) -> Size:
    """The size across and along the ranks."""
    return Size(size.height, size.width) if setting.sideways else size
