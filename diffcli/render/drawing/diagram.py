"""A picture before it has a form: boxes, arrows, frames and a legend, as words and roles.

Every format is written from this: where things stand and how a role looks is the format's business.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

#: What a box stands for; a format gives each its own outline and colour.
BoxLook = Literal[
    "variable",
    "parameter",
    "constant",
    "operation",
    "named",
    "folded",
    "function",
    "accumulate",
    "leaf",
    "saved",
    "base",
    "tensor",
]
#: What an arrow stands for: values that flow forward, gradients that flow backward, both, a tensor kept for later, or a
#: view of a tensor.
ArrowLook = Literal["forward", "backward", "both", "saved", "view"]
#: What a line of text says.
LineRole = Literal["title", "kind", "value", "gradient", "local", "contribution"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text. `text` may hold any character but a line break; it is never markup."""

    role: LineRole
    text: str


@dataclass(frozen=True, slots=True)
class Box:
    """A node of the picture.

    `id` is letters and digits, unique among boxes, arrows and frames. `output` marks the result.
    `description` says all that the box stands for in a sentence, unabridged, for readers who do not see the picture.
    """

    id: str
    look: BoxLook
    lines: tuple[Line, ...]
    output: bool = False
    frame: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge from box `tail` to box `head`.

    `position` is the operand's position, written at the end where the operation is that takes it:
    at the head of a forward arrow, at the tail of a backward one. It is empty where it says nothing.
    """

    id: str
    look: ArrowLook
    tail: str
    head: str
    lines: tuple[Line, ...] = ()
    position: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the picture with a name; `within` is the frame around it."""

    id: str
    label: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """The meaning of a look, a border or a role; exactly one of the four is given."""

    text: str
    box: BoxLook | None = None
    arrow: ArrowLook | None = None
    output: bool = False
    line: LineRole | None = None


class Setting(NamedTuple):
    """The way a picture is set: whether ranks go from left to right and not downwards, and how large its letters are.

    Where ranks go to the right, what is said here of up and down the page holds for left and right.
    """

    sideways: bool = False
    font_scale: float = 1.0


#: Ranks from top to bottom, letters of their usual size.
USUAL = Setting()


@dataclass(frozen=True, slots=True)
class Diagram:
    """A whole picture.

    Boxes are in the order of the forward sweep. `downwards` tells which arrows point down the page:
    all of them if true, else they point up (the backward sweep of a picture laid out like the forward one).
    """

    title: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    frames: tuple[Frame, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    downwards: bool = True
    setting: Setting = USUAL
