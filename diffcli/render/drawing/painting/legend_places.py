"""The place of the legend: in a column beside a tall picture, in rows below a wide one."""

from collections.abc import Sequence
from typing import NamedTuple

from diffcli.render.drawing.diagram import LegendEntry
from diffcli.render.drawing.extent import Extent
from diffcli.render.drawing.layout.box_sizes import LEGEND_SIZE, text_width
from diffcli.render.drawing.layout.geometry import Layout, Point, Rect

#: A sample's size, the distance to its text, and the height of a row.
_SAMPLE_WIDTH, _SAMPLE_HEIGHT, _SPACE, _ROW = 26.0, 14.0, 8.0, 21.0
#: Between entries of a row, and between the picture and the legend.
_BETWEEN, _APART, _MARGIN = 18.0, 12.0, 14.0
#: Rows of a legend are at least this wide, however narrow the picture.
_NARROWEST = 300.0


class Entry(NamedTuple):
    """An entry with the places of its sample and of its text's beginning, on the baseline."""

    said: LegendEntry
    sample: Rect
    text: Point


class Placed(NamedTuple):
    """The whole picture's size and the legend's entries."""

    width: float
    height: float
    entries: tuple[Entry, ...]


def entries(legend: Sequence[LegendEntry], layout: Layout, scale: float, extent: Extent) -> Placed:
    """Places for a legend below a diagram, or beside it where all of it is then seen larger in that form."""
    if not legend:
        return Placed(layout.width, layout.height, ())
    column = _column(legend, layout, scale)
    rows = _rows(legend, layout, scale)
    return column if 1.05 * _shape(column, extent) < _shape(rows, extent) else rows


def _shape(placed: Placed, extent: Extent) -> float:
    """The size of the form that holds the picture: the smaller, the larger all is seen."""
    return max(placed.width / extent.width, placed.height / extent.height)


def _width(entry: LegendEntry, scale: float) -> float:
    return _SAMPLE_WIDTH + _SPACE + text_width(entry.text, LEGEND_SIZE * scale)


def _entry(said: LegendEntry, x: float, y: float, scale: float) -> Entry:
    """An entry whose row begins there."""
    middle = y + _ROW * scale / 2
    return Entry(
        said,
        Rect(x, middle - _SAMPLE_HEIGHT / 2, _SAMPLE_WIDTH, _SAMPLE_HEIGHT),
        Point(x + _SAMPLE_WIDTH + _SPACE, middle + 0.35 * LEGEND_SIZE * scale),
    )


def _column(legend: Sequence[LegendEntry], layout: Layout, scale: float) -> Placed:
    x, row = layout.width + _APART, _ROW * scale
    tall = len(legend) * row
    top = max(_MARGIN, (layout.height - tall) / 2)
    placed = tuple(_entry(said, x, round(top + number * row, 2), scale) for number, said in enumerate(legend))
    width = x + max(_width(said, scale) for said in legend) + _MARGIN
    return Placed(round(width), round(max(layout.height, tall + 2 * _MARGIN)), placed)


def _rows(legend: Sequence[LegendEntry], layout: Layout, scale: float) -> Placed:
    widths = {said: _width(said, scale) for said in legend}
    limit = max(layout.width - 2 * _MARGIN, _NARROWEST, *widths.values())
    rows: list[list[LegendEntry]] = [[]]
    taken = 0.0
    for said in legend:
        if rows[-1] and taken + widths[said] > limit:
            rows.append([])
            taken = 0.0
        rows[-1].append(said)
        taken += widths[said] + _BETWEEN
    placed = []
    for number, row in enumerate(rows):
        x, y = _MARGIN, layout.height + _APART / 2 + number * _ROW * scale
        for said in row:
            placed.append(_entry(said, round(x, 2), y, scale))
            x += widths[said] + _BETWEEN
    widest = max(entry.text.x + text_width(entry.said.text, LEGEND_SIZE * scale) for entry in placed)
    return Placed(
        round(max(layout.width, widest + _MARGIN)),
        round(layout.height + _APART / 2 + len(rows) * _ROW * scale + _MARGIN / 2),
        tuple(placed),
    )
