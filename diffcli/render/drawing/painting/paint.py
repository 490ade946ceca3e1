"""The colours and lines of shapes and texts in a theme, for the stylesheet of SVG and the artists of PNG and PDF."""

from typing import NamedTuple, cast

from diffcli.render.drawing.diagram import ArrowLook, BoxLook, LineRole
from diffcli.render.drawing.theme import ARROW_SHAPES, BOX_SHAPES, Palette


class Paint(NamedTuple):
    """A shape's colours of area and line (None: not drawn), the line's width in points, and its dashes."""

    fill: str | None
    stroke: str | None
    width: float = 0.0
    dashes: tuple[float, ...] = ()


def box_paints(look: BoxLook, colours: Palette) -> dict[str, Paint]:
    """The paints of a box's shapes by their roles."""
    shape, tone = BOX_SHAPES[look], colours.boxes[look]
    return {
        "outline": Paint(tone.fill, tone.stroke, shape.width, shape.dashes),
        "sheet": Paint(tone.fill, tone.stroke, shape.width),
        "border": Paint(colours.ground, tone.stroke, 1.8),
        "fold": Paint(None, tone.stroke, shape.width),
    }


def arrow_paints(look: ArrowLook, colours: Palette) -> dict[str, Paint]:
    """The paints of an arrow's shapes by their roles."""
    shape, stroke = ARROW_SHAPES[look], colours.arrows[look]
    hollow = shape.head == "hollow"
    return {
        "line": Paint(None, stroke, shape.width, shape.dashes),
        "tip": Paint(colours.ground if hollow else stroke, stroke, 1.2 if hollow else 0.6),
        "back": Paint(colours.ground, colours.back, 1.2),
        "label": Paint(colours.ground, None),
        "inner": Paint(colours.frame.fill, None),
        "plate": Paint(colours.plate.fill, colours.plate.stroke, 0.8),
    }


def frame_paints(colours: Palette) -> dict[str, Paint]:
    """The paints of a frame's panel and of the plate under its name."""
    return {"panel": Paint(colours.frame.fill, colours.frame.stroke, 1.0), "heading": Paint(colours.frame.fill, None)}


def text_ink(role: str, colours: Palette) -> str:
    """The colour of a text by its role, and of the legend's sample of it."""
    if role in colours.lines:
        return colours.lines[cast(LineRole, role)]
    return colours.faint if role == "position" else colours.ink
