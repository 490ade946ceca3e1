"""Where Graphviz's layout puts things: nothing overlaps, arrows end at their boxes, operands stand in their order, and
always at the same places.
"""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffcli.render.drawing.diagram import Arrow, Box, Diagram, Frame, Line
from diffcli.render.drawing.layout.box_sizes import MOST_COLUMNS, box_size, columns, label_size, shown
from diffcli.render.drawing.layout.by_graphviz import graphviz_layout, upper_end
from diffcli.render.drawing.layout.geometry import Layout, Point, Rect, before_end, on_curve, shortened
from diffcli.render.drawing.layout.placement import laid_out
from diffcli.render.drawing.layout.routing import halved, side_by_side
from diffcli.render.extras import installed
from diffcli.source import visible

from .diagrams import BACKWARD, BOTH, DIAGRAMS, FRAMES

needs_graphviz = pytest.mark.skipif(not installed("pygraphviz"), reason="the extra `graph` is not installed")


def overlap(one: Rect, other: Rect, within: float = 0.5) -> bool:
    return (
        one.x < other.right - within
        and other.x < one.right - within
        and one.y < other.bottom - within
        and other.y < one.bottom - within
    )


def contains(outer: Rect, inner: Rect) -> bool:
    return (
        outer.x <= inner.x + 0.5
        and outer.y <= inner.y + 0.5
        and inner.right <= outer.right + 0.5
        and inner.bottom <= outer.bottom + 0.5
    )


def solid(diagram: Diagram, layout: Layout) -> list[Rect]:
    return [*layout.boxes.values(), *(route.label for route in layout.arrows.values() if route.label is not None)]


def check(diagram: Diagram, real: bool = True) -> Layout:
    """What holds for the layout of any diagram; of one that is not `real`, by the layout that it gets."""
    layout = graphviz_layout(diagram) if real else laid_out.__wrapped__(diagram)
    page = Rect(0, 0, layout.width, layout.height)
    rects = solid(diagram, layout)
    assert all(contains(page, rect) for rect in [*rects, *layout.frames.values()])
    assert not any(overlap(one, other) for one, other in itertools.combinations(rects, 2))
    within = {frame.id: frame.within for frame in diagram.frames}
    for box in diagram.boxes:
        for frame, panel in layout.frames.items():
            around, inside = box.frame, False
            while around is not None:
                inside, around = inside or around == frame, within[around]
            assert contains(panel, layout.boxes[box.id]) if inside else not overlap(panel, layout.boxes[box.id])
    for frame in diagram.frames:
        assert frame.within is None or contains(layout.frames[frame.within], layout.frames[frame.id])
    for arrow in diagram.arrows:
        route = layout.arrows[arrow.id]
        tail, head = layout.boxes[arrow.tail], layout.boxes[arrow.head]
        downwards = arrow.tail == upper_end(diagram, arrow)
        upper, lower = (tail, head) if downwards else (head, tail)
        high, low = (route.path[0], route.path[-1]) if downwards else (route.path[-1], route.path[0])
        assert arrow.look == "saved" or downwards == diagram.downwards
        assert len(route.path) % 3 == 1
        assert abs(high.y - upper.bottom) < 0.02
        assert upper.x <= high.x <= upper.right
        assert abs(low.y - lower.y) < 0.02
        assert lower.x <= low.x <= lower.right
        assert (route.label is not None) == bool(arrow.lines)
        assert (route.position is not None) == bool(arrow.position)
        if route.position is not None:
            assert 8 < ((route.position.x - low.x) ** 2 + (route.position.y - low.y) ** 2) ** 0.5 < 20
        if route.label is not None:
            assert any(contains(route.label, Rect(*point, 0, 0)) for point in along(route.path))
        others = [rect for box, rect in layout.boxes.items() if box not in (arrow.tail, arrow.head)]
        assert not any(inner(rect, point) for point in along(route.path) for rect in others)
    return layout


