"""A diagram in TikZ by the layout of `layers`, in ASCII: a picture for a document, or a document of its own.

Needs TikZ, and for the document the package preview, which fits the page to the picture; pdfLaTeX, LuaLaTeX and XeLaTeX
set it alike.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.diagram import ArrowLook, BoxLook, Diagram, Line
from diffcli.render.drawing.layout.geometry import Point
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.notation.latex_text import latex_shown, latex_text
from diffcli.render.drawing.painting.paint import Paint, arrow_paints, box_paints, frame_paints, text_ink
from diffcli.render.drawing.painting.parts import Painting, Part, Text, painted
from diffcli.render.drawing.painting.shapes import Path
from diffcli.render.drawing.theme import Palette, palette

#: With more boxes than this the document takes TeX many seconds, and its text, shrunk to fit a sheet, cannot be read.
MOST_BOXES = 200
#: The longest side that TeX (16383 pt) and PDF (200 inches) can take, in points; larger pictures are shrunk to it.
LONGEST = 14000.0
#: The size in TeX's own typewriter font that takes the room of ours, which is wider, among those that it comes in.
_SIZES = {11.0: 12, 9.5: 10, 9.0: 10, 8.5: 9, 7.5: 8}

#: Chinese characters and signs by their code points.
_CHINESE = re.compile(r"U\+([3-9][0-9A-F]{3}|FF[0-6][0-9A-F])")

_HEAD = r"""\documentclass{article}
\usepackage{tikz}
\usepackage[active,tightpage]{preview}
\PreviewEnvironment{tikzpicture}
\begin{document}
\setlength\hsize{\maxdimen}% as long a line as the picture needs
"""


def tikz(diagram: Diagram, theme: Theme) -> str:
    """A document whose only page is the picture; `auto` is light, and what pdfLaTeX cannot set is its code points."""
    return f"{_HEAD}{tikz_picture(diagram, theme)}\\end{{document}}\n"


def tikz_picture(diagram: Diagram, theme: Theme, chinese: bool = False) -> str:
    """The `tikzpicture` alone, for a document that loads TikZ; each box is a node by its id, to draw around.

    Text that pdfLaTeX cannot set appears as its code points, such as U+4E2D; in a `chinese` document as it is.
    """
    diagram = diagram if chinese else _settable(diagram)
    layout, colours, font_scale = layered(diagram), palette(theme), diagram.setting.font_scale
    painting = painted(diagram, layout)
    scale = min(1.0, LONGEST / max(painting.width, painting.height))
    lines = [
        r"\begin{tikzpicture}[x=1bp, y=-1bp, line cap=round, line join=round,",
        *_styles(painting, colours, scale, font_scale),
    ]
    lines[-1] = lines[-1].removesuffix(",") + "]"
    used = dict.fromkeys(re.findall(r"diffcli-([0-9A-F]{6})", f"{lines} {_colour(colours.ground)}"))
    lines += (rf"  \definecolor{{diffcli-{code}}}{{HTML}}{{{code}}}" for code in used)
    corner = _point(Point(painting.width, painting.height), scale)
    lines.append(rf"  \fill[fill={_colour(colours.ground)}] (0,0) rectangle {corner};")
    for part in painting.parts:
        lines += (f"  {line}" for line in _part(part, colours, scale, font_scale))
    for box in diagram.boxes:
        rect = layout.boxes[box.id]
        size = f"minimum width={rect.width * scale:.4g}bp, minimum height={rect.height * scale:.4g}bp"
        lines.append(rf"  \node[inner sep=0pt, {size}] ({box.id}) at {_point(rect.centre, scale)} {{}};")
    written = "\n".join([*lines, r"\end{tikzpicture}", ""])
    return _CHINESE.sub(lambda found: chr(int(found[1], 16)), written) if chinese else written


def _settable(diagram: Diagram) -> Diagram:
    """The diagram with texts as they will appear, so that boxes are wide enough for them."""

    def settable(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(replace(line, text=latex_shown(line.text)) for line in lines)

    return replace(
        diagram,
        boxes=tuple(replace(box, lines=settable(box.lines)) for box in diagram.boxes),
        arrows=tuple(
            replace(arrow, lines=settable(arrow.lines), position=latex_shown(arrow.position))
            for arrow in diagram.arrows
        ),
        frames=tuple(replace(frame, label=latex_shown(frame.label)) for frame in diagram.frames),
        legend=tuple(replace(entry, text=latex_shown(entry.text)) for entry in diagram.legend),
    )


def _paints(part: Part, colours: Palette) -> Iterator[tuple[str, Paint]]:
    """The names and paints of a part's styles, as many as its shapes."""
    if part.kind == "frame":
        paints, name = frame_paints(colours), "frame"
    elif part.look is None:
        yield from ((f"{text.role} swatch", Paint(text_ink(text.role, colours), None)) for text in part.texts)
        return
    elif part.shapes[0].role == "line":  # `saved` is the name of a box's look and of an arrow's
        paints, name = arrow_paints(cast(ArrowLook, part.look), colours), f"{part.look} arrow"
    else:
        paints, name = box_paints(cast(BoxLook, part.look), colours), part.look
    yield from ((f"{name} {shape.role}", paints[shape.role]) for shape in part.shapes)


