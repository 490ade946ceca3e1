"""The reason why a run ends, from what its steps did: a status and one sentence.

`explanation` adds what the curvature says.
"""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from diffcli.analysis.descent.convergence_rate import Record
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate
from diffcli.analysis.descent.stretch import Path
from diffcli.execute.arrays import Array, distance, dot
from diffcli.messages import Message

Status = Literal[
    "converged", "step-limit", "oscillating", "diverged", "not-finite", "time-limit", "interrupted", "kink",
    "stalled", "plateau",
]  # fmt: skip
#: Why a run ends, in a word and in a sentence.
Outcome = tuple[Status, str]

#: Steps in a row that turn back without getting lower before the run is called oscillating.
_PATIENCE = 20
#: Growth of the gradient norm, over the larger of 1 and that of the start, at which the run is
#: called diverged: when it climbs, and when it falls (a deep minimum is not an abyss).
_BLOW_UP, _ABYSS = 1e6, 1e12


#: A value that is less by this part of it is no lower, a gradient no flatter; and a value that is more has not risen.
_ROUNDED, _FLATTER, _RISEN = 1e-15, 1e-12, 1e-9


class Roundings(NamedTuple):
    """The same three where numbers have fewer digits."""

    value: float = _ROUNDED
    norm: float = _FLATTER
    risen: float = _RISEN

    @staticmethod
    def of(epsilon: float) -> "Roundings":
        """Those of numbers of which `epsilon` is a rounding's part."""
        return Roundings(max(_ROUNDED, 4.5 * epsilon), max(_FLATTER, 100 * epsilon), max(_RISEN, 100 * epsilon))


_DOUBLES = Roundings()


class Memory(NamedTuple):
    """A judge's memory of the points so far: with it a resumed run ends as it would have.

    `best` and `least` are the best value (negated where it is to be made large) and the least gradient norm so far;
    `turns` counts the steps in a row that turned back and got neither lower nor flatter; `since` is the gradient's norm
    where that began; `marks` and `stride` are those of a `Record`.

    It is replaced, never changed, and saved with the run: numbers, words, arrays, iterates, and tuples and mappings of
    those.
    """

    first: Iterate | None = None
    last: Iterate | None = None
    direction: Mapping[str, Array] = {}
    best: float = float("inf")
    turns: int = 0
    turned: bool = False
    gain: float = 0.0
    before: Iterate | None = None
    marks: tuple[tuple[int, float, float | None], ...] = ()
    stride: int = 1
    least: float = float("inf")
    since: float = float("inf")


class Progress(NamedTuple):
    """What a judge compares each point with; see `Memory`."""

    best: float
    turns: int
    least: float
    since: float

    def after(self, height: float, norm: float, turned: bool, rounded: Roundings = _DOUBLES) -> "Progress":
        """The progress after another point; `height` is its value, negated where it is to be made large."""
        best, turns, least, since = self
        lower = height < best - rounded.value * abs(best)
        flatter = norm < least * (1 - rounded.norm)  # the value may be too large to show it
        turns = turns + 1 if turned and not (lower or flatter) else 0
        return Progress(min(best, height), turns, min(least, norm), since if turns else norm)


