"""Groups folded to one node each."""

from collections.abc import Sequence
from dataclasses import replace

from diffcli.analysis.drawing.drawing import Drawing, DrawnEdge, DrawnNode, Group
from diffcli.execute.arrays import Array, arrayed


def folded(drawing: Drawing, depth: int) -> Drawing:
    """The drawing with groups nested more than `depth` deep folded; 0 folds all.

    A folded group is drawn as its result. Its operands are the nodes outside that it takes, each
    once, in the order in which it first takes them; what flows back to one is the sum of all its flows there.
    """
    groups = drawing.groups
    roots = _roots(groups, depth)
    root_of = {node.id: roots[node.group] for node in drawing.nodes if node.group is not None and node.group in roots}
    stand_in = {member: groups[root].result for member, root in root_of.items()}
    members: dict[int, list[int]] = {}
    for member, root in root_of.items():
        members.setdefault(root, []).append(member)
    kept = [number for number in range(len(groups)) if number not in roots]
    place = {number: position for position, number in enumerate(kept)}
    nodes = []
    for node in drawing.nodes:
        if node.id not in root_of:
            nodes.append(_in_group(node, node.group, place))
        elif stand_in[node.id] == node.id:
            group = groups[root_of[node.id]]
            span = group.span if group.kind != "intermediate" else next(iter(node.calls), node.row.span)
            calls = tuple(call for call in node.calls[:1] if not (span.start <= call.start and call.end <= span.end))
            closed = node._replace(
                kind="folded", title=group.label, folded=tuple(members[root_of[node.id]]), span=span, calls=calls
            )
            nodes.append(_in_group(closed, group.within, place))
    return replace(
        drawing, nodes=tuple(nodes), edges=_edges(drawing, stand_in), groups=tuple(groups[number] for number in kept)
    )


def deepest(groups: Sequence[Group]) -> int:
    """The most groups that are nested in each other."""
    return max(_levels(groups), default=0)


def _levels(groups: Sequence[Group]) -> list[int]:
    """For each group how many groups it is in, itself included."""
    found: list[int] = []
    for group in groups:
        found.append(1 if group.within is None else found[group.within] + 1)
    return found


def _roots(groups: Sequence[Group], depth: int) -> dict[int, int]:
    """For each group that is no longer drawn the outermost such group around it."""
    roots: dict[int, int] = {}
    for number, level in enumerate(_levels(groups)):
        if level > depth:
            roots[number] = roots.get(groups[number].within, number)  # type: ignore[arg-type]  # None is around nothing
    return roots


def _in_group(node: DrawnNode, group: int | None, place: dict[int, int]) -> DrawnNode:
    return node._replace(group=None if group is None else place[group])


def _edges(drawing: Drawing, stand_in: dict[int, int]) -> tuple[DrawnEdge, ...]:
    """The edges between what is drawn; those from a folded group to one node are joined."""
    joined: dict[tuple[int, int], list[DrawnEdge]] = {}
    edges: list[DrawnEdge | tuple[int, int]] = []
    for edge in drawing.edges:
        target = stand_in.get(edge.target, edge.target)
        if edge.source not in stand_in:
            edges.append(edge._replace(target=target))
        elif (source := stand_in[edge.source]) != target:
            if (source, target) not in joined:
                edges.append((source, target))
            joined.setdefault((source, target), []).append(edge)
    taken: dict[int, int] = {}
    found = []
    for entry in edges:
        if isinstance(entry, DrawnEdge):
            found.append(entry)
        else:
            operand = taken[entry[0]] = taken.get(entry[0], -1) + 1
            found.append(_sum(*entry, operand, joined[entry]))
    return tuple(found)


def _sum(source: int, target: int, operand: int, parallel: Sequence[DrawnEdge]) -> DrawnEdge:
    """One edge for all by which a folded group takes a node."""
    total: Array | None = None
    for edge in parallel:
        if edge.contribution is not None:
            total = edge.contribution if total is None else arrayed(total + edge.contribution)
    flows = tuple(edge.flow for edge in parallel if edge.flow is not None)
    return DrawnEdge(
        source,
        target,
        operand,
        total,
        None,
        max((edge.step for edge in parallel if edge.step is not None), default=None),
        flows,
    )