def inner(rect: Rect, point: Point) -> bool:
    return rect.x + 1 < point.x < rect.right - 1 and rect.y + 1 < point.y < rect.bottom - 1


def along(path: tuple[Point, ...]) -> list[Point]:
    return [on_curve(path[index : index + 4], step / 60) for index in range(0, len(path) - 3, 3) for step in range(61)]


@needs_graphviz
@pytest.mark.parametrize("name", DIAGRAMS)
def test_parts_stand_clear_of_each_other(name: str) -> None:
    diagram = DIAGRAMS[name]
    layout = check(diagram)
    assert set(layout.boxes) == {box.id for box in diagram.boxes}
    assert all(layout.boxes[box.id].width >= box_size(box).width for box in diagram.boxes)


@needs_graphviz
def test_both_edges_of_a_square_stay_apart_in_the_order_of_the_operands() -> None:
    for diagram, end in ((BOTH, -1), (BACKWARD, 0)):
        layout = graphviz_layout(diagram)
        one, two = layout.arrows["e1x0"], layout.arrows["e1x1"]
        assert one.label is not None
        assert two.label is not None
        assert one.label.right < two.label.x
        assert one.path[end].x + 15 < two.path[end].x


@needs_graphviz
def test_the_output_is_at_the_bottom_in_every_style() -> None:
    for diagram in DIAGRAMS.values():
        layout = graphviz_layout(diagram)
        for arrow in diagram.arrows:
            first, last = layout.boxes[arrow.tail].y, layout.boxes[arrow.head].y
            assert arrow.look == "saved" or (first < last) == diagram.downwards


@needs_graphviz
def test_operands_arrive_from_left_to_right() -> None:
    layout = graphviz_layout(FRAMES)
    ends = [layout.arrows[name].path[-1].x for name in ("a7", "a8", "a9")]
    assert ends[0] + 15 < ends[1] < ends[2] - 15


@st.composite
def diagrams(draw: st.DrawFn) -> Diagram:
    """Any acyclic diagram of a few boxes, in nested frames."""
    count = draw(st.integers(1, 7))
    frames = tuple(
        Frame(f"g{number}", f"frame {number}", f"g{number - 1}" if number and draw(st.booleans()) else None)
        for number in range(draw(st.integers(0, 2)))
    )
    boxes, arrows = [], []
    for number in range(count):
        look = draw(st.sampled_from(["variable", "parameter", "operation", "folded", "named", "saved"]))
        frame = draw(st.sampled_from([None, *(frame.id for frame in frames)]))
        lines = tuple(Line("value", "8" * draw(st.integers(0, 12))) for _ in range(draw(st.integers(0, 3))))
        boxes.append(Box(f"n{number}", look, lines, number == count - 1, frame))
        operands = draw(st.lists(st.integers(0, number - 1), max_size=3)) if number else []
        for operand, other in enumerate(operands):
            text = (Line("local", "local 1"),) if draw(st.booleans()) else ()
            arrows.append(
                Arrow(
                    f"e{number}x{operand}",
                    "both",
                    f"n{other}",
                    f"n{number}",
                    text,
                    str(operand + 1) if len(operands) > 1 else "",
                )
            )
    if draw(st.booleans()):
        return Diagram("any", tuple(boxes), tuple(arrows), frames)
    turned = tuple(Arrow(arrow.id, "backward", arrow.head, arrow.tail, arrow.lines, arrow.position) for arrow in arrows)
    return Diagram("any", tuple(boxes), turned, frames, downwards=False)


@needs_graphviz
@settings(max_examples=40, deadline=None)
@given(diagrams())
def test_any_diagram_is_laid_out_without_overlaps(diagram: Diagram) -> None:
    assert check(diagram, real=False) == laid_out(diagram)


