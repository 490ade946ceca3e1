"""Second derivatives where only functions on the way have none, as norm(x)^2 at 0: the limit of those around."""

from collections.abc import Iterator

from diffcli.analysis.kinks import on
from diffcli.analysis.precise_gradient import is_affordable
from diffcli.analysis.problem import Problem
from diffcli.analysis.second_order import LIMIT_DIGITS, gradient_at, hessian_at, on_same_kinks, stated_in
from diffcli.analysis.sweep import Push, Sweep, elements
from diffcli.analysis.trace import Trace
from diffcli.execute.arrays import Array, any_nonzero, arrayed, joined, parted
from diffcli.execute.continuation import Beside, Found, Limit, creases, directions, limit
from diffcli.execute.derivative_matrices import units
from diffcli.execute.program import Program, quietly
from diffcli.primitives.shape import size

#: The steps to the points around, which lie so many ways; and the most operations of all runs.
_STEPS, _WAYS, _MOST_OPERATIONS = (1e-30, 1e-45), 4, 150_000
#: The step by which slopes of what is on a kink are told.
_ASIDE = 1e-60


def continued(problem: Problem, sweep: Sweep, push: Push, trace: Trace, elsewhere: bool = False) -> Limit | None:
    """Slope and matrix, in many digits, to which those around the point as it was stated tend from all sides.

    None where they do not, where value and slope at the point do not fit them, where it is not on the trace's kinks
    (but where it is known to be `elsewhere`), or where it would be dear to tell.
    """
    operations = len(_STEPS) * (elements(problem.shapes, problem.wrt) + 1) * sum(map(size, trace.graph.shapes))
    if 2 * _WAYS * operations > _MOST_OPERATIONS or not is_affordable(trace):
        return None
    from diffcli.execute.many_digits import of_digits

    here = stated_in(problem, of_digits(LIMIT_DIGITS))
    if not elsewhere and not on_same_kinks(trace, here, sweep):
        return None
    with quietly():
        ways = directions(_point(here), _WAYS, _creases(here, sweep, trace))
        if len(ways) * operations > _MOST_OPERATIONS:
            return None
        ways = [here.arithmetic.lifted(way) for way in ways]  # a step is exactly as long as it says
        far, near = ([_beside(here, sweep, push, step, way) for way in ways] for step in _STEPS)
        return limit(_found(here, sweep, push), far, near)


def _point(problem: Problem) -> Array:
    return joined({name: problem.values[name] for name in problem.wrt})


def _creases(problem: Problem, sweep: Sweep, trace: Trace) -> Iterator[Array]:
    """Directions along which an operand that is on a kink stays there;
    its slopes are the means of those on either side.
    """
    graph = trace.graph
    nodes = {
        operand
        for node in range(trace.output + 1)
        if any(
            any_nonzero(on(trace, node, kink))
            for kink in (*graph.primitives[node].kinks, *graph.primitives[node].slope_kinks)
        )
        for operand in graph.operands[node]
    }
    if not nodes:
        return
    program = Program(graph, sorted(nodes), problem.arithmetic)
    columns = []
    for way in units(_point(problem).shape):
        moved = (sweep.inputs(_moved(problem, sign * _ASIDE * way).values) for sign in (1, -1))
        ahead, back = (joined({str(place): value for place, value in enumerate(program.run(at))}) for at in moved)
        columns.append((ahead - back) / (2 * _ASIDE))
    found = [tuple(way) for slopes in zip(*columns, strict=True) for way in creases(arrayed(list(slopes)))]
    yield from (arrayed(list(way)) for way in dict.fromkeys(found))


def _moved(problem: Problem, way: Array) -> Problem:
    there = parted(_point(problem) + way, {name: problem.values[name] for name in problem.wrt})
    return problem._replace(values={**problem.values, **{name: arrayed(value) for name, value in there.items()}})


def _beside(problem: Problem, sweep: Sweep, push: Push, step: float, direction: Array) -> Beside:
    return Beside(step, direction, _found(_moved(problem, step * direction), sweep, push))


def _found(problem: Problem, sweep: Sweep, push: Push) -> Found:
    (value,) = Program(sweep.built.graph, [sweep.built.output], problem.arithmetic).run(sweep.inputs(problem.values))
    return Found(value, gradient_at(problem, sweep), hessian_at(problem, sweep, push))
