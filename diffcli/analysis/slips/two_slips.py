"""Two slips at different operations that lead to a wrong formula together, where none does alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from diffcli.analysis.slips.chain import chain_slips
from diffcli.analysis.slips.mutation import Mutation, at_site, spoken
from diffcli.analysis.slips.naming import Naming, named
from diffcli.analysis.slips.screen import Screen
from diffcli.analysis.slips.site import sites
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution, is_small, solution
from diffcli.analysis.slips.table import ROWS
from diffcli.graph.graph import Graph
from diffcli.messages import Message
from diffcli.source import Source

#: Points at which two slips have to fit: numbers at one point are hit by some pair.
_LEAST = 3
#: Pairs that are worked out.
_MOST = 40


def two_slips(
    graph: Graph, output: int, wrt: Mapping[str, int], source: Source, seen: Sequence[Sighting]
) -> Naming | None:
    """The two slips of a gradient that explain a wrong answer, where no other two do."""
    if len(seen) < _LEAST or not is_small(graph, output):
        return None
    right = solution(graph, output, wrt, source)
    pairs = list(_pairs(right, seen))
    if not 0 < len(pairs) <= _MOST:
        return None
    found = named([slip for pair in pairs if (slip := _both(right, *pair, len(pairs))) is not None], seen)
    return found if found is not None and found.certain else None


def _pairs(right: Solution, seen: Sequence[Sighting]) -> Iterator[tuple[Mutation, Mutation]]:
    places = sites(right)
    mutations = [
        *(each for each in chain_slips(right, places) if each.kind == "inner-derivative-missing"),
        *(at_site(row, site) for row in ROWS if row.names for site in places if row.applies(site)),
    ]
    for first, second in Screen(right, mutations, seen[0]).pairs():
        if first.span != second.span:
            yield first, second


def _both(right: Solution, first: Mutation, second: Mutation, among: int) -> Slip | None:
    """Both slips in one answer."""
    added = {node: first.added[node] for node in first.added} | {
        node: term + first.added[node] if node in first.added else term for node, term in second.added.items()
    }
    both = first._replace(
        family=" ".join(sorted((first.family, second.family))),
        told=Message("two slips: {first}; and {second}", first=spoken(first.told), second=spoken(second.told)),
        rule=Message("{first}; {second}", first=spoken(first.rule), second=spoken(second.rule)),
        span=None,
        pulls={**first.pulls, **second.pulls},
        added=added,
        alone=False,
    )
    slip = both.slip(right, among)
    return None if slip is None else replace(slip, kind=f"{first.kind}+{second.kind}")
