"""Slides as PDF: a page for each step, with the picture as it is then, what happens, and notes for who speaks."""

import io
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from diffcli.analysis.drawing.drawing import Drawing
from diffcli.render.drawing.diagram import Arrow, Box, Diagram, Line
from diffcli.render.drawing.extent import PIXELS_TO_A_POINT, Extent
from diffcli.render.drawing.layout.box_sizes import ADVANCE, columns
from diffcli.render.drawing.painting.paint import Paint
from diffcli.render.drawing.painting.parts import Part, Text, painted
from diffcli.render.drawing.painting.raster import UNDATED, Canvas
from diffcli.render.drawing.theme import Palette, palette
from diffcli.render.excerpt import one_line
from diffcli.render.messages import Texts
from diffcli.render.picture_manner import Manner
from diffcli.render.player.content import Content, content
from diffcli.render.player.phrase import Phrase
from diffcli.render.player.picture import Drawn, Room, Rooms, pictured
from diffcli.render.player.placeholders import TO_COME, Placeholder
from diffcli.render.player.speaker_notes import speaker_notes
from diffcli.render.player.story import Step, Term
from diffcli.render.plot_style import styled
from diffcli.render.value_text import block

#: A slide's width where none is asked for, in points; the margin, and the heights of the heading and of the words.
_WIDTH, _MARGIN, _HEAD, _FOOT = 960.0, 26.0, 34.0, 118.0
#: Sizes of letters: the heading, the sentence, the equations.
_HEADING, _SENTENCE, _EQUATION = 15.0, 14.0, 17.0
#: The width of the line around where a step happens, and what it is drawn along; a label has a thinner one.
_MARK = 3.2
_MARKED = ("line", "outline", "border", "label", "inner")


class _Slide(NamedTuple):
    """A slide's size, and the room for its picture."""

    width: float
    height: float

    @property
    def room(self) -> Room:
        """The room for the picture, wherever it stands."""
        return Room(self.width - 2 * _MARGIN, self.height - _HEAD - _FOOT - 2 * _MARGIN)


def still_slides(drawing: Drawing, manner: Manner) -> bytes:
    """A PDF file of the story's steps, in the form of 16:9 or of the manner's extent; `auto` is light."""
    made = content(drawing, Texts(manner.language), manner.precision)
    slide = _size(manner.extent or Extent(16, 9))
    drawn = pictured(made, manner.layout, manner.font_scale, Rooms(slide.room, slide.room, whole=True))
    file, colours = io.BytesIO(), palette(manner.theme)
    with styled(), PdfPages(file, metadata=dict(UNDATED)) as pages:
        for number in range(len(made.story.steps)):
            pages.attach_note("\n".join(_said(made, note) for note in speaker_notes(made, number)), _NOTE)
            figure = _page(made, drawn, number, slide, colours)
            pages.savefig(figure, facecolor=colours.ground)
    return file.getvalue()


#: Where the sign of a note stands: at the lower left.
_NOTE = [4, 4, 20, 20]


def _size(extent: Extent) -> _Slide:
    width = extent.width / PIXELS_TO_A_POINT if extent.pixels else _WIDTH
    return _Slide(width, width * extent.height / extent.width)


def _page(made: Content, drawn: Drawn, number: int, slide: _Slide, colours: Palette) -> Figure:
    """A step: the heading above, the picture, the words below."""
    figure = Figure(figsize=(slide.width / 72, slide.height / 72), dpi=72, facecolor=colours.ground)
    step = made.story.steps[number]
    _draw_picture(figure, _at_step(made, drawn, number), step, slide, colours)
    points = Affine2D().scale(1 / 72, -1 / 72).translate(0, slide.height / 72) + figure.dpi_scale_trans
    canvas = Canvas(figure, points, colours, 1.0)
    for text in _words(made, number, slide):
        canvas.draw(Part("entry", "words", None, (), (text,)))
    return figure


def _draw_picture(figure: Figure, drawn: Drawn, step: Step, slide: _Slide, colours: Palette) -> None:
    """The picture in the middle of its room; what happens has a line around it, and stands above all else."""
    painting = painted(drawn.diagram, drawn.layout, legend=False)
    zoom = min(slide.room.width / painting.width, slide.room.height / painting.height, 2.4)
    left = (slide.width - zoom * painting.width) / 2
    top = _MARGIN + _HEAD + (slide.room.height - zoom * painting.height) / 2
    inches = zoom / 72
    places = Affine2D().scale(inches, -inches).translate(left / 72, (slide.height - top) / 72)
    canvas = Canvas(figure, places + figure.dpi_scale_trans, colours, zoom)
    happening = {*step.boxes, *step.arrows}
    mark = Paint(None, colours.boxes["variable"].stroke if step.direction == "forward" else colours.back, _MARK)
    for part in sorted(painting.parts, key=lambda part: part.id in step.arrows):
        marked = [shape for shape in part.shapes if shape.role in _MARKED] if part.id in happening else []
        for shape in marked:
            canvas.shape(shape.path, mark)
        canvas.draw(part)
        for shape in marked:
            if shape.role != "line":  # the tips and the operand's position stand on it
                canvas.shape(shape.path, mark if shape.role in ("outline", "border") else mark._replace(width=1.2))


