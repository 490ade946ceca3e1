"""Points of a walk in a row, of few numbers, and the state of a loop that goes by them."""

from array import array
from collections.abc import Mapping, Sequence

from diffcli.analysis.descent.points import Points
from diffcli.analysis.descent.state import Iterate, State
from diffcli.execute.arrays import Array, doubles, joined, numbers_of, parted
from diffcli.execute.executors.loops import Walked

#: The slots of each variable, in their order.
Names = tuple[tuple[str, ...], ...]


class Stretch(Points):
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

    def point(self, number: int) -> Iterate:
        """The point, with its value and its norm."""
        *elements, value, norm = self._kept[number * self._width : (number + 1) * self._width]
        at = parted(doubles(elements), self._point)
        return Iterate(self.begin + number, at, value, norm, self._rates[number])


def slot_names(state: State) -> Names:
    """The slots of each variable."""
    return tuple([tuple(state.slots.get(name, ())) for name in state.point])


def flattened(state: State, gradient: Mapping[str, Array]) -> list[float]:
    """The state of a loop: the elements of the point, of the slots, and of the gradient at the point before."""
    return numbers_of(joined(_arrays(state, gradient)))[1]


def _arrays(state: State, gradient: Mapping[str, Array]) -> dict[str, Array]:
    slots = [value for name in state.point for value in state.slots.get(name, {}).values()]
    every = [*state.point.values(), *slots, *[gradient[name] for name in state.point]]
    return {str(place): value for place, value in enumerate(every)}


def _structured(
    numbers: Sequence[float], like: State
) -> tuple[dict[str, Array], dict[str, dict[str, Array]], dict[str, Array]]:
    """Point, slots and gradient of a loop's state."""
    arrays = iter(parted(doubles(numbers), _arrays(like, like.point)).values())
    point = {name: next(arrays) for name in like.point}
    slots = {name: {slot: next(arrays) for slot in own} for name, own in zip(like.point, slot_names(like), strict=True)}
    return point, slots, {name: next(arrays) for name in like.point}
