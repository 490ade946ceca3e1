"""The Hessian where a run begins and ends: its eigenvalues, the point's kind, and the rates that are stable there.

A step of length lr along the negative gradient multiplies the distance from the minimum, along an
eigenvector, by `1 - lr * eigenvalue`: it shrinks for all of them where lr is below 2/lambda_max.
Few variables: all eigenvalues. Many: the two ends, by Lanczos iteration on Hessian products. How
much is computed follows from the sizes of graph and run, never from a clock: the same run is
always diagnosed alike.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from diffcli.analysis.curvature import Classification, bent, classified, holds, sloped
from diffcli.analysis.descent.objective import Objective
from diffcli.deadline.budget import seconds_left
from diffcli.execute.arrays import (
    Array,
    all_finite,
    doubles,
    euclidean_norm,
    joined,
    larger,
    largest_magnitude,
    largest_part,
    parted,
)
from diffcli.execute.definiteness import Examined, Model, asymmetry, eigenvalues, examined
from diffcli.execute.spectra import MOST_PRODUCTS, End, ends
from diffcli.primitives.shape import size

Point = Mapping[str, Array]
#: A `plateau` has next to no slope, and no stationary point nearby.
Kind = Classification | Literal["plateau"]

#: The most elements of the variables for which all eigenvalues are computed.
_FULL = 300
#: Seconds that the eigenvalues at one point may take: so many, or this part of the run; and those of `--lr auto`,
#: before it.
_SECONDS, _PART, _BEFORE = 0.05, 0.05, 1.0
#: And those after a run with a time limit, at most.
_BOUNDED = 0.1
#: Rough seconds for a node of a sweep, for one of its elements, and for a node of a graph that is being made.
_NODE, _ELEMENT, _MADE = 1.5e-6, 2e-9, 4e-5
#: A product costs so many sweeps.
_PRODUCT = 1.5
#: Where there is no stationary point near, the Newton step after the next is this long at least.
_AS_LONG = 0.9
#: The stationary point is where the run ended if a Newton step changes no coordinate by more than this part of it, or
#: of its way.
_THERE = 1e-3
#: An end of the spectrum that counts as 0, as a part of its width; and how far mirror images may differ where there is
#: a Hessian.
_VANISHING, _SYMMETRIC = 1e-10, 1e-6


class Spectrum(NamedTuple):
    """The least and the largest eigenvalue of the Hessian at a point; None for one that was not found.

    `all` of the eigenvalues, the quadratic `model` and what it says are there where few variables
    allow it; otherwise the numbers may be wrong by `error`.
    """

    smallest: float | None
    largest: float | None
    error: float = 0.0
    all: tuple[float, ...] = ()
    model: Model | None = None
    found: Examined | None = None

    @property
    def magnitude(self) -> float:
        """That of the eigenvalue farthest from 0."""
        return max((abs(value) for value in (self.smallest, self.largest) if value is not None), default=0.0)


class Effort(NamedTuple):
    """The number of Hessian products that may be made of an objective."""

    products: int

    @staticmethod
    def after(objective: Objective, steps: int, bounded: bool) -> "Effort":
        """So many that they take a small part of the run's time, and next to none of it where that is bounded."""
        part = _PART * steps * _sweep(objective)
        return Effort._within(objective, max(_SECONDS, min(part, _BOUNDED) if bounded else part))

    @staticmethod
    def before(objective: Objective) -> "Effort":
        """So many that nobody waits long for the first step."""
        return Effort._within(objective, _BEFORE)

    def covers(self, point: Point) -> bool:
        """Whether it is enough for variables like these."""
        return _count(point) <= min(_FULL, self.products) or self.products >= MOST_PRODUCTS

    @staticmethod
    def _within(objective: Objective, seconds: float) -> "Effort":
        spare = seconds - _MADE * len(objective.sweep.built.graph)
        return Effort(max(0, int(spare / (_PRODUCT * _sweep(objective)))))


def _sweep(objective: Objective) -> float:
    """About the seconds that a value and a gradient take."""
    graph = objective.sweep.built.graph
    return _NODE * len(graph) + _ELEMENT * sum(map(size, graph.shapes))


def spectrum_at(objective: Objective, point: Point, effort: Effort) -> Spectrum | None:
    """The eigenvalues at a point; None where they are too dear, or a second derivative is not finite."""
    if not effort.covers(point):
        return None
    if _count(point) <= min(_FULL, effort.products):
        return _whole(objective, point)
    least, most = ends(objective.bending(point), point)
    if least is None and most is None:
        return None
    return Spectrum(_value(least), _value(most), max(end.error for end in (least, most) if end is not None))


