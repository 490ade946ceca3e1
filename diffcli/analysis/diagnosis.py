"""Why a run ends, from what its steps did: a status and one sentence that says why."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from diffcli.analysis.values import Array
from diffcli.execute.arrays import dot

Status = Literal["converged", "step-limit", "oscillating", "diverged", "not-finite", "time-limit", "interrupted", "kink"]

#: Steps in a row that turn back without getting lower before the run is called oscillating.
_PATIENCE = 20
#: Growth of the gradient norm, over the larger of 1 and that of the start, at which the run is
#: called diverged: when it climbs, and when it falls (a deep minimum is not an abyss).
_BLOW_UP, _ABYSS = 1e6, 1e12


class Iterate(NamedTuple):
    """A point of the path: the value and the Euclidean norm of the whole gradient there."""

    iteration: int
    at: Mapping[str, Array]
    value: float
    gradient_norm: float


class Judge:
    """Watches the path; says when to stop and why."""

    def __init__(self, learning_rate: float, tolerance: float, maximize: bool) -> None:
        self.rate = learning_rate
        self.tolerance = tolerance
        self.sign = -1.0 if maximize else 1.0
        self.lower, self.higher, self.bottom = ("higher", "lower", "maximum") if maximize else ("lower", "higher", "minimum")
        self.first: Iterate | None = None
        self.last: Iterate | None = None
        self.direction: Mapping[str, Array] = {}
        self.best = float("inf")
        self.turns = 0
        self.turned = False
        self.gain = 0.0

    def verdict(self, iterate: Iterate, gradient: Mapping[str, Array]) -> tuple[Status, str] | None:
        """The end of the run at this point, if it is one."""
        now, before = iterate, self.last
        height = self.sign * now.value
        first = self.first = self.first or now
        if before is not None:
            self.turned = sum(dot(gradient[name], self.direction[name]) for name in gradient) < 0
            self.gain = self.sign * before.value - height
            improved = height < self.best - 1e-12 * max(1.0, abs(self.best))
            self.turns = self.turns + 1 if self.turned and not improved else 0
        self.best = min(self.best, height)
        self.last, self.direction = now, gradient
        if now.gradient_norm <= self.tolerance:
            return "converged", self._converged(now)
        if now.gradient_norm > (_BLOW_UP if self._risen(now) else _ABYSS) * max(1.0, first.gradient_norm):
            return "diverged", self._diverged(now)
        if self.turns >= _PATIENCE:
            if self._risen(now):
                return None  # it grows: wait until it has clearly diverged or the steps run out
            return "oscillating", self._oscillating()
        return None

    def at_the_limit(self, steps: int) -> tuple[Status, str]:
        """The diagnosis when the steps have run out."""
        assert self.last is not None
        assert self.first is not None
        now = self.last
        if steps == 0:
            return "step-limit", f"No step was taken; the gradient's norm is {now.gradient_norm:.3g}."
        if self._risen(now) and (self.turned or self.gain < 0):
            return "diverged", self._diverged(now)
        if self.turns and self.sign * (now.value - self.first.value) >= -1e-12 * max(1.0, abs(self.first.value)):
            return "oscillating", self._oscillating()
        ratio = self.gain / abs(now.value) if now.value else 0.0
        state = f"Still getting {self.lower}" if self.gain > 0 else "Not settled"
        return "step-limit", (
            f"{state} after {counted(steps)}: the last one changed the value by {self.gain:.2g} ({ratio:.2%}) "
            f"and the gradient's norm is {now.gradient_norm:.3g}, above the tolerance {self.tolerance:g}. "
            + (
                f"Every step jumps across the {self.bottom}: a smaller --lr gets there sooner."
                if self.turned
                else "The steps are short: try a larger --lr, or more --steps."
            )
        )

    def _risen(self, now: Iterate) -> bool:
        assert self.first is not None
        return self.sign * (now.value - self.first.value) > 1e-9 * max(1.0, abs(self.first.value))

    def _converged(self, now: Iterate) -> str:
        if now.iteration == 0:
            return (
                "The gradient is already zero at the start: the point is stationary (a minimum, a maximum, a saddle or a flat stretch), "
                "and gradient steps cannot leave it."
                if now.gradient_norm == 0
                else f"The gradient's norm is {now.gradient_norm:.3g} at the start, already within the tolerance {self.tolerance:g}."
            )
        return (
            f"After {counted(now.iteration)} the gradient's norm is {now.gradient_norm:.3g}, within the tolerance {self.tolerance:g}: "
            "the slope is as good as zero."
        )

    def _diverged(self, now: Iterate) -> str:
        if self._risen(now):
            return (
                f"Each step overshoots the {self.bottom} and lands {self.higher} than before: the learning rate {self.rate:g} is too large, "
                "so the steps are too long. Try a smaller --lr."
            )
        return f"The value keeps getting {self.lower} without bound (it is {now.value:.3g}): there is no {self.bottom} in this direction."

    def _oscillating(self) -> str:
        return (
            f"Every step jumps across the {self.bottom} to the other side and the value gets no {self.lower}: the learning rate {self.rate:g} is too large, "
            "so the steps are too long. Try a smaller --lr."
        )


def counted(count: int) -> str:
    """A number of steps in words."""
    return "1 step" if count == 1 else f"{count:,} steps"
