"""Slope and Hessian of a problem at a point, with what rounding may have made of them.

With more digits where that is not enough.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from diffcli.analysis.kinks import on
from diffcli.analysis.lost_digits import again
from diffcli.analysis.precise_gradient import is_cheap
from diffcli.analysis.problem import Problem
from diffcli.analysis.recipe import Recipe, bending, by_moving, pullback, shapes_of_interest
from diffcli.analysis.sweep import Push, Sweep, elements
from diffcli.analysis.trace import Trace
from diffcli.execute.arithmetic import FLOAT32, FLOAT64, Arithmetic
from diffcli.execute.arrays import Array, all_finite, arrayed, doubles, identical, joined, parted
from diffcli.execute.continuation import Limit
from diffcli.execute.definiteness import MOST_DIGITAL_ROWS, Model
from diffcli.execute.derivative_matrices import mirrored, of_columns, square
from diffcli.execute.executors.executor import Choice
from diffcli.execute.program import Program
from diffcli.execute.rounding import error, vanished
from diffcli.primitives.shape import size

if TYPE_CHECKING:
    from diffcli.execute.numbers import Rounding

Blocks = dict[str, dict[str, Array]]

#: Digits of one model after the other, and about the seconds that an operation takes with them.
_DIGITS = ((50, 4e-6), (300, 8e-6), (1_200, 3e-5))
#: So many digits beyond those of a model show what in it is rounding.
_MORE_DIGITS = 10
#: The digits that limits are found in, and by what part of them they may be wrong.
LIMIT_DIGITS, _PART = 150, 1e-30
#: The seconds that a model of many digits may take, by an estimate from the sizes alone.
_SECONDS = 1.0


class SecondOrder:
    """The models of a problem at a point, one more precise than the other."""

    def __init__(
        self,
        problem: Problem,
        expansion: "Expansion",
        trace: Trace,
        limit: Limit | None = None,
        limit_elsewhere: Callable[[], Limit | None] = lambda: None,
        known: Blocks | None = None,
    ) -> None:
        """`trace` has the values of the expansion's graph at the problem's point.

        `limit` is taken where on a kink there is only a convention; `limit_elsewhere` finds that of a point which,
        as it was stated, is on other kinks than that of doubles. `known` is the Hessian in the problem's numbers, if it
        was found.
        """
        self.problem, self._expansion, self._trace = problem, expansion, trace
        self._limit_elsewhere = limit_elsewhere
        self._doubles = problem._replace(
            arithmetic=FLOAT64, values={name: doubles(value) for name, value in problem.values.items()}
        )
        self._limit = limit
        self._found: dict[Arithmetic, Expanded] = {}
        if known and problem.arithmetic is FLOAT64:
            slope = joined(expansion.sweep.gradient(trace.values, problem.values))
            self._found[FLOAT64] = Expanded(trace.values[trace.output], slope, square(known, problem.shapes))
        self.kinked = False  # whether the point as it was stated is on other kinks than that of doubles
        self.raw: Array  # the matrix of the last model, not made symmetric

    def models(self) -> Iterator[Model]:
        """In double precision; then, where that is affordable, in many digits of the point as it was stated."""
        if self._limit is not None:
            taken = self._in_doubles()
            self.raw = self._limit.matrix
            errors = (2.0**-52 * abs(part) for part in self._limit)
            yield Model(taken.point, *self._limit, *errors)
            return
        in_digits = self._affordable()
        told = not self.problem.precision or not in_digits  # else doubles may not hold the point
        if told:
            yield self._in_doubles()
        for digits in in_digits:
            model = self._in_digits(digits)
            if model is None:
                limit = self._limit_elsewhere() if self.kinked and not self.problem.precision else None
                if limit is not None:
                    self.kinked = False
                    yield self._tending(limit)
                    return
                break
            told = True
            yield model
        if not told:
            yield self._in_doubles()

    @property
    def epsilon(self) -> float:
        """A rounding's part of a coordinate."""
        return FLOAT32.epsilon if self.problem.precision.dtype == "float32" else FLOAT64.epsilon

    def _affordable(self) -> list[int]:
        """The numbers of digits that there is time for."""
        count = elements(self.problem.shapes, self.problem.wrt)
        nodes = range(len(self._trace.values))
        if count > MOST_DIGITAL_ROWS or not all(is_cheap(self._trace, node, math.inf) for node in nodes):
            return []
        operations = 2 * (count + 1) * sum(map(size, self._expansion.sweep.built.graph.shapes)) + 30 * count**3
        return [digits for digits, seconds in _DIGITS if operations * seconds <= _SECONDS]

    def hides(self, model: Model, unknown: int) -> bool:
        """Whether what was too small for doubles may be why so many eigenvalues of a model count as 0."""
        if not unknown or model.context is not None:
            return False
        graph, values = self._trace.graph, self._trace.values
        return any(
            vanished(
                graph.primitives[node], doubles(value), [doubles(values[operand]) for operand in graph.operands[node]]
            )
            for node, value in enumerate(values)
        )

    def slope_at(self, model: Model, point: Array) -> Array:
        """The slope at another point, in the model's numbers."""
        problem = self._doubles if model.context is None else self._with_digits(model.context.dps)
        moved = problem._replace(
            values={**problem.values, **parted(point, {name: problem.values[name] for name in problem.wrt})}
        )
        return gradient_at(moved, self._expansion.sweep)

    def _tending(self, limit: Limit) -> Model:
        """The model at the point as it was stated of which slope and matrix are a limit, found in many digits."""
        problem = self._with_digits(LIMIT_DIGITS)
        point = joined({name: problem.values[name] for name in problem.wrt})
        self.raw = limit.matrix
        unit = problem.arithmetic.context.ldexp(1, 8 - problem.arithmetic.context.prec)
        errors = unit * abs(limit.slope) + unit * (abs(limit.matrix) @ abs(point)), _PART * abs(limit.matrix)
        return Model(point, *limit, *errors, problem.arithmetic.context)

    def found_in(self, arithmetic: Arithmetic) -> "Expanded":
        """Value, slope and Hessian in an arithmetic, at the point as it is in doubles."""
        found = self._found.get(arithmetic)
        if found is None:
            found = self._found[arithmetic] = self._expansion.at(again(self._doubles, arithmetic))
        return found

    def _in_doubles(self) -> Model:
        problem = self._doubles
        _, slope, raw = self.found_in(FLOAT64)
        self.raw = raw
        return Model(
            joined({name: problem.values[name] for name in problem.wrt}),
            slope,
            mirrored(raw),
            error(slope, lambda shaken: self.found_in(shaken).slope),
            mirrored(error(raw, lambda shaken: self.found_in(shaken).matrix)),
        )

    def _in_digits(self, digits: int) -> Model | None:
        """By two runs that round in opposite directions.

        None where one of them has no number, or is on a kink that doubles are not on.
        What more digits change counts as an error too: an even function is the same on both sides of its zero.
        """
        low, high = (self._with_digits(digits, rounding) for rounding in ("floor", "ceiling"))
        if not all(on_same_kinks(self._trace, problem, self._expansion.sweep) for problem in (low, high)):
            self.kinked = True
            return None
        found = [self._expansion.at(problem) for problem in (low, high)]
        self.raw = found[1].matrix
        slopes, matrices = [each.slope for each in found], [mirrored(each.matrix) for each in found]
        if not all(map(all_finite, (*slopes, *matrices))):
            return None
        context = self._with_digits(digits).arithmetic.context
        points = [joined({name: problem.values[name] for name in problem.wrt}) for problem in (low, high)]
        slopes, matrices, points = (
            [*map(self._with_digits(digits).arithmetic.lifted, pair)] for pair in (slopes, matrices, points)
        )
        unit = context.ldexp(1, 8 - context.prec)
        point = joined({name: self._with_digits(digits).values[name] for name in low.wrt})
        errors = [
            64 * abs(first - second) + unit * abs(second) * (first != second) for first, second in (slopes, matrices)
        ]
        more = self._expansion.at(self._with_digits(digits + _MORE_DIGITS))
        lifted = self._with_digits(digits).arithmetic.lifted
        finer = lifted(more.slope), mirrored(lifted(more.matrix))
        if not all(map(all_finite, finer)):
            return None
        errors = [
            error + 2 * abs(found - fine)
            for error, found, fine in zip(errors, (slopes[1], matrices[1]), finer, strict=True)
        ]
        errors[0] = errors[0] + abs(matrices[1]) @ abs(
            points[0] - points[1]
        )  # where two roundings of the point happen to lead to one slope
        return Model(point, slopes[1], matrices[1], errors[0], errors[1], context)

    def _with_digits(self, digits: int, rounding: "Rounding" = "nearest") -> Problem:
        from diffcli.execute.many_digits import of_digits

        return stated_in(self._doubles, of_digits(digits, rounding=rounding))


