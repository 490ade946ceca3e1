"""The layered layout: whatever the diagram, nothing stands over anything else, and arrows lead from box to box."""

from dataclasses import replace
from itertools import combinations, pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render.drawing.diagrams import BACKWARD, BOTH, DIAGRAMS, FRAMES, chain

from diffcli.render.drawing.diagram import Arrow, Box, Diagram, Frame, Line, Setting
from diffcli.render.drawing.layout.box_sizes import frame_label_size, text_width
from diffcli.render.drawing.layout.by_graphviz import upper_end
from diffcli.render.drawing.layout.crossings import ordered
from diffcli.render.drawing.layout.geometry import Layout, Rect, on_curve, transposed
from diffcli.render.drawing.layout.layer_graph import layer_graph, ranks
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.painting.parts import painted


@st.composite
def _diagrams(draw: st.DrawFn) -> Diagram:
    """Boxes of any size, in frames in frames or in none, with arrows from earlier ones to later ones, some of them
    twice.
    """
    count = draw(st.integers(1, 12))
    within = draw(st.lists(st.integers(-1, 2), max_size=4))
    frames = [f"g{number}" for number in range(len(within))]
    around = [frames[outer] if 0 <= outer < number else None for number, outer in enumerate(within)]
    homes = [draw(st.sampled_from([None, *frames])) for _ in range(count)]
    homes += frames  # no frame is empty
    looks = st.sampled_from(["variable", "constant", "operation", "folded"])
    boxes = tuple(
        Box(
            f"n{number}",
            draw(looks),
            (Line("title", "x" * draw(st.integers(0, 30))),) * draw(st.integers(1, 3)),
            draw(st.booleans()),
            home,
        )
        for number, home in enumerate(homes)
    )
    pairs = st.tuples(st.integers(0, len(boxes) - 1), st.integers(0, len(boxes) - 1)).filter(
        lambda pair: pair[0] < pair[1]
    )
    down = draw(st.booleans())
    arrows = []
    for number, (upper, lower) in enumerate(draw(st.lists(pairs, max_size=20)) if len(boxes) > 1 else []):
        lines = (Line("local", "local " + "1" * draw(st.integers(0, 20))),) * draw(st.integers(0, 2))
        tail, head = (upper, lower) if down else (lower, upper)
        arrows.append(Arrow(f"e{number}", "both", f"n{tail}", f"n{head}", lines, draw(st.sampled_from(["", "1", "2"]))))
    return Diagram(
        "any",
        boxes,
        tuple(arrows),
        tuple(Frame(name, name * 5, outer) for name, outer in zip(frames, around, strict=True)),
        (),
        down,
    )


def _apart(one: Rect, other: Rect, room: float = 0.0) -> bool:
    return (
        one.right + room <= other.x
        or other.right + room <= one.x
        or one.bottom + room <= other.y
        or other.bottom + room <= one.y
    )


def _inside(inner: Rect, outer: Rect) -> bool:
    return outer.x <= inner.x and outer.y <= inner.y and inner.right <= outer.right and inner.bottom <= outer.bottom


def _around(diagram: Diagram, frame: str | None) -> list[str]:
    within = {each.id: each.within for each in diagram.frames}
    found = []
    while frame is not None:
        found.append(frame)
        frame = within[frame]
    return found


def _check(diagram: Diagram, layout: Layout) -> None:
    _check_places(diagram, layout)
    for frame in diagram.frames:
        assert layout.frames[frame.id].width >= frame_label_size(frame.label).width


