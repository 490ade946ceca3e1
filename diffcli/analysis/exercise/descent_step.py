"""What is asked of a descent: the point after its first steps, and the largest stable rate."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

from diffcli.analysis.descent.hyperparameters import Choice
from diffcli.analysis.descent.optimizers import OPTIMIZERS, Slots
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.stepping import BESIDE_NORM, moves
from diffcli.analysis.exercise.evaluation import Evaluator, Numbers, lifted
from diffcli.analysis.exercise.question import ONLY, NextPoint, Question, StableRate
from diffcli.execute.arithmetic import FLOAT64
from diffcli.execute.arrays import (
    Array,
    all_finite,
    doubles,
    euclidean_norm,
    first_apart,
    joined,
    largest_magnitude,
    root,
    zeros_like,
)
from diffcli.execute.derivative_matrices import eigenvalues, square
from diffcli.execute.probe import random_direction
from diffcli.execute.program import quietly
from diffcli.primitives.shape import Shape, size

#: The part by which points on the way are moved, and up to which ends are the same.
_SHAKEN, _NEAR = 1e-13, 1e-9


def finished(question: Question, found: Numbers, point: Numbers, evaluator: Evaluator) -> Numbers:
    """The truth by part, of the derivatives at a point; the largest stable rate is found in doubles."""
    match question.asked:
        case NextPoint(settings):
            return _Walk(settings, question.problem.wrt, point, evaluator).after(found)
        case StableRate():
            return {ONLY: _stable_rate(question.problem.wrt, found, point)}
    return found


def by_hand(question: Question, found: Numbers, point: Numbers, evaluator: Evaluator) -> Numbers:
    """The truth of steps as they are taken on paper; nothing where these are the same, or no step is asked for."""
    if not isinstance(question.asked, NextPoint):
        return {}
    settings = on_paper(question.asked.settings)
    if settings == question.asked.settings and settings.clip_norm is None:
        return {}
    return _Walk(settings, question.problem.wrt, point, evaluator, beside=0.0).after(found)


def on_paper(settings: Settings) -> Settings:
    """The same steps without the usual `eps`, which only keeps a denominator from 0."""
    chosen, table = settings.optimizer, OPTIMIZERS[settings.optimizer.name].hyperparameters
    if "eps" not in table or chosen.values["eps"] != table["eps"].default:
        return settings
    return replace(settings, optimizer=Choice(chosen.name, {**chosen.values, "eps": 0.0}))


def hangs_on_rounding(question: Question, found: Numbers, point: Numbers, evaluator: Evaluator) -> bool:
    """Whether points on the way, moved by their last digits, lead elsewhere: one is a kink, or the steps diverge."""
    if not isinstance(question.asked, NextPoint) or question.asked.settings.steps == 1:
        return False
    walk = _Walk(question.asked.settings, question.problem.wrt, point, evaluator)
    plain, *moved = (walk._replace(shaken=shaken).after(found) for shaken in (0.0, _SHAKEN, -_SHAKEN))
    return any(first_apart(other[name], plain[name], _NEAR, walk.size) is not None for other in moved for name in plain)


class _Walk(NamedTuple):
    """Steps of a descent from a point.

    The `evaluator` has the derivatives at the points after the first, `beside` is added to the norm of a gradient that
    is clipped, and points on the way are `shaken` by such a part of the largest number.
    """

    settings: Settings
    wrt: tuple[str, ...]
    start: Numbers
    evaluator: Evaluator
    beside: float = BESIDE_NORM
    shaken: float = 0.0

    @property
    def size(self) -> float:
        """The largest number of the first point."""
        return largest_magnitude(doubles(self.start[name]) for name in self.wrt) or 1.0

    def after(self, found: Numbers) -> dict[str, Array]:
        """The point after the steps, of the derivatives at the first; not finite where one on the way has none."""
        settings, rate = self._stated
        here = {name: self.start[name] for name in self.wrt}
        kept: Mapping[str, Slots] = {}
        for step in range(1, settings.steps + 1):
            if step > 1:
                here = {name: self._shaken(value) for name, value in here.items()}
                found = self.evaluator.at({**self.start, **here})
                if not all(map(all_finite, found.values())):
                    return {name: zeros_like(doubles(value)) + float("nan") for name, value in here.items()}
            gradient = {name: found[name] for name in self.wrt}
            with quietly():
                steps = moves(settings, here, gradient, kept, self._norm(gradient), step, rate, self.beside)
            here = {name: lifted(moved, self.evaluator.arithmetic) for name, (moved, _) in steps.items()}
            kept = {name: slots for name, (_, slots) in steps.items()}
        return here

    @property
    def _stated(self) -> tuple[Settings, Any]:
        """The settings, with hyperparameters that are the decimals that were written, and the rate."""
        exact, optimizer = self._exact, self.settings.optimizer
        values = {name: exact(value) for name, value in optimizer.values.items()}
        return replace(
            self.settings, optimizer=optimizer._replace(values=values), clip_norm=exact(self.settings.clip_norm)
        ), exact(self.settings.lr)

    def _exact(self, value: Any) -> Any:
        """A number of the settings in the arithmetic; what is no decimal remains."""
        if isinstance(value, tuple):
            return tuple(map(self._exact, value))
        arithmetic = self.evaluator.arithmetic
        if type(value) is not float or arithmetic is FLOAT64:
            return value
        return arithmetic.lifted(Fraction(repr(value)))

    def _norm(self, gradient: Numbers) -> Any:
        """That of a gradient, which scales what would overflow only in doubles."""
        if self.evaluator.arithmetic is FLOAT64:
            return euclidean_norm(gradient.values())
        slopes = joined(gradient)
        return root(slopes @ slopes)

    def _shaken(self, value: Array) -> Array:
        if not self.shaken:
            return value
        moved = doubles(value) + self.shaken * self.size * random_direction(zeros_like(doubles(value)))
        return lifted(moved, self.evaluator.arithmetic)


def _stable_rate(wrt: tuple[str, ...], found: Mapping[str, Array], point: Mapping[str, Array]) -> Array:
    """2 over the Hessian's largest eigenvalue; nan where that is not above 0, for every rate is stable then."""
    steepest = curvatures(wrt, found, point)[-1]
    return doubles(2 / steepest if steepest > 0 else float("nan"))


def curvatures(wrt: tuple[str, ...], found: Mapping[str, Array], point: Mapping[str, Array]) -> list[float]:
    """The Hessian's eigenvalues, the smallest first, of second derivatives by pairs of variables."""
    shapes = {name: point[name].shape for name in wrt}
    blocks = {first: {second: _block(found, first, second, shapes) for second in wrt} for first in wrt}
    return eigenvalues(square(blocks, shapes))


def _block(found: Mapping[str, Array], first: str, second: str, shapes: Mapping[str, Shape]) -> Array:
    """The second derivatives by two variables as a matrix."""
    if f"{first},{second}" in found:
        return doubles(found[f"{first},{second}"]).reshape((size(shapes[first]), size(shapes[second])))
    return doubles(found[f"{second},{first}"]).reshape((size(shapes[second]), size(shapes[first]))).T
