"""Slips of second derivatives by vectors and matrices: of the whole array, or of the gradient that it is made of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations_with_replacement

from diffcli.analysis.slips.gradient_slips import derivative_mutations
from diffcli.analysis.slips.mutation import Mutation, Told, spoken
from diffcli.analysis.slips.naming import wrong_answers
from diffcli.analysis.slips.offer import offered
from diffcli.analysis.slips.slip import Sighting, Slip
from diffcli.analysis.slips.solution import Solution, is_small, solution
from diffcli.analysis.slips.table import ROWS
from diffcli.autodiff.reverse import jacobian
from diffcli.graph.graph import Graph, Value
from diffcli.messages import Message
from diffcli.primitives.arrangement import diag, triu
from diffcli.primitives.shape import Shape, size
from diffcli.primitives.structural import transpose
from diffcli.source import Source

_TWICE = Message("the second derivative is the derivative of the derivative")
_WHOLE = Message("element i, j is the derivative by element i and then by element j, whatever i and j are")
_SIDES = Message("rows go by the first variable, columns by the second")
#: Nodes of an expression, and elements of a second derivative, whose slips are tried.
_MOST, _MOST_ELEMENTS = 100, 64
#: Nodes for all elements of a gradient together, of which each slip is differentiated once more.
_MOST_AGAIN = 200
#: Slips by which there is one differentiation more or less than there should be, or that are told of the whole answer.
_TOLD_OTHERWISE = frozenset({"not-differentiated", "differentiated-again", "wrong-sign"})
#: What says why a factor 2 is missing, or there.
_WHY = frozenset(row.family for row in ROWS)


def hessian_slips(
    graph: Graph, output: int, wrt: Mapping[str, int], source: Source, seen: Sequence[Sighting] = ()
) -> Iterator[Slip]:
    """The slips of the second derivatives by pairs of variables of any shape, whose answers go by `x,y`."""
    most = max((size(graph.shapes[node]) for node in wrt.values()), default=0)
    if graph.shapes[output] or output > _MOST or not is_small(graph, output) or most**2 > _MOST_ELEMENTS:
        return
    first = solution(graph, output, wrt, source)
    pairs = {",".join(pair): pair for pair in combinations_with_replacement(wrt, 2)}
    asked = {key: jacobian(first.graph, first.answers[one], wrt[two]) for key, (one, two) in pairs.items()}
    second = Solution(first.graph, output, {key: wrt[two] for key, (_, two) in pairs.items()}, source, asked)
    for key in (key for key in (wrong_answers(seen) if seen else pairs) if key in pairs):
        yield from offered(second, _of_pair(second, first, key, *pairs[key]), seen)


def _of_pair(second: Solution, first: Solution, key: str, one: str, two: str) -> Iterator[Mutation]:
    graph = first.graph
    right, slopes = graph.value(second.answers[key]), [graph.value(first.answers[name]) for name in (one, two)]
    by = {key: first.wrt[two]}

    def given(kind: str, told: Told, answer: Value, rule: Message = _TWICE) -> Mutation:
        return Mutation(kind, kind, told, rule, None, by, whole={key: answer.index})

    told = Message("this is the gradient: it was differentiated only once")
    for slope in slopes if one != two else slopes[:1]:
        yield given("differentiated-once", told, slope)
    told = Message("this is the function itself: it was not differentiated")
    yield given("not-differentiated", told, graph.value(first.output))
    yield given("wrong-sign", Message("the sign of the whole answer is wrong"), -right)
    told = Message("this is half of the second derivative: a factor 2 is missing")
    yield given("factor-two-missing", told, right / 2.0)._replace(beside=_WHY)
    told = Message("this is twice the second derivative: a factor 2 is there once too often")
    yield given("factor-two-twice", told, right * 2.0)._replace(beside=_WHY)
    shapes = graph.shapes[first.wrt[one]], graph.shapes[first.wrt[two]]
    columns, rows = (each.reshaped(shape) for each, shape in zip(slopes, _column_and_row(*shapes), strict=True))
    told = Message("the gradient was multiplied by itself, or by the other one, not differentiated again")
    yield given("first-derivatives-multiplied", told, (columns * rows).reshaped(right.shape))
    if one == two:
        yield from _of_a_square(right, size(shapes[0]), given)
    else:
        told = Message("the second derivative is transposed: rows go by {two}, columns by {one}", one=one, two=two)
        yield given("transposed", told, _turned(right, *shapes), _SIDES)
    for other, node in second.answers.items():
        if other != key:
            told = Message("this is the second derivative by {other}", other=other)
            yield given("other-variable", told, graph.value(node))
    if first.output * size(right.shape) <= _MOST_AGAIN * size(shapes[1]):
        yield from _of_gradients(first, key, one, two)


def _of_a_square(
    right: Value, count: int, given: Callable[[str, Told, Value, Message], Mutation]
) -> Iterator[Mutation]:
    """Slips beside the diagonal of a matrix of so many rows, whose elements a second derivative has."""
    graph = right.graph
    matrix = right.reshaped((count, count))
    alone = graph.apply(diag, (matrix,))
    diagonal = graph.apply(diag, (alone,))

    def shaped(value: Value) -> Value:
        return value.reshaped(right.shape)

    told = Message("only the diagonal is there: the mixed derivatives are missing")
    for answer in (shaped(diagonal), alone):
        yield given("diagonal-alone", told, answer, _WHOLE)._replace(visible=True)
    told = Message("the mixed derivatives, beside the diagonal, are doubled")
    yield given("mixed-doubled", told, shaped(matrix * 2.0 - diagonal), _WHOLE)
    told = Message("the mixed derivatives, beside the diagonal, are halved")
    yield given("mixed-halved", told, shaped((matrix + diagonal) / 2.0), _WHOLE)
    told = Message("the mixed derivatives, beside the diagonal, have the wrong sign")
    yield given("mixed-sign", told, shaped(diagonal * 2.0 - matrix), _WHOLE)
    upper = graph.apply(triu, (matrix,))
    told = Message("the mixed derivatives are on one side of the diagonal alone")
    for answer in (shaped(upper), shaped(matrix - upper + diagonal)):
        yield given("one-triangle", told, answer, _WHOLE)._replace(visible=True)


def _of_gradients(first: Solution, key: str, one: str, two: str) -> Iterator[Mutation]:
    """Right derivatives of a wrong gradient."""
    graph = first.graph
    for start, end in dict.fromkeys([(one, two), (two, one)]):
        for mutation in derivative_mutations(Solution(graph, first.output, {start: first.wrt[start]}, first.source)):
            answers = None if mutation.kind in _TOLD_OTHERWISE else mutation.answers(first)
            if answers is None or graph.shapes[answers[start]] != graph.shapes[first.wrt[start]]:
                continue
            answer = graph.value(jacobian(graph, answers[start], first.wrt[end]))
            if (start, end) != (one, two):
                answer = _turned(answer, graph.shapes[first.wrt[start]], graph.shapes[first.wrt[end]])
            yield mutation._replace(
                told=partial(_at_first, mutation.told),
                wrt={key: first.wrt[two]},
                pulls={},
                added={},
                whole={key: answer.index},
            )


def _at_first(told: Told) -> Message:
    return Message("at the first differentiation: {slip}", slip=spoken(told))


def _column_and_row(first: Shape, second: Shape) -> tuple[Shape, Shape]:
    """Shapes of two arrays whose elementwise product has all products of their elements."""
    return (size(first), 1), (1, size(second))


def _turned(value: Value, first: Shape, second: Shape) -> Value:
    """The array by the axes of the second variable and then the first's."""
    turned = value.graph.apply(transpose, (value.reshaped((size(first), size(second))),))
    return turned.reshaped(second + first)
