"""The ground of a path: the expression's values on a line or a grid around it, and the path's own coordinates.

A line for one number that moves (a scalar, a vector of one), a grid for two (two scalars, a vector
of two). The expression is evaluated point by point, so often at most that it takes about two
seconds; how often is decided from the size of the graph alone, so the same run gives the same picture.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from diffcli.analysis.plan import plan_for
from diffcli.analysis.problem import Problem
from diffcli.analysis.sweep import built_scalar
from diffcli.execute.arrays import Array, numbers_of, reshaped
from diffcli.execute.schedule import scheduled
from diffcli.primitives.shape import size

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport

Point = tuple[float, ...]

#: Microseconds that the evaluations of a landscape may take, by an estimate from the graph.
_BUDGET = 2_000_000
#: The most points of a line, and of each side of a grid; with fewer than the fewest there is no picture.
_LINE, _SIDE, _FEWEST = 400, 96, 12
_LEVELS = 14
#: As far as an axis reaches: there is room for margins beside it.
_FARTHEST = 1e300
#: The least width of an axis to its numbers: those of doubles on it are told apart.
_TOLD = 1e-12


@dataclass(frozen=True, slots=True)
class Landscape:
    """Values over one axis (`values[0]` alone) or two (`values[row][column]`, rows along the second axis).

    `names` are those of the axes, `axes` their coordinates in order. `levels` are values to draw contours at, closer
    together where the expression is nearer to its best.
    """

    names: tuple[str, ...]
    axes: tuple[Point, ...]
    values: tuple[Point, ...]
    levels: Point = ()


class Trail(NamedTuple):
    """A run's path: at each of its iterates the coordinates, and the expression's value."""

    iterations: tuple[int, ...]
    points: tuple[Point, ...]
    values: Point


def coordinates(problem: Problem) -> tuple[str, ...]:
    """The names of the numbers that move, `x`, or `x[0]` for elements of arrays; only the first three."""
    names: list[str] = []
    for name in problem.wrt:
        shape = problem.shapes[name]
        places = product(*map(range, shape)) if shape else iter([()])
        for _, place in zip(range(3), places, strict=False):
            names.append(f"{name}[{', '.join(map(str, place))}]" if place else name)
    return tuple(names[:3])


def count(problem: Problem) -> int:
    """The count of numbers that move."""
    return sum(size(problem.shapes[name]) for name in problem.wrt)


def trail(report: "DescentReport") -> Trail:
    """The path of a run, of which one number or two move."""
    history = report.history
    points = tuple(
        tuple(element for value in iterate.at.values() for element in numbers_of(value)[1]) for iterate in history
    )
    return Trail(tuple(iterate.iteration for iterate in history), points, tuple(iterate.value for iterate in history))


def landscape(problem: Problem, runs: Sequence["DescentReport"]) -> Landscape | None:
    """The values around the paths of some runs; None where more than two numbers move, or an evaluation is too long."""
    names = coordinates(problem)
    if len(names) > 2:
        return None
    evaluate, cost = _evaluation(problem)
    side = min(_LINE, int(_BUDGET / cost)) if len(names) == 1 else min(_SIDE, math.isqrt(int(_BUDGET / cost)))
    if side < _FEWEST:
        return None
    axes = tuple(_spaced(low, high, side) for low, high in window(runs))
    rows = [()] if len(axes) == 1 else [(second,) for second in axes[1]]
    values = tuple(tuple(evaluate((first, *row)) for first in axes[0]) for row in rows)
    found = (
        _levels([value for row in values for value in row if math.isfinite(value)], runs[0].maximize)
        if len(axes) == 2
        else ()
    )
    return Landscape(names, axes, values, found)


def window(runs: Sequence["DescentReport"]) -> tuple[tuple[float, float], ...]:
    """The stretch of each axis that the paths need, with a margin.

    Runs that diverge leave any window; they count only where no other run is, and then up to eight times their first
    step.
    """
    calm = [report for report in runs if report.status not in ("diverged", "not-finite")]
    points = [point for report in calm for point in trail(report).points if all(map(math.isfinite, point))]
    if not points or (len(calm) < len(runs) and len(set(points)) == 1):
        points = [point for report in runs for point in _first_points(trail(report).points)]
    points = points or [(0.0,) * len(trail(runs[0]).points[0])]
    axes = [[max(-_FARTHEST, min(_FARTHEST, number)) for number in axis] for axis in zip(*points, strict=True)]
    lows, highs = [min(axis) for axis in axes], [max(axis) for axis in axes]
    widths = [high - low for low, high in zip(lows, highs, strict=True)]
    told = [_TOLD * max(-low, high) for low, high in zip(lows, highs, strict=True)]
    widest = max(widths) or max(1.0, *map(abs, lows)) / 2
    # near enough to be drawn to one scale, on which the gradient is at right angles to the contours
    widths = [max(width, 0.6 * widest) if width > 0.1 * widest or width == 0 else width for width in widths]
    widths = [max(width, least) for width, least in zip(widths, told, strict=True)]
    margin = (0.3 if len(axes) == 1 else 0.2) * (2 if len(calm) < len(runs) else 1)
    middles = [low + (high - low) / 2 for low, high in zip(lows, highs, strict=True)]
    return tuple(
        (middle - width * (0.5 + margin), middle + width * (0.5 + margin))
        for middle, width in zip(middles, widths, strict=True)
    )


def _first_points(points: Sequence[Point]) -> list[Point]:
    reach = 8 * math.dist(points[0], points[1]) if len(points) > 1 and all(map(math.isfinite, points[1])) else 0.0
    kept: list[Point] = []
    for point in points:
        if not math.dist(point, points[0]) <= reach:  # nan is not
            break
        kept.append(point)
    return kept


def _evaluation(problem: Problem) -> tuple[Callable[[Point], float], float]:
    """The expression as a function of the numbers that move, and the microseconds it is estimated to take."""
    built = built_scalar(problem)
    varying = [built.inputs[name] for name in problem.wrt]
    fixed = {node: problem.values[name] for name, node in built.inputs.items() if node not in varying}
    schedule = scheduled(built.graph, [built.output], varying, fixed)
    cost = 2 + len(schedule.steps) + sum(map(size, built.graph.shapes)) / 200
    run = plan_for(problem, schedule).runner
    return lambda point: float(run(_placed(problem, point))[0]), cost


def _placed(problem: Problem, point: Point) -> list[Array]:
    """The variables, from the numbers that they are made of."""
    found, start = [], 0
    for name in problem.wrt:
        shape = problem.shapes[name]
        found.append(reshaped(point[start : start + size(shape)], shape))
        start += size(shape)
    return found


def _spaced(low: float, high: float, number: int) -> Point:
    return tuple(low + (high - low) * index / (number - 1) for index in range(number))


def _levels(values: Sequence[float], maximize: bool) -> Point:
    """Levels from the best value nearly to the worst, in equal ratios of their distance where it spans decades."""
    if not values:
        return ()
    best, sign = (max(values), -1) if maximize else (min(values), 1)
    distances = sorted(abs(value - best) for value in values)
    low, high = distances[len(distances) // 100], distances[len(distances) * 98 // 100]
    if not (math.isfinite(high) and high > 1e-12 * abs(best)):
        return ()
    low = max(low, high * 1e-5)
    if high > 50 * low and distances[len(distances) // 2] < 0.6 * high:  # else most of the grid is near the worst
        steps = [low * (high / low) ** (index / (_LEVELS - 2)) for index in range(_LEVELS - 1)]
    else:
        steps = [high * (index + 1) / (_LEVELS - 1) for index in range(_LEVELS - 1)]
    return tuple(sorted({best, *(best + sign * step for step in steps)}))
