"""The upper ends of arrows, and their order at a box, in every layout."""

from diffcli.render.drawing.diagram import Arrow, Diagram
from diffcli.render.drawing.layout.box_sizes import ARROW_DISTANCE

#: Room around a picture, in points.
MARGIN = 14.0


def upper_end(diagram: Diagram, arrow: Arrow) -> str:
    """The id of the box above: where the arrow begins, or where it ends in a picture whose arrows point up.

    A line to a kept tensor may point either way in any picture: of its boxes that is above which comes first in the
    forward sweep.
    """
    if arrow.look in ("saved", "view"):
        return next(box.id for box in diagram.boxes if box.id in (arrow.tail, arrow.head))
    return arrow.tail if diagram.downwards else arrow.head


def lower_end(diagram: Diagram, arrow: Arrow) -> str:
    """The id of the box below, the operation that takes the other end as an operand."""
    return arrow.head if upper_end(diagram, arrow) == arrow.tail else arrow.tail


def incoming_arrows(diagram: Diagram) -> dict[str, list[int]]:
    """For each box the numbers of the arrows at its upper side, in the order of the operands."""
    arrows: dict[str, list[int]] = {box.id: [] for box in diagram.boxes}
    for number, arrow in enumerate(diagram.arrows):
        arrows[lower_end(diagram, arrow)].append(number)
    for numbers in arrows.values():
        numbers.sort(key=lambda number: _operand(diagram.arrows[number]))
    return arrows


def _operand(arrow: Arrow) -> float:
    """An arrow's rank among its siblings; those without a position keep their order behind the others."""
    return int(arrow.position) if arrow.position.isdecimal() else float("inf")


def ends(side: tuple[float, float], count: int) -> list[float]:
    """The ends of so many arrows on a side: around its middle, evenly, at most 1.6 `ARROW_DISTANCE` apart."""
    left, right = side
    step = min((right - left) / max(count, 1), 1.6 * ARROW_DISTANCE)
    first = (left + right) / 2 - step * (count - 1) / 2
    return [first + step * number for number in range(count)]
