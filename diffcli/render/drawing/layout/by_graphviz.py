"""The layout by Graphviz.

Graphviz gets rectangles of fixed size and no text, so that it needs no fonts, and nothing of what a user wrote. An
arrow's label is a node of its own in the middle of the arrow: it keeps clear of everything else, and stands on its
arrow, so that nobody asks which one it belongs to.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from diffcli.render.drawing.diagram import Box, Diagram
from diffcli.render.drawing.layout.box_sizes import ARROW_DISTANCE, Size, box_size, flat, heading_size, label_size
from diffcli.render.drawing.layout.dot_solver import Cluster, Link, Node, Solution, solved
from diffcli.render.drawing.layout.ends import MARGIN, ends, incoming_arrows, lower_end, upper_end
from diffcli.render.drawing.layout.geometry import (
    PLATE_DISTANCE,
    Layout,
    Point,
    Rect,
    Route,
    around,
    before_end,
    chain,
    outer_first,
    straight,
)
from diffcli.render.drawing.layout.rank_gaps import stretched
from diffcli.render.drawing.layout.routing import Ground, side_by_side

#: Room between ranks, and between neighbours, in points.
RANK_GAP, NODE_GAP = 34.0, 18.0
#: Straight pieces of an arrow below its upper box and above its lower one, where tips and the operand's position stand.
_LEADS = (9.0, 13.0)
#: For so many arrows at its lower side a box is made wider; more stand closer.
_WIDENED = 6


def graphviz_layout(diagram: Diagram) -> Layout:
    """Place a diagram with Graphviz's `dot`: inputs at the top, the output at the bottom, operands from left to right.

    The same diagram gives the same layout. Raises ImportError where pygraphviz is not installed.
    """
    plan = _plan(diagram)
    return _read(plan, solved(plan.nodes, plan.links, plan.clusters, _rank_gap(diagram), NODE_GAP))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A diagram in the solver's terms, which name each part by its place in the diagram and say nothing else of it."""

    diagram: Diagram
    sizes: Mapping[str, Size]
    incoming: Mapping[str, Sequence[int]]
    nodes: Sequence[Node]
    links: Sequence[Link]
    clusters: Sequence[Cluster]


def _rank_gap(diagram: Diagram) -> float:
    """The room between ranks, more where many arrows meet: they need height to get apart."""
    busiest = max((len(arrows) for arrows in incoming_arrows(diagram).values()), default=0)
    return RANK_GAP + min(4.0 * max(busiest - 2, 0), 40.0)


def _plan(diagram: Diagram) -> _Plan:
    incoming = incoming_arrows(diagram)
    outgoing = Counter(upper_end(diagram, arrow) for arrow in diagram.arrows)
    sizes = {
        box.id: box_size(box, max(len(incoming[box.id]), min(outgoing[box.id], _WIDENED)), diagram.setting)
        for box in diagram.boxes
    }
    names = {box.id: f"b{number}" for number, box in enumerate(diagram.boxes)}
    ported = {box.id for box in diagram.boxes if any(diagram.arrows[number].position for number in incoming[box.id])}
    nodes = []
    for box in diagram.boxes:
        ports = _ports(box, sizes[box.id], len(incoming[box.id])) if box.id in ported else ()
        nodes.append(Node(names[box.id], *sizes[box.id], ports))
    links = []
    for number, arrow in enumerate(diagram.arrows):
        upper, lower = upper_end(diagram, arrow), lower_end(diagram, arrow)
        port = incoming[lower].index(number) if lower in ported else None
        if arrow.lines:
            nodes.append(Node(f"t{number}", *label_size(arrow, diagram.setting.font_scale)))
            links.append(Link(f"a{number}", names[upper], f"t{number}"))
            links.append(Link(f"z{number}", f"t{number}", names[lower], port, 3))
        else:
            links.append(Link(f"a{number}", names[upper], names[lower], port))
    members = _members(diagram, names)
    for number, frame in enumerate(diagram.frames):
        if not members[frame.id]:  # Graphviz forgets empty clusters
            nodes.append(Node(f"p{number}", 20.0, 10.0))
            members[frame.id].append(f"p{number}")
    return _Plan(diagram, sizes, incoming, nodes, links, _clusters(diagram, members))


def _members(diagram: Diagram, names: Mapping[str, str]) -> dict[str, list[str]]:
    """The nodes in each frame and in none within it: boxes, and labels of the arrows between parts of it."""
    members: dict[str, list[str]] = {frame.id: [] for frame in diagram.frames}
    for box in diagram.boxes:
        if box.frame is not None:
            members[box.frame].append(names[box.id])
    chains = _chains(diagram)
    for number, arrow in enumerate(diagram.arrows):
        shared = next((frame for frame in chains[arrow.tail] if frame in chains[arrow.head]), None)
        if arrow.lines and shared is not None:
            members[shared].append(f"t{number}")
    return members


def _clusters(diagram: Diagram, members: Mapping[str, Sequence[str]]) -> list[Cluster]:
    """The frames in the solver's terms, each after the one around it."""
    names = {frame.id: f"f{number}" for number, frame in enumerate(diagram.frames)}
    return [
        Cluster(
            names[frame.id],
            *heading_size(frame.label, diagram.setting.font_scale),
            tuple(members[frame.id]),
            names[frame.within] if frame.within else None,
        )
        for frame in outer_first(diagram.frames)
    ]


def _chains(diagram: Diagram) -> dict[str, list[str]]:
    """The frames around each box, the innermost first."""
    within = {frame.id: frame.within for frame in diagram.frames}
    return {box.id: chain(box.frame, within) for box in diagram.boxes}


