"""A graph as rows under each other, with rails between them: the layout of the terminal's drawing.

The output comes first, below every node its operands. The operand with the most nodes below it
stands straight under its user, the others branch off to the right before it: each branch has at
most half of its user's nodes, so n nodes never stand deeper than log2(n), and a chain stays in one column.

A node with several users is drawn once, after the last of them wherever that is possible: reading
down is the backward sweep, reading up the forward sweep. In the other places a row refers to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

#: How often the order is chosen anew from the sizes that the last one led to; most graphs need one or two.
_ROUNDS = 3


class Row(NamedTuple):
    """A node's row, or one that refers to it.

    The row is that of operand number `operand` of node `user`; both are None in the first row.
    `depth` is its column. A `branch` leaves the rail one column to its left, other rows stand under
    their user. `away` is by how many rows the node is drawn further down (or up, if negative): 0
    where it is drawn here. `open` means that the row's own column goes on below it, to its operands.
    """

    node: int
    user: int | None
    operand: int | None
    depth: int
    branch: bool
    away: int
    open: bool

    @property
    def drawn(self) -> bool:
        """Whether the node is drawn here."""
        return self.away == 0


class _Step(NamedTuple):
    """A row before all of them are known."""

    node: int
    user: int | None
    operand: int | None
    depth: int
    branch: bool
    drawn: bool


def tree(operands: Mapping[int, Sequence[int]], root: int) -> list[Row]:
    """The rows of the graph whose node n takes the nodes `operands[n]`, in linear time and without recursion."""
    weights = _heights(operands, root)
    for _ in range(_ROUNDS):
        claimed, finished = _claims(operands, root, weights)
        sizes = _sizes(claimed, finished, operands)
        if all(_largest(places, operands[node], sizes) == places[0] for node, places in claimed.items() if places):
            break
        weights = sizes
    steps = list(_steps(operands, root, claimed, sizes))
    drawn = {step.node: number for number, step in enumerate(steps) if step.drawn}
    return [
        Row(*step[:5], drawn[step.node] - number, step.drawn and bool(operands[step.node]))
        for number, step in enumerate(steps)
    ]


def _heights(operands: Mapping[int, Sequence[int]], root: int) -> dict[int, int]:
    """The longest way down from each node."""
    heights: dict[int, int] = {}
    _, finished = _claims(operands, root, {})
    for node in finished:
        heights[node] = 1 + max((heights[operand] for operand in operands[node]), default=0)
    return heights


def _claims(
    operands: Mapping[int, Sequence[int]], root: int, weights: Mapping[int, int]
) -> tuple[dict[int, list[int]], list[int]]:
    """For each node the positions of the operands drawn below it, in their order; and all nodes, operands first.

    A depth-first search that takes the heaviest operand first, and the others from the last to the
    first. What it shows in the opposite order has every node below all its users: an edge to a node
    visited before leads, shown so, downwards.
    """
    claimed: dict[int, list[int]] = {root: []}
    finished: list[int] = []
    path = [(root, iter(_order(operands[root], weights, claimed)))]
    while path:
        node, waiting = path[-1]
        for position in waiting:
            operand = operands[node][position]
            if operand not in claimed:
                claimed[node].append(position)
                claimed[operand] = []
                path.append((operand, iter(_order(operands[operand], weights, claimed))))
                break
        else:
            finished.append(node)
            path.pop()
    return claimed, finished


def _order(operands: Sequence[int], weights: Mapping[int, int], claimed: Mapping[int, object]) -> Sequence[int]:
    """The positions of operands in the order of a visit."""
    if len(operands) < 2:
        return range(len(operands))
    places = list(range(len(operands) - 1, -1, -1))
    free = [place for place in places if operands[place] not in claimed]
    if len(free) > 1 and (heaviest := _largest(free, operands, weights)) != places[0]:
        places.remove(heaviest)
        places.insert(0, heaviest)
    return places


def _largest(places: Iterable[int], operands: Sequence[int], weights: Mapping[int, int]) -> int:
    """The position of the operand with the largest weight, the last of equal ones."""
    return max(places, key=lambda place: (weights.get(operands[place], 0), place))


def _sizes(
    claimed: Mapping[int, Sequence[int]], finished: Iterable[int], operands: Mapping[int, Sequence[int]]
) -> dict[int, int]:
    """The number of nodes drawn from each node on downwards."""
    sizes: dict[int, int] = {}
    for node in finished:
        sizes[node] = 1 + sum(sizes[operands[node][position]] for position in claimed[node])
    return sizes


def _steps(
    operands: Mapping[int, Sequence[int]], root: int, claimed: Mapping[int, Sequence[int]], sizes: Mapping[int, int]
) -> Iterator[_Step]:
    """The rows from top to bottom."""
    waiting = [_Step(root, None, None, 0, False, True)]
    while waiting:
        step = waiting.pop()
        yield step
        if not step.drawn or not operands[step.node]:
            continue
        below, own = operands[step.node], set(claimed[step.node])
        straight = _largest(own or range(len(below)), below, sizes if own else {})
        waiting.append(_Step(below[straight], step.node, straight, step.depth, False, straight in own))
        for position in range(len(below) - 1, -1, -1):
            if position != straight:
                waiting.append(_Step(below[position], step.node, position, step.depth + 1, True, position in own))


def abridged(rows: Sequence[Row], first: int, last: int) -> list[Row | int]:
    """The first and the last rows with the number of those left out between; all where that gains nothing."""
    if len(rows) <= first + last + 1:
        return list(rows)
    return [*rows[:first], len(rows) - first - last, *rows[-last:]]
