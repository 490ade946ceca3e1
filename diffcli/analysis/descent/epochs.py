"""The end of a run in batches: judged between epochs, on all rows, for a batch alone proves nothing."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.analysis.descent.diagnosis import Outcome, counted
from diffcli.analysis.descent.state import Iterate
from diffcli.execute.arrays import Array, euclidean_norm
from diffcli.messages import Argument, Joined, Message

#: Growth of the gradient norm on all rows, over the larger of 1 and that of the start, at which the run is called
#: diverged.
_BLOW_UP = 1e6
#: By which part the value on all rows may be above the first at the end: steps that see different rows go up and down.
_RISE = 0.1


class EpochMemory(NamedTuple):
    """The judge's memory of the points between epochs; it is saved with the run, as `Memory` is.

    `norm`s are those of the gradient on all rows.
    """

    points: int = 0
    first: Iterate | None = None
    first_norm: float = 0.0
    last: Iterate | None = None
    norm: float = 0.0
    best: Iterate | None = None


class EpochJudge:
    """Watches the values on all rows; says when to stop and why."""

    def __init__(self, tolerance: float, maximize: bool, memory: Mapping[str, Any] | None = None) -> None:
        self.tolerance = tolerance
        self.sign = -1.0 if maximize else 1.0
        self.lower, self.risen = (
            (Message("higher"), Message("fallen")) if maximize else (Message("lower"), Message("risen"))
        )
        self.memory = EpochMemory(**(memory or {}))

    def verdict(self, iterate: Iterate, gradient: Mapping[str, Array]) -> Outcome | None:
        """The end of the run at this point between two epochs, if it is one."""
        norm = euclidean_norm(gradient.values())
        count, first, first_norm, _, _, best = self.memory
        better = best is None or self.sign * _value(iterate) < self.sign * _value(best)
        self.memory = EpochMemory(
            count + 1, first or iterate, first_norm if count else norm, iterate, norm, iterate if better else best
        )
        if norm <= self.tolerance:
            return "converged", Message(
                "After {done} the norm of the gradient on all rows is {norm:.3g}, within the tolerance "
                "{tolerance:g}: the slope is as good as zero.",
                done=self._done(),
                norm=norm,
                tolerance=self.tolerance,
            )
        if not (math.isfinite(norm) and math.isfinite(iterate.train_value or 0.0)) or (
            self._has_risen() and norm > _BLOW_UP * max(1.0, self.memory.first_norm)
        ):
            return "diverged", self._diverged()
        return None

    def ended(self) -> Outcome:
        """The diagnosis when the optimizer itself ends: those that do take no batches."""
        assert self.memory.last is not None
        return self.at_the_limit(self.memory.last.iteration)

    def at_the_limit(self, steps: int) -> Outcome:
        """The diagnosis when the steps have run out."""
        memory = self.memory
        if steps == 0 or memory.points == 1:
            return "step-limit", Message(
                "No step was taken; the norm of the gradient on all rows is {first_norm:.3g}.",
                first_norm=memory.first_norm,
            )
        if self._has_risen():
            return "diverged", self._diverged()
        assert memory.last is not None
        assert memory.best is not None
        went = Message(
            "After {done} the value on all rows went from {first:.6g} to {last:.6g}, and the norm of the "
            "gradient there is {norm:.3g}.",
            done=self._done(),
            first=_value(memory.first),
            last=_value(memory.last),
            norm=memory.norm,
        )
        if memory.best.iteration < memory.last.iteration and memory.points > 2:
            advice = self._unsettled(memory.best)
        else:
            advice = Message(
                "It still gets {lower}: take more {epochs}, or a larger {lr}.",
                lower=self.lower,
                lr=Argument("lr"),
                epochs=Argument("epochs"),
            )
        return "step-limit", Joined((went, advice), " ")

    def _unsettled(self, best: Iterate) -> str:
        """What to do where the value was better before the end."""
        before = (
            Message("{value:.6g} after epoch {epoch}", value=_value(best), epoch=best.epoch)
            if best.iteration
            else Message("at the start")
        )
        return Message(
            "It was {lower} before ({before}): steps that see different rows disagree, and keep it from settling. "
            "A smaller {lr}, a {schedule}, or a larger {batch_size} gets further.",
            lower=self.lower,
            before=before,
            lr=Argument("lr"),
            schedule=Argument("schedule"),
            batch_size=Argument("batch_size"),
        )

    def _has_risen(self) -> bool:
        first, last = _value(self.memory.first), _value(self.memory.last)
        return not self.sign * (last - first) <= _RISE * max(1e-9, abs(first))

    def _diverged(self) -> str:
        first, last = _value(self.memory.first), _value(self.memory.last)
        return Message(
            "The value on all rows has {risen} from {first:.6g} to {last:.6g} in {done}: the steps are "
            "too long. Try a smaller {lr}.",
            risen=self.risen,
            first=first,
            last=last,
            done=self._done(),
            lr=Argument("lr"),
        )

    def _done(self) -> str:
        assert self.memory.last is not None
        return counted(self.memory.last.iteration)


def _value(iterate: Iterate | None) -> float:
    return math.nan if iterate is None or iterate.train_value is None else iterate.train_value


def overfit(history: Sequence[Iterate], maximize: bool) -> str | None:
    """Advice of the rows held out about stopping earlier, if their value was clearly better before the end."""
    held = [iterate for iterate in history if iterate.holdout_value is not None]
    if len(held) < 3:
        return None
    sign = -1.0 if maximize else 1.0
    values = [sign * (iterate.holdout_value or 0.0) for iterate in held]
    best = min(range(len(values)), key=values.__getitem__)
    gained = values[0] - values[best] or abs(values[0])
    if not values[-1] - values[best] > 0.05 * gained:
        return None
    return Message(
        "The rows held out were fitted best after epoch {epoch} ({holdout_value:.6g}), and less well "
        "since: what came after fits the rows that are trained on, and no others.",
        epoch=held[best].epoch,
        holdout_value=held[best].holdout_value,
    )
