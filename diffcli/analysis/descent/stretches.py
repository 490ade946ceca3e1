"""Stretches of a walk: many points in a row, of few numbers, that are gone by without a word about each.

A walk through them takes the very steps of `walk`. What is remarkable is left to that: a stretch ends before a point
that may be the last, or has numbers that are not finite.
"""

from collections.abc import Callable, Iterator
from typing import Any

from diffcli.analysis.descent.diagnosis import Judge
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.schedules import rates
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import State
from diffcli.analysis.descent.stepping import moves
from diffcli.analysis.descent.stretch import Names, Stretch, flattened, slot_names
from diffcli.execute.arrays import numbers_of
from diffcli.execute.executors.executor import Unfit
from diffcli.execute.executors.loops import Loop, Now, loop

#: Points of a stretch: after each it is looked whether the time is up.
_LONG = 2000
#: Norms whose squares neither overflow nor vanish.
_LEAST, _MOST = 1e-140, 1e140


class Stretches:
    """The stretches of a run, which `stopped` is asked to end at each of their points."""

    def __init__(self, objective: Objective, settings: Settings, judge: Judge, stopped: Callable[[], bool]) -> None:
        assert settings.lr is not None
        self._objective, self._settings, self._judge, self._stopped = objective, settings, judge, stopped
        self._rate = rates(settings.lr, settings.schedule)
        self._loops: dict[Names, Loop | None] = {}

    def after(self, state: State) -> Iterator[Stretch]:
        """The stretches from a state on that the judge has nothing to say about, and has seen.

        There are none where a step takes too many operations on single numbers, or others.
        """
        names = slot_names(state)
        if names not in self._loops:
            self._loops[names] = _compiled(self._objective, self._settings, state)
        run = self._loops[names]
        while run is not None:
            found = self._taken(run, state, _LONG, self._stopped)
            count, judged = self._judge.quiet(found)
            whole = count == len(found)
            if not whole:
                found = self._taken(run, state, count, lambda: False)
            if found:
                self._judge.passed(found, judged)
            yield found
            if not whole or len(found) < _LONG:
                return
            state = found.state

    def _taken(self, run: Loop, state: State, length: int, stopped: Callable[[], bool]) -> Stretch:
        """The stretch of so many steps, or up to the last before the run's."""
        length = min(length, self._settings.steps - state.iteration)
        numbers = range(state.iteration, state.iteration + length)
        rates = [*map(self._rate, numbers)] if self._settings.schedule else [self._rate(0)] * length
        begin = flattened(state, self._judge.memory.direction)
        low, high = max(self._settings.tol, _LEAST), min(self._judge.calm, _MOST)
        return Stretch(state, rates, run(begin, state.iteration, rates, low, high, stopped))


def _compiled(objective: Objective, settings: Settings, state: State) -> Loop | None:
    """The loop over steps from states with such slots, if there is one."""
    names, slots = objective.sweep.wrt, slot_names(state)

    def update(now: Now) -> tuple[list[Any], list[Any]]:
        remembered = iter(now.slots)
        before = {name: {slot: next(remembered) for slot in own} for name, own in zip(names, slots, strict=True)}
        point, gradient = (dict(zip(names, values, strict=True)) for values in (now.point, now.gradient))
        found = moves(settings, point, gradient, before, now.norm, now.step, now.rate)
        if slots != tuple([tuple(found[name][1]) for name in names]):
            raise Unfit
        return [found[name][0] for name in names], [value for name in names for value in found[name][1].values()]

    if objective.plan().executor != "scalars" or names != tuple(state.point):
        return None
    moving = [names.index(name) for name in objective.moving]
    shapes = [tuple(numbers_of(value)[0]) for name in names for value in state.slots.get(name, {}).values()]
    try:
        return loop(objective.schedule(), moving, shapes, update)
    except Unfit:
        return None
