"""The drawing of an expression whose variables have no values: its operations and rules, without a number.

A graph has shapes, so some are tried until the expression can be computed: numbers before vectors before matrices, for
a capital letter the other way round. What would be another graph with other shapes is not shown: the shapes themselves,
and the rule of a product of matrices.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, product

from diffcli.analysis.bound_values import check_complete
from diffcli.analysis.drawing.drawing import Drawing, sketched
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import pulled
from diffcli.analysis.trace import Trace
from diffcli.autodiff.reverse import derivative
from diffcli.errors import DiffcliError
from diffcli.graph.build import Built, build
from diffcli.primitives.shape import Shape

#: The length of an axis, so long that any index is on it; and how many choices of shapes are tried.
_LENGTH, _TRIED = 1_000, 2_000
_NUMBER, _VECTOR, _MATRIX = (), (_LENGTH,), (_LENGTH, _LENGTH)


def sketch(problem: Problem) -> Drawing:
    """The drawing of a problem some of whose variables have no values.

    Raises DiffcliError for those variables where no shapes fit that are tried.
    """
    built = _built(problem)
    sweep = pulled(built, [name for name in problem.wrt if name in built.inputs])
    graph = built.graph
    trace = Trace(problem.source, graph, built.output, sweep.backward, [None] * len(graph))
    rules = {
        (flow.source, flow.target, flow.operand): trace.formula(flow)
        for flow in sweep.backward.flows
        if flow.local is not None and graph.primitives[flow.source].name != "matmul"
    }
    return sketched(problem, built, trace, rules)


def _built(problem: Problem) -> Built:
    """The graph with the first shapes that fit."""
    for shapes in islice(_choices(problem), _TRIED):
        try:
            return build(problem.resolved, shapes, derivative)
        except DiffcliError:
            continue
    check_complete(problem.resolved, problem.values)
    return build(problem.resolved, problem.shapes, derivative)


def _choices(problem: Problem) -> Iterator[Mapping[str, Shape]]:
    """Shapes of the variables without values, beside those of the other ones, the likeliest first."""
    missing = [name for name in problem.resolved.variables if name not in problem.values]
    likely: list[list[Shape]] = [
        [_MATRIX, _VECTOR, _NUMBER] if name[0].isupper() else [_NUMBER, _VECTOR, _MATRIX] for name in missing
    ]
    for farthest in range(2 * len(missing) + 1):
        for places in product(range(3), repeat=len(missing)):
            if sum(places) == farthest:
                chosen = {name: shapes[place] for name, shapes, place in zip(missing, likely, places, strict=True)}
                yield {**problem.shapes, **chosen}
