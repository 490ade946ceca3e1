"""What is asked of a descent: the point after its first step, and the largest stable rate."""

from collections.abc import Mapping
from dataclasses import replace

from diffcli.analysis.descent.hyperparameters import Choice
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.stepping import moves
from diffcli.analysis.exercise.question import ONLY, NextPoint, Question, StableRate
from diffcli.execute.arrays import Array, doubles, euclidean_norm
from diffcli.execute.derivative_matrices import eigenvalues, square
from diffcli.execute.program import quietly
from diffcli.primitives.shape import Shape, size


def finished(question: Question, found: Mapping[str, Array], point: Mapping[str, Array]) -> Mapping[str, Array]:
    """The truth by part, of the derivatives at a point; for a descent in doubles, as its steps are made."""
    match question.asked:
        case NextPoint(settings):
            return _next_point(settings, question.problem.wrt, found, point)
        case StableRate():
            return {ONLY: _stable_rate(question.problem.wrt, found, point)}
    return found


def by_hand(question: Question, found: Mapping[str, Array], point: Mapping[str, Array]) -> Mapping[str, Array]:
    """The truth of a step as it is taken on paper: without the usual `eps`, which only keeps a denominator from 0.

    Nothing where no step is asked for, or its rule has none.
    """
    if not isinstance(question.asked, NextPoint):
        return {}
    settings = question.asked.settings
    chosen, table = settings.optimizer, OPTIMIZERS[settings.optimizer.name].hyperparameters
    if "eps" not in table or chosen.values["eps"] != table["eps"].default:
        return {}
    without = replace(settings, optimizer=Choice(chosen.name, {**chosen.values, "eps": 0.0}))
    return _next_point(without, question.problem.wrt, found, point)


def _next_point(
    settings: Settings, wrt: tuple[str, ...], found: Mapping[str, Array], point: Mapping[str, Array]
) -> dict[str, Array]:
    here = {name: doubles(point[name]) for name in wrt}
    gradient = {name: doubles(found[name]) for name in wrt}
    assert settings.lr is not None
    with quietly():
        steps = moves(settings, here, gradient, {}, euclidean_norm(gradient.values()), 1, settings.lr)
        return {name: moved for name, (moved, _) in steps.items()}


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