def _styles(painting: Painting, colours: Palette, scale: float, font_scale: float) -> Iterator[str]:
    """A style for each kind of shape and text in the picture."""
    paints = {name: paint for part in painting.parts for name, paint in _paints(part, colours)}
    for name, paint in paints.items():
        options = [f"fill={_colour(paint.fill)}"] if paint.fill else []
        if paint.stroke:
            options += [f"draw={_colour(paint.stroke)}", f"line width={paint.width * scale:.3g}bp"]
        if paint.dashes:
            pattern = " ".join(
                f"{'off' if number % 2 else 'on'} {length * scale:.3g}bp" for number, length in enumerate(paint.dashes)
            )
            options.append(f"dash pattern={pattern}")
        yield f"  {name}/.style={{{', '.join(options)}}},"
    texts = {(text.role, _size(text, font_scale)) for part in painting.parts for text in part.texts}
    zoomed = "" if scale * font_scale == 1.0 else f", scale={scale * font_scale:.4f}"
    for role, size in sorted(texts):
        font = rf"\ttfamily\fontsize{{{size}}}{{{size}}}\selectfont\frenchspacing"
        ink = _colour(text_ink(role, colours))
        yield f"  {_text_style(role, size)}/.style={{text={ink}, font={font}, inner sep=0pt{zoomed}}},"


def _size(text: Text, font_scale: float) -> int:
    """The size in which TeX's font comes, before letters are scaled."""
    return _SIZES[round(text.size / font_scale, 3)]


def _text_style(role: str, size: int) -> str:
    """A style's name: in the legend a role's text has another size than elsewhere."""
    return f"{role} text {size}"


def _part(part: Part, colours: Palette, scale: float, font_scale: float) -> Iterator[str]:
    for shape, (name, _) in zip(part.shapes, _paints(part, colours), strict=True):
        yield rf"\path[{name}] {_path(shape.path, scale)};"
    yield from (_text(text, scale, font_scale) for text in part.texts)


def _text(text: Text, scale: float, font_scale: float) -> str:
    anchor = "base west" if text.anchor == "start" else "base"
    style, place = _text_style(text.role, _size(text, font_scale)), _point(Point(text.x, text.y), scale)
    return rf"\node[{style}, anchor={anchor}] at {place} {{{latex_text(text.text)}}};"


def _path(path: Path, scale: float) -> str:
    written = []
    for command in path:
        points = [_point(point, scale) for point in command.points]
        if command.verb == "C":
            written.append(f".. controls {points[0]} and {points[1]} .. {points[2]}")
        else:
            written.append({"M": "", "L": "-- ", "Z": "-- cycle"}[command.verb] + "".join(points))
    return " ".join(written)


def _point(point: Point, scale: float) -> str:
    return f"({_number(point.x * scale)},{_number(point.y * scale)})"


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def _colour(colour: str) -> str:
    """A colour's name; it is defined inside the picture."""
    return f"diffcli-{colour[1:]}"
