"""Whether a variable without a value is a number, a vector or a matrix."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.messages import Joined, Message, listed
from diffcli.primitives.table import PRIMITIVES
from diffcli.symbolic.convert.conversion import operands
from diffcli.syntax.constant_arguments import NotStatic, static_value
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Node

_KINDS = (
    (Message("a number"), Message("numbers")),
    (Message("a vector"), Message("vectors")),
    (Message("a matrix"), Message("matrices")),
)
#: Where one of these occurs, names are read as in books on matrices.
_OF_MATRICES = frozenset({
    "matmul", "outer", "inner", "trace", "det", "logdet", "inv", "solve", "transpose", "swapaxes", "diag", "triu",
    "tril", "at_target",
})  # fmt: skip
#: The least number of axes of each operand.
_LEAST = {
    **dict.fromkeys(("dot", "matmul", "inner", "outer", "cross", "concat"), (1, 1)),
    **dict.fromkeys(("trace", "det", "logdet", "inv", "triu", "tril"), (2,)),
    **dict.fromkeys(("diag", "softmax", "log_softmax", "cumsum"), (1,)),
    "solve": (2, 1),
}  # fmt: skip
#: Functions whose result is a number, a matrix, or as their last operand.
_REDUCTIONS = frozenset({"sum", "mean", "prod", "max", "min", "median", "norm", "var", "std", "logsumexp"})
_NUMBERS = _REDUCTIONS | {"trace", "det", "logdet", "dot"}
_MATRICES = frozenset({"inv", "triu", "tril", "eye", "outer"})
_KEEPING = frozenset({"transpose", "swapaxes", "softmax", "log_softmax", "flip", "roll", "solve"})
_SCALING = frozenset({"mul", "div", "pow"})


class Ranks(NamedTuple):
    """The number of axes of each variable without a value, and what to tell about it."""

    ranks: Mapping[str, int]
    notes: tuple[str, ...]


def assumed_ranks(resolved: Resolved, wrt: Sequence[str], shapes: Mapping[str, tuple[int, ...]]) -> Ranks:
    """The most likely numbers of axes of the variables without a known shape.

    One that is reduced or indexed is a vector, any other a number. Where a reduction mixes
    variables of interest with others, the former are the parameters of a fit: numbers. In an
    expression of matrices, a name with a capital letter is a matrix instead, one with a small
    letter a vector, or a number where it scales a matrix.
    """
    found = _Assumption(resolved, shapes)
    found.descend()
    ranks = found.ranks
    free = {name for name in found.inside if not ranks[name]}
    mixed = bool((found.inside | found.given) - set(wrt))
    for name in free:
        ranks[name] = found.convention(name) if found.of_matrices else 0 if mixed and name in wrt else 1
    ordered = {name: ranks[name] for name in resolved.variables if name in ranks}
    return Ranks(ordered, (_told(ordered),) if len(ordered) > 1 and any(ordered.values()) else ())


class _Assumption:
    """Hints from each place of the tree about the names below it."""

    def __init__(self, resolved: Resolved, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.nodes = resolved.nodes
        self.shapes = shapes
        self.of_matrices = any(
            node.text in _OF_MATRICES or "axis" in node.keywords for node in self.nodes if node.kind == "call"
        )
        self.inside: set[str] = set()
        self.given: set[str] = set()
        self.ranks: dict[str, int] = {}
        self.known: list[int | None] = []
        for node in self.nodes:
            self.known.append(self._rank(node))

    def convention(self, name: str) -> int:
        """A capital letter names a matrix, a small one a vector."""
        return 2 if name[0].isupper() else 1

    def descend(self) -> None:
        """From the root to the names: what reduces them, and how many axes that needs."""
        count = len(self.nodes)
        reduced = [False] * count
        forced = [0] * count
        seen = [False] * (count - 1) + [True]
        for place in range(count - 1, -1, -1):
            node = self.nodes[place]
            if not seen[place]:
                continue
            for child in operands(self.nodes, node):
                seen[child] = True
            if node.kind == "name" and node.text not in self.shapes:
                self._name(node.text, forced[place], reduced[place])
            elif node.kind == "name" and reduced[place] and self.shapes[node.text]:
                self.given.add(node.text)
            elif node.kind == "index":
                array, *computed = operands(self.nodes, node)
                forced[array] = max(forced[array], self._indexed(node))
                for child in computed:
                    reduced[child] |= reduced[place]
            elif node.kind in ("array", "derivative"):
                for child in operands(self.nodes, node):
                    reduced[child] |= reduced[place] and node.kind == "array"
            elif node.kind == "call" and PRIMITIVES[node.text].kind == "elementwise":
                self._elementwise(node, reduced, forced, place)
            elif node.kind == "call":
                for child, least in zip(operands(self.nodes, node), self._least(node), strict=True):
                    reduced[child] = True
                    forced[child] = max(forced[child], least, forced[place] if node.text in _KEEPING else 0)

    def _name(self, name: str, forced: int, reduced: bool) -> None:
        least = max(forced, self.convention(name)) if forced and self.of_matrices else forced
        self.ranks[name] = max(self.ranks.get(name, 0), least)
        if reduced:
            self.inside.add(name)

    def _elementwise(self, node: Node, reduced: list[bool], forced: list[int], place: int) -> None:
        """An operand of known rank needs no other to have it; what scales a matrix is a number."""
        ranks = [self.known[child] or 0 for child in node.children]
        for position, child in enumerate(operands(self.nodes, node)):
            others = max(ranks[:position] + ranks[position + 1 :], default=0)
            if self.of_matrices and others >= 2 and not ranks[position] and node.text in _SCALING:
                continue
            reduced[child] |= reduced[place]
            if others < forced[place]:
                forced[child] = max(forced[child], forced[place])

    def _least(self, node: Node) -> list[int]:
        """The least number of axes of each operand of a function of arrays."""
        count = len(operands(self.nodes, node))
        axis = self._option(node, "axis")
        axes = list(axis) if isinstance(axis, tuple) else [axis]
        axes += [self._option(node, name) for name in ("axis1", "axis2") if name in node.keywords]
        least = max((each + 1 if each >= 0 else -each for each in axes if isinstance(each, int)), default=0)
        if node.text == "transpose":
            least = max(least, len(self._option(node, "axes") or ()))
        if node.text == "at_target":
            least = self.known[node.children[1]] or 0
            return [least + (self.nodes[node.children[1]].kind == "array") or 1, 0]
        given = _LEAST.get(node.text, ())
        return [
            max(least, given[position] if position < len(given) else given[-1] if given else 0)
            for position in range(count)
        ]

    def _option(self, node: Node, name: str) -> Any:
        if name not in node.keywords:
            return None
        try:
            return static_value(self.nodes, node.children[node.keywords.index(name) - len(node.keywords)])
        except NotStatic:
            return None

    def _indexed(self, node: Node) -> int:
        """The number of axes that an index needs: a new one is none of them."""
        new = sum(
            self.nodes[child].kind == "constant" and self.nodes[child].text == "None" for child in node.children[1:]
        )
        return node.text.count(",") + 1 - new

    def _rank(self, node: Node) -> int | None:
        """The number of axes, where names and functions tell it; None where that depends on small letters."""
        below = [self.known[child] for child in operands(self.nodes, node)]
        if node.kind == "name":
            if node.text in self.shapes:
                return len(self.shapes[node.text])
            return 2 if self.of_matrices and node.text[0].isupper() else None
        if node.kind == "array":
            return 1 + max((rank or 0 for rank in below), default=0)
        if node.kind != "call":
            return None if node.kind in ("index", "derivative") else 0
        if PRIMITIVES[node.text].kind == "elementwise":
            return None if None in below and not any(below) else max(rank or 0 for rank in below)
        if node.text in _NUMBERS and not (node.text in _REDUCTIONS and "axis" in node.keywords):
            return 0
        if node.text == "matmul":
            first, second = (1 if rank is None else rank for rank in below)
            return max(0, first + second - 2)
        return below[-1] if node.text in _KEEPING else 2 if node.text in _MATRICES else None


def _told(ranks: Mapping[str, int]) -> str:
    """`w is taken as a number, x and y as vectors (give values to say otherwise)`."""
    phrases: list[str] = []
    for rank in sorted(set(ranks.values())):
        named = [name for name, other in ranks.items() if other == rank]
        names = listed(named, "and")
        one, several = _KINDS[rank] if rank < len(_KINDS) else (Message("an array of {rank} axes", rank=rank),) * 2
        kind = one if len(named) == 1 else several
        if phrases:
            phrases.append(Message("{names} as {kind}", names=names, kind=kind))
        elif len(named) == 1:
            phrases.append(Message("{name} is taken as {kind}", name=names, kind=kind))
        else:
            phrases.append(Message("{names} are taken as {kind}", names=names, kind=kind))
    return Message("{assumed} (give values to say otherwise)", assumed=Joined(phrases))
