"""The order of the items on each layer, with few crossings of links: sweeps by barycentres, up and down.

Frames keep together what they hold, and two frames that share layers stand in the same order on all of them, so that
rectangles can be drawn around them later: a frame has one key for all layers, and items are sorted by the keys of the
frames around them before their own.
"""

from bisect import bisect, insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

from diffcli.render.drawing.layout.layer_graph import LayerGraph

_SWEEPS = 16

Layers = list[list[int]]
#: For each item those on the layer above or below that it is linked to, each with a part of a place by which it ends
#: aside.
_Neighbours = Sequence[Sequence[tuple[int, float]]]


def ordered(graph: LayerGraph) -> Layers:
    """The items of each layer from left to right, in the order of operands where nothing speaks against it."""
    above: list[list[tuple[int, float]]] = [[] for _ in graph.items]
    below: list[list[tuple[int, float]]] = [[] for _ in graph.items]
    for link in graph.links():
        aside = link.end / (graph.items[link.lower].size.width + 1.0)  # less than half a place
        above[link.lower].append((link.upper, -aside))
        below[link.upper].append((link.lower, aside))
    for links in above:
        links.sort(key=lambda link: -link[1])
    layers = _first(graph, above, below)
    layers = _kept_together(graph, layers)
    best, fewest = layers, _crossings(layers, below)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        layers = _swept(graph, layers, below if sweep % 2 else above, upwards=bool(sweep % 2))
        crossings = _crossings(layers, below)
        if crossings < fewest:
            best, fewest = layers, crossings
    return best


def _first(graph: LayerGraph, above: _Neighbours, below: _Neighbours) -> Layers:
    """Each layer in the order of a walk from the lowest items up, operands from left to right."""
    layers: Layers = [[] for _ in range(max((item.layer for item in graph.items), default=-1) + 1)]
    seen = [False] * len(graph.items)
    for start in (number for number in range(len(graph.items)) if not below[number]):
        stack = [start]
        while stack:
            number = stack.pop()
            if not seen[number]:
                seen[number] = True
                layers[graph.items[number].layer].append(number)
                stack += [upper for upper, _ in reversed(above[number])]
    return layers


def _places(layers: Layers) -> dict[int, float]:
    """Each item's place on its layer, counted from the layer's middle, so that places on different layers compare."""
    return {number: place - (len(layer) - 1) / 2 for layer in layers for place, number in enumerate(layer)}


def _swept(graph: LayerGraph, layers: Layers, neighbours: _Neighbours, upwards: bool) -> Layers:
    """Sort one layer after the other by the middle of each item's neighbours on the layer before it."""
    frames = _frame_keys(graph, layers)
    order = range(len(layers) - 1, -1, -1) if upwards else range(len(layers))
    swept = list(layers)
    places = _places(layers)
    for depth in order:
        keys = dict(places)
        for number in layers[depth]:
            found = [places[other] + aside for other, aside in neighbours[number]]
            if found:
                keys[number] = sum(found) / len(found)
        swept[depth] = _layer_by(graph, layers[depth], keys, frames)
        places |= _places([swept[depth]])
    return swept


def _kept_together(graph: LayerGraph, layers: Layers) -> Layers:
    """The layers in the order that they have, as far as frames allow."""
    places, frames = _places(layers), _frame_keys(graph, layers)
    return [_layer_by(graph, layer, places, frames) for layer in layers]


def _layer_by(
    graph: LayerGraph, layer: list[int], keys: Mapping[int, float], frames: Mapping[str, tuple[float, int]]
) -> list[int]:
    before = {number: place for place, number in enumerate(layer)}
    return sorted(
        layer,
        key=lambda number: [*(frames[frame] for frame in graph.items[number].frames), (keys[number], before[number])],
    )


def _frame_keys(graph: LayerGraph, layers: Layers) -> dict[str, tuple[float, int]]:
    """A frame's key: the mean place of what it holds, and a negative number of its own that parts equal frames."""
    places, held = _places(layers), dict[str, list[float]]()
    for number, item in enumerate(graph.items):
        for frame in item.frames:
            held.setdefault(frame, []).append(places[number])
    return {frame: (sum(found) / len(found), number - len(held)) for number, (frame, found) in enumerate(held.items())}


def _crossings(layers: Layers, below: _Neighbours) -> int:
    """The number of pairs of links that cross."""
    crossings = 0
    for upper, lower in pairwise(layers):
        places = {number: place for place, number in enumerate(lower)}
        ends: list[float] = []
        for number in upper:
            found = sorted(places[other] + aside for other, aside in below[number])
            crossings += sum(len(ends) - bisect(ends, end) for end in found)
            for end in found:
                insort(ends, end)
    return crossings
