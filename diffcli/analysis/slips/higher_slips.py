"""Slips of a second derivative by numbers: of the first differentiation, of the second, and of both."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations_with_replacement

from diffcli.analysis.slips.gradient_slips import derivative_mutations
from diffcli.analysis.slips.mutation import Mutation, Told, everywhere, spoken
from diffcli.analysis.slips.naming import wrong_answers
from diffcli.analysis.slips.offer import offered
from diffcli.analysis.slips.site import sites
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution, solution
from diffcli.analysis.slips.table import ROWS
from diffcli.autodiff.reverse import derivative
from diffcli.graph.graph import Graph
from diffcli.messages import Message
from diffcli.source import Source

_TWICE = Message("the second derivative is the derivative of the derivative")
#: Nodes of an expression whose slips are tried in both differentiations.
_MOST = 60
#: Slips by which there is one differentiation more or less than there should be.
_OF_ORDER = frozenset({"not-differentiated", "differentiated-again"})


def second_slips(
    graph: Graph, output: int, wrt: Mapping[str, int], source: Source, seen: Sequence[Sighting] = ()
) -> Iterator[Slip]:
    """The slips of the second derivatives by pairs of variables, whose answers go by `x,y`. Variables are numbers."""
    if graph.shapes[output] or any(graph.shapes[node] for node in wrt.values()) or output > _MOST:
        return
    first = solution(graph, output, wrt, source)
    pairs = {",".join(pair): pair for pair in combinations_with_replacement(wrt, 2)}
    asked = {key: derivative(first.graph, first.answers[one], wrt[two]) for key, (one, two) in pairs.items()}
    second = Solution(first.graph, output, {key: wrt[two] for key, (_, two) in pairs.items()}, source, asked)
    asked_for = [key for key in (wrong_answers(seen) if seen else pairs) if key in pairs]
    found = (mutation for key in asked_for for mutation in _of_pair(second, first, key, *pairs[key]))
    yield from offered(second, found, seen)
    for key in asked_for:
        for start, end in dict.fromkeys([pairs[key], pairs[key][::-1]]):
            again = Solution(first.graph, first.answers[start], {key: wrt[end]}, source)
            mutations = (
                mutation._replace(told=partial(_at_second, mutation.told))
                for mutation in derivative_mutations(again)
                if mutation.kind not in _OF_ORDER
            )
            yield from offered(again, mutations, seen)


def _of_pair(second: Solution, first: Solution, key: str, one: str, two: str) -> Iterator[Mutation]:
    graph, by = first.graph, {key: first.wrt[two]}

    def given(kind: str, told: Message, answer: int, rule: Message = _TWICE) -> Mutation:
        return Mutation(kind, kind, told, rule, None, by, whole={key: answer})

    slopes = {name: first.answers[name] for name in dict.fromkeys((one, two))}
    for node in slopes.values():
        yield given(
            "differentiated-once", Message("this is the first derivative: it was differentiated only once"), node
        )
    yield given("not-differentiated", Message("this is the function itself: it was not differentiated"), first.output)
    product = (graph.value(first.answers[one]) * graph.value(first.answers[two])).index
    yield given(
        "first-derivatives-multiplied",
        Message("the first derivative was squared, or multiplied by the other one, not differentiated again"),
        product,
    )
    for other, node in (second.asked or {}).items():
        if other != key:
            yield given("other-variable", Message("this is the second derivative by {other}", other=other), node)
    for name in slopes:
        once = derivative(graph, second.answers[key], first.wrt[name])
        yield given(
            "differentiated-again", Message("this is the third derivative: it was differentiated once too often"), once
        )
    for start, end in dict.fromkeys([(one, two), (two, one)]):
        for mutation in derivative_mutations(Solution(graph, first.output, {start: first.wrt[start]}, first.source)):
            answers = None if mutation.kind in _OF_ORDER else mutation.answers(first)
            if answers is not None and not graph.shapes[answers[start]]:
                yield _whole(
                    mutation,
                    partial(_at_first, mutation.told),
                    by,
                    key,
                    derivative(graph, answers[start], first.wrt[end]),
                )
        yield from _at_both(first, start, end, key)


def _at_both(first: Solution, start: str, end: str, key: str) -> Iterator[Mutation]:
    """The same rule misused whenever it was used, at both differentiations."""
    places = sites(first)
    for row in ROWS:
        fit = [site for site in places if row.applies(site)]
        if not fit:
            continue
        mutation = everywhere(row, fit)
        answers = mutation.answers(first)
        if answers is None or first.graph.shapes[answers[start]]:
            continue
        again = Solution(first.graph, answers[start], {key: first.wrt[end]}, first.source)
        fit_again = [site for site in sites(again) if row.applies(site)]
        if fit_again:
            final = everywhere(row, fit_again).answers(again)
            if final is not None:
                told = Message("at both differentiations: {slip}", slip=row.sentence(row.told, fit[0]))
                yield _whole(mutation, told, {key: first.wrt[end]}, key, final[key])


def _whole(mutation: Mutation, told: Told, by: Mapping[str, int], key: str, answer: int) -> Mutation:
    return mutation._replace(told=told, wrt=by, pulls={}, added={}, whole={key: answer})


def _at_first(told: Told) -> Message:
    return Message("at the first differentiation: {slip}", slip=spoken(told))


def _at_second(told: Told) -> Message:
    return Message("at the second differentiation: {slip}", slip=spoken(told))
