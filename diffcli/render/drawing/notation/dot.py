"""A diagram in Graphviz's language, which `dot` draws well by itself.

Text stands in HTML-like labels, the only ones that keep a colour for each line; in them all text is escaped as XML, so
it stays text.
"""

from collections.abc import Iterable, Iterator
from html import escape

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.diagram import Arrow, Box, Diagram, Frame, LegendEntry, Line
from diffcli.render.drawing.layout.box_sizes import FONT_SIZES, FRAME_SIZE, LEGEND_SIZE, POSITION_SIZE, shown
from diffcli.render.drawing.layout.layer_graph import ranks
from diffcli.render.drawing.layout.lengths import is_long
from diffcli.render.drawing.notation.nesting import nested
from diffcli.render.drawing.theme import ARROW_SHAPES, BOX_SHAPES, Outline, Palette, Tip, palette
from diffcli.source import visible

#: Graphviz's nearest shape, and what it adds to the style.
_OUTLINES: dict[Outline, tuple[str, str]] = {
    "pill": ("ellipse", ""),
    "hexagon": ("hexagon", ""),
    "rectangle": ("box", ""),
    "rounded": ("box", "rounded"),
    "cut": ("box", "diagonals"),
    "stack": ("box3d", ""),
    "note": ("note", ""),
}
_TIPS: dict[Tip, str] = {"triangle": "normal", "hollow": "onormal", "bare": "none"}
_FONT = "monospace"


def dot(diagram: Diagram, theme: Theme) -> str:
    """The diagram as a Graphviz file, in UTF-8, with its title and the descriptions as tooltips.

    `auto` is light. Boxes keep their ids as names and in SVG; arrows, frames and the legend's parts have ids too.
    """
    colours = palette(theme)
    lines = ["digraph diffcli {", *map(_indented, _defaults(diagram, colours))]
    lines += map(_indented, _contents(diagram, colours))
    lines += map(_indented, (_arrow(arrow, colours) for arrow in diagram.arrows))
    if diagram.legend:
        lines += map(_indented, _legend(diagram, colours))
    return "\n".join([*lines, "}", ""])


def _defaults(diagram: Diagram, colours: Palette) -> Iterator[str]:
    down, right = ("TB", "LR") if diagram.downwards else ("BT", "RL")
    direction = right if diagram.setting.sideways else down
    room = {"nodesep": "0.3", "ranksep": "0.45"}
    whole = _attributes(rankdir=direction, bgcolor=colours.ground, tooltip=_plain(diagram.title), **room)
    yield f"graph {whole};"
    if is_long(diagram):
        yield f"graph {_attributes(splines='line', nslimit='0.1', mclimit='0.1')};  // or it takes minutes"
    yield f"node {_attributes(fontname=_FONT, fontcolor=colours.ink, margin='0.12,0.06', height='0.3')};"
    yield f"edge {_attributes(fontname=_FONT, fontcolor=colours.faint, arrowsize='0.7', labeldistance='1.3')};"


def _contents(diagram: Diagram, colours: Palette) -> Iterator[str]:
    """Frames as clusters, and the boxes in them or in none."""
    for depth, part in nested(diagram):
        indent = "  " * depth
        if part is None:
            yield f"{indent}}}"
        elif isinstance(part, Frame):
            yield f"{indent}subgraph {_quoted('cluster_' + part.id)} {{"
            yield f"{indent}  {_frame(part, colours)}"
        else:
            yield f"{indent}{_box(part, colours)}"


def _frame(frame: Frame, colours: Palette) -> str:
    tone = colours.frame
    attributes = _attributes(
        id=frame.id,
        style="rounded,filled",
        fillcolor=tone.fill,
        color=tone.stroke,
        labeljust="l",
        tooltip=_plain(frame.label),
    )
    label = _label([(frame.label, colours.faint, FRAME_SIZE)])
    return f"graph {attributes[:-1]}, label={label}, fontname={_quoted(_FONT)}];"


def _box(box: Box, colours: Palette) -> str:
    rows, described = _rows(box.lines, colours), {"id": box.id, "tooltip": _plain(box.description)}
    return f"{_quoted(box.id)} {_box_look(box.look, box.output, colours, rows, **described)};"


def _box_look(look: str, output: bool, colours: Palette, rows: Iterable[tuple[str, str, float]], **others: str) -> str:
    shape, tone = BOX_SHAPES[look], colours.boxes[look]  # type: ignore[index]
    form, style = _OUTLINES[shape.outline]
    if output:
        others["peripheries"] = "2"
    style = ",".join(filter(None, [style, "filled", "dashed" if shape.dashes else ""]))
    attributes = _attributes(
        shape=form, style=style, fillcolor=tone.fill, color=tone.stroke, penwidth=f"{shape.width:g}", **others
    )
    return f"{attributes[:-1]}, label={_label(rows)}]"


