"""What kind of point it is: whether the gradient is 0, and what the eigenvalues of the Hessian say."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from diffcli.analysis.problem import Problem
from diffcli.analysis.trace import Trace
from diffcli.analysis.values import Array
from diffcli.execute.arrays import doubles, euclidean_norm, largest_magnitude
from diffcli.execute.matrices import asymmetry, eigenvalues, square

#: What the second order says at a stationary point; `not-smooth` on a kink, where there is no second order.
Classification = Literal["minimum", "maximum", "saddle", "flat", "not-stationary", "not-smooth"]
#: How the graph bends at any point: upward, downward, both; `flat` where all eigenvalues are 0.
Bend = Literal["convex", "concave", "indefinite", "flat"]

#: A gradient counts as 0 up to this part of (largest second derivative x largest coordinate): so
#: does that of a minimum whose coordinates were rounded to six digits.
STATIONARY = 1e-6
#: A gradient also counts as 0 up to this part of the largest contribution that it was added up from: rounding.
CANCELLED = 1e-12
#: An eigenvalue counts as 0 up to this part of the largest.
VANISHING = 1e-10
#: Mixed partials count as equal up to this part of the largest second derivative.
SYMMETRIC = 1e-9


class Curvature(NamedTuple):
    """The eigenvalues in ascending order, and what they mean.

    `zeros` is how many of them count as 0, `gradient_norm` the Euclidean norm, `asymmetry` the
    largest difference of two mixed partials relative to the largest second derivative.
    """

    eigenvalues: tuple[float, ...]
    classification: Classification
    bend: Bend
    zeros: int
    gradient_norm: float
    asymmetry: float

    @property
    def symmetric(self) -> bool:
        """Whether mixed partials are equal, as they are wherever they are continuous."""
        return self.asymmetry <= SYMMETRIC


def curvature_at(problem: Problem, trace: Trace, gradient: Mapping[str, Array], hessian: Mapping[str, Mapping[str, Array]], kinked: bool) -> Curvature:
    """Classify the point. The eigenvalues are in double precision, whatever the arithmetic."""
    matrix = square({first: {second: doubles(block) for second, block in row.items()} for first, row in hessian.items()}, problem.shapes)
    slopes = {name: doubles(value) for name, value in gradient.items()}
    found = eigenvalues(matrix)
    bend, zeros = bent(found)
    norm = euclidean_norm(slopes.values())
    coordinate = largest_magnitude(doubles(problem.values[name]) for name in problem.wrt)
    contribution = largest_magnitude(doubles(trace.values[flow.contribution]) for flow in trace.gradient.flows)
    stationary = norm <= max(STATIONARY * largest_magnitude([matrix]) * coordinate, CANCELLED * contribution)
    return Curvature(found, classified(stationary, kinked, bend, zeros), bend, zeros, norm, asymmetry(matrix))


def bent(eigenvalues: Sequence[float]) -> tuple[Bend, int]:
    """How the graph bends, and how many of the eigenvalues count as 0."""
    largest = max((abs(value) for value in eigenvalues), default=0.0)
    negative = sum(value < -VANISHING * largest for value in eigenvalues)
    positive = sum(value > VANISHING * largest for value in eigenvalues)
    bend: Bend = "indefinite" if positive and negative else "convex" if positive else "concave" if negative else "flat"
    return bend, len(eigenvalues) - positive - negative


def classified(stationary: bool, kinked: bool, bend: Bend, zeros: int) -> Classification:
    """What kind of point it is; `zeros` of the eigenvalues count as 0."""
    if kinked:
        return "not-smooth"
    if not stationary:
        return "not-stationary"
    if bend == "indefinite":
        return "saddle"
    if zeros or bend == "flat":
        return "flat"
    return "minimum" if bend == "convex" else "maximum"
