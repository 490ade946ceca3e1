"""A diagram on layers: boxes on the even ones, joints of arrows where these cross a layer, links between neighbours.

This is the first part of the layered layout (Sugiyama, Tagawa and Toda, 1981); the order on each layer and the
coordinates follow from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.box_sizes import Size, box_size, flat, label_size, turned
from diffcli.render.drawing.layout.ends import ends, incoming_arrows, lower_end, upper_end
from diffcli.render.drawing.layout.geometry import outer_first


class Item(NamedTuple):
    """A box, an arrow's joint (the middle one with its label) or an empty place of a frame, each on a layer.

    `frames` are those around it, the outermost first.
    """

    layer: int
    size: Size
    frames: tuple[str, ...]


class Link(NamedTuple):
    """A piece of an arrow between an item and one on the next layer, and how far from the items' middles it ends."""

    upper: int
    lower: int
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class LayerGraph:
    """The items, those of boxes and labels by the ids of boxes and arrows, and each arrow's links from the top.

    The first items are the boxes, in the diagram's order.
    """

    items: Sequence[Item]
    boxes: Mapping[str, int]
    labels: Mapping[str, int]
    chains: Mapping[str, Sequence[Link]]

    def links(self) -> list[Link]:
        """All links, those of an arrow next to each other."""
        return [link for chain in self.chains.values() for link in chain]


def ranks(diagram: Diagram) -> dict[str, int]:
    """The rank of each box, 0 at the top: one more than the lowest box above it.

    Inputs, and what takes only inputs, stand right above what they lead to. Arrows that would close a circle are taken
    the other way round.
    """
    below: dict[str, list[str]] = {box.id: [] for box in diagram.boxes}
    above: dict[str, list[str]] = {box.id: [] for box in diagram.boxes}
    for arrow in diagram.arrows:
        below[upper_end(diagram, arrow)].append(lower_end(diagram, arrow))
        above[lower_end(diagram, arrow)].append(upper_end(diagram, arrow))
    found, inputs = _longest_ways(below, above), {box for box, uppers in above.items() if not uppers}
    for box in reversed(found):
        lowers = [found[lower] for lower in below[box] if found[lower] > found[box]]
        if lowers and inputs.issuperset(above[box]):
            found[box] = min(lowers) - 1
    return found


def _longest_ways(below: Mapping[str, Sequence[str]], above: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The length of the longest way from the top to each box, those above it first; a circle is cut where it is met."""
    waiting = {box: len(uppers) for box, uppers in above.items()}
    ready = [box for box, count in waiting.items() if not count]
    reached, left = dict.fromkeys(ready, 0), iter(below)
    found: dict[str, int] = {}
    while len(found) < len(below):
        box = ready.pop() if ready else next(box for box in left if box not in found)
        found[box] = reached.get(box, 0)
        for lower in below[box]:
            if lower not in found:
                reached[lower] = max(reached.get(lower, 0), found[box] + 1)
                waiting[lower] -= 1
                if not waiting[lower]:
                    ready.append(lower)
    return found


def layer_graph(diagram: Diagram) -> LayerGraph:
    """Put a diagram's boxes on layers, two for each rank, and joints of its arrows between them."""
    incoming, rank = incoming_arrows(diagram), ranks(diagram)
    around, setting = surroundings(diagram), diagram.setting
    sizes = {box.id: turned(box_size(box, len(incoming[box.id]), setting), setting) for box in diagram.boxes}
    boxes = {box.id: number for number, box in enumerate(diagram.boxes)}
    items = [Item(2 * rank[box.id], sizes[box.id], around[box.id]) for box in diagram.boxes]
    ports = {
        diagram.arrows[number].id: place - sizes[box.id].width / 2
        for box in diagram.boxes
        for number, place in zip(
            incoming[box.id], ends(flat(box, sizes[box.id].width, setting), len(incoming[box.id])), strict=True
        )
    }
    labels: dict[str, int] = {}
    chains: dict[str, Sequence[Link]] = {}
    for arrow in diagram.arrows:
        upper, lower = upper_end(diagram, arrow), lower_end(diagram, arrow)
        if rank[upper] > rank[lower]:  # it would have closed a circle
            upper, lower = lower, upper
        frames = _common(around[upper], around[lower])
        layers = range(2 * rank[upper] + 1, 2 * rank[lower])
        middle = 2 * ((rank[upper] + rank[lower]) // 2) + 1 if arrow.lines else None
        joints = range(len(items), len(items) + len(layers))
        label = turned(label_size(arrow, setting.font_scale), setting)
        items += [Item(layer, label if layer == middle else Size(0.0, 0.0), frames) for layer in layers]
        if middle is not None and layers:
            labels[arrow.id] = joints[layers.index(min(middle, layers[-1]))]
        stops = [boxes[upper], *joints, boxes[lower]]
        straight = [Link(above, below, 0.0, 0.0) for above, below in pairwise(stops)]
        chains[arrow.id] = [*straight[:-1], straight[-1]._replace(end=ports[arrow.id])]
    return LayerGraph([*items, *_empty_places(items)], boxes, labels, chains)


def surroundings(diagram: Diagram) -> dict[str, tuple[str, ...]]:
    """The frames around each box, the outermost first."""
    chains: dict[str | None, tuple[str, ...]] = {None: ()}
    for frame in outer_first(diagram.frames):
        chains[frame.id] = (*chains[frame.within], frame.id)
    return {box.id: chains[box.frame] for box in diagram.boxes}


def _common(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    shared = []
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared.append(a)
    return tuple(shared)


def _empty_places(items: Sequence[Item]) -> list[Item]:
    """Items that keep a frame's place on layers between its parts where it has none itself."""
    taken: dict[str, set[int]] = {}
    chains: dict[str, tuple[str, ...]] = {}
    for item in items:
        for depth, frame in enumerate(item.frames):
            taken.setdefault(frame, set()).add(item.layer)
            chains[frame] = item.frames[: depth + 1]
    return [
        Item(layer, Size(0.0, 0.0), chains[frame])
        for frame, layers in taken.items()
        for layer in range(min(layers), max(layers) + 1)
        if layer not in layers
    ]