SCRIPT = """
import json, sys
sys.path.insert(0, sys.argv[1])
from diagrams import chain, FRAMES
from diffcli.render.drawing.layout.by_graphviz import graphviz_layout
from diffcli.render.drawing.painting.svg import svg
from diffcli.render.extras import installed
from diffcli.source import visible
print(json.dumps([svg(diagram, graphviz_layout(diagram)) for diagram in (FRAMES, chain(12))]))
"""


@needs_graphviz
def test_the_same_in_every_process_and_no_word_on_stderr() -> None:
    """Not on the file descriptor either, where C libraries write;
    without fonts' configuration, without a home, without a program to start.
    """
    said = []
    for seed in ("1", "2"):
        surroundings = {
            "PYTHONHASHSEED": seed,
            "PATH": "",
            "HOME": "/nonexistent",
            "FONTCONFIG_FILE": "/nonexistent",
            "PYTHONWARNINGS": "error",
        }
        if "SYSTEMROOT" in os.environ:
            surroundings["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(Path(__file__).parent)],
            env=surroundings,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        assert done.stderr == ""
        said.append(json.loads(done.stdout))
    assert said[0] == said[1]
    assert said[0][0].startswith("<?xml")


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=30), st.floats(5, 400))
def test_ends_keep_their_order_and_distance(wished: list[float], width: float) -> None:
    places = side_by_side(wished, (0.0, width), 18.0)
    step = min(18.0, width / len(wished))
    assert all(later - earlier >= step - 1e-6 for earlier, later in itertools.pairwise(places))
    assert places[0] >= -1e-6
    assert places[-1] <= width + 1e-6
    if len(wished) == 1:
        assert abs(places[0] - min(max(wished[0], step / 2), width - step / 2)) < 1e-9


points = st.builds(Point, st.integers(0, 300), st.integers(0, 300))


@given(st.lists(points, min_size=4, max_size=4), st.floats(0, 1))
def test_halves_are_the_same_curve(curve: list[Point], t: float) -> None:
    path = halved(curve)
    assert len(path) == 7
    whole, half = on_curve(curve, t / 2), on_curve(path[:4], t)
    assert abs(whole.x - half.x) < 1e-6
    assert abs(whole.y - half.y) < 1e-6


@settings(max_examples=40)
@given(st.lists(points, min_size=7, max_size=7), st.floats(1, 40))
def test_a_shortened_line_stops_before_its_tip(path: list[Point], distance: float) -> None:
    cut = shortened(path, distance)
    assert len(cut) % 3 == 1
    gap = ((cut[-1].x - path[-1].x) ** 2 + (cut[-1].y - path[-1].y) ** 2) ** 0.5
    assert gap <= distance + 1e-3 or cut[-1] == path[0] or abs(gap - distance) < 0.05
    back = before_end(path, distance)
    assert ((back.x - path[-1].x) ** 2 + (back.y - path[-1].y) ** 2) ** 0.5 <= distance + 1e-6 or back == path[0]


@settings(max_examples=60)
@given(st.text(max_size=120))
def test_shown_text_is_printable_and_fits(text: str) -> None:
    cut = shown(text)
    assert columns(cut) <= MOST_COLUMNS
    assert not any(
        ord(character) < 0x20 or 0xD800 <= ord(character) <= 0xDFFF or 0x202A <= ord(character) <= 0x202E
        for character in cut
    )
    assert visible(cut) == cut
    assert cut == visible(text) or cut.endswith("…")


def test_widths_count_columns() -> None:
    assert columns("abc") == 3
    assert columns("中文") == 4
    assert columns("e\u0301") == 1
    assert label_size(BOTH.arrows[0]).width > label_size(Arrow("a", "both", "n", "m", (Line("local", "1"),))).width


@needs_graphviz
def test_nothing_is_said_about_large_graphs(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    import pygraphviz

    monkeypatch.setattr(pygraphviz.AGraph, "number_of_nodes", lambda graph: 5000)
    graphviz_layout(BOTH)
    assert capfd.readouterr() == ("", "")