def _at_step(made: Content, drawn: Drawn, number: int) -> Drawn:
    """The picture with the numbers that are known at a step, in their places."""
    by_part: dict[str, dict[str, Placeholder]] = {}
    for place in made.placeholders:
        by_part.setdefault(place.id, {})[place.role] = place
    current = made.story.steps[number].arrows
    routes = dict(drawn.layout.arrows)

    def known(part: Box | Arrow) -> tuple[Line, ...]:
        lines: list[Line] = []
        for role, run in groupby(part.lines, key=lambda line: line.role):
            rows, place = list(run), by_part.get(part.id, {}).get(role)
            written = [row.text for row in rows] if place is None else _lines(made, place, number)
            lines += [Line(role, written[row] if row < len(written) else "") for row in range(len(rows))]
        return tuple(lines)

    arrows = []
    for arrow in drawn.diagram.arrows:
        arrows.append(replace(arrow, lines=known(arrow)))
        if not any(line.text for line in arrows[-1].lines) or (drawn.compact and arrow.id not in current):
            routes[arrow.id] = routes[arrow.id]._replace(label=None)
    diagram: Diagram = replace(
        drawn.diagram,
        boxes=tuple(replace(box, lines=known(box)) for box in drawn.diagram.boxes),
        arrows=tuple(arrows),
    )
    return drawn._replace(diagram=diagram, layout=replace(drawn.layout, arrows=routes))


def _lines(made: Content, place: Placeholder, number: int) -> list[str]:
    """What a placeholder shows at a step; the page's script has the same rule (`lines` in player.js)."""
    seen = [sighting for sighting in place.seen if sighting.step <= number]
    if not seen:
        return []
    if place.fixed:
        return [place.prefix]
    rows = block(made.story.quantities[seen[-1].number].value, made.precision)
    if not seen[-1].complete:
        rows[-1] += TO_COME
    return [place.prefix + rows[0]] if len(rows) == 1 else [place.prefix, *rows]


def _words(made: Content, number: int, slide: _Slide) -> Iterator[Text]:
    """The heading with the expression, the sentence, and the equations."""
    texts, step, last = made.texts, made.story.steps[number], len(made.story.steps) - 1
    heading = texts.step_of.format(step=number, steps=last)
    if step.direction:
        heading += f" \N{MIDDLE DOT} {texts.named(f'direction_{step.direction}')}"
    right = slide.width - _MARGIN - columns(heading) * ADVANCE * _HEADING
    room = int((right - 2 * _MARGIN) / (ADVANCE * _HEADING))
    expression, y = _cut(one_line(made.drawing.expression, False), room), _HEADING + _MARGIN
    yield Text("title", expression, _MARGIN, y, _HEADING, "start")
    yield Text("kind", heading, right, y, _HEADING, "start")
    y = slide.height - _MARGIN - _FOOT + 1.4 * _SENTENCE
    for line in _wrapped(_said(made, step.statement), slide.width - 2 * _MARGIN, _SENTENCE)[:3]:
        yield Text("local", line, _MARGIN, y, _SENTENCE, "start")
        y += 1.35 * _SENTENCE
    y += 0.6 * _EQUATION
    for equation in step.equations[:2]:
        line = "  ".join(_term(made, term) for term in equation)
        size = min(_EQUATION, (slide.width - 2 * _MARGIN) / (ADVANCE * max(columns(line), 1)))
        yield Text("contribution" if step.direction == "backward" else "value", line, _MARGIN, y, size, "start")
        y += 1.4 * _EQUATION


def _term(made: Content, term: Term) -> str:
    number = "" if term.number is None else made.shown(term.number)
    return " ".join(filter(None, (term.sign, term.caption, number)))


def _said(made: Content, said: Phrase) -> str:
    return "".join(piece.text if piece.number is None else made.shown(piece.number) for piece in said)


def _wrapped(text: str, width: float, size: float) -> Sequence[str]:
    most = int(width / (ADVANCE * size))
    wide = columns(text) / max(len(text), 1)  # Chinese letters take two columns
    return textwrap.wrap(text, max(8, int(most / wide)), break_on_hyphens=False)


def _cut(text: str, most: int) -> str:
    return text if columns(text) <= most else f"{text[: max(most - 1, 0)]}\N{HORIZONTAL ELLIPSIS}"
