"""Stretches of a walk: many points in a row that are gone by without a word about each.

A walk through them takes the very steps of `walk`. What is remarkable is left to that: a stretch ends before a point
that may be the last, or has numbers that are not finite.
"""

from collections.abc import Callable, Iterator
from math import inf

from diffcli.analysis.descent.array_stretches import by_arrays
from diffcli.analysis.descent.diagnosis import Judge
from diffcli.analysis.descent.number_stretches import by_numbers, slot_names
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.schedules import rates
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import State, Step
from diffcli.analysis.descent.stretch import Limits, Stretch, Way
from diffcli.execute.arithmetic import FLOAT64

#: Points of a stretch and the seconds that one of arrays takes: after each it is looked whether the time is up.
_LONG, _SECONDS = 2000, 0.05
#: Points that are looked at one by one before it is worth it to compile a loop, and after one that cannot be gone by.
_ALONE = 16
#: Norms whose squares neither overflow nor vanish.
_LEAST, _MOST = 1e-140, 1e140


class Stretches:
    """The stretches of a run, which `stopped` is asked to end at each of their points."""

    def __init__(
        self, objective: Objective, settings: Settings, judge: Judge, begin: State, stopped: Callable[[], bool]
    ) -> None:
        assert settings.lr is not None
        self._objective, self._settings, self._judge, self._stopped = objective, settings, judge, stopped
        self._rate = rates(settings.lr, settings.schedule)
        self._ways: dict[tuple[tuple[str, ...], ...], Way] = {}
        self._compiles = objective.plan().executor == "scalars"
        usual = tuple(begin.point) == objective.sweep.wrt and objective.problem.arithmetic is FLOAT64
        self._due = inf if not usual else begin.iteration + 1 + (_ALONE if self._compiles else 0)

    def after(self, last: Step) -> Iterator[Stretch]:
        """The stretches from a step's state on that the judge has nothing to say about, and has seen."""
        state = last.state
        if state.iteration < self._due:
            return
        way = self._way(state)
        while state.iteration < self._settings.steps:
            found = self._taken(way, state, _LONG, _SECONDS, self._stopped, last)
            count, judged = self._judge.quiet(found.path)
            whole = count == len(found.path)
            if not whole:
                found = self._taken(way, state, count, inf, lambda: False, last)
            if found.path:
                self._judge.passed(found.path, found.gradient, judged)
            else:
                self._due = state.iteration + _ALONE
            yield found
            if not whole or found.ended:
                return
            state = found.state

    def _way(self, state: State) -> Way:
        """What goes on from states with such slots."""
        names = slot_names(state)
        if names not in self._ways:
            found = by_numbers(self._objective, self._settings, state) if self._compiles else None
            self._ways[names] = found or by_arrays(self._objective, self._settings)
        return self._ways[names]

    def _taken(
        self, way: Way, state: State, length: int, seconds: float, stopped: Callable[[], bool], last: Step
    ) -> Stretch:
        """The stretch of so many steps, or up to the last before the run's."""
        length = min(length, self._settings.steps - state.iteration)
        numbers = range(state.iteration, state.iteration + length)
        rates = [*map(self._rate, numbers)] if self._settings.schedule else [self._rate(0)] * length
        low, high = max(self._settings.tol, _LEAST), min(self._judge.calm, _MOST)
        known = last if last.state is state else None
        return way(state, self._judge.memory.direction, rates, Limits(seconds, low, high, stopped), known)
