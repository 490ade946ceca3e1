"""Slips of derivatives of a higher order by numbers: of one differentiation, or of all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, combinations_with_replacement

from diffcli.analysis.slips.gradient_slips import derivative_mutations
from diffcli.analysis.slips.hessian_slips import hessian_slips
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

_ITSELF = Message("this is the function itself: it was not differentiated")
_TWICE = Message("the second derivative is the derivative of the derivative")
_REPEATED = Message("each order is the derivative of the one before")
_AT = (
    Message("at the first differentiation: {slip}"),
    Message("at the second differentiation: {slip}"),
    Message("at the third differentiation: {slip}"),
    Message("at the fourth differentiation: {slip}"),
)
#: Nodes of an expression whose slips are tried in both differentiations; in three and in four, which cost more.
_MOST, _MOST_OF_MORE = 60, {3: 14, 4: 6}
#: Slips by which there is one differentiation more or less than there should be.
_OF_ORDER = frozenset({"not-differentiated", "differentiated-again"})


def higher_slips(
    graph: Graph, output: int, wrt: Mapping[str, int], source: Source, order: int, seen: Sequence[Sighting] = ()
) -> Iterator[Slip]:
    """The slips of the derivatives of an order above 1, whose answers go by `x,x,y`; above 2 variables are numbers."""
    if order == 2 and any(graph.shapes[node] for node in wrt.values()):
        yield from hessian_slips(graph, output, wrt, source, seen)
    elif order == 2:
        yield from second_slips(graph, output, wrt, source, seen)
    elif (
        not graph.shapes[output]
        and not any(graph.shapes[node] for node in wrt.values())
        and output <= _MOST_OF_MORE[order]
    ):
        tower = _Tower(solution(graph, output, wrt, source))
        keys = {",".join(names): names for names in combinations_with_replacement(wrt, order)}
        for key in wrong_answers(seen) if seen else keys:
            yield from _of_tower(tower, keys, key, seen)


class _Tower:
    """The right derivatives of all orders, by the names of the variables."""

    def __init__(self, first: Solution) -> None:
        self.first = first
        self._found: dict[tuple[str, ...], int] = {(): first.output}

    def at(self, names: tuple[str, ...]) -> int:
        """The node of the derivative by these variables, one after the other."""
        names = tuple(sorted(names))
        if names not in self._found:
            self._found[names] = self.onward(self.at(names[:-1]), names[-1:])
        return self._found[names]

    def onward(self, node: int, names: Sequence[str]) -> int:
        """The derivative of a node by some variables."""
        for name in names:
            node = derivative(self.first.graph, node, self.first.wrt[name])
        return node

    def solution(self, node: int, name: str, key: str, asked: int | None = None) -> Solution:
        """The derivation of a node by a variable, whose answer goes by a key; `asked` is the right one, if given."""
        answers = None if asked is None else {key: asked}
        return Solution(self.first.graph, node, {key: self.first.wrt[name]}, self.first.source, answers)


def _of_tower(tower: _Tower, keys: Mapping[str, tuple[str, ...]], key: str, seen: Sequence[Sighting]) -> Iterator[Slip]:
    """The slips of one derivative: of its order, of its variables, of one differentiation on the way, of each."""
    names = keys[key]
    right = tower.solution(tower.first.output, names[-1], key, tower.at(names))
    graph = tower.first.graph

    def given(kind: str, told: Told, answer: int, like: Mutation | None = None) -> Mutation:
        by = {key: tower.first.wrt[names[-1]]}
        if like is None:
            return Mutation(kind, kind, told, _REPEATED, None, by, whole={key: answer})
        return _whole(like, told, by, key, answer)

    def found() -> Iterator[Mutation]:
        order = len(names)
        yield given("not-differentiated", _ITSELF, tower.first.output)
        for fewer in range(1, order):
            told = Message("this is the derivative of order {order}: it was differentiated too seldom", order=fewer)
            for some in dict.fromkeys(combinations(names, fewer)):
                yield given("differentiated-once" if fewer == 1 else "differentiated-too-little", told, tower.at(some))
        told = Message("this is the derivative of order {order}: it was differentiated once too often", order=order + 1)
        for name in dict.fromkeys(names):
            yield given("differentiated-again", told, tower.at((*names, name)))
        for other, by in keys.items():
            if other != key:
                yield given("other-variable", Message("this is the derivative by {other}", other=other), tower.at(by))
        for place in range(order):
            again = tower.solution(tower.at(names[:place]), names[place], key)
            for mutation in derivative_mutations(again):
                answers = None if mutation.kind in _OF_ORDER else mutation.answers(again)
                if answers is not None and not graph.shapes[answers[key]]:
                    answer = tower.onward(answers[key], names[place + 1 :])
                    yield given(mutation.kind, partial(_at_one, place, mutation.told), answer, mutation)
        yield from _each_time(tower, names, key, given)

    yield from offered(right, found(), seen)


def _each_time(
    tower: _Tower, names: Sequence[str], key: str, given: Callable[[str, Told, int, Mutation], Mutation]
) -> Iterator[Mutation]:
    """The same rule misused whenever it was used, at two differentiations or more."""
    for row in ROWS:
        node, times, last = tower.first.output, 0, None
        for name in names:
            again = tower.solution(node, name, key)
            fit = [site for site in sites(again) if row.applies(site)]
            answers = everywhere(row, fit).answers(again) if fit else again.answers
            if answers is None or tower.first.graph.shapes[answers[key]]:
                break
            node, times, last = answers[key], times + bool(fit), everywhere(row, fit) if fit else last
        else:
            if times > 1 and last is not None:
                yield given(row.kind, partial(_every_time, last.told), node, last)


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
                mutation._replace(told=partial(_at_one, 1, mutation.told))
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
    yield given("not-differentiated", _ITSELF, first.output)
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
                    partial(_at_one, 0, mutation.told),
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


def _at_one(place: int, told: Told) -> Message:
    return Message(_AT[place].template, slip=spoken(told))


def _every_time(told: Told) -> Message:
    return Message("whenever it was differentiated: {slip}", slip=spoken(told))
