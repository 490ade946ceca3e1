"""Parts of an expression that get a letter: inner functions, and what would make lines long."""

from collections.abc import Collection, Mapping, Sequence

from diffcli.analysis.derivation.rules import PLAIN
from diffcli.analysis.derivation.writer import Writer, unchanged
from diffcli.graph.graph import Graph

#: A longer text gets a letter wherever it is an operand.
_LONGEST = 24
#: Terms of a sum that one line takes.
_MOST_TERMS = 6
_INNER, _CONSTANT = "uvwyzpqrst", "ckabmhfgl"


class Layout:
    """The operations that have a line each, in order, and what they are made of.

    Operations that are written alike are one: `alike` maps each node to the first of them. A chain
    of sums is one operation of several terms: `fronts` are its terms, `inside` the sums in between.
    """

    def __init__(self, graph: Graph, output: int, active: Collection[int]) -> None:
        self.graph = graph
        self.alike = _alike(graph, output)
        self.active = {self.alike[node] for node in active}
        self.fronts: dict[int, tuple[int, ...]] = {}
        self.inside: dict[int, tuple[int, ...]] = {}
        self._lay(output)

    def _lay(self, output: int) -> None:
        graph, uses = self.graph, self._uses(output)
        absorbed: set[int] = set()
        for node in sorted(self.active, reverse=True):
            if node in absorbed or not graph.operands[node]:
                continue
            terms, inside, first = list(graph.operands[node]), [], graph.operands[node][0]
            while (
                graph.primitives[node].name in ("add", "sub")
                and self._is_chained(first, node, uses)
                and len(terms) < _MOST_TERMS
            ):
                absorbed.add(self.alike[first])
                inside.append(first)
                terms[:1] = graph.operands[first]
                first = graph.operands[first][0]
            self.fronts[node], self.inside[node] = tuple(terms), tuple(reversed(inside))
        self.order = sorted(self.fronts)

    def _is_chained(self, term: int, node: int, uses: Mapping[int, int]) -> bool:
        graph, first = self.graph, self.alike[term]
        return (
            graph.primitives[term].name in ("add", "sub")
            and first in self.active
            and uses[first] == 1
            and first == term
            and term not in graph.names
            and graph.shapes[term] == graph.shapes[node]
        )

    def _uses(self, output: int) -> dict[int, int]:
        uses = dict.fromkeys(self.alike.values(), 0)
        for node in range(output + 1):
            if self.alike[node] == node:
                for operand in self.graph.operands[node]:
                    uses[self.alike[operand]] += 1
        return uses


def give_letters(layout: Layout, writer: Writer, taken: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Name what needs a letter, and return the letters with their meanings in order.

    `taken` are the user's names. Intermediates that the user named keep their names.
    """
    graph, named = layout.graph, {}
    prefixes = [_fresh(letters, taken) for letters in (_INNER, _CONSTANT)]
    for node in layout.order:
        primitive = graph.primitives[node]
        plain = primitive.name in PLAIN or primitive.kind == "linear"
        for operand in layout.fronts[node]:
            first = layout.alike[operand]
            is_constant = first not in layout.active
            if first in named or not _is_compound(graph, first):
                continue
            written = writer.write(first, most=10 * _LONGEST)
            long = written is None or len(written.text) > _LONGEST
            if long or (not is_constant and (not plain or first in graph.names)):
                named[first] = prefixes[is_constant]
                writer.names[first] = f"{prefixes[is_constant]}0"
    return _numbered(layout, writer, named)


def _is_compound(graph: Graph, node: int) -> bool:
    """Whether the node is neither a variable nor a number."""
    name = graph.primitives[node].name
    return name != "input" and not (name == "constant" and (graph.number(node) is not None or node in graph.names))


def _numbered(layout: Layout, writer: Writer, named: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """Number the letters in the order of the nodes, and name all nodes that are alike."""
    graph, counts, found = layout.graph, dict.fromkeys(named.values(), 0), []
    for node in sorted(named):
        prefix = named[node]
        own = graph.names.get(node)
        counts[prefix] += own is None
        writer.names[node] = own or f"{prefix}{counts[prefix]}"
    for node, first in layout.alike.items():
        if first in named:
            writer.names[node] = writer.names[first]
    for node in sorted(named):
        written = writer.write(node, opened=True, most=1000)
        text = "..." if written is None else written.text
        found.append((writer.names[node], text))
    return tuple(found)


def _fresh(letters: Sequence[str], taken: Collection[str]) -> str:
    """A letter that, with a number behind it, is no name of the user's."""
    begun = {name[0] for name in taken if name[1:].isdigit() or not name[1:]}
    return next((letter for letter in letters if letter not in begun), "u_")


def _alike(graph: Graph, output: int) -> dict[int, int]:
    """For each node the first that is the same operation on the same operands; for `x*1` and `x + 0` that of x."""
    first: dict[object, int] = {}
    alike: dict[int, int] = {}
    for node in range(output + 1):
        operands = tuple(alike[operand] for operand in graph.operands[node])
        same = unchanged(graph, node) if len(operands) == 2 else None
        if same is not None and graph.shapes[operands[same]] == graph.shapes[node]:
            alike[node] = operands[same]
            continue
        key = (
            graph.primitives[node],
            operands,
            repr(graph.parameters[node]),
            graph.names.get(node) if not operands else None,
        )
        alike[node] = first.setdefault(key, node)
    return alike
