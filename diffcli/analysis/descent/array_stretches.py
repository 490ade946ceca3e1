"""Stretches in arrays: what a walk computes at each point, and nothing else."""

from collections.abc import Mapping, Sequence
from math import inf
from time import monotonic

from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import State, Step
from diffcli.analysis.descent.stepping import following
from diffcli.analysis.descent.stretch import Limits, Path, Stretch, Way
from diffcli.execute.arrays import Array, norm_quietly, turnings, zeros_like
from diffcli.primitives.shape import size

#: Numbers of all points of a stretch: they stay in memory until it is known which are kept.
_ROOM = 1 << 20


def by_arrays(objective: Objective, settings: Settings) -> Way:
    """Step after step by the objective's own executor."""
    from diffcli.execute.executors.repetition import in_a_row

    runner, moving, arithmetic = objective.plan().runner, objective.moving, objective.problem.arithmetic

    def stretch(
        begin: State, before: Mapping[str, Array], rates: Sequence[float], limits: Limits, known: Step | None
    ) -> Stretch:
        until, low, high, stopped = monotonic() + limits.seconds, limits.low, limits.high, limits.stopped
        still = {name: zeros_like(value) for name, value in begin.point.items() if name not in moving}
        longest = max(1, _ROOM // sum([size(value.shape) for value in begin.point.values()]))
        points: list[Mapping[str, Array]] = []
        values, norms, gradients = list[float](), list[float](), [before]
        state, ended, asked = begin, False, False
        with in_a_row(runner) as run:
            for rate in rates[:longest]:
                if known is None:
                    result, *slopes = run([*state.point.values()])
                else:
                    result, slopes, known = known.iterate.value, [known.gradient[name] for name in moving], None
                value, norm = float(result), norm_quietly(slopes)
                if not (low < norm <= high and -inf < value < inf):
                    ended = True
                    break
                if stopped():
                    ended = asked = True
                    break
                gradient = dict(zip(moving, slopes, strict=True))
                if still:
                    gradient = {name: still[name] if name in still else gradient[name] for name in state.point}
                points.append(state.point)
                values.append(value)
                norms.append(norm)
                gradients.append(gradient)
                state = following(settings, state, gradient, norm, rate, arithmetic)
                if monotonic() > until:
                    break
        turned = [begin.iteration + place for place, against in enumerate(turnings(gradients)) if against]
        path = Path(begin.iteration, points, values, norms, rates[: len(points)], turned)
        return Stretch(path, state, gradients[-1], ended, asked)

    return stretch
