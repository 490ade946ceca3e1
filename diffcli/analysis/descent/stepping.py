"""The walk: from a state to the next, without end."""

import math
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Protocol

from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.optimizers import OPTIMIZERS, Slots
from diffcli.analysis.descent.schedules import rates
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, Position, State, Step
from diffcli.analysis.problem import Problem
from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, doubles, euclidean_norm, in_rows, smaller
from diffcli.execute.minimizers import minimized
from diffcli.execute.program import quietly

#: What PyTorch adds to a norm before it divides by it.
BESIDE_NORM = 1e-6


class Feed(Protocol):
    """The data of each step, where a step does not see all of it."""

    def batch(self, position: Position) -> tuple[Objective, Mapping[str, Array]]:
        """The objective for data of the batch's shape, and the values of its columns."""
        ...

    def following(self, position: Position) -> Position:
        """The position after this one."""
        ...


def first_state(problem: Problem, settings: Settings) -> State:
    """The problem's point, with nothing remembered.

    A method of SciPy's keeps its memory to itself: the slots have where it started, and to resume
    it is to take the same steps again.
    """
    point = {name: in_rows(problem.values[name]) for name in problem.wrt}
    return State(
        0,
        point,
        {name: {"start": value} for name, value in point.items()} if OPTIMIZERS[settings.optimizer.name].method else {},
    )


def walk(
    objective: Objective, settings: Settings, state: State, feed: Feed | None = None
) -> Generator[Step, None, None]:
    """The point of the state, and all that follow it.

    What it yields depends on its arguments only. A rule's walk has no end; that of a method of
    SciPy's ends where it finds no better point.
    """
    optimizer = OPTIMIZERS[settings.optimizer.name]
    if optimizer.method:
        yield from _searched(objective, settings, state)
        return
    assert settings.lr is not None
    rate = rates(settings.lr, settings.schedule)
    data: Mapping[str, Array] | None = None
    while True:
        if feed is not None:
            objective, data = feed.batch(state.position)
        value, gradient = objective.at(state.point, data)
        norm = euclidean_norm(gradient.values())
        lr = rate(state.iteration)
        yield Step(Iterate(state.iteration, state.point, value, norm, lr), gradient, state)
        with quietly():
            after = following(settings, state, gradient, norm, lr, objective.problem.arithmetic)
        state = after if feed is None else after._replace(position=feed.following(state.position))


def following(
    settings: Settings, state: State, gradient: Mapping[str, Array], norm: float, lr: float, arithmetic: Arithmetic
) -> State:
    """The state after a step, in numbers of an arithmetic; the place in the data stays what it was."""
    number, point, slots, lifted = state.iteration + 1, {}, {}, arithmetic.lifted
    for name, (moved, kept) in moves(settings, state.point, gradient, state.slots, norm, number, lr).items():
        # in the layout that a saved state is read back in: the last bits of sums depend on it
        point[name] = lifted(in_rows(moved))
        slots[name] = {slot: lifted(in_rows(value)) for slot, value in kept.items()}
    return State(number, point, slots, state.position)


def moves(
    settings: Settings,
    point: Mapping[str, Array],
    gradient: Mapping[str, Array],
    slots: Mapping[str, Slots],
    norm: float,
    step: int,
    lr: float,
    beside: float = BESIDE_NORM,
) -> dict[str, tuple[Array, Slots]]:
    """For each variable the next point, and what the optimizer remembers then; `step` is counted from 1.

    `beside` is added to the norm of a gradient that is clipped.
    """
    rule, hyperparameters = OPTIMIZERS[settings.optimizer.name].rule, settings.optimizer.values
    if settings.clip_norm is not None or settings.maximize:
        sign = -1.0 if settings.maximize else 1.0
        clipped: Any = 1.0 if settings.clip_norm is None else smaller(1.0, settings.clip_norm / (norm + beside))
        # a float of Python's takes the precision of what it meets
        scale = sign * (float(clipped) if isinstance(clipped, float) else clipped)
        gradient = {name: scale * slope for name, slope in gradient.items()}
    return {
        name: rule(point[name], slope, slots.get(name, {}), step, lr, **hyperparameters)
        for name, slope in gradient.items()
    }


def _searched(objective: Objective, settings: Settings, state: State) -> Iterator[Step]:
    """The points of a method of SciPy's, from where it started; those before the state are passed over."""
    lifted = objective.problem.arithmetic.lifted
    start = {name: doubles(state.slots[name]["start"]) for name in state.point}  # SciPy's numbers are doubles
    sign = -1.0 if settings.maximize else 1.0
    method = OPTIMIZERS[settings.optimizer.name].method
    assert method is not None

    def height(point: Mapping[str, Array]) -> tuple[float, dict[str, Array]]:
        value, gradient = objective.at(point)
        # a point without a value is worse than any other
        return math.inf if math.isnan(value) else sign * value, {
            name: doubles(slope if sign > 0 else -slope) for name, slope in gradient.items()
        }

    def bend(point: Mapping[str, Array], direction: Mapping[str, Array]) -> dict[str, Array]:
        product = objective.product(point, direction)
        return product if sign > 0 else {name: -part for name, part in product.items()}

    for iteration, point in enumerate(minimized(method, height, bend, start, settings.optimizer.values)):
        if iteration >= state.iteration:
            point = {name: lifted(value) for name, value in point.items()}  # noqa: PLW2901  # the same, rounded
            value, gradient = objective.at(point)
            yield Step(
                Iterate(iteration, point, value, euclidean_norm(gradient.values())),
                gradient,
                state._replace(iteration=iteration, point=point),
            )