def _ports(box: Box, size: Size, count: int) -> tuple[float, ...]:
    """The cells of a box's upper side, a point wide, where its operands arrive, and the gaps between them."""
    cells: list[float] = []
    reached = 0.0
    for x in ends(flat(box, size.width), count):
        cells += [x - 0.5 - reached, 1.0]
        reached = x + 0.5
    return (*cells, size.width - reached)


def _read(plan: _Plan, solution: Solution) -> Layout:
    diagram = plan.diagram
    solution = stretched(solution, plan.nodes, _slants(plan, solution))
    middles = {name: Point(x + MARGIN, y + MARGIN) for name, (x, y) in solution.nodes.items()}
    boxes = {box.id: around(middles[f"b{number}"], plan.sizes[box.id]) for number, box in enumerate(diagram.boxes)}
    labels = {
        arrow.id: around(middles[f"t{number}"], label_size(arrow, diagram.setting.font_scale))
        for number, arrow in enumerate(diagram.arrows)
        if arrow.lines
    }
    frames = {frame.id: _panel(*solution.clusters[f"f{number}"]) for number, frame in enumerate(diagram.frames)}
    arrows = _routes(plan, solution, boxes, labels, frames)
    return Layout(round(solution.width + 2 * MARGIN), round(solution.height + 2 * MARGIN), boxes, arrows, frames)


def _panel(left: float, high: float, right: float, low: float) -> Rect:
    return Rect(round(left + MARGIN, 2), round(high + MARGIN, 2), round(right - left, 2), round(low - high, 2))


def _routes(
    plan: _Plan, solution: Solution, boxes: Mapping[str, Rect], labels: Mapping[str, Rect], frames: Mapping[str, Rect]
) -> dict[str, Route]:
    """The arrows' ways, eased where nothing is in their way, through the middles of their labels."""
    diagram, chains = plan.diagram, _chains(plan.diagram)
    curves = {name: [Point(x + MARGIN, y + MARGIN) for x, y in points] for name, points in solution.links.items()}
    starts, stops = _ends(plan, boxes, curves)
    ground = Ground([*boxes.values(), *labels.values()])
    routes = {}
    for number, arrow in enumerate(diagram.arrows):
        curve, start, stop, label = curves[f"a{number}"], starts[number], stops[number], labels.get(arrow.id)
        near = {*chains[arrow.tail], *chains[arrow.head]}
        foreign = [panel for frame, panel in frames.items() if frame not in near]
        if label is None:
            path = ground.eased(curve, start, stop, _LEADS, foreign)
        else:
            top, bottom = Point(label.centre.x, label.y), Point(label.centre.x, label.bottom)
            path = [*ground.eased(curve, start, top, (_LEADS[0], 0.0), foreign), *straight(top, bottom)]
            path += ground.eased(curves[f"z{number}"], bottom, stop, (0.0, _LEADS[1]), foreign)[1:]
        high, low = path[0].y, path[-1].y  # easing may lead a curve beyond its ends, off the page
        path = [Point(round(point.x, 2), round(min(max(point.y, high), low), 2)) for point in path]
        plate = before_end(path, PLATE_DISTANCE) if arrow.position else None
        downwards = arrow.tail == upper_end(diagram, arrow)
        routes[arrow.id] = Route(tuple(path if downwards else path[::-1]), label, plate)
    return routes


def _slants(plan: _Plan, solution: Solution) -> Iterator[tuple[str, str, float]]:
    """The distance that each link goes to the side, from the nearest point of its upper node to its lower end."""
    widths = {node.name: node.width for node in plan.nodes}
    for link in plan.links:
        upper, lower = solution.nodes[link.upper][0], solution.nodes[link.lower][0]
        room = (widths[link.upper] if link.upper[0] == "b" else 0.0) / 2 + (
            widths[link.lower] if link.lower[0] == "b" else 0.0
        ) / 2
        yield link.upper, link.lower, max(abs(upper - lower) - room + 20.0, 0.0)


def _ends(
    plan: _Plan, boxes: Mapping[str, Rect], curves: Mapping[str, Sequence[Point]]
) -> tuple[dict[int, Point], dict[int, Point]]:
    """Both ends of each arrow: operands in their order, other ends in the order in which the lines part."""
    diagram = plan.diagram
    outgoing: dict[str, list[int]] = {box.id: [] for box in diagram.boxes}
    for number, arrow in enumerate(diagram.arrows):
        outgoing[upper_end(diagram, arrow)].append(number)
    down = {number: [point.x for point in curves[f"a{number}"][3::3]] for number in range(len(diagram.arrows))}
    up = {
        number: [point.x for point in curves.get(f"z{number}", curves[f"a{number}"])[-4::-3]]
        for number in range(len(diagram.arrows))
    }
    starts, stops = {}, {}
    for box in diagram.boxes:
        rect, (left, right) = boxes[box.id], flat(box, plan.sizes[box.id].width)
        above, below = plan.incoming[box.id], sorted(outgoing[box.id], key=lambda number: down[number][:2])
        if not any(diagram.arrows[number].position for number in above):
            above = sorted(above, key=lambda number: up[number][:2])
        side = (rect.x + left, rect.x + right)
        for number, x in zip(
            above, side_by_side([up[number][0] for number in above], side, ARROW_DISTANCE), strict=True
        ):
            stops[number] = Point(x, rect.y)
        for number, x in zip(
            below, side_by_side([down[number][0] for number in below], side, ARROW_DISTANCE), strict=True
        ):
            starts[number] = Point(x, rect.bottom)
    return starts, stops
