"""The look of graphs: an outline, a line and two sets of colours for each role, in one table.

The hues are Okabe and Ito's ("Color Universal Design", 2008), as tints under dark ink or shades under light ink. No
role is told by its hue alone: boxes differ by their outline, arrows by their dashes and tips, and lines by the words
that they begin with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.diagram import ArrowLook, BoxLook, LineRole

#: pill: half circles left and right; hexagon: points left and right; cut: corners cut off; stack: a second sheet
#: behind; note: a folded corner.
Outline = Literal["pill", "hexagon", "rectangle", "rounded", "cut", "stack", "note"]
#: triangle: filled in the line's colour; hollow: filled with the ground; bare: no tip.
Tip = Literal["triangle", "hollow", "bare"]


class BoxShape(NamedTuple):
    """A box's outline: its form, the width of its line in points, its dashes (on, off, ...; none for a solid line)."""

    outline: Outline
    width: float = 1.4
    dashes: tuple[float, ...] = ()


class ArrowShape(NamedTuple):
    """An arrow's line and its tips at the head and at the tail."""

    width: float
    dashes: tuple[float, ...]
    head: Tip
    tail: Tip


class Tone(NamedTuple):
    """The colours of a closed form: its area and its line."""

    fill: str
    stroke: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme, as #RRGGBB.

    `ground` is the page, `ink` text that has no role of its own, `faint` small print, `back` a gradient's own tip on an
    arrow of both kinds. `frame` is the panel around a part, `plate` the small sign that holds an operand's position.
    """

    ground: str
    ink: str
    faint: str
    back: str
    frame: Tone
    plate: Tone
    boxes: Mapping[BoxLook, Tone]
    arrows: Mapping[ArrowLook, str]
    lines: Mapping[LineRole, str]


BOX_SHAPES: Mapping[BoxLook, BoxShape] = {
    "variable": BoxShape("pill", 1.6),
    "parameter": BoxShape("hexagon", 1.6),
    "constant": BoxShape("rectangle", 1.0, (4.0, 2.5)),
    "operation": BoxShape("rounded", 1.2),
    "named": BoxShape("cut", 1.6),
    "folded": BoxShape("stack", 1.2),
    "function": BoxShape("rounded", 1.0),
    "accumulate": BoxShape("cut", 1.2),
    "leaf": BoxShape("pill", 1.4),
    "saved": BoxShape("note", 1.2),
    "base": BoxShape("rectangle", 1.4, (5.0, 2.0)),
    "tensor": BoxShape("rectangle", 1.4),
}

ARROW_SHAPES: Mapping[ArrowLook, ArrowShape] = {
    "forward": ArrowShape(1.3, (), "triangle", "bare"),
    "backward": ArrowShape(1.5, (6.0, 2.5), "hollow", "bare"),
    "both": ArrowShape(1.3, (), "triangle", "hollow"),
    "saved": ArrowShape(1.2, (1.2, 2.6), "bare", "bare"),
    "view": ArrowShape(1.2, (1.2, 2.6), "triangle", "bare"),
}

LIGHT = Palette(
    ground="#FFFFFF",
    ink="#16202B",
    faint="#4E5B69",
    back="#B34700",
    frame=Tone("#F4F6F9", "#AEB9C6"),
    plate=Tone("#FFFFFF", "#8693A1"),
    boxes={
        "variable": Tone("#D5EAF7", "#0072B2"),
        "parameter": Tone("#FDEBC8", "#B67600"),
        "constant": Tone("#EEEFF1", "#6E7884"),
        "operation": Tone("#FFFFFF", "#3C4A59"),
        "named": Tone("#D3F0E5", "#008562"),
        "folded": Tone("#F6E0EC", "#A64F7F"),
        "function": Tone("#E6E9ED", "#6E7884"),
        "accumulate": Tone("#DCE3EA", "#4F6276"),
        "leaf": Tone("#D3E9F6", "#2E7DAF"),
        "saved": Tone("#FCE2BD", "#B56F10"),
        "base": Tone("#C9DEA6", "#55722A"),
        "tensor": Tone("#E0EDCB", "#66862F"),
    },
    arrows={"forward": "#46556A", "backward": "#B34700", "both": "#46556A", "saved": "#8A6A3C", "view": "#66862F"},
    lines={
        "title": "#16202B",
        "kind": "#4E5B69",
        "value": "#00557F",
        "gradient": "#963800",
        "local": "#3F4C5A",
        "contribution": "#963800",
    },
)

DARK = Palette(
    ground="#12171E",
    ink="#EEF2F6",
    faint="#AEBAC7",
    back="#FF9A62",
    frame=Tone("#1A212A", "#55626F"),
    plate=Tone("#12171E", "#8E9BA8"),
    boxes={
        "variable": Tone("#10344D", "#56B4E9"),
        "parameter": Tone("#40300C", "#E69F00"),
        "constant": Tone("#2A3038", "#98A3AF"),
        "operation": Tone("#1B222B", "#C2CCD6"),
        "named": Tone("#0D3B2E", "#2FC197"),
        "folded": Tone("#42263A", "#E594C0"),
        "function": Tone("#2B323B", "#98A3AF"),
        "accumulate": Tone("#28343F", "#A9BCCD"),
        "leaf": Tone("#10344D", "#6DBBE8"),
        "saved": Tone("#47310F", "#EDAA4B"),
        "base": Tone("#3A4C20", "#B8D886"),
        "tensor": Tone("#2C3A18", "#A9CB6B"),
    },
    arrows={"forward": "#AAB6C3", "backward": "#FF9A62", "both": "#AAB6C3", "saved": "#CDA56C", "view": "#A9CB6B"},
    lines={
        "title": "#EEF2F6",
        "kind": "#AEBAC7",
        "value": "#8DCFFA",
        "gradient": "#FFB38A",
        "local": "#C3CDD7",
        "contribution": "#FFB38A",
    },
)


def palette(theme: Theme) -> Palette:
    """The colours of a theme where it has to be settled now: `auto` is light."""
    return DARK if theme == "dark" else LIGHT
