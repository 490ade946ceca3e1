"""Sizes of derivatives: written out as a tree, and as a graph in which what is equal is computed once."""

from collections.abc import Iterable
from typing import NamedTuple

from diffcli.graph.graph import Graph


class Size(NamedTuple):
    """Operations of a derivative: as a tree, and shared."""

    tree: int
    shared: int


def graph_size(graph: Graph, targets: Iterable[int]) -> Size:
    """The operations that compute the targets: each node once, and each as often as a tree would have it."""
    wanted = list(targets)
    written: dict[int, int] = {}
    for node in graph.needed(wanted):
        operands = graph.operands[node]
        written[node] = 1 + sum(written[operand] for operand in operands) if operands else 0
    return Size(sum(written[target] for target in wanted), graph.operations(wanted))