def stated_in(problem: Problem, arithmetic: Arithmetic) -> Problem:
    """A problem in doubles, to be computed in an arithmetic of many digits at the point as it was stated."""
    stated = problem.stated if problem.precision.dtype == "float64" else {}  # singles are what was rounded to them
    values = {
        name: stated[name].valued(arithmetic) if name in stated else arrayed(arithmetic.lifted(value))
        for name, value in problem.values.items()
    }
    return problem._replace(arithmetic=arithmetic, values=values)


def on_same_kinks(trace: Trace, problem: Problem, sweep: Sweep) -> bool:
    """Whether a problem in other numbers sits on the kinks that a trace of its sweep sits on, and on no others."""
    graph = trace.graph
    every = [
        (node, kink)
        for node in range(trace.output + 1)
        for kink in (*graph.primitives[node].kinks, *graph.primitives[node].slope_kinks)
    ]
    if not every:
        return True
    values = Program(graph, range(trace.output + 1), problem.arithmetic).values(sweep.inputs(problem.values))
    there = trace._replace(values=values, arithmetic=problem.arithmetic)
    return all(identical(on(trace, node, kink), on(there, node, kink)) for node, kink in every)


class Expanded(NamedTuple):
    """The value, the slope as one vector and the Hessian as one matrix."""

    value: Array
    slope: Array
    matrix: Array