def _check_places(diagram: Diagram, layout: Layout) -> None:
    labels = [route.label for route in layout.arrows.values() if route.label is not None]
    assert len(labels) == sum(bool(arrow.lines) for arrow in diagram.arrows)
    assert all(_apart(one, other, 4.0) for one, other in combinations([*layout.boxes.values(), *labels], 2))
    page = Rect(0, 0, layout.width, layout.height)
    assert all(_inside(rect, page) for rect in (*layout.boxes.values(), *labels, *layout.frames.values()))
    for box in diagram.boxes:
        around = _around(diagram, box.frame)
        for frame, rect in layout.frames.items():
            assert _inside(layout.boxes[box.id], rect) if frame in around else _apart(layout.boxes[box.id], rect)
    for one, other in combinations(diagram.frames, 2):
        chains = _around(diagram, one.id), _around(diagram, other.id)
        first, second = layout.frames[one.id], layout.frames[other.id]
        if one.id in chains[1] or other.id in chains[0]:
            assert _inside(second, first) or _inside(first, second)
        else:
            assert _apart(first, second)
    for arrow in diagram.arrows:
        _check_arrow(diagram, layout, arrow)


def _check_arrow(diagram: Diagram, layout: Layout, arrow: Arrow) -> None:
    route, tail, head = layout.arrows[arrow.id], layout.boxes[arrow.tail], layout.boxes[arrow.head]
    assert len(route.path) % 3 == 1
    assert (route.position is not None) == bool(arrow.position)
    start, end = route.path[0], route.path[-1]
    upper, lower = (
        ((start, tail), (end, head)) if upper_end(diagram, arrow) == arrow.tail else ((end, head), (start, tail))
    )
    assert upper[0].y == pytest.approx(upper[1].bottom, abs=0.02)
    assert lower[0].y == pytest.approx(lower[1].y, abs=0.02)
    assert all(rect.x <= point.x <= rect.right for point, rect in (upper, lower))
    others = [rect for name, rect in layout.boxes.items() if name not in (arrow.tail, arrow.head)]
    for index in range(0, len(route.path) - 1, 3):
        for step in range(9):
            point = on_curve(route.path[index : index + 4], step / 8)
            assert not any(rect.x < point.x < rect.right and rect.y < point.y < rect.bottom for rect in others)


@settings(max_examples=150, deadline=None)
@given(_diagrams())
def test_nothing_stands_over_anything_and_frames_hold_what_is_theirs(diagram: Diagram) -> None:
    _check(diagram, layered(diagram))


@settings(max_examples=100, deadline=None)
@given(_diagrams(), st.sampled_from([0.5, 1.0, 2.0]))
def test_sideways_too(diagram: Diagram, font_scale: float) -> None:
    """Inputs on the left; above what a frame holds there is room for its name, in letters of any size."""
    diagram = replace(diagram, setting=Setting(sideways=True, font_scale=font_scale))
    layout = layered(diagram)
    _check_places(diagram, transposed(layout))
    high = frame_label_size("", font_scale).height
    for box in diagram.boxes:
        assert all(layout.boxes[box.id].y >= layout.frames[frame].y + high for frame in _around(diagram, box.frame))
    for part in painted(diagram, layout).parts:
        inside = layout.frames.get(part.id.removesuffix("name")) if part.kind == "frame" else None
        assert not inside or all(text_width(text.text, text.size) <= inside.width for text in part.texts)


@pytest.mark.parametrize("name", DIAGRAMS)
def test_every_example_has_its_places_and_can_be_painted(name: str) -> None:
    layout = layered(DIAGRAMS[name])
    _check(DIAGRAMS[name], layout)
    assert painted(DIAGRAMS[name], layout).width >= layout.width
    assert layered(DIAGRAMS[name]) == layout


@pytest.mark.parametrize("diagram", [BOTH, BACKWARD])
def test_the_edges_of_a_square_part_and_keep_the_order_of_the_operands(diagram: Diagram) -> None:
    layout = layered(diagram)
    assert layout.boxes["n0"].bottom < layout.boxes["n1"].y < layout.boxes["n1"].bottom < layout.boxes["n2"].y
    first, second = layout.arrows["e1x0"], layout.arrows["e1x1"]
    assert first.position
    assert second.position
    assert first.label
    assert second.label
    assert first.position.x < second.position.x
    assert first.label.right < second.label.x


def test_the_same_picture_points_up_or_down() -> None:
    backward = layered(BACKWARD)
    flipped = tuple(
        Arrow(arrow.id, arrow.look, arrow.head, arrow.tail, arrow.lines, arrow.position) for arrow in BACKWARD.arrows
    )
    forward = layered(Diagram(BACKWARD.title, BACKWARD.boxes, flipped))
    assert backward.boxes == forward.boxes
    assert {name: route.path[::-1] for name, route in backward.arrows.items()} == {
        name: route.path for name, route in forward.arrows.items()
    }


