"""A picture as SVG: text stays text, colours stand in one stylesheet, and nothing comes from elsewhere."""

from collections.abc import Iterator, Mapping
from html import escape

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.extent import Extent
from diffcli.render.drawing.layout.geometry import Layout
from diffcli.render.drawing.painting.paint import Paint, arrow_paints, box_paints, frame_paints, text_ink
from diffcli.render.drawing.painting.parts import Part, Text, painted
from diffcli.render.drawing.painting.shapes import Path
from diffcli.render.drawing.theme import ARROW_SHAPES, BOX_SHAPES, DARK, LIGHT, Palette, palette
from diffcli.source import visible

#: Monospaced fonts of the usual systems; none is wider than the layout's measure.
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"


def svg(
    diagram: Diagram,
    layout: Layout,
    theme: Theme | None = "auto",
    standalone: bool = True,
    legend: bool = True,
    extent: Extent | None = None,
    look: str = "diagram",
) -> str:
    """The picture as an SVG document, or without the XML header as an element of an HTML page.

    Every box is a `<g id=... class="box LOOK">` (`output` too if it is one), every arrow `<g class="arrow LOOK">`,
    every frame `<g class="frame">`; each line of text is a `<text class=ROLE>`. The size is in points, unless
    `extent` has it in pixels. `auto` follows the reader's colour scheme; with None the colours are left to the page
    around it, which has the `stylesheet`. `look` are
    the classes of the whole, of which one is `diagram`.
    """
    painting = painted(diagram, layout, legend, extent)
    width, height = _number(painting.width), _number(painting.height)
    namespace = 'xmlns="http://www.w3.org/2000/svg"'
    size = f'width="{width}pt" height="{height}pt"'
    if extent is not None and extent.pixels:
        size = f'width="{_number(extent.width)}" height="{_number(extent.height)}"'
    left, top = _number(painting.left), _number(painting.top)
    size += f' viewBox="{left} {top} {width} {height}"'
    corner = f'x="{left}" y="{top}" ' if painting.left or painting.top else ""
    head = ['<?xml version="1.0" encoding="UTF-8"?>'] if standalone else []
    lines = [
        *head,
        f'<svg {namespace} class="{look}" {size} role="img" xml:space="preserve">',
        f"<title>{_text(diagram.title)}</title>",
        f"<desc>{_text(summary(diagram))}</desc>",
        *([] if theme is None else [f"<style>\n{stylesheet(theme)}</style>"]),
        f'<rect class="ground" {corner}width="{width}" height="{height}"/>',
    ]
    for part in painting.parts:
        lines += _part(part)
    return "\n".join([*lines, "</svg>", ""])


def summary(diagram: Diagram) -> str:
    """The picture in words: what each box says, one after the other."""
    return "; ".join(box.description or " ".join(line.text for line in box.lines) for box in diagram.boxes)


def stylesheet(theme: Theme, scope: str = ".diagram") -> str:
    """CSS for a picture, every rule below `scope`; with `auto` light rules, then dark ones for who prefers them."""
    if theme != "auto":
        return _font_rules(scope) + _colour_rules(palette(theme), scope)
    dark = f"@media (prefers-color-scheme: dark) {{\n{_colour_rules(DARK, scope)}}}\n"
    return _font_rules(scope) + _colour_rules(LIGHT, scope) + dark


def _font_rules(scope: str) -> str:
    return (
        f"{scope} text {{ font-family: {FONTS}; white-space: pre; }}\n"
        f"{scope} .title {{ font-weight: bold; }}\n"
        f"{scope} .frame text {{ font-weight: bold; }}\n"
        f"{scope} path {{ stroke-linejoin: round; }}\n"
    )


def _colour_rules(colours: Palette, scope: str) -> str:
    rules = [f"{scope} .ground {{ fill: {colours.ground}; }}"]
    for look in BOX_SHAPES:
        rules += _paint_rules(f"{scope} .{look}", box_paints(look, colours))
    for arrow in ARROW_SHAPES:
        rules += _paint_rules(f"{scope} .{arrow}", arrow_paints(arrow, colours))
    rules += _paint_rules(f"{scope} .frame", frame_paints(colours))
    for role in colours.lines:
        rules += _paint_rules(f"{scope} .{role}", {"swatch": Paint(text_ink(role, colours), None)})
    rules += [
        f"{scope} text.{role} {{ fill: {text_ink(role, colours)}; }}"
        for role in (*colours.lines, "frame-name", "position", "legend")
    ]
    return "\n".join(rules) + "\n"


def _paint_rules(scope: str, paints: Mapping[str, Paint]) -> Iterator[str]:
    for role, paint in paints.items():
        rule = f"fill: {paint.fill or 'none'}; stroke: {paint.stroke or 'none'};"
        if paint.stroke:
            rule += f" stroke-width: {_number(paint.width)};"
        if paint.dashes:
            cap = "round" if paint.dashes[0] < 2 else "butt"
            rule += f" stroke-dasharray: {' '.join(map(_number, paint.dashes))}; stroke-linecap: {cap};"
        yield f"{scope} .{role} {{ {rule} }}"


def _part(part: Part) -> Iterator[str]:
    classes = [part.kind, *([part.look] if part.look else []), *(["output"] if part.output else [])]
    if part.kind == "entry" and part.look is None and not part.output:
        classes.append(part.texts[0].role)
    yield f'<g id="{_text(part.id)}" class="{" ".join(classes)}">'
    if part.whole:
        yield f"<title>{_text(part.whole)}</title>"
    yield from (f'<path class="{shape.role}" d="{path_data(shape.path)}"/>' for shape in part.shapes)
    yield from map(_text_element, part.texts)
    yield "</g>"


def _text_element(text: Text) -> str:
    anchor = ' text-anchor="middle"' if text.anchor == "middle" else ""
    role = "frame-name" if text.role == "frame" else text.role
    place = f'x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}"'
    return f'<text class="{role}" {place}{anchor}>{_text(text.text)}</text>'


def path_data(path: Path) -> str:
    """A path in SVG's notation."""
    return " ".join(
        command.verb + " ".join(f"{_number(point.x)},{_number(point.y)}" for point in command.points)
        for command in path
    )


def _text(text: str) -> str:
    """Text as XML holds it: no markup, no control characters; line breaks only between sentences of ours."""
    return escape("\n".join(map(visible, text.split("\n"))))


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