class Expansion:
    """Value, slope and Hessian of a sweep at points that differ in the variables of interest alone, in any arithmetic.

    A Hessian that depends on none of them is computed once.
    """

    def __init__(self, sweep: Sweep, push: Push) -> None:
        self.sweep, self._slope, self._bending = sweep, pullback(sweep), bending(sweep, push)
        variables = {sweep.built.inputs[name] for name in sweep.wrt}
        self._same_everywhere = variables.isdisjoint(sweep.built.graph.needed(self._bending.targets))
        self._matrices: dict[Arithmetic, Array] = {}

    def at(self, problem: Problem) -> Expanded:
        """In the problem's arithmetic at its point: once for each element of the variables, and at least once."""
        known = self._matrices.get(problem.arithmetic)
        if known is not None:
            return Expanded(*value_and_slope(problem, self.sweep), known)
        first, rest = self._slope, self._bending
        recipe = rest._replace(targets=[*first.targets, *rest.targets])
        plan = recipe.at(problem, max(1, elements(problem.shapes, problem.wrt)))
        found = [plan.runner(each) for each in recipe.directions(problem)] or [plan.runner(recipe.still(problem))]
        slope = joined(first.by_variable(found[0][: len(first.targets)], problem))
        matrix = square(_by_pairs(recipe, found, problem), problem.shapes)
        if self._same_everywhere:
            self._matrices[problem.arithmetic] = matrix
        return Expanded(found[0][0], slope, matrix)


def full_hessian(problem: Problem, sweep: Sweep, push: Push) -> tuple[Blocks, Choice]:
    """By name and name, and what ran it: once for each element of the variables, which moves that element."""
    recipe = bending(sweep, push)
    plan = recipe.at(problem, elements(problem.shapes, problem.wrt))
    return _by_pairs(recipe, [plan.runner(each) for each in recipe.directions(problem)], problem), plan.choice


def _by_pairs(recipe: Recipe, found: Sequence[list[Any]], problem: Problem) -> Blocks:
    """The Hessian by name and name, from the tangents of the adjoints in all directions."""
    shapes = shapes_of_interest(problem)
    columns = {
        name: [recipe.by_variable(each, problem) for each in columns]
        for name, columns in by_moving(found, problem).items()
    }
    return {
        first: {
            second: of_columns([column[first] for column in columns[second]], shapes[first], shapes[second])
            for second in problem.wrt
        }
        for first in problem.wrt
    }


def hessian_at(problem: Problem, sweep: Sweep, push: Push) -> Array:
    """The whole Hessian as one matrix."""
    return square(full_hessian(problem, sweep, push)[0], problem.shapes)


def gradient_at(problem: Problem, sweep: Sweep) -> Array:
    """The whole gradient as one vector."""
    return value_and_slope(problem, sweep)[1]


def value_and_slope(problem: Problem, sweep: Sweep) -> tuple[Array, Array]:
    """The value, and the gradient as one vector."""
    recipe = pullback(sweep)
    found = recipe.at(problem, 1).runner([])
    return found[0], joined(recipe.by_variable(found, problem))
