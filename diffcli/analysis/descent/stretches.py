"""Stretches of a walk: many points in a row, of few numbers, that are gone by without a word about each.

A walk through them takes the very steps of `walk`. What is remarkable is left to that: a stretch ends before a point
that may be the last, or has numbers that are not finite.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.schedules import rates
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State
from diffcli.analysis.descent.stepping import moves
from diffcli.execute.arrays import Array, doubles, joined, numbers_of, parted
from diffcli.execute.executors.executor import Unfit
from diffcli.execute.executors.loops import Loop, Now, Walked, loop

if TYPE_CHECKING:
    from diffcli.analysis.descent.diagnosis import Judge

#: The slots of each variable, in their order.
Names = tuple[tuple[str, ...], ...]
#: Points of a stretch: after each it is looked whether the time is up.
_LONG = 2000
#: Norms whose squares neither overflow nor vanish.
_LEAST, _MOST = 1e-140, 1e140


class Stretch(Sequence[Iterate]):
    """Points in a row, each made when it is looked at.

    `state` is that after them, `gradient` that at the last one. `turned` are the iterations at which the gradient
    points against that of the point before; `asked` is whether the walk was stopped after the last.
    """

    def __init__(self, begin: State, rates: Sequence[float], walked: Walked) -> None:
        self.begin = begin.iteration
        self._point, self._kept, self._rates = begin.point, array("d", walked.kept), rates
        self._width = len(numbers_of(joined(begin.point))[1]) + 2
        self.turned, self.asked = [step - 1 for step in walked.turned], walked.asked
        point, slots, self.gradient = _structured(walked.state, begin)
        self.state = begin._replace(iteration=begin.iteration + len(self), point=point, slots=slots)

    def __len__(self) -> int:
        return len(self._kept) // self._width

    @property
    def values(self) -> Sequence[float]:
        """The value at each point."""
        return self._kept[self._width - 2 :: self._width]

    @property
    def norms(self) -> Sequence[float]:
        """The gradient's norm at each point."""
        return self._kept[self._width - 1 :: self._width]

    @overload
    def __getitem__(self, place: int) -> Iterate: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Iterate, ...]: ...
    def __getitem__(self, place: int | slice) -> Iterate | tuple[Iterate, ...]:
        if isinstance(place, slice):
            return tuple([self[each] for each in range(*place.indices(len(self)))])
        number = range(len(self))[place]
        *elements, value, norm = self._kept[number * self._width : (number + 1) * self._width]
        at = parted(doubles(elements), self._point)
        return Iterate(self.begin + number, at, value, norm, self._rates[number])


class Stretches:
    """The stretches of a run, which `stopped` is asked to end at each of their points."""

    def __init__(self, objective: Objective, settings: Settings, judge: "Judge", stopped: Callable[[], bool]) -> None:
        assert settings.lr is not None
        self._objective, self._settings, self._judge, self._stopped = objective, settings, judge, stopped
        self._rate = rates(settings.lr, settings.schedule)
        self._loops: dict[Names, Loop | None] = {}

    def after(self, state: State) -> Iterator[Stretch]:
        """The stretches from a state on that the judge has nothing to say about, and has seen.

        None where a step takes too many operations, or some that numbers do not have.
        """
        names = _names(state)
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
        begin = numbers_of(joined(_arrays(state, self._judge.memory.direction)))[1]
        low, high = max(self._settings.tol, _LEAST), min(self._judge.calm, _MOST)
        return Stretch(state, rates, run(begin, state.iteration, rates, low, high, stopped))


def _compiled(objective: Objective, settings: Settings, state: State) -> Loop | None:
    names, slots = [*state.point], _names(state)

    def update(now: Now) -> tuple[list[Any], list[Any]]:
        remembered = iter(now.slots)
        found = moves(
            settings,
            dict(zip(names, now.point, strict=True)),
            dict(zip(names, now.gradient, strict=True)),
            {name: {slot: next(remembered) for slot in own} for name, own in zip(names, slots, strict=True)},
            now.norm,
            now.step,
            now.rate,
        )
        kept = [found[name][1][slot] for name, own in zip(names, slots, strict=True) for slot in own]
        return [found[name][0] for name in names], kept

    if objective.plan().executor != "scalars":
        return None
    moving = [names.index(name) for name in objective.moving]
    shapes = [tuple(numbers_of(value)[0]) for own in state.slots.values() for value in own.values()]
    try:
        return loop(objective.schedule(), moving, shapes, update)
    except Unfit:
        return None


def _names(state: State) -> Names:
    """The slots of each variable."""
    return tuple(tuple(state.slots.get(name, ())) for name in state.point)


def _arrays(state: State, gradient: Mapping[str, Array]) -> dict[str, Array]:
    """The state of a loop: point, slots, and the gradient at the point before."""
    slots = [value for name in state.point for value in state.slots.get(name, {}).values()]
    arrays = [*state.point.values(), *slots, *[gradient[name] for name in state.point]]
    return {str(place): array for place, array in enumerate(arrays)}


def _structured(
    numbers: Sequence[float], like: State
) -> tuple[dict[str, Array], dict[str, dict[str, Array]], dict[str, Array]]:
    """Point, slots and gradient of a loop's state."""
    arrays = iter(parted(doubles(numbers), _arrays(like, like.point)).values())
    point = {name: next(arrays) for name in like.point}
    slots = {name: {slot: next(arrays) for slot in own} for name, own in zip(like.point, _names(like), strict=True)}
    return point, slots, {name: next(arrays) for name in like.point}
