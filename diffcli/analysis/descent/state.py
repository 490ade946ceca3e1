"""A point of the path, and all that determines what follows it."""

from collections.abc import Mapping
from typing import NamedTuple

from diffcli.execute.arrays import Array


class Iterate(NamedTuple):
    """A point of the path: the value and the Euclidean norm of the whole gradient there.

    `rate` is the learning rate of the step from here; None where a line search finds its length.
    In a run on data, `value` is that of the batch that the step from here takes; `train_value` and
    `holdout_value` are those of all rows that are trained on, and of those held out, and are None
    but at the beginning of an epoch and at the end.
    """

    iteration: int
    at: Mapping[str, Array]
    value: float
    gradient_norm: float
    rate: float | None = None
    epoch: int | None = None
    batch: int | None = None
    train_value: float | None = None
    holdout_value: float | None = None


class Position(NamedTuple):
    """The place in the data, for runs in batches: the order of an epoch's rows follows from the seed and its number."""

    epoch: int = 0
    batch: int = 0


class State(NamedTuple):
    """Everything that determines later steps: two walks from equal states are equal bit for bit.

    `point` has the variables of interest, `slots` by variable what the optimizer remembers, by
    name. The schedule's position is `iteration`, the number of steps taken.
    """

    iteration: int
    point: Mapping[str, Array]
    slots: Mapping[str, Mapping[str, Array]]
    position: Position = Position()


class Step(NamedTuple):
    """One point of a walk, the first one included.

    `gradient` is that of the expression: not clipped, not negated. `state` is that at the point: a
    walk from it yields this very step first.
    """

    iterate: Iterate
    gradient: Mapping[str, Array]
    state: State
