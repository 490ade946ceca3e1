"""Stretches in few numbers: one compiled loop, in which no array is made."""

from array import array
from collections.abc import Mapping, Sequence
from typing import Any

from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import State, Step
from diffcli.analysis.descent.stepping import moves
from diffcli.analysis.descent.stretch import Limits, Path, Stretch, Way
from diffcli.execute.arrays import Array, doubles, joined, numbers_of, parted
from diffcli.execute.executors.executor import Unfit
from diffcli.execute.executors.loops import Now, loop


def slot_names(state: State) -> tuple[tuple[str, ...], ...]:
    """The slots of each variable, in their order."""
    return tuple([tuple(state.slots.get(name, ())) for name in state.point])


def by_numbers(objective: Objective, settings: Settings, state: State) -> Way | None:
    """The loop over steps from states with such slots; None where a step takes too many operations on single numbers,
    or others.
    """
    names, slots = objective.sweep.wrt, slot_names(state)

    def update(now: Now) -> tuple[list[Any], list[Any]]:
        remembered = iter(now.slots)
        before = {name: {slot: next(remembered) for slot in own} for name, own in zip(names, slots, strict=True)}
        point, gradient = (dict(zip(names, values, strict=True)) for values in (now.point, now.gradient))
        found = moves(settings, point, gradient, before, now.norm, now.step, now.rate)
        if slots != tuple([tuple(found[name][1]) for name in names]):
            raise Unfit
        return [found[name][0] for name in names], [value for name in names for value in found[name][1].values()]

    moving = [names.index(name) for name in objective.moving]
    shapes = [tuple(numbers_of(value)[0]) for name in names for value in state.slots.get(name, {}).values()]
    try:
        run = loop(objective.schedule(), moving, shapes, update)
    except Unfit:
        return None

    def stretch(
        begin: State, gradient: Mapping[str, Array], rates: Sequence[float], limits: Limits, _: Step | None
    ) -> Stretch:
        numbers = numbers_of(joined(_arrays(begin, gradient)))[1]
        found = run(numbers, begin.iteration, rates, limits.low, limits.high, limits.stopped)
        kept, turned = array("d", found.kept), [step - 1 for step in found.turned]
        width = len(numbers_of(joined(begin.point))[1]) + 2
        values, norms = kept[width - 2 :: width], kept[width - 1 :: width]
        after, last = _structured(found.state, begin)
        path = Path(begin.iteration, _Rows(kept, width, begin.point), values, norms, rates, turned)
        state = after._replace(iteration=begin.iteration + len(values))
        return Stretch(path, state, last, len(values) < len(rates), found.asked)

    return stretch


class _Rows(Sequence[Mapping[str, Array]]):
    """Points in the names and shapes of another, made of rows of numbers, of which the last two are no elements."""

    def __init__(self, numbers: Sequence[float], width: int, like: Mapping[str, Array]) -> None:
        self._numbers, self._width, self._like = numbers, width, like

    def __len__(self) -> int:
        return len(self._numbers) // self._width

    def __getitem__(self, number: Any) -> Any:
        *elements, _, _ = self._numbers[number * self._width : (number + 1) * self._width]
        return parted(doubles(elements), self._like)


def _arrays(state: State, gradient: Mapping[str, Array]) -> dict[str, Array]:
    """The state of a loop: the point, the slots, and the gradient at the point before."""
    slots = [value for name in state.point for value in state.slots.get(name, {}).values()]
    every = [*state.point.values(), *slots, *[gradient[name] for name in state.point]]
    return {str(place): value for place, value in enumerate(every)}


def _structured(numbers: Sequence[float], like: State) -> tuple[State, dict[str, Array]]:
    """The state with the point and the slots of a loop's, and its gradient."""
    arrays = iter(parted(doubles(numbers), _arrays(like, like.point)).values())
    point = {name: next(arrays) for name in like.point}
    slots = {name: {slot: next(arrays) for slot in own} for name, own in zip(like.point, slot_names(like), strict=True)}
    return like._replace(point=point, slots=slots), {name: next(arrays) for name in like.point}
