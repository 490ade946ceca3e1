"""Frames in frames as text writes them: opened, filled and closed."""

from collections.abc import Iterator

from diffcli.render.drawing.diagram import Box, Diagram, Frame


def nested(diagram: Diagram) -> Iterator[tuple[int, Frame | Box | None]]:
    """Frames where they open, boxes, and None where the last open frame ends, each with how many frames are around it.

    In each frame other frames come first. Functions may nest more deeply than Python's own calls can, so nothing here
    recurses.
    """
    inside: dict[str | None, list[Frame | Box]] = {}
    for frame in diagram.frames:
        inside.setdefault(frame.within, []).append(frame)
    for box in diagram.boxes:
        inside.setdefault(box.frame, []).append(box)
    stack = [iter(inside.get(None, []))]
    while stack:
        part = next(stack[-1], None)
        if part is not None:
            yield len(stack) - 1, part
            if isinstance(part, Frame):
                stack.append(iter(inside.get(part.id, [])))
        else:
            stack.pop()
            if stack:
                yield len(stack) - 1, None
