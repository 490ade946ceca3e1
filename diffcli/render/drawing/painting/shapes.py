"""Outlines, tips and plates as paths: moves, lines and cubic curves, which every format can draw."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from diffcli.render.drawing.layout.box_sizes import CORNERS, OUTPUT_GAP, STACK_GAP
from diffcli.render.drawing.layout.geometry import Point, Rect
from diffcli.render.drawing.theme import Outline, Tip

#: An arrow tip's length and half its width.
TIP_LENGTH, TIP_HALF = 8.0, 3.4
#: How far a cubic curve's control points stand from its ends, in radii, to draw a quarter of a circle.
_ARC = 0.5523


class Command(NamedTuple):
    """A step of a path: M moves to a point, L draws a line there, C a curve (two control points, an end), Z closes."""

    verb: Literal["M", "L", "C", "Z"]
    points: tuple[Point, ...] = ()


Path = tuple[Command, ...]


class Shape(NamedTuple):
    """A path and what it is in its part.

    `outline`, `sheet`, `border`, `fold`, `line`, `tip`, `back`, `label` (`inner` in a frame), `plate`, `panel`,
    `heading` or `swatch`.
    """

    role: str
    path: Path


def inset(rect: Rect, gap: float) -> Rect:
    """The rectangle so much smaller on each side."""
    return Rect(rect.x + gap, rect.y + gap, rect.width - 2 * gap, rect.height - 2 * gap)


def shapes_of_box(outline: Outline, rect: Rect, output: bool) -> tuple[Shape, ...]:
    """All lines of a box, from the back to the front; an output has a second line around its outline."""
    shapes = []
    if output:
        shapes.append(Shape("border", closed(outline, rect, OUTPUT_GAP)))
        rect = inset(rect, OUTPUT_GAP)
    if outline == "stack":
        front = Rect(rect.x, rect.y + STACK_GAP, rect.width - STACK_GAP, rect.height - STACK_GAP)
        shapes += [
            Shape("sheet", closed(outline, Rect(front.x + STACK_GAP, rect.y, front.width, front.height))),
            Shape("outline", closed(outline, front)),
        ]
        return tuple(shapes)
    shapes.append(Shape("outline", closed(outline, rect)))
    if outline == "note":
        corner = min(CORNERS["note"], 0.3 * rect.height, 0.3 * rect.width)
        shapes.append(
            Shape(
                "fold",
                polyline(
                    (rect.right - corner, rect.y), (rect.right - corner, rect.y + corner), (rect.right, rect.y + corner)
                ),
            )
        )
    return tuple(shapes)


def closed(outline: Outline, rect: Rect, wider: float = 0.0) -> Path:
    """The closed line of an outline in a rectangle; `wider` makes its corners larger, for a line around another."""
    x, y, right, bottom = rect.x, rect.y, rect.right, rect.bottom
    share = 0.5 if outline in ("pill", "hexagon") else 0.3
    corner = min(CORNERS[outline] + wider, share * rect.height, share * rect.width)
    middle = rect.centre.y
    if outline in ("pill", "rounded", "stack"):
        return rounded(rect, corner)
    if outline == "hexagon":
        return polygon(
            (x + corner, y),
            (right - corner, y),
            (right, middle),
            (right - corner, bottom),
            (x + corner, bottom),
            (x, middle),
        )
    if outline == "cut":
        top = ((x, y + corner), (x + corner, y), (right - corner, y), (right, y + corner))
        return polygon(
            *top, (right, bottom - corner), (right - corner, bottom), (x + corner, bottom), (x, bottom - corner)
        )
    if outline == "note":
        return polygon((x, y), (right - corner, y), (right, y + corner), (right, bottom), (x, bottom))
    return polygon((x, y), (right, y), (right, bottom), (x, bottom))


def polygon(*corners: tuple[float, float]) -> Path:
    """A closed line through corners."""
    return (*polyline(*corners), Command("Z"))


def polyline(*corners: tuple[float, float]) -> Path:
    """An open line through corners."""
    return tuple(Command("L" if number else "M", (Point(*corner),)) for number, corner in enumerate(corners))


def rounded(rect: Rect, radius: float) -> Path:
    """A rectangle with round corners."""
    x, y, right, bottom = rect.x, rect.y, rect.right, rect.bottom
    near = radius * (1 - _ARC)

    def quarter(*points: tuple[float, float]) -> Command:
        return Command("C", tuple(Point(*point) for point in points))

    return (
        Command("M", (Point(x + radius, y),)),
        Command("L", (Point(right - radius, y),)),
        quarter((right - near, y), (right, y + near), (right, y + radius)),
        Command("L", (Point(right, bottom - radius),)),
        quarter((right, bottom - near), (right - near, bottom), (right - radius, bottom)),
        Command("L", (Point(x + radius, bottom),)),
        quarter((x + near, bottom), (x, bottom - near), (x, bottom - radius)),
        Command("L", (Point(x, y + radius),)),
        quarter((x, y + near), (x + near, y), (x + radius, y)),
        Command("Z"),
    )


def curve(points: Sequence[Point]) -> Path:
    """The line of an arrow, 3n+1 points."""
    return (
        Command("M", (points[0],)),
        *(Command("C", tuple(points[index : index + 3])) for index in range(1, len(points), 3)),
    )


def tip(kind: Tip, base: Point, end: Point) -> Path:
    """A tip from the direction of `base` to `end`: notched at its back if filled, a plain triangle if hollow."""
    dx, dy = end.x - base.x, end.y - base.y
    length = (dx * dx + dy * dy) ** 0.5 or 1.0
    dx, dy = dx / length, dy / length
    back = Point(end.x - TIP_LENGTH * dx, end.y - TIP_LENGTH * dy)
    left = (back.x - TIP_HALF * dy, back.y + TIP_HALF * dx)
    right = (back.x + TIP_HALF * dy, back.y - TIP_HALF * dx)
    notch = ((back.x + 1.8 * dx, back.y + 1.8 * dy),) if kind == "triangle" else ()
    return polygon((end.x, end.y), left, *notch, right)
