"""Whether a variable without a value is a number, a vector or a matrix."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from diffcli.primitives.table import PRIMITIVES
from diffcli.syntax.resolve import Resolved

_KINDS = ("a number", "a vector", "a matrix")


class Ranks(NamedTuple):
    """The number of axes of each variable without a value, and what to tell about it."""

    ranks: Mapping[str, int]
    notes: tuple[str, ...]


def assumed_ranks(resolved: Resolved, wrt: Sequence[str], shaped: Collection[str]) -> Ranks:
    """What the variables without a known shape most likely are.

    One that is reduced or indexed is a vector, any other a number. Where a reduction mixes
    variables of interest with others, the former are the parameters of a fit: numbers.
    """
    nodes = resolved.nodes
    reduced = [False] * len(nodes)
    forced = [0] * len(nodes)
    inside: set[str] = set()
    ranks: dict[str, int] = {}
    for place in range(len(nodes) - 1, -1, -1):
        node = nodes[place]
        if node.kind == "name" and node.text not in shaped:
            ranks[node.text] = max(ranks.get(node.text, 0), forced[place])
            if reduced[place]:
                inside.add(node.text)
        elif node.kind == "index":
            array = node.children[0]
            forced[array] = max(forced[array], node.text.count(",") + 1)
        elif node.kind == "call":
            elementwise = PRIMITIVES[node.text].kind == "elementwise"
            for child in node.children:
                reduced[child] |= reduced[place] or not elementwise
                forced[child] = max(forced[child], forced[place] if elementwise else int(node.text == "dot"))
    free = {name for name in inside if not ranks[name]}
    mixed = bool(inside - set(wrt))
    for name in free:
        ranks[name] = 0 if mixed and name in wrt else 1
    ordered = {name: ranks[name] for name in resolved.variables if name in ranks}
    return Ranks(ordered, (_told(ordered),) if len(ordered) > 1 and any(ordered.values()) else ())


def _told(ranks: Mapping[str, int]) -> str:
    """`w is taken as a number, x and y as vectors (give values to say otherwise)`."""
    phrases: list[str] = []
    for rank in sorted(set(ranks.values())):
        names = [name for name, other in ranks.items() if other == rank]
        kind = _KINDS[rank] if rank < len(_KINDS) else f"an array of {rank} axes"
        listed = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
        verb = "" if phrases else " is taken" if len(names) == 1 else " are taken"
        plural = {"a number": "numbers", "a vector": "vectors", "a matrix": "matrices"}.get(kind, kind)
        phrases.append(f"{listed}{verb} as {kind if len(names) == 1 else plural}")
    return ", ".join(phrases) + " (give values to say otherwise)"
