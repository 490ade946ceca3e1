"""A graph's single number as a function of its inputs, moved along a direction."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diffcli.execute.arithmetic import FLOAT64, Arithmetic
from diffcli.execute.arrays import Array, arrayed
from diffcli.execute.executors.choice import Plan, planned
from diffcli.execute.executors.executor import Choice
from diffcli.execute.numpy_later import np
from diffcli.execute.program import quietly
from diffcli.execute.schedule import Schedule, scheduled
from diffcli.graph.graph import Graph

#: The index of an element; () of a single number.
Place = tuple[int, ...]


class Probe:
    """Computes the output where some of the inputs have been moved; the others stay.

    `varying` are those that may be moved: what depends on none of them is computed once. `plan` chooses the executor.
    """

    def __init__(
        self,
        graph: Graph,
        output: int,
        inputs: Mapping[int, Any],
        varying: Sequence[int],
        arithmetic: Arithmetic = FLOAT64,
        plan: Callable[[Schedule], Plan] = planned,
    ) -> None:
        self._graph, self._output = graph, output
        self._here = {node: inputs[node] for node in varying}
        fixed = {node: value for node, value in inputs.items() if node not in self._here}
        self._plan = plan(scheduled(graph, [output], varying, fixed, arithmetic))

    @property
    def operations(self) -> int:
        """The number of operations of one evaluation."""
        return self._graph.operations([self._output])

    @property
    def plan(self) -> Choice:
        """What computes it, and why."""
        return self._plan.choice

    def here(self) -> Any:
        """The output where nothing has been moved."""
        return self._value(self._here)

    def along(self, node: int, direction: Array) -> Callable[[Any], Any]:
        """The output as a function of `t`, with `t * direction` added to input `node`."""
        return self.together({node: direction})

    def together(self, directions: Mapping[int, Array]) -> Callable[[Any], Any]:
        """The output as a function of `t`, with `t` times its direction added to each of some inputs."""

        def moved(by: Any) -> Any:
            with quietly():
                shifted = {
                    node: np.asarray(self._here[node] + by * direction)[()] for node, direction in directions.items()
                }
            return self._value({**self._here, **shifted})

        return moved

    def _value(self, values: Mapping[int, Any]) -> Any:
        """A number, with Python's arithmetic: nan among NumPy's is worth a warning."""
        return np.asarray(self._plan.runner([*values.values()])[0]).item()


def unit(shape: tuple[int, ...], place: Place) -> Array:
    """The direction that moves one element."""
    direction = np.zeros(shape)
    direction[place] = 1.0
    return direction[()]


def random_direction(value: Array) -> Array:
    """A direction that moves every element by up to its own size, no two alike: the same one each time."""
    random = np.random.default_rng(1)
    lengths = random.uniform(0.5, 1.0, np.shape(value)) * random.choice([-1.0, 1.0], np.shape(value))
    return arrayed(lengths * np.where(value == 0, 1.0, np.abs(value)))


def nearby(value: Array, seed: tuple[int, int]) -> Array:
    """A value with every element moved by a small part of itself, no two alike, different by seed."""
    random = np.random.default_rng(seed)
    start = np.asarray(value).astype(np.float64)
    part = random.uniform(1e-7, 1e-6, np.shape(start)) * random.choice([-1.0, 1.0], np.shape(start))
    with quietly():
        return (start + np.where(start == 0, 1.0, start) * part)[()]


def weighted_sum(weights: Array, values: Array) -> Any:
    """The sum of the products of corresponding elements, a number of their own type."""
    return np.asarray(np.sum(weights * values)).item()


def spread(shape: tuple[int, ...], count: int) -> list[Place]:
    """So many places of an array, evenly spread; all of them where there are no more."""
    size = int(np.prod(shape))
    flat = (
        range(size)
        if size <= count
        else sorted({round(step * (size - 1) / max(count - 1, 1)) for step in range(count)})
    )
    return [tuple(int(axis) for axis in np.unravel_index(place, shape)) for place in flat]


def relative_errors(value: Array, reference: Array, floor: Array) -> Array:
    """|value - reference| / max(|reference|, floor) by element; inf where one is not a number."""
    with np.errstate(all="ignore"):
        difference = np.abs(value - reference)
        ratio = np.where(difference == 0, 0.0, difference / np.maximum(np.abs(reference), floor))
    return np.where(np.isnan(ratio), np.inf, ratio)


def largest(values: Array) -> Place:
    """The place of the largest element."""
    return tuple(int(axis) for axis in np.unravel_index(int(np.argmax(values)), np.shape(values)))


def largest_magnitudes(contributions: Sequence[Array], shape: tuple[int, ...]) -> Array:
    """By element the largest absolute value of any of the contributions that is finite."""
    scale = np.zeros(shape)
    for contribution in contributions:
        magnitude = np.abs(contribution)
        scale = np.where(np.isfinite(magnitude), np.maximum(scale, magnitude), scale)
    return scale