def test_ranks_are_the_longest_ways_and_inputs_stand_by_what_takes_them() -> None:
    rank = ranks(FRAMES)
    assert [rank[f"n{number}"] for number in (0, 1, 2, 3, 6, 7, 8)] == [0, 0, 1, 2, 3, 4, 5]
    assert rank["n4"] == rank["n5"] - 1


def _small(links: str, homes: str = "", frames: tuple[Frame, ...] = ()) -> Diagram:
    """Boxes a, b, ... with arrows such as `ab`, and the frames that the first boxes are in, `.` for none."""
    names = sorted(set(links) - {" "})
    around = dict(zip(names, homes, strict=False))
    boxes = tuple(
        Box(name, "operation", (Line("title", name),), frame=around.get(name, ".").strip(".") or None) for name in names
    )
    return Diagram(
        links, boxes, tuple(Arrow(f"e{number}", "forward", *link) for number, link in enumerate(links.split())), frames
    )


def test_crossings_are_untied() -> None:
    layout = layered(_small("ac bd ae"))
    assert layout.boxes["d"].x > max(layout.boxes["c"].x, layout.boxes["e"].x)
    mirrored = _small("ah bg cf de")
    layout = layered(mirrored)
    assert all(
        layout.boxes[arrow.tail].centre.x == pytest.approx(layout.boxes[arrow.head].centre.x)
        for arrow in mirrored.arrows
    )


def test_a_frame_keeps_clear_of_what_leads_from_one_part_of_it_to_another() -> None:
    detour = _small("ab bc", "F.F", (Frame("F", "frame"),))
    _check(detour, layered(detour))


def test_a_long_arrow_has_one_bend_where_nothing_is_in_its_way() -> None:
    layout = layered(_small("ac bc cd de ef bf"))
    assert len(layout.arrows["e5"].path) == 4


@pytest.mark.parametrize("name", DIAGRAMS)
def test_positions_of_operands_keep_clear_of_the_names_of_frames(name: str) -> None:
    diagram = DIAGRAMS[name]
    layout = layered(diagram)
    names = {frame.id: frame_label_size(frame.label) for frame in diagram.frames}
    headings = [Rect(rect.x, rect.y, *names[frame]) for frame, rect in layout.frames.items()]
    plates = [route.position for route in layout.arrows.values() if route.position is not None]
    assert all(_apart(Rect(plate.x - 5, plate.y - 5, 10, 10), heading) for plate in plates for heading in headings)


def test_deep_frames_have_room_above_and_below() -> None:
    frames = tuple(Frame(name, name, outer) for name, outer in zip("ABCDEFGH", [None, *"ABCDEFG"], strict=True))
    deep = _small("ab bc", ".H.", frames)
    _check(deep, layered(deep))


def test_arrows_that_close_a_circle_are_drawn_too() -> None:
    layout = layered(_small("ab bc ca"))
    assert layout.boxes["a"].y < layout.boxes["b"].y < layout.boxes["c"].y
    assert layout.arrows["e2"].path[0].y > layout.arrows["e2"].path[-1].y


def test_the_work_grows_about_as_the_diagram_does() -> None:
    def cost(length: int) -> float:
        diagram, times = chain(length, operands=1), []
        for _ in range(3):
            start = process_time()
            layered(diagram)
            times.append(process_time() - start)
        return min(times)

    assert cost(200) < 5 * 2.5 * cost(40)


def test_every_link_joins_neighbouring_layers() -> None:
    grid = layer_graph(FRAMES)
    assert all(grid.items[link.lower].layer - grid.items[link.upper].layer == 1 for link in grid.links())
    assert all(one.lower == other.upper for chain_ in grid.chains.values() for one, other in pairwise(chain_))
    assert sorted(number for layer in ordered(grid) for number in layer) == list(range(len(grid.items)))
