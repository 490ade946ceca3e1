"""Places in the picture for numbers: what they show at which step, and the room that other numbers need."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from diffcli.render.drawing.diagram import Arrow, Box, Diagram, Line
from diffcli.render.player.story import Sighting, Story
from diffcli.render.value_text import block

#: What follows a gradient to which more is to be added.
TO_COME = " + …"
_NUMBER = re.compile(r"-?\d[\d.]*(?:e[-+]\d+)?|nan|-?inf")
_PADDING = re.compile("\N{NO-BREAK SPACE}{2,}")


class Placeholder(NamedTuple):
    """The lines of one role on a box or an arrow: what stands before the number, and what is seen when.

    `fixed` lines show no number: they only appear.
    """

    id: str
    role: str
    prefix: str
    seen: tuple[Sighting, ...]
    fixed: bool = False


def placeholders(diagram: Diagram, told: Story, precision: int) -> Iterator[Placeholder]:
    """The placeholders of a picture that shows both sweeps."""
    parts: tuple[Box | Arrow, ...] = (*diagram.boxes, *diagram.arrows)
    for part in parts:
        for role in dict.fromkeys(line.role for line in part.lines):
            if role in ("title", "kind"):
                continue
            lines = [line.text for line in part.lines if line.role == role]
            seen = tuple(told.sightings.get((part.id, role)) or told.sightings[part.id, "contribution"])
            number = block(told.quantities[seen[-1].number].value, precision)
            prefix = lines[0].removesuffix(number[0]) if len(number) == len(lines) == 1 else lines[0]
            yield Placeholder(
                part.id, role, prefix, seen, fixed=len(lines) == 1 and (len(number) > 1 or prefix == lines[0])
            )


def roomy(diagram: Diagram, shown: Sequence[Placeholder], precision: int, varies: Callable[[int], bool]) -> Diagram:
    """The diagram with lines as long as other numbers may make them: for the layout, not to be drawn."""
    by_role = {(placeholder.id, placeholder.role): placeholder for placeholder in shown}

    def widened(part: Box | Arrow) -> tuple[Line, ...]:
        return tuple(_widened(line, by_role.get((part.id, line.role)), precision, varies) for line in part.lines)

    boxes = tuple(replace(box, lines=widened(box)) for box in diagram.boxes)
    return replace(diagram, boxes=boxes, arrows=tuple(replace(arrow, lines=widened(arrow)) for arrow in diagram.arrows))


def _widened(line: Line, placeholder: Placeholder | None, precision: int, varies: Callable[[int], bool]) -> Line:
    if placeholder is None or placeholder.fixed:
        return line
    text = line.text
    if varies(placeholder.seen[-1].number):
        prefix = placeholder.prefix if text.startswith(placeholder.prefix) else ""
        numbers = _PADDING.sub("\N{NO-BREAK SPACE}" * 2, text.removeprefix(prefix))
        text = prefix + _NUMBER.sub(
            lambda number: number.group().ljust(precision + 3, "0"), numbers
        )  # as long as -0.1234
    return replace(line, text=text + TO_COME if any(not sighting.complete for sighting in placeholder.seen) else text)
