"""Graphviz as a solver, from rectangles, links and nested clusters to coordinates: all that knows pygraphviz.

It runs in this process, on a graph made by calls: no file, no program started. It is given sizes and numbers only,
never a text.
"""

import contextlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, NotRequired, TypedDict


class Node(NamedTuple):
    """A rectangle; `ports` are the widths of the cells on its upper side and around them: gap, cell, cell, ..., gap."""

    name: str
    width: float
    height: float
    ports: tuple[float, ...] = ()


class Link(NamedTuple):
    """A line from the lower side of a node to the upper side of another, to one of its ports by number or anywhere."""

    name: str
    upper: str
    lower: str
    port: int | None = None
    weight: int = 1


class Cluster(NamedTuple):
    """Nodes that stay together in a rectangle with a heading; `within` is the cluster around it, an earlier one."""

    name: str
    width: float
    height: float
    nodes: tuple[str, ...]
    within: str | None = None


class Solution(NamedTuple):
    """Coordinates from the upper left corner, downwards.

    Middles of nodes, Bezier points of links (3n+1), (left, top, right, bottom) of clusters.
    """

    width: float
    height: float
    nodes: Mapping[str, tuple[float, float]]
    links: Mapping[str, tuple[tuple[float, float], ...]]
    clusters: Mapping[str, tuple[float, float, float, float]]


class _Part(TypedDict):
    """A node by its middle, or a cluster by its corners, as Graphviz writes them."""

    name: str
    pos: NotRequired[str]
    bb: NotRequired[str]


class _Edge(TypedDict):
    """A link by its points."""

    id: str
    pos: str


class _Answer(TypedDict):
    """A picture's corners, its parts and its links; no `edges` where there are none."""

    bb: str
    objects: list[_Part]
    edges: NotRequired[list[_Edge]]


#: How far lines keep above and below the nodes that they pass: Graphviz gets the nodes so much higher.
_CLEAR = 5.0
#: With more nodes than this Graphviz may straighten lines for only so many rounds: the last of them take minutes and
#: change little.
_MANY, _ROUNDS = 200, 300


def solved(
    nodes: Sequence[Node], links: Sequence[Link], clusters: Sequence[Cluster], rank_gap: float, node_gap: float
) -> Solution:
    """Coordinates by Graphviz's `dot`, the upper end of every link above its lower end; names are letters and digits.

    Raises ImportError where pygraphviz is not installed.
    """
    if not nodes:
        return Solution(0.0, 0.0, {}, {}, {})
    solution = _read(_asked(nodes, links, clusters, rank_gap, node_gap, whole=False))
    if clusters and not _downwards(solution, nodes, links):
        solution = _read(_asked(nodes, links, clusters, rank_gap, node_gap, whole=True))
    return solution


def _downwards(solution: Solution, nodes: Sequence[Node], links: Sequence[Link]) -> bool:
    heights = {node.name: node.height / 2 for node in nodes}
    middles = solution.nodes
    return all(
        middles[link.upper][1] + heights[link.upper] < middles[link.lower][1] - heights[link.lower] for link in links
    )


def _asked(
    nodes: Sequence[Node],
    links: Sequence[Link],
    clusters: Iterable[Cluster],
    rank_gap: float,
    node_gap: float,
    whole: bool,
) -> _Answer:
    """Graphviz's answer, each cluster ranked by itself, which keeps clusters compact, or the `whole` at once.

    The latter is needed where a way leaves a cluster and comes back: otherwise a link may point up.
    """
    from pygraphviz import AGraph

    graph = AGraph(directed=True, strict=False)
    graph.graph_attr.update(
        rankdir="TB",
        ranksep=_inches(rank_gap - 2 * _CLEAR),
        nodesep=_inches(node_gap),
        margin="0",
        newrank=str(whole).lower(),
    )
    if len(nodes) > _MANY:
        graph.graph_attr.update(nslimit=f"{_ROUNDS / len(nodes):.3f}")
    graph.node_attr.update(shape="box", fixedsize="true", label="", margin="0")
    graph.edge_attr.update(dir="none", tailport="s", headport="n")
    for node in nodes:
        table = {"label": _table(node.width, node.height + 2 * _CLEAR, node.ports)} if node.ports else {}
        graph.add_node(node.name, width=_inches(node.width), height=_inches(node.height + 2 * _CLEAR), **table)
    made: dict[str, AGraph] = {}
    for cluster in clusters:
        around = graph if cluster.within is None else made[cluster.within]
        label = _table(cluster.width, cluster.height, ())
        made[cluster.name] = around.add_subgraph(
            name=f"cluster_{cluster.name}", label=label, labeljust="l", labelloc="t", margin="10"
        )
        made[cluster.name].add_nodes_from(cluster.nodes)
    for link in links:
        port = {} if link.port is None else {"headport": f"p{link.port}:n"}
        graph.add_edge(link.upper, link.lower, key=link.name, id=link.name, weight=str(link.weight), **port)
    with contextlib.redirect_stderr(io.StringIO()):  # pygraphviz remarks on large graphs
        answer: _Answer = json.loads(graph.draw(format="json0", prog="dot"))
    graph.close()
    return answer


def _inches(points: float) -> str:
    return f"{points / 72:.5f}"


def _table(width: float, height: float, cells: Sequence[float]) -> str:
    """An empty table of a fixed size: what keeps room free and gives lines a place to end at.

    Graphviz counts here in whole points, and remarks on stderr when a table is larger than its node; so it is a little
    smaller.
    """
    most, high = max(int(width) - 2, 1), max(int(height) - 2, 1)
    columns, reached, taken = [], 0.0, 0
    for number, cell in enumerate(cells):
        reached += cell
        whole = min(max(1, int(reached) - taken), most - taken)
        if whole < 1:
            break
        taken += whole
        name = f' port="p{number // 2}"' if number % 2 else ""
        columns.append(f'<td{name} fixedsize="true" width="{whole}" height="{high}"></td>')
    bare = 'border="0" cellborder="0" cellspacing="0" cellpadding="0"'
    size = f'fixedsize="true" width="{most}" height="{high}"'
    return f"<<table {bare} {size}><tr>{''.join(columns) or '<td></td>'}</tr></table>>"


def _read(answer: _Answer) -> Solution:
    _, _, width, height = _numbers(answer["bb"])
    nodes, clusters = {}, {}
    for part in answer["objects"]:
        if part["name"].startswith("cluster_"):
            left, low, right, high = _numbers(part["bb"])
            clusters[part["name"].removeprefix("cluster_")] = (left, height - high, right, height - low)
        else:
            x, y = _numbers(part["pos"])
            nodes[part["name"]] = (x, height - y)
    links = {}
    for link in answer.get("edges", ()):
        points = [_numbers(point) for point in link["pos"].split()]
        links[link["id"]] = tuple((x, height - y) for x, y in points)
    return Solution(width, height, nodes, links, clusters)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]