class Judge:
    """Watches the path; says when to stop and why."""

    def __init__(
        self, settings: Settings, memory: Mapping[str, Any] | None = None, rounded: Roundings = _DOUBLES
    ) -> None:
        self.rounded = rounded
        self.rate = settings.lr
        self.tolerance = settings.tol
        # a rate that falls, or an optimizer that remembers, may settle what jumps to and fro
        self.patient = settings.optimizer.name != "gd" or bool(settings.schedule)
        self.sign = -1.0 if settings.maximize else 1.0
        self.lower, self.higher, self.bottom = (
            (Message("higher"), Message("lower"), Message("maximum"))
            if settings.maximize
            else (Message("lower"), Message("higher"), Message("minimum"))
        )
        self.memory = Memory(**(memory or {}))

    def verdict(self, iterate: Iterate, gradient: Mapping[str, Array]) -> Outcome | None:
        """The end of the run at this point, if it is one."""
        now = iterate
        first = self.memory.first or now
        self.memory = self._remembered(now, gradient)
        if now.gradient_norm <= self.tolerance:
            return "converged", self._converged(now)
        if now.gradient_norm > (_BLOW_UP if self._risen(now) else _ABYSS) * max(1.0, first.gradient_norm):
            return "diverged", self._diverged(now)
        if self._to_and_fro(self.memory.turns):
            if self._risen(now) or now.gradient_norm > self.memory.since * (1 + 1e-6):
                return None  # it grows: wait until it has clearly diverged or the steps run out
            return "oscillating", self._oscillating()
        return None

    def _remembered(self, now: Iterate, gradient: Mapping[str, Array]) -> Memory:
        """The memory after this point too."""
        memory, height = self.memory, self.sign * now.value
        turned, gain = memory.turned, memory.gain
        if memory.last is not None:
            turned = sum(dot(gradient[name], memory.direction[name]) for name in gradient) < 0
            gain = self.sign * memory.last.value - height
        progress = self._progress.after(height, now.gradient_norm, turned, self.rounded)
        record = Record(memory.marks, memory.stride).seen(now.iteration, now.gradient_norm, now.rate)
        return self._memory(now, memory.last, gradient, progress, turned, gain, record)

    @property
    def _progress(self) -> Progress:
        return Progress(self.memory.best, self.memory.turns, self.memory.least, self.memory.since)

    def _memory(
        self,
        now: Iterate,
        before: Iterate | None,
        gradient: Mapping[str, Array],
        progress: Progress,
        turned: bool,
        gain: float,
        record: Record,
    ) -> Memory:
        best, turns, least, since = progress
        first = self.memory.first or now
        return Memory(first, now, gradient, best, turns, turned, gain, before, *record, least, since)

    @property
    def calm(self) -> float:
        """A gradient norm up to which nothing diverges."""
        return _BLOW_UP * max(1.0, 0.0 if self.memory.first is None else self.memory.first.gradient_norm)

    def quiet(self, path: Path) -> tuple[int, Progress]:
        """How many points at the beginning of a path no verdict can come of, and the progress after those."""
        progress, values, norms = self._progress, path.values, path.norms
        if not values:
            return 0, progress
        if not path.turned:
            best = min(progress.best, min(values) if self.sign > 0 else -max(values))
            return len(values), Progress(best, 0, min(progress.least, *norms), norms[-1])
        turned = frozenset(path.turned)
        for place, (value, norm) in enumerate(zip(values, norms, strict=True)):
            after = progress.after(self.sign * value, norm, path.begin + place in turned)
            if self._to_and_fro(after.turns):
                return place, progress
            progress = after
        return len(values), progress

    def passed(self, path: Path, gradient: Mapping[str, Array], progress: Progress) -> None:
        """Remember the points of a quiet path, the gradient at the last one, and the progress after them."""
        now, before = path[-1], path[-2] if len(path) > 1 else self.memory.last
        gain = 0.0 if before is None else self.sign * before.value - self.sign * now.value
        record, place = Record(self.memory.marks, self.memory.stride), -path.begin % self.memory.stride
        while place < len(path):
            iteration = path.begin + place
            record = record.seen(iteration, path.norms[place], path.rates[place])
            place += 1 + -(iteration + 1) % record.stride
        turned = now.iteration in path.turned
        self.memory = self._memory(now, before, gradient, progress, turned, gain, record)

    def _to_and_fro(self, turns: int) -> bool:
        """Whether so many turns are looked at: an even number, so that what alternates is compared with its like."""
        return turns >= _PATIENCE and turns % 2 == 0 and not self.patient

    def at_the_limit(self, steps: int) -> Outcome:
        """The diagnosis when the steps have run out."""
        assert self.memory.last is not None
        assert self.memory.first is not None
        now = self.memory.last
        if steps == 0:
            return "step-limit", Message(
                "No step was taken; the gradient's norm is {gradient_norm:.3g}.", gradient_norm=now.gradient_norm
            )
        if self._risen(now) and (self.memory.turned or self.memory.gain < 0):
            return "diverged", self._diverged(now)
        short = self.rounded != _DOUBLES  # in doubles a step that moves nothing is the rate's doing, not theirs
        if short and self.memory.before and distance(self.memory.before.at, now.at) == 0 < now.gradient_norm:
            return "stalled", Message(
                "The last of {steps} does not move {it}: it is shorter than half the distance to the next number. The "
                "gradient's norm is {gradient_norm:.3g}, above the tolerance {tolerance:g}.",
                steps=counted(steps),
                it=_it(now),
                gradient_norm=now.gradient_norm,
                tolerance=self.tolerance,
            )
        if self.memory.turns and self.sign * (now.value - self.memory.first.value) >= -self.rounded.norm * max(
            1.0, abs(self.memory.first.value)
        ):
            return "oscillating", self._oscillating()
        change, before = abs(self.memory.gain), abs(self.memory.before.value) if self.memory.before is not None else 0.0
        part = f" ({_percentage(change / before)})" if 0 < change <= 10 * before else ""
        state = Message("Still getting {lower}", lower=self.lower) if self.memory.gain > 0 else Message("Not settled")
        return "step-limit", Message(
            "{state} after {steps}: the last one changed the value by {change:.2g}{part} and the gradient's "
            "norm is {gradient_norm:.3g}, above the tolerance {tolerance:g}.",
            state=state,
            steps=counted(steps),
            change=change,
            part=part,
            gradient_norm=now.gradient_norm,
            tolerance=self.tolerance,
        )

    def ended(self) -> Outcome:
        """The diagnosis when the optimizer itself finds no better point."""
        assert self.memory.last is not None
        now = self.memory.last
        return "stalled", Message(
            "After {iteration} no {lower} point is found along any step; the gradient's norm is "
            "{gradient_norm:.3g}, above the tolerance {tolerance:g}: as near to a {bottom} as the numbers' "
            "digits allow, or beside an edge of the function.",
            iteration=counted(now.iteration),
            lower=self.lower,
            gradient_norm=now.gradient_norm,
            tolerance=self.tolerance,
            bottom=self.bottom,
        )

    @property
    def _too_large(self) -> str:
        before = self.memory.before
        rate = self.rate if before is None else before.rate  # that of the last step: a schedule changes it
        if rate is None:
            return Message("the steps are too long.")
        return Message("the learning rate {rate:g} is too large, so the steps are too long.", rate=rate)

    def _risen(self, now: Iterate) -> bool:
        assert self.memory.first is not None
        return self.sign * (now.value - self.memory.first.value) > self.rounded.risen * max(
            1.0, abs(self.memory.first.value)
        )

    def _converged(self, now: Iterate) -> str:
        if now.iteration == 0:
            if now.gradient_norm == 0:
                return Message(
                    "The gradient is already zero at the start: the point is stationary, and gradient steps cannot "
                    "leave it."
                )
            return Message(
                "The gradient's norm is {gradient_norm:.3g} at the start, already within the tolerance {tolerance:g}.",
                gradient_norm=now.gradient_norm,
                tolerance=self.tolerance,
            )
        moved = (
            ""
            if self.memory.before is None
            else Message(
                ", and the last step moved {it} by {distance:.2g}",
                it=_it(now),
                distance=distance(self.memory.before.at, now.at),
            )
        )
        return Message(
            "After {iteration} the gradient's norm is {gradient_norm:.3g}, within the tolerance {tolerance:g}{moved}.",
            iteration=counted(now.iteration),
            gradient_norm=now.gradient_norm,
            tolerance=self.tolerance,
            moved=moved,
        )

    def _diverged(self, now: Iterate) -> str:
        if self._risen(now):
            return self.overshot(self._too_large)
        return Message(
            "The value keeps getting {lower} without bound (it is {value:.3g}): there is no {bottom} in this "
            "direction.",
            lower=self.lower,
            value=now.value,
            bottom=self.bottom,
        )

    def overshot(self, cause: str) -> str:
        """That the steps lead away, and why."""
        return Message(
            "Each step overshoots the {bottom} and lands {higher} than before: {cause}",
            bottom=self.bottom,
            higher=self.higher,
            cause=cause,
        )

    def _oscillating(self) -> str:
        return Message(
            "Every step jumps across the {bottom} to the other side and the value gets no {lower}: {too_large}",
            bottom=self.bottom,
            lower=self.lower,
            too_large=self._too_large,
        )


def _it(iterate: Iterate) -> str:
    """The moving variables, in words."""
    return next(iter(iterate.at)) if len(iterate.at) == 1 else Message("the point")


def _percentage(part: float) -> str:
    """A part in percent, with the digits that tell it from none."""
    return f"{part:.2%}" if part >= 1e-4 else f"{100 * part:.1g}%"


def after(iterate: Iterate) -> str:
    """When it was, to begin a sentence with."""
    return Message("After {steps}", steps=counted(iterate.iteration)) if iterate.iteration else Message("At the start")


def counted(count: int) -> str:
    """A number of steps in words."""
    return Message("1 step") if count == 1 else Message("{count:,} steps", count=count)
