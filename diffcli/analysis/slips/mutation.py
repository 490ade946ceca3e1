"""A slip before its answer is computed: which edges pull back in another way, and what is added at the variables."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from diffcli.analysis.slips.row import Row
from diffcli.analysis.slips.site import Site
from diffcli.analysis.slips.slip import Slip
from diffcli.analysis.slips.solution import Solution
from diffcli.autodiff.pullback import Pulled, pulled_back
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Joined, Message
from diffcli.primitives.shape import ShapeFault
from diffcli.source import Span

#: An edge by its node and the operand's position.
Edge = tuple[int, int]
#: What flows back along an edge, given the upstream gradient.
Pull = Callable[[Value], Value | None]
#: A sentence, or what makes it: few slips are told.
Told = Message | Callable[[], Message]


class Mutation(NamedTuple):
    """A change of the right derivation by the variables `wrt`.

    `pulls` has the edges that pull back in another way, `added` what variables get beside that, by their nodes.
    `whole` are the answers where no derivation leads to them. `alone` says that no changed edge lies behind another, so
    that each gets the right upstream gradient. `visible` is as in `Slip`.
    """

    kind: str
    family: str
    told: Told
    rule: Told
    span: Span | None
    wrt: Mapping[str, int]
    pulls: Mapping[Edge, Pull] = {}  # never written to
    added: Mapping[int, Value] = {}
    whole: Mapping[str, int] | None = None
    alone: bool = True
    beside: frozenset[str] = frozenset()
    visible: bool = False

    def answers(self, solution: Solution) -> dict[str, int] | None:
        """The nodes of the wrong answers, appended; None where the shapes do not allow them."""
        if self.whole is not None:
            return dict(self.whole)
        try:
            found = solution.swept(self.wrt, self._pulled)
        except ShapeFault:
            return None
        for name, node in self.wrt.items():
            if node in self.added:
                found[name] = (self.added[node] + solution.handle(found[name])).index
        return found

    def _pulled(self, graph: Graph, node: int, position: int, upstream: int) -> Pulled:
        changed = self.pulls.get((node, position))
        if changed is None:
            return pulled_back(graph, node, position, upstream)
        contribution, operand = changed(Value(graph, upstream)), graph.operands[node][position]
        if contribution is None or (contribution.shape != graph.shapes[operand] and operand not in self.wrt.values()):
            raise ShapeFault("", (position,))  # only an answer may have another shape than it should
        return None, contribution.index

    def slip(self, solution: Solution, among: int = 1) -> Slip | None:
        """The slip with its answers; None where there are none, or all are the right ones."""
        answers = self.answers(solution)
        if answers is None:
            return None
        right = {name: solution.answers[name] for name in answers}
        if answers == right:
            return None
        return Slip(
            self.kind,
            spoken(self.told),
            spoken(self.rule),
            self.span,
            solution.graph,
            answers,
            right,
            self.family,
            self.beside,
            among,
            self.visible,
        )


def at_site(row: Row, site: Site) -> Mutation:
    """A slip of the table, made at one place."""
    return Mutation(
        row.kind,
        row.family,
        partial(row.sentence, row.told, site),
        partial(row.sentence, row.rule, site),
        site.solution.span(site.node),
        site.solution.wrt,
        _pulls(row, site),
        beside=row.beside,
    )


def everywhere(row: Row, places: list[Site]) -> Mutation:
    """A slip of the table, made wherever it can be; it is told of each function by itself."""
    first = places[0]
    firsts = list({site.primitive: site for site in reversed(places)}.values())[::-1]
    pulls = {edge: each for site in places for edge, each in _pulls(row, site).items()}
    return Mutation(
        row.kind,
        row.family,
        partial(_repeated, row, firsts, len(places)),
        partial(_each, row, row.rule, firsts),
        first.solution.span(first.node),
        first.solution.wrt,
        pulls,
        alone=False,
    )


def spoken(told: Told) -> Message:
    """The sentence."""
    return told() if callable(told) else told


def _repeated(row: Row, firsts: list[Site], count: int) -> Message:
    told = _each(row, row.told, firsts)
    if len(firsts) == count:
        return told
    return Message("{slip}; the same in all {count} such places", slip=told, count=count)


def _each(row: Row, template: Message, firsts: list[Site]) -> Message:
    """A template at the first place of each function."""
    texts = dict.fromkeys(row.sentence(template, site) for site in firsts)
    return next(iter(texts)) if len(texts) == 1 else Joined(texts, "; ")


def _pulls(row: Row, site: Site) -> dict[Edge, Pull]:
    found: dict[Edge, Pull] = {}
    for position in site.varying:
        changed = row.pull(position)
        if changed is not None:
            found[site.node, position] = partial(changed, site, position)
    return found
