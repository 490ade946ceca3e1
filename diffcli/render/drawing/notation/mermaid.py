"""A diagram as a Mermaid flowchart, as Mermaid 10, 11 and 12 and viewers of Markdown such as GitHub's draw it.

A label is a quoted string whose every character that Mermaid, Markdown or HTML could take for markup is an entity,
`#60;` for `<`: Mermaid turns it into `&#60;` at the very end, so the text is shown as it is, whatever the level of
security.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.diagram import Arrow, ArrowLook, Box, BoxLook, Diagram, Frame, Line
from diffcli.render.drawing.layout.box_sizes import shown
from diffcli.render.drawing.notation.nesting import nested
from diffcli.render.drawing.theme import ARROW_SHAPES, BOX_SHAPES, Outline, Palette, palette

#: What Mermaid draws unless the page that it runs in says otherwise; diagrams cannot raise these limits themselves. It
#: takes 500 links, of which the legend has one for each look of an arrow.
MOST_ARROWS, MOST_CHARACTERS = 496, 50_000
#: Mermaid's nearest shapes, as the brackets around a label.
_OUTLINES: Mapping[Outline, tuple[str, str]] = {
    "pill": ("([", "])"),
    "hexagon": ("{{", "}}"),
    "rectangle": ("[", "]"),
    "rounded": ("(", ")"),
    "cut": ("[(", ")]"),
    "stack": ("[[", "]]"),
    "note": (">", "]"),
}
#: How long lines of text may be, and how large its letters are unless told otherwise, in pixels.
_LINE, _FONT_SIZE = 640, 16
_LINKS: Mapping[ArrowLook, str] = {"forward": "-->", "backward": "-->", "both": "<-->", "saved": "-.-", "view": "-.->"}
#: What a label shows as it is; and a full stop between digits.
_PLAIN = re.compile(r"[A-Za-z0-9 ,=()]|(?<=[0-9])\.(?=[0-9])|[^\W\x00-\x7f\xb0\xb6\xdf\ufb02]")
#: Mermaid looks for this at any place of a line.
_DIRECTION = re.compile(r"(?<=directio)n(?=\s+(?:TB|TD|BT|RL|LR))")

#: Inside what Mermaid itself puts for `&` and `;` while it reads, and looks for in the end; a character without width
#: keeps these apart.
_OWN_MARKS = re.compile("(?<=\ufb02)(?=\u00b0)|(?<=\u00b6)(?=\u00df)")


def mermaid(diagram: Diagram, theme: Theme) -> str:
    """The diagram as a flowchart, in UTF-8, with the positions of operands before the texts of their arrows.

    `auto` leaves the ground and the text on it to the page, and is light in boxes and frames.
    Mermaid's limits are `MOST_ARROWS` and `MOST_CHARACTERS`: what is longer is written, and Mermaid refuses it.
    """
    colours = palette(theme)
    down, right = ("TB", "LR") if diagram.downwards else ("BT", "RL")
    lines = [f"flowchart {right if diagram.setting.sideways else down}", *_contents(diagram)]
    lines += (_arrow(arrow) for arrow in diagram.arrows)
    looks = [arrow.look for arrow in diagram.arrows]
    lines += _legend(diagram, looks)
    lines += _styles(diagram, looks, colours)
    settings = _settings(theme, diagram.setting.font_scale)
    return "\n".join([settings, lines[0], *(f"  {line}" for line in lines[1:]), ""])


def _settings(theme: Theme, font_scale: float) -> str:
    """Settings of the page that a diagram may change, so that numbers stand in columns and lines stay unbroken."""
    settings: dict[str, object] = {"fontFamily": "monospace", "flowchart": {"wrappingWidth": _LINE}}
    if theme != "auto":
        settings = {"theme": "dark" if theme == "dark" else "default", **settings}
    if font_scale != 1.0:
        settings["themeVariables"] = {"fontSize": f"{_FONT_SIZE * font_scale:g}px"}
    return f"%%{{init: {json.dumps(settings)}}}%%"


def _contents(diagram: Diagram) -> Iterator[str]:
    """Frames as subgraphs, and the boxes in them or in none."""
    for depth, part in nested(diagram):
        indent = "  " * depth
        if part is None:
            yield f"{indent}end"
        elif isinstance(part, Frame):
            yield f"{indent}subgraph {_id(part.id)} [{_label([part.label])}]"
        else:
            yield f"{indent}{_box(part)}"


def _box(box: Box) -> str:
    return f"{_shape(_id(box.id), box.look, _texts(box.lines))}:::{'output' if box.output else ''}{box.look}"


def _shape(name: str, look: BoxLook, texts: Iterable[str]) -> str:
    begin, end = _OUTLINES[BOX_SHAPES[look].outline]
    return f"{name}{begin}{_label(texts)}{end}"


def _arrow(arrow: Arrow) -> str:
    texts = _texts(arrow.lines)
    if arrow.position:
        texts = [f"({arrow.position}) {texts[0]}" if texts else f"({arrow.position})", *texts[1:]]
    label = f"|{_label(texts)}|" if texts else ""
    return f"{_id(arrow.tail)} {_LINKS[arrow.look]}{label} {_id(arrow.head)}"


def _legend(diagram: Diagram, looks: list[ArrowLook]) -> Iterator[str]:
    """A frame with a sample of each look of boxes and arrows, which `looks` gets; roles of lines look alike here."""
    entries = [entry for entry in diagram.legend if entry.line is None]
    if not entries:
        return
    yield 'subgraph legend [" "]'
    yield f"  direction {'TB' if diagram.setting.sideways else 'LR'}"
    for number, entry in enumerate(entries):
        if entry.arrow:
            # the text stands on the arrow, since without one two heads leave no room for a shaft
            link = f"{_LINKS[entry.arrow]}|{_label([entry.text])}|"
            yield f'  legend{number}[" "]:::sample {link} legend{number}end[" "]:::sample'
            looks.append(entry.arrow)
        else:
            look = entry.box or "operation"
            yield f"  {_shape(f'legend{number}', look, [entry.text])}:::{'output' if entry.output else ''}{look}"
    yield "end"


def _styles(diagram: Diagram, looks: Iterable[ArrowLook], colours: Palette) -> Iterator[str]:
    """Classes of boxes, and lines of arrows, which Mermaid knows by their number only."""
    boxes = [(box.look, box.output) for box in diagram.boxes]
    boxes += [(entry.box or "operation", entry.output) for entry in diagram.legend if entry.box or entry.output]
    for look, output in dict.fromkeys(boxes):
        shape, tone = BOX_SHAPES[look], colours.boxes[look]
        dashes = f",stroke-dasharray:{' '.join(f'{length:g}' for length in shape.dashes)}" if shape.dashes else ""
        width = 4 if output else shape.width
        name, border = f"{'output' if output else ''}{look}", f"stroke-width:{width:g}px{dashes}"
        yield f"classDef {name} fill:{tone.fill},stroke:{tone.stroke},color:{colours.ink},{border}"
    if any(entry.arrow for entry in diagram.legend):
        yield f"classDef sample fill:none,stroke:none,color:{colours.ink}"
    frame = f"fill:{colours.frame.fill},stroke:{colours.frame.stroke},color:{colours.ink}"
    names = [
        *(_id(frame.id) for frame in diagram.frames),
        *(["legend"] if any(entry.line is None for entry in diagram.legend) else []),
    ]
    yield from (f"style {name} {frame}" for name in names)
    numbers: dict[ArrowLook, list[str]] = {}
    for number, kind in enumerate(looks):
        numbers.setdefault(kind, []).append(str(number))
    for kind, found in numbers.items():
        line = ARROW_SHAPES[kind]
        dashes = f",stroke-dasharray:{' '.join(f'{length:g}' for length in line.dashes)}" if line.dashes else ""
        yield f"linkStyle {','.join(found)} stroke:{colours.arrows[kind]},stroke-width:{line.width:g}px{dashes}"


def _texts(lines: Iterable[Line]) -> list[str]:
    return [line.text for line in lines]


def _id(name: str) -> str:
    """A name for a box or a frame that begins like no word of Mermaid's and no name of the legend."""
    return f"n_{name}"


def _label(texts: Iterable[str]) -> str:
    """A quoted label of lines."""
    return f'"{"<br>".join(map(_escaped, texts)) or " "}"'


def _escaped(text: str) -> str:
    """Text inside a label, its spaces as wide as they are, its characters entities where they could be markup."""
    text = re.sub(r"(?<= ) |^ | $", "\u00a0", _OWN_MARKS.sub("\u2060", shown(text) or " "))
    return "#110;".join(map(_entities, _DIRECTION.split(text)))


def _entities(text: str) -> str:
    return "".join(
        match.group() if (match := _PLAIN.match(text, place)) else f"#{ord(character)};"
        for place, character in enumerate(text)
    )
