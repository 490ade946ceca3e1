"""Second derivatives at a kink that only functions on the way have, as norm(x)^2 at 0: the limit of those around."""

from diffcli.analysis.precise_gradient import is_affordable
from diffcli.analysis.problem import Problem
from diffcli.analysis.second_order import gradient_at, hessian_at, on_same_kinks, stated_in
from diffcli.analysis.sweep import Push, Sweep, elements
from diffcli.analysis.trace import Trace
from diffcli.execute.arrays import Array, arrayed, doubles, joined, parted
from diffcli.execute.continuation import Beside, Found, directions, limit
from diffcli.execute.program import Program, quietly
from diffcli.primitives.shape import size

#: The digits that are computed in; the steps to the points around, which lie so many ways; and the most operations of
#: all runs.
_DIGITS, _STEPS, _WAYS, _MOST_OPERATIONS = 150, (1e-30, 1e-45), 8, 100_000


def continued_hessian(problem: Problem, sweep: Sweep, push: Push, trace: Trace) -> Array | None:
    """The matrix, in doubles, to which those around the kinks tend from all sides, if value and gradient there fit it
    too.

    None where they do not, where the point as it was stated is not on the same kinks, or where it would be dear to
    tell.
    """
    operations = (
        2 * _WAYS * len(_STEPS) * (elements(problem.shapes, problem.wrt) + 1) * sum(map(size, trace.graph.shapes))
    )
    if operations > _MOST_OPERATIONS or not is_affordable(trace):
        return None
    from diffcli.execute.numbers import of_digits

    here = stated_in(problem, of_digits(_DIGITS))
    if not on_same_kinks(trace, here, sweep):
        return None
    with quietly():
        far, near = (
            [_beside(here, sweep, push, step, way) for way in directions(_point(here), _WAYS)] for step in _STEPS
        )
        matrix = limit(_found(here, sweep, push), far, near)
    return None if matrix is None else doubles(matrix)


def _point(problem: Problem) -> Array:
    return joined({name: problem.values[name] for name in problem.wrt})


def _beside(problem: Problem, sweep: Sweep, push: Push, step: float, direction: Array) -> Beside:
    there = parted(_point(problem) + step * direction, {name: problem.values[name] for name in problem.wrt})
    moved = problem._replace(values={**problem.values, **{name: arrayed(value) for name, value in there.items()}})
    return Beside(step, direction, _found(moved, sweep, push))


def _found(problem: Problem, sweep: Sweep, push: Push) -> Found:
    (value,) = Program(sweep.built.graph, [sweep.built.output], problem.arithmetic).run(sweep.inputs(problem.values))
    return Found(value, gradient_at(problem, sweep), hessian_at(problem, sweep, push))