def _whole(objective: Objective, point: Point) -> Spectrum | None:
    """All eigenvalues, and what the quadratic model says; in more digits where doubles do not tell."""
    second = objective.second_order(point)
    for model in second.models():
        if not model.finite or asymmetry(model, second.raw) > _SYMMETRIC:
            return None
        found = examined(model)
        if (not found.unknown and sloped(model, found, second.epsilon)[2]) or seconds_left(1.0) <= 0:
            break
    values = eigenvalues(model, found)
    return Spectrum(values[0], values[-1], 0.0, values, model, found)


def _count(point: Point) -> int:
    return sum(size(value.shape) for value in point.values())


def _value(end: End | None) -> float | None:
    return None if end is None else end.eigenvalue


def stable_rate(spectrum: Spectrum | None, maximize: bool) -> float | None:
    """2/lambda_max, that of the negative where it is to be made large; None where nothing bends that way."""
    if spectrum is None:
        return None
    steepest = spectrum.largest if not maximize else None if spectrum.smallest is None else -spectrum.smallest
    least = 0.0 if spectrum.found is not None else max(_VANISHING * spectrum.magnitude, spectrum.error)
    return 2.0 / steepest if steepest is not None and steepest > least and all_finite(2.0 / steepest) else None


def automatic_rate(objective: Objective) -> float | None:
    """1/|lambda|, of the eigenvalue farthest from 0 at the problem's point; None where it is 0 or not to be had.

    That is half the largest stable rate where the expression bends like a bowl: such a step never overshoots.
    """
    problem = objective.problem
    found = spectrum_at(objective, {name: problem.values[name] for name in problem.wrt}, Effort.before(objective))
    if found is None or found.magnitude == 0 or not all_finite(1.0 / found.magnitude):
        return None
    return 1.0 / found.magnitude


def kind_of(
    objective: Objective, point: Point, gradient: Point, spectrum: Spectrum, start: Point, kinked: bool
) -> tuple[Kind | None, Classification | None]:
    """The kind of point that a run ended at, None where the eigenvalues that were found do not tell.

    And what kind a Newton step leads to, where that is far.

    A gradient may be small because a stationary point is near or because the function is flat far away from one: the
    Newton step tells, which leads to the former and not out of the latter.
    """
    if kinked:
        return "not-smooth", None
    model, found = spectrum.model, spectrum.found
    if model is None or found is None:
        return _kind_by_ends(
            spectrum, euclidean_norm(gradient.values()), largest_magnitude(way(point, start).values())
        ), None
    kind = classified(True, False, bent(found), found.zeros)
    second = objective.second_order(point)
    if sloped(model, found, second.epsilon)[0] == "zero":
        return None if kind == "flat" and second.hides(model, found.unknown) else kind, None
    if found.sloped:
        return "plateau", None
    if holds(model, found, lambda moved: second.slope_at(model, moved)):
        near = largest_part(found.step, joined(way(point, start)), found.step_error) <= _THERE
        return (kind, None) if near else ("not-stationary", kind)
    there = _whole(objective, parted(doubles(model.point + found.step), point))
    if there is None or there.found is None:
        return None, None
    fades = found.length(there.found.step) < _AS_LONG * found.length(found.step)
    return "flat" if fades else "plateau", None


def _kind_by_ends(spectrum: Spectrum, norm: float, way: float) -> Kind | None:
    """By the ends of the spectrum alone: only what their errors allow."""
    if spectrum.smallest is None or spectrum.largest is None:
        return None
    if spectrum.magnitude == norm == 0:
        return "flat"
    zero = max(_VANISHING * spectrum.magnitude, 2 * spectrum.error)
    weakest = min(abs(spectrum.smallest), abs(spectrum.largest))
    if weakest <= zero or norm > _THERE * weakest * way:
        return None
    return "saddle" if spectrum.smallest < 0 < spectrum.largest else "minimum" if spectrum.smallest > 0 else "maximum"


def way(point: Point, start: Point) -> dict[str, Array]:
    """For each coordinate its size at the end or at the start, or how far it came, whichever is largest."""
    return {
        name: larger(larger(abs(value), abs(start[name])), abs(value - start[name])) for name, value in point.items()
    }
