"""The legend as a list of the page: a small picture of each look, its meaning in the page's own size of text."""

from collections.abc import Iterator
from dataclasses import replace

from diffcli.render.drawing.diagram import Diagram, LegendEntry
from diffcli.render.drawing.layout.geometry import Layout
from diffcli.render.drawing.painting.parts import painted
from diffcli.render.drawing.painting.svg import path_data
from diffcli.render.player.markup import html

#: The part of a legend with one entry that holds its sample, in points: left, top, width, height.
_SAMPLE = "10 6 34 21"


def legend(diagram: Diagram) -> str:
    """The legend of a diagram as items of a list."""
    return "\n".join(_item(diagram, entry) for entry in diagram.legend)


def _item(diagram: Diagram, entry: LegendEntry) -> str:
    sample = "".join(_sample(diagram, entry))
    picture = f'<svg class="diagram" viewBox="{_SAMPLE}" aria-hidden="true">{sample}</svg>'
    return f"<li>{picture} {html(entry.text)}</li>"


def _sample(diagram: Diagram, entry: LegendEntry) -> Iterator[str]:
    alone = replace(diagram, boxes=(), arrows=(), frames=(), legend=(entry,))
    (part,) = painted(alone, Layout(0.0, 0.0, {}, {}, {})).parts
    look = part.look or ("output" if part.output else entry.line or "")
    yield f'<g class="entry {look}">'
    yield from (f'<path class="{shape.role}" d="{path_data(shape.path)}"/>' for shape in part.shapes)
    yield "</g>"