def _arrow(arrow: Arrow, colours: Palette) -> str:
    attributes = _arrow_look(
        arrow.look, colours, id=arrow.id, tooltip=_plain(arrow.description), labeltooltip=_plain(arrow.description)
    )[:-1]
    if arrow.lines:
        attributes += f", label={_label(_rows(arrow.lines, colours), aside=True)}"
    if arrow.position:
        end = "taillabel" if arrow.look == "backward" else "headlabel"
        attributes += f", {end}={_label([(arrow.position, colours.faint, POSITION_SIZE)])}"
    return f"{_quoted(arrow.tail)} -> {_quoted(arrow.head)} {attributes}];"


def _arrow_look(look: str, colours: Palette, **others: str) -> str:
    shape, colour = ARROW_SHAPES[look], colours.arrows[look]  # type: ignore[index]
    style = "solid" if not shape.dashes else "dotted" if shape.dashes[0] < shape.dashes[1] else "dashed"
    tips = {"arrowhead": _TIPS[shape.head], "arrowtail": _TIPS[shape.tail], "dir": "both"}
    return _attributes(style=style, color=colour, penwidth=f"{shape.width:g}", **tips, **others)


def _legend(diagram: Diagram, colours: Palette) -> Iterator[str]:
    """A cluster with a sample of each look, in as many rows as the diagram has, with which they share their heights."""
    yield 'subgraph "cluster_legend" {'
    yield f"  graph {_attributes(id='legend', style='rounded', color=colours.frame.stroke, label='')};"
    names = [f"legend{number}" for number in range(len(diagram.legend))]
    for name, entry in zip(names, diagram.legend, strict=True):
        yield from map(_indented, _legend_entry(name, entry, colours))
    rows = max(ranks(diagram).values(), default=0) + 1
    for start in range(0, len(names), rows):
        column = names[start : start + rows]
        yield f"  {' -> '.join(map(_quoted, column if diagram.downwards else column[::-1]))} [style=invis, weight=100];"
    yield "}"


def _legend_entry(name: str, entry: LegendEntry, colours: Palette) -> Iterator[str]:
    if entry.arrow:
        # The arrow's two ends lie side by side, and its text at the second.
        yield f"{_quoted(name)} [shape=point, width=0.02, color={_quoted(colours.faint)}];"
        yield f"{_quoted(name + 'end')} [shape=plaintext, label={_label([(entry.text, colours.ink, LEGEND_SIZE)])}];"
        look = _arrow_look(entry.arrow, colours, minlen="2")
        yield f"{{ rank=same; {_quoted(name)} -> {_quoted(name + 'end')} {look}; }}"
    elif entry.line:
        label = _label([(entry.text, colours.lines[entry.line], LEGEND_SIZE)])
        yield f"{_quoted(name)} [shape=plaintext, label={label}];"
    else:
        rows = [(entry.text, colours.ink, LEGEND_SIZE)]
        yield f"{_quoted(name)} {_box_look(entry.box or 'operation', entry.output, colours, rows)};"


def _rows(lines: Iterable[Line], colours: Palette) -> Iterator[tuple[str, str, float]]:
    return ((line.text, colours.lines[line.role], FONT_SIZES[line.role]) for line in lines)


def _label(rows: Iterable[tuple[str, str, float]], aside: bool = False) -> str:
    """An HTML-like label of lines, each with its colour and size; `aside`, beside an arrow, with room on its left."""
    lines = [
        f'<FONT COLOR="{colour}" POINT-SIZE="{size:g}">{"&#160;" if aside else ""}{_markup(text)}</FONT>'
        for text, colour, size in rows
    ]
    return f"<{'<BR/>'.join(lines)}>" if lines else '""'


def _markup(text: str) -> str:
    """Text inside an HTML-like label, never empty; rows of spaces would become one, and `\\N` the node's name."""
    return escape(shown(text) or " ").replace(" ", "&#160;").replace("\\", "&#92;&#92;")


def _attributes(**attributes: str) -> str:
    return f"[{', '.join(f'{name}={_quoted(value)}' for name, value in attributes.items())}]"


def _plain(text: str) -> str:
    """Text of a tooltip: Graphviz replaces entities there, and twice what begins with a backslash."""
    return visible(text).replace("&", "&amp;").replace("\\", 4 * "\\")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _indented(line: str) -> str:
    return f"  {line}"
