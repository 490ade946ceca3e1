"""Second derivatives at a kink that only functions on the way have, as norm(x)^2 at 0: the limit of those around."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from diffcli.analysis.precise import is_affordable
from diffcli.analysis.problem import Problem
from diffcli.analysis.second_order import gradient_at, hessian_at, on_same_kinks, stated_in
from diffcli.analysis.sweep import Push, Sweep, elements
from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Array
from diffcli.execute.arrays import arrayed, doubles, joined, parted, root
from diffcli.execute.numbers import of_digits
from diffcli.execute.program import Program, quietly
from diffcli.primitives.shape import size

#: The digits that are computed in; how far the points around are, in parts of the coordinates (of one that is 0, as they are); and how many ways they lie.
_DIGITS, _STEPS, _WAYS = 150, (1e-30, 1e-45), 8
#: Limits agree to this part of them, and what tends to 0 shrinks to it from one step to the next; what rounding leaves is smaller than the other.
_PART, _ROUNDING = 1e-9, 1e-90
#: The most operations of all runs.
_MOST_OPERATIONS = 100_000


class _Beside(NamedTuple):
    """What is found after a step along a direction."""

    step: float
    direction: Array
    value: Array
    slope: Array
    matrix: Array


def limit(problem: Problem, sweep: Sweep, push: Push, trace: Trace) -> Array | None:
    """The Hessian, in doubles, to which those around the kinks tend from all sides, if value and gradient there fit it too.

    None where they do not, where the point as it was stated is not on the same kinks, or where it would be dear to tell.
    """
    operations = 2 * _WAYS * len(_STEPS) * (elements(problem.shapes, problem.wrt) + 1) * sum(map(size, trace.graph.shapes))
    here = stated_in(problem, of_digits(_DIGITS))
    if operations > _MOST_OPERATIONS or not is_affordable(trace) or not on_same_kinks(trace, here, sweep):
        return None
    with quietly():
        value, slope = _value(here, sweep), gradient_at(here, sweep)
        far, near = ([*_around(here, sweep, push, step)] for step in _STEPS)

        def largest(besides: Sequence[_Beside], rest: Callable[[_Beside], Array]) -> Array:
            return np.max([np.abs(rest(beside)) for beside in besides], axis=0)

        def tends(rest: Callable[[_Beside], Array], least: Array) -> bool:
            return bool(np.all(largest(near, rest) <= np.maximum(_PART * largest(far, rest), least)))

        first = near[0].matrix
        own = np.abs(np.diag(first))
        least = _ROUNDING * root(np.outer(own, own))
        entries = largest(near, lambda beside: beside.matrix)
        found = np.where(entries <= np.maximum(_PART * largest(far, lambda beside: beside.matrix), least), 0, first)
        steps = largest(near, lambda beside: np.abs(found) @ np.abs(beside.direction))
        continues = (
            tends(lambda beside: beside.matrix - found, _PART * np.abs(found) + least)
            and tends(lambda beside: (beside.slope - slope) / beside.step - found @ beside.direction, _PART * steps + _ROUNDING * np.abs(slope))
            and tends(lambda beside: np.asarray((beside.value - value) / beside.step - slope @ beside.direction), _ROUNDING * np.abs(value))
        )
    return doubles(found) if continues else None


def _value(problem: Problem, sweep: Sweep) -> Array:
    return Program(sweep.built.graph, [sweep.built.output], problem.arithmetic).run(sweep.inputs(problem.values))[0]


def _around(problem: Problem, sweep: Sweep, push: Push, step: float) -> Iterator[_Beside]:
    """Beside the point, each way and the other."""
    point = {name: problem.values[name] for name in problem.wrt}
    lengths = np.where(joined(point) == 0, 1, np.abs(joined(point)))
    for way, sign in product(range(_WAYS), (1, -1)):
        random = np.random.default_rng(way)
        direction = sign * problem.arithmetic.lifted(random.uniform(0.25, 1.0, lengths.shape) * random.choice([-1.0, 1.0], lengths.shape)) * lengths
        there = parted(joined(point) + problem.arithmetic.lifted(np.asarray(step)) * direction, point)
        moved = problem._replace(values={**problem.values, **{name: arrayed(value) for name, value in there.items()}})
        yield _Beside(step, direction, _value(moved, sweep), gradient_at(moved, sweep), hessian_at(moved, sweep, push))
