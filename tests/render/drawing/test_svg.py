"""SVG: valid XML whatever the texts say, every word as text, ids and classes for those who style it, colours that
everyone can read.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffcli.render.drawing.diagram import Arrow, ArrowLook, Box, BoxLook, Diagram, Frame, LegendEntry, Line, LineRole
from diffcli.render.drawing.layout.box_sizes import shown
from diffcli.render.drawing.layout.geometry import Layout, Point, Rect, Route, straight
from diffcli.render.drawing.painting.paint import text_ink
from diffcli.render.drawing.painting.svg import stylesheet, svg
from diffcli.render.drawing.theme import ARROW_SHAPES, BOX_SHAPES, DARK, LIGHT, Palette, palette
from diffcli.source import visible

from .diagrams import BOTH, DIAGRAMS, FRAMES, LABELS, TORCH

pytestmark = pytest.mark.fast

NAMESPACE = "{http://www.w3.org/2000/svg}"


def placed(diagram: Diagram) -> Layout:
    """Any layout will do for what SVG says: boxes in a row."""
    boxes = {box.id: Rect(20 + 90 * number, 20, 80, 50) for number, box in enumerate(diagram.boxes)}
    arrows = {}
    for arrow in diagram.arrows:
        start, end = Point(*boxes[arrow.tail][:2]), Point(*boxes[arrow.head][:2])
        arrows[arrow.id] = Route(
            (start, *straight(start, end)),
            Rect(30, 90, 60, 20) if arrow.lines else None,
            start if arrow.position else None,
        )
    frames = {frame.id: Rect(5, 5, 100 + 90 * len(boxes), 90) for frame in diagram.frames}
    return Layout(140 + 90 * len(boxes), 130, boxes, arrows, frames)


def parsed(text: str) -> ElementTree.Element:
    root = ElementTree.fromstring(text)
    assert root.tag == f"{NAMESPACE}svg"
    return root


def said(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{NAMESPACE}text")]


def texts(diagram: Diagram) -> Iterator[str]:
    for box in diagram.boxes:
        yield from (line.text for line in box.lines)
    for arrow in diagram.arrows:
        yield from (line.text for line in arrow.lines)
        if arrow.position:
            yield arrow.position
    yield from (frame.label for frame in diagram.frames)
    yield from (entry.text for entry in diagram.legend)


@pytest.mark.parametrize("name", DIAGRAMS)
@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_every_text_is_there_as_text(name: str, theme: str) -> None:
    diagram = DIAGRAMS[name]
    root = parsed(svg(diagram, placed(diagram), theme))  # type: ignore[arg-type]
    assert sorted(said(root)) == sorted(shown(text) for text in texts(diagram))
    assert root.find(f"{NAMESPACE}title").text == visible(diagram.title)  # type: ignore[union-attr]
    assert root.find(f"{NAMESPACE}desc") is not None
    assert root.get("role") == "img"
    assert {element.tag.removeprefix(NAMESPACE) for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "style",
        "rect",
        "g",
        "path",
        "text",
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=()), max_size=30), min_size=5, max_size=5))
def test_no_text_is_markup(words: list[str]) -> None:
    title, line, label, frame, entry = words
    box = Box("n0", "variable", (Line("title", line),), True, "g0", line)
    arrow = Arrow("e0", "both", "n0", "n0", (Line("local", label),), "1", label)
    diagram = Diagram(title, (box,), (arrow,), (Frame("g0", frame),), (LegendEntry(entry, box="variable"),))
    document = svg(diagram, placed(diagram))
    assert sorted(said(parsed(document))) == sorted(shown(text) for text in texts(diagram))
    assert parsed(document.encode()) is not None
    plain = Diagram("t", (Box("n0", "variable", (Line("title", "t"),), True, "g0", "t"),),
        (Arrow("e0", "both", "n0", "n0", (Line("local", "t"),), "1", "t"),),
                    (Frame("g0", "t"),), (LegendEntry("t", box="variable"),))  # fmt: skip
    tags = [element.tag for element in parsed(document).iter()]
    expected = [element.tag for element in parsed(svg(plain, placed(plain))).iter()]
    assert [tag for tag in tags if "title" not in tag] == [tag for tag in expected if "title" not in tag]


def test_long_texts_are_cut_and_said_in_full_elsewhere() -> None:
    text = "word " * 60
    diagram = Diagram("t", (Box("n0", "variable", (Line("title", text),)),), ())
    root = parsed(svg(diagram, placed(diagram)))
    assert said(root) == [shown(text)]
    assert shown(text).endswith("…")
    assert root.find(f".//{NAMESPACE}g/{NAMESPACE}title").text == text  # type: ignore[union-attr]


def test_ids_and_classes_are_those_of_the_diagram() -> None:
    for diagram in (BOTH, FRAMES, TORCH):
        root = parsed(svg(diagram, placed(diagram)))
        groups = {element.get("id"): element for element in root.iter(f"{NAMESPACE}g")}
        for box in diagram.boxes:
            assert groups[box.id].get("class") == f"box {box.look}" + (" output" if box.output else "")
            assert [element.get("class") for element in groups[box.id].iter(f"{NAMESPACE}text")] == [
                line.role for line in box.lines
            ]
        for arrow in diagram.arrows:
            assert groups[arrow.id].get("class") == f"arrow {arrow.look}"
        assert all(groups[frame.id].get("class") == "frame" for frame in diagram.frames)
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))


def test_the_size_is_in_points_and_the_legend_can_be_left_out() -> None:
    layout = placed(BOTH)
    root = parsed(svg(BOTH, layout, legend=False))
    assert (root.get("width"), root.get("height")) == (f"{layout.width}pt", f"{layout.height}pt")
    assert root.get("viewBox") == f"0 0 {layout.width} {layout.height}"
    assert "legend" not in {element.get("class") for element in root.iter(f"{NAMESPACE}text")}
    full = parsed(svg(BOTH, layout))
    assert float(full.get("width", "0pt")[:-2]) * float(full.get("height", "0pt")[:-2]) > layout.width * layout.height
    for element in full.iter(f"{NAMESPACE}text"):
        assert 0 <= float(element.get("x", "-1")) <= float(full.get("width", "0pt")[:-2])
        assert 0 <= float(element.get("y", "-1")) <= float(full.get("height", "0pt")[:-2])


def test_it_stands_alone_or_in_a_page_and_asks_for_nothing() -> None:
    alone, inlined = svg(LABELS, placed(LABELS)), svg(LABELS, placed(LABELS), standalone=False)
    assert alone.startswith("<?xml")
    assert inlined.startswith("<svg")
    assert alone.endswith(inlined)
    assert re.findall(r"https?://[^\s\"<]+", alone) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"url\(|@import|href|<script", alone)


def test_the_theme_is_in_the_style_sheet() -> None:
    auto = svg(BOTH, placed(BOTH), "auto")
    assert LIGHT.ground in auto.split("@media (prefers-color-scheme: dark)")[0]
    assert DARK.ground in auto.split("@media (prefers-color-scheme: dark)")[1]
    assert DARK.ground not in svg(BOTH, placed(BOTH), "light")
    assert LIGHT.boxes["variable"].fill not in svg(BOTH, placed(BOTH), "dark")
    assert palette("auto") is LIGHT
    rules = [rule for rule in stylesheet("dark", "#here .picture").splitlines() if rule]
    assert all(rule.startswith("#here .picture ") for rule in rules)


def luminance(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2.2, definition of the same name)."""
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def text_backgrounds(colours: Palette) -> dict[str, tuple[str, ...]]:
    """For each role of a text all colours that it may stand on: what its contrast is measured against."""
    boxes = tuple(tone.fill for tone in colours.boxes.values())
    labels = (colours.ground, colours.frame.fill)
    return {
        "title": boxes, "kind": boxes, "value": boxes, "gradient": boxes, "local": (*boxes, *labels),
        "contribution": (*boxes, *labels), "frame": (colours.frame.fill,), "position": (colours.plate.fill,),
        "legend": (colours.ground,),
    }  # fmt: skip


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_has_the_contrast_that_readers_need(colours: Palette) -> None:
    for role, backgrounds in text_backgrounds(colours).items():
        assert all(contrast(text_ink(role, colours), background) >= 4.5 for background in backgrounds), role
    assert all(
        contrast(colours.lines[role], colours.ground) >= 4.5 for role in get_args(LineRole)
    )  # the legend writes in these inks


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_outlines_and_arrows_are_seen(colours: Palette) -> None:
    for look in get_args(BoxLook):
        assert contrast(colours.boxes[look].stroke, colours.ground) >= 3
    for arrow in get_args(ArrowLook):
        assert contrast(colours.arrows[arrow], colours.ground) >= 3
        assert contrast(colours.arrows[arrow], colours.frame.fill) >= 3


def test_looks_differ_by_more_than_colour() -> None:
    graph = ("variable", "parameter", "constant", "operation", "named", "folded")
    torch = ("function", "accumulate", "leaf", "base", "saved", "tensor")
    assert set(BOX_SHAPES) == set(get_args(BoxLook)) == {*graph, *torch}
    for looks in (graph, torch):
        assert len({(BOX_SHAPES[look].outline, BOX_SHAPES[look].dashes) for look in looks}) == len(looks)  # type: ignore[index]
    assert len({(shape.dashes, shape.head, shape.tail) for shape in ARROW_SHAPES.values()}) == len(get_args(ArrowLook))
