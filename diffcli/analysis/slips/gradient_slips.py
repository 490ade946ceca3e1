"""Slips of a gradient by variables, the most likely ones first."""

from collections.abc import Iterator, Mapping, Sequence

from diffcli.analysis.slips.chain import chain_slips, constants_kept, product_slips, taken_for_symmetric, uses_forgotten
from diffcli.analysis.slips.integrals import integrated
from diffcli.analysis.slips.mutation import Mutation, at_site, everywhere
from diffcli.analysis.slips.offer import offered
from diffcli.analysis.slips.site import sites
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution, is_small, solution
from diffcli.analysis.slips.table import ACTIVATIONS, ROWS, RULES
from diffcli.analysis.slips.whole import (
    chain_stopped,
    differentiated_again,
    in_degrees,
    not_differentiated,
    other_variables,
    read_otherwise,
    transposed,
    wrong_sign,
)
from diffcli.graph.build import Built
from diffcli.graph.graph import Graph
from diffcli.source import Source

#: Nodes of a question that is read in other ways, each of which has a derivation of its own.
_MOST = 100


def gradient_slips(
    graph: Graph,
    output: int,
    wrt: Mapping[str, int],
    source: Source,
    seen: Sequence[Sighting] = (),
    given: Mapping[str, Built] = {},
) -> Iterator[Slip]:
    """The slips of the gradient of an output by some nodes, by name; the graph stays as it is.

    With `seen`, a wrong answer at points, only those that fit as far as doubles tell: the others are never worked out.
    Without it, those whose answers can be seen to differ from the right ones. `given` are the answers as formulas,
    where they are: an integral is known by its derivative. A question too large to try them in a moment has none.
    """
    if not is_small(graph, output):
        return
    right = solution(graph, output, wrt, source)
    yield from offered(right, derivative_mutations(right), seen)
    yield from integrated(right, given, seen)


def derivative_mutations(right: Solution) -> Iterator[Mutation]:
    """All slips of a derivation."""
    places = sites(right)
    rows = {row: [site for site in places if row.applies(site)] for row in ROWS}
    yield from not_differentiated(right)
    yield from (at_site(row, site) for row in ACTIVATIONS for site in rows[row])
    yield from chain_slips(right, places)
    yield from product_slips(right, places)
    yield from (at_site(row, site) for row in RULES for site in rows[row])
    yield from uses_forgotten(right, places)
    yield from taken_for_symmetric(right, places)
    yield from constants_kept(right, places)
    yield from wrong_sign(right)
    for row, fit in rows.items():
        if len(fit) > 1:
            yield everywhere(row, fit)
    yield from chain_stopped(right)
    yield from other_variables(right)
    yield from transposed(right)
    yield from differentiated_again(right)
    if right.output <= _MOST:
        yield from read_otherwise(right)
    yield from in_degrees(right)
