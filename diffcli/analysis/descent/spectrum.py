"""The Hessian where a run begins and ends: its eigenvalues, the point's kind, and the rates that are stable there.

A step of length lr along the negative gradient multiplies the distance from the minimum, along an
eigenvector, by `1 - lr * eigenvalue`: it shrinks for all of them where lr is below 2/lambda_max.
Few variables: all eigenvalues. Many: the two ends, by Lanczos iteration on Hessian products. How
much is computed follows from the sizes of graph and run, never from a clock: the same run is
always diagnosed alike.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from diffcli.analysis.curvature import CANCELLED, STATIONARY, VANISHING, Classification, bent, classified
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.problem import Problem
from diffcli.analysis.values import Array
from diffcli.execute.arrays import all_finite, euclidean_norm, largest_magnitude
from diffcli.execute.matrices import eigenvalues
from diffcli.execute.spectra import MOST_PRODUCTS, End, ends, newton_step, symmetric_matrix
from diffcli.primitives.shape import size

Point = Mapping[str, Array]
#: A `plateau` has next to no slope, and no stationary point nearby.
Kind = Classification | Literal["plateau"]

#: The most elements of the variables for which all eigenvalues are computed.
_FULL = 300
#: Seconds that the eigenvalues at one point may take: so many, or this part of the run; and those of `--lr auto`, before it.
_SECONDS, _PART, _BEFORE = 0.05, 0.05, 1.0
#: Rough seconds for a node of a sweep, for one of its elements, and for a node of a graph that is being made.
_NODE, _ELEMENT, _MADE = 1.5e-6, 2e-9, 4e-5
#: A product costs so many sweeps.
_PRODUCT = 1.5
#: A Newton step shrinks the gradient by this near a stationary point; where there is none the next one is this long at least.
_SHRINKS, _AS_LONG = 0.1, 0.9


class Spectrum(NamedTuple):
    """The least and the largest eigenvalue of the Hessian at a point; None for one that was not found.

    `matrix` and `all` of the eigenvalues are there where few variables allow it; otherwise the
    numbers may be wrong by `error`.
    """

    smallest: float | None
    largest: float | None
    error: float = 0.0
    all: tuple[float, ...] = ()
    matrix: Any = None

    @property
    def magnitude(self) -> float:
        """That of the eigenvalue farthest from 0."""
        return max((abs(value) for value in (self.smallest, self.largest) if value is not None), default=0.0)


class Effort(NamedTuple):
    """How many Hessian products may be made of an objective."""

    products: int

    @staticmethod
    def after(objective: Objective, steps: int) -> "Effort":
        """So many that they take a small part of the run's time."""
        return Effort._within(objective, max(_SECONDS, _PART * steps * _sweep(objective)))

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
    """The eigenvalues at a point; None where the problem is too large for the effort or a second derivative is not finite."""
    if not effort.covers(point):
        return None
    if _count(point) <= min(_FULL, effort.products):
        matrix = symmetric_matrix(objective.bending(point), point)
        if matrix is None:
            return None
        found = eigenvalues(matrix)
        return Spectrum(found[0], found[-1], 0.0, found, matrix)
    least, most = ends(objective.bending(point), point)
    if least is None and most is None:
        return None
    return Spectrum(_value(least), _value(most), max(end.error for end in (least, most) if end is not None))


def _count(point: Point) -> int:
    return sum(size(value.shape) for value in point.values())


def _value(end: End | None) -> float | None:
    return None if end is None else end.eigenvalue


def stable_rate(spectrum: Spectrum | None, maximize: bool) -> float | None:
    """2/lambda_max, that of the negative where it is to be made large; None where nothing bends that way."""
    if spectrum is None:
        return None
    steepest = spectrum.largest if not maximize else None if spectrum.smallest is None else -spectrum.smallest
    return 2.0 / steepest if steepest is not None and steepest > max(VANISHING * spectrum.magnitude, spectrum.error) else None


def automatic_rate(problem: Problem) -> float | None:
    """1/|lambda|, of the eigenvalue farthest from 0 at the problem's point; None where it is 0 or not to be had.

    That is half the largest stable rate where the expression bends like a bowl: such a step
    never overshoots. Raises DiffcliError as building the problem does.
    """
    objective = Objective(problem)
    found = spectrum_at(objective, {name: problem.values[name] for name in problem.wrt}, Effort.before(objective))
    return None if found is None or found.magnitude == 0 or not all_finite(1.0 / found.magnitude) else 1.0 / found.magnitude


def kind_of(objective: Objective, point: Point, gradient: Point, spectrum: Spectrum, start: Point, kinked: bool) -> Kind | None:
    """What kind of point a run ended at; None where the eigenvalues that were found do not tell.

    A gradient may be small because a stationary point is near or because the function is flat
    far away from one: the Newton step tells, which leads to the former and not out of the latter.
    """
    if kinked:
        return "not-smooth"
    norm = euclidean_norm(gradient.values())
    scale = largest_magnitude([*point.values(), *start.values()])
    weakest = min((abs(value) for value in spectrum.all if abs(value) > VANISHING * spectrum.magnitude), default=spectrum.magnitude)
    stationary = norm <= max(STATIONARY * weakest, CANCELLED * spectrum.magnitude) * scale
    if spectrum.matrix is None:
        return _kind_by_ends(spectrum, stationary)
    bend, zeros = bent(spectrum.all)
    if stationary:
        return classified(True, False, bend, zeros)
    before, slope = point, gradient
    step = newton_step(spectrum.matrix, slope, VANISHING)
    after = _moved(before, step)
    slope = objective.at(after)[1]
    if euclidean_norm(slope.values()) <= _SHRINKS * norm:
        return classified(True, False, bend, zeros)
    matrix = symmetric_matrix(objective.bending(after), after)
    if matrix is None or not all(map(all_finite, slope.values())):
        return None
    first, second = (euclidean_norm(each.values()) for each in (step, newton_step(matrix, slope, VANISHING)))
    return "plateau" if second >= _AS_LONG * first else "flat"


def _kind_by_ends(spectrum: Spectrum, stationary: bool) -> Kind | None:
    """By the ends of the spectrum alone: only what their errors allow."""
    if not stationary or spectrum.smallest is None or spectrum.largest is None:
        return None
    if spectrum.magnitude == 0:
        return "flat"
    zero = max(VANISHING * spectrum.magnitude, 2 * spectrum.error)
    if spectrum.smallest < -zero and spectrum.largest > zero:
        return "saddle"
    return "minimum" if spectrum.smallest > zero else "maximum" if spectrum.largest < -zero else "flat"


def _moved(point: Point, step: Point) -> dict[str, Array]:
    return {name: point[name] + step[name] for name in point}
