"""A minimum that is not there: values that fall without bound, or towards a number that they never reach."""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.spectrum import Spectrum
from diffcli.execute.arrays import Array, along, as_long_as, doubles, parted
from diffcli.execute.definiteness import Examined, Model, examined

Point = Mapping[str, Array]

#: Newton steps until one is as long as the one before, where there is nothing to be reached; and what counts as as
#: long.
_STEPS, _AS_LONG = 6, 0.9
#: Values are looked at as far as two to this power such steps.
_DOUBLINGS = 10
#: The most variables for which this is done.
_MOST = 50
#: What is left of the changes with each doubling, at most, where the values have a limit; and what of a value is 0.
_FADES, _NOTHING = 0.95, 1e-3


class Horizon(NamedTuple):
    """The limit of the values, farther and farther on; None where they have none."""

    limit: float | None


def horizon(objective: Objective, point: Point, spectrum: Spectrum, maximize: bool) -> Horizon | None:
    """The horizon in the direction in which Newton's steps do not get shorter.

    None where there is none, or the values turn on the way.
    """
    if spectrum.model is None or spectrum.found is None or len(spectrum.model.slope) > _MOST:
        return None
    ahead = _direction(objective, point, spectrum.model, spectrum.found, maximize)
    if ahead is None:
        return None
    begin, step = ahead
    sign = -1.0 if maximize else 1.0
    values = [objective.at(along(begin, 2.0**power, step))[0] for power in range(_DOUBLINGS + 1)]
    values = [objective.at(begin)[0], *values]
    if (
        not all(map(math.isfinite, values))
        or any(sign * after > sign * before for before, after in pairwise(values))
        or values[0] == values[1] != values[-1]
    ):
        return None
    return Horizon(_limit(values))


def _direction(
    objective: Objective, point: Point, model: Model, found: Examined, maximize: bool
) -> tuple[Point, Point] | None:
    """A point from which Newton's steps do not get shorter, and such a step; None where they do."""
    if found.sloped and model.context is None:  # the slope does not change
        slope = model.slope if maximize else -model.slope
        return (
            (point, parted(as_long_as(slope, model.point), point)) if slope.any() else None
        )  # it may be too small for a number
    for _ in range(_STEPS):
        following = along(point, 1.0, parted(doubles(found.step), point))
        after = next(iter(objective.second_order(following).models()))
        if not after.finite:
            return None
        there = examined(after)
        first, second = found.length(found.step), found.length(there.step)
        point = following
        if second >= _AS_LONG * first:
            return point, parted(there.step, point)
        if not second:  # too small to be seen, or where there is no slope: the values tell
            return following, parted(doubles(found.step), point)
        model, found = after, there
    return None


def _limit(values: list[float]) -> float | None:
    """The limit of the values, by Aitken's method; None where their changes do not fade."""
    before, last = values[-2] - values[-3], values[-1] - values[-2]
    if not last:
        limit = values[-1]
    elif abs(last) > _FADES * abs(before):
        return None
    else:
        limit = values[-1] - last * last / (last - before)
    return 0.0 if abs(limit) <= _NOTHING * abs(values[0]) else limit
