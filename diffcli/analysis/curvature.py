"""The kind of a point: whether there is a slope, and what the eigenvalues of the Hessian say.

Both are judged so that no change of units changes the answer: a slope by the step that a quadratic
model takes from it, each coordinate beside its own size; eigenvalues after scaling; and all beside
what rounding may have made of them. Where doubles do not tell, many digits do.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

from diffcli.analysis.second_order import SecondOrder
from diffcli.execute.arrays import Array, doubles, euclidean_norm, largest_part, moved_at_least, zeros_like
from diffcli.execute.definiteness import Examined, Model, asymmetry, eigenvalues, examined

#: What the second order says at a stationary point; `not-smooth` on a kink, where there is no second order; `unknown`
#: where numbers that are too small for double precision decide.
Classification = Literal["minimum", "maximum", "saddle", "flat", "not-stationary", "not-smooth", "unknown"]
#: How the graph bends at any point: upward, downward, both; `flat` where all eigenvalues are 0; or `unknown`.
Bend = Literal["convex", "concave", "indefinite", "flat", "unknown"]
#: The gradient is 0; or is but for rounding; or a step that changes no coordinate's sixth digit makes it 0; or it is
#: not.
Slope = Literal["zero", "rounded", "near", "steep"]

#: A step to the stationary point is a rounding of the coordinates up to this part of each: so is that
#: from a minimum whose coordinates were rounded to six digits.
STATIONARY = 1e-6
#: One by so many roundings is a rounding.
_ROUNDINGS = 8
#: The quadratic model holds where it is wrong by this part of the step at most.
_HOLDS = 0.1
#: Mixed partials count as equal up to this part of the largest second derivative of their rows, and beyond rounding.
SYMMETRIC = 1e-9


class Curvature(NamedTuple):
    """The eigenvalues in ascending order, and what they mean.

    `zeros` is how many of them are 0, or cannot be told from it; `slope` says whether the gradient
    is, of which `gradient_norm` is the Euclidean norm; `step` is by how much the step to the
    stationary point changes a coordinate, beside its size, at most. `asymmetry` is the largest
    difference of two mixed partials beyond rounding, relative to the largest second derivative of
    their rows, each variable in a scale of its own.
    """

    eigenvalues: tuple[float, ...]
    classification: Classification
    bend: Bend
    zeros: int
    slope: Slope
    step: float
    gradient_norm: float
    asymmetry: float

    @property
    def symmetric(self) -> bool:
        """Whether mixed partials are equal, as they are wherever they are continuous."""
        return self.asymmetry <= SYMMETRIC


def curvature_at(second: SecondOrder, kinked: bool) -> Curvature:
    """Classify the point; on a kink only how the numbers that are taken there bend."""
    for model in second.models():
        found = examined(model)
        slope, step, sure = sloped(model, found, second.epsilon)
        if kinked or (sure and not found.unknown):
            break
    if (
        slope in ("near", "rounded")
        and not kinked
        and not holds(model, found, lambda point: second.slope_at(model, point))
    ):
        slope = "steep"
    bend = bent(found)
    kind = classified(slope != "steep", kinked or second.kinked, bend, found.zeros)
    hidden = second.hides(model, found.unknown)
    return Curvature(
        eigenvalues(model, found),
        "unknown" if hidden and kind == "flat" else kind,
        "unknown" if hidden and bend == "flat" else bend,
        found.zeros,
        slope,
        step,
        gradient_norm=euclidean_norm([doubles(model.slope)]),
        asymmetry=asymmetry(model, second.raw),
    )


def sloped(model: Model, found: Examined, epsilon: float) -> tuple[Slope, float, bool]:
    """Whether there is a slope, the largest part of a coordinate that the step to where there is none changes, and
    whether more digits may tell otherwise; `epsilon` is a rounding's part of a coordinate.
    """
    part = largest_part(found.step, model.point, found.step_error)
    uncertain = largest_part(found.step_error, model.point, zeros_like(model.point))
    zero, exact = not model.slope.any(), not model.slope_error.any()
    if found.sloped or part > STATIONARY:
        return "steep", part, True
    return (
        "zero" if zero else "rounded" if part <= _ROUNDINGS * epsilon else "near",
        part,
        (zero and exact) or (found.level and uncertain <= STATIONARY),
    )


def holds(model: Model, found: Examined, slope_at: Callable[[Array], Array]) -> bool:
    """Whether the slope after the step is what the quadratic model says, as far as rounding lets that be seen."""
    step = moved_at_least(model.point, found.step) if model.context is None else found.step
    length = found.length(step)
    after = examined(model._replace(slope=slope_at(model.point + step)))
    return found.length(after.step - (found.step - step)) <= _HOLDS * length + found.length(found.step_error)


def bent(found: Examined) -> Bend:
    """The bend of the graph."""
    if found.positive and found.negative:
        return "indefinite"
    return "convex" if found.positive else "concave" if found.negative else "flat"


def classified(stationary: bool, kinked: bool, bend: Bend, zeros: int) -> Classification:
    """The kind of point; `zeros` of the eigenvalues count as 0."""
    if kinked:
        return "not-smooth"
    if not stationary:
        return "not-stationary"
    if bend == "indefinite":
        return "saddle"
    if zeros or bend == "flat":
        return "flat"
    return "minimum" if bend == "convex" else "maximum"
