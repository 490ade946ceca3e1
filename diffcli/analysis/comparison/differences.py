"""Derivatives from values alone: differences of a function of one number."""

import math
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

Line = Callable[[Any], Any]

#: Each step is so many times shorter than the one before; and how many there are at most.
_SHORTER, _LEVELS = 4.0, 13
#: Steps are no longer shortened once the estimate has settled to this part of itself and the error grows again, by this
#: factor.
_SETTLED, _GROWN = 1e-8, 1e3


class Difference(NamedTuple):
    """A derivative from values: estimate, estimated error, last step, and evaluations of the function."""

    value: float
    error: float
    step: float
    evaluations: int


def extrapolated(line: Line, step: float) -> Difference:
    """The central difference at 0, extrapolated to step 0.

    The first step is `step` or shorter, until the function is finite on both sides. Richardson's
    extrapolation cancels the powers of the step one after the other; of all estimates the one is
    taken that differs least from its neighbours, and by rounding (C. Ridders, Advances in
    Engineering Software 4 (1982), 75-76). nan where the function is not finite.
    """
    best = Difference(math.nan, math.inf, step, 0)
    before: list[float] = []
    evaluations = 0
    for _ in range(_LEVELS):
        central, rounding = _central(line, step)
        evaluations += 2
        if math.isfinite(central):
            row, factor = [central], 1.0
            for column, shorter in enumerate(before):
                factor *= _SHORTER**2
                row.append(row[column] + (row[column] - shorter) / (factor - 1))
                error = max(abs(row[-1] - row[-2]), abs(row[-1] - shorter)) + rounding
                if error <= best.error:
                    best = Difference(row[-1], error, step, evaluations)
            if best.error <= _SETTLED * abs(best.value) and abs(row[-1] - before[-1]) > _GROWN * best.error:
                break
            before = row
        step /= _SHORTER
    return best._replace(evaluations=evaluations)


def at_step(line: Line, step: float, epsilon: float) -> Difference:
    """The central difference of one step, as gradient checks take it; `epsilon` is a rounding's part of a number."""
    value, error = _central(line, step, epsilon)
    return Difference(value, error, step, 2)


def usual_step(position: float, epsilon: float) -> float:
    """The step with which truncation and rounding of a central difference are alike, of functions of usual curvature
    (J. Nocedal and S. Wright, Numerical Optimization, 2006, 8.1).
    """
    return math.cbrt(epsilon) * max(1.0, abs(position))


def first_step(position: float) -> float:
    """The step to begin with at a value: a quarter of it, at least of 1."""
    return 0.25 * max(1.0, abs(position))


def _central(line: Line, step: float, epsilon: float = sys.float_info.epsilon) -> tuple[float, float]:
    """The central difference, and the part of it that may be the function's rounding."""
    try:
        ahead, behind = float(line(step)), float(line(-step))
    except OverflowError:
        return math.nan, math.nan
    return (ahead - behind) / (2 * step), epsilon * max(abs(ahead), abs(behind)) / step


def forward_difference(line: Line, here: Any, step: Any) -> Any:
    """(f(step) - f(0)) / step; from the left where `step` is negative."""
    return (line(step) - here) / step


def central_difference(line: Line, step: Any) -> Any:
    """(f(step) - f(-step)) / (2 step)."""
    return (line(step) - line(-step)) / (2 * step)
