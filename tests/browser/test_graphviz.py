"""Graphviz reads and shows our DOT files."""

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from render.drawing.diagrams import BACKWARD, BOTH, DIAGRAMS, FRAMES, LABELS

from diffcli.render.drawing.diagram import Box, Diagram, Line
from diffcli.render.drawing.layout.box_sizes import shown
from diffcli.render.drawing.notation.dot import dot
from diffcli.source import visible

_SVG = "{http://www.w3.org/2000/svg}"
#: What Graphviz would replace: a node's, an edge's, a graph's and a cluster's name, and breaks of lines.
_ESCAPES = (
    "\\N",
    "\\E",
    "\\T -> \\H",
    "\\G\\L",
    "\\",
    "\\\\",
    "a\\",
    "\\n\\l\\r",
    "&#92;N",
    "&lt;",
    "&bogus;",
    "<BR/>",
    ">",
    '\\"',
    "%%",
    "\ufffe\uffff",
    "a  b",
)


def _lines(svg: str) -> set[str]:
    return {
        (text.text or "").replace("\u00a0", " ").strip(" ") for text in ElementTree.fromstring(svg).iter(f"{_SVG}text")
    }


def test_any_text_is_shown_as_text(graphviz_dot: Callable[..., str]) -> None:
    boxes = tuple(
        Box(f"n{number}", "operation", (Line("title", text),), description=f"is {text}")
        for number, text in enumerate(_ESCAPES)
    )
    for diagram in (LABELS, Diagram("\\G <&>", boxes, ())):
        svg = graphviz_dot(dot(diagram, "light"))
        texts = [line.text for part in (*diagram.boxes, *diagram.arrows) for line in part.lines]
        assert {shown(text).strip(" ") for text in texts} - _lines(svg) == set()
    titles = {link.get("{http://www.w3.org/1999/xlink}title") for link in ElementTree.fromstring(svg).iter(f"{_SVG}a")}
    assert {visible(box.description) for box in boxes if "  " not in box.description} - titles == set()


@pytest.mark.parametrize("diagram", [BOTH, BACKWARD, FRAMES], ids=["both", "backward", "frames"])
def test_places(diagram: Diagram, graphviz_dot: Callable[..., str]) -> None:
    laid: dict[str, Any] = json.loads(graphviz_dot(dot(diagram, "dark"), "json"))
    nodes = {each["name"]: each for each in laid["objects"]}
    height = {box.id: float(nodes[box.id]["pos"].split(",")[1]) for box in diagram.boxes}
    assert all((height[arrow.tail] > height[arrow.head]) is diagram.downwards for arrow in diagram.arrows)
    drawn = [edge for edge in laid["edges"] if edge.get("id")]
    assert len({edge["pos"] for edge in drawn}) == len(diagram.arrows)
    assert {f"cluster_{frame.id}" for frame in diagram.frames} | {"cluster_legend"} == {
        name for name in nodes if name.startswith("cluster")
    }


def test_every_diagram_is_drawn(graphviz_dot: Callable[..., str]) -> None:
    for diagram in DIAGRAMS.values():
        svg = ElementTree.fromstring(graphviz_dot(dot(diagram, "auto")))
        names = {group.get("id") for group in svg.iter(f"{_SVG}g")}
        assert {part.id for part in (*diagram.boxes, *diagram.arrows, *diagram.frames)} <= names
