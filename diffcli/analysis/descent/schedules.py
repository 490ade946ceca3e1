"""The schedules: the learning rate of step t, counted from 0, as a function of t alone.

Names and values are those of PyTorch's schedulers, stepped once for each step. A schedule's
docstring is its summary and its formula, which `diffcli functions` prints.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from diffcli.analysis.descent.hyperparameters import (
    Choice,
    Hyperparameter,
    hyperparameters,
    not_negative,
    positive,
    share,
    whole,
)
from diffcli.messages import Message

Rate = Callable[..., float]

_MEANINGS: dict[str, Hyperparameter] = {
    "step_size":    whole(Message("after how many steps the rate changes")),
    "gamma":        positive(Message("what the rate is multiplied by")),
    "T_max":        whole(Message("after how many steps the rate is least; by default at the end of the run")),
    "eta_min":      not_negative(Message("the least rate")),
    "decay":        not_negative(Message("how fast the rate falls")),
    "start_factor": share(Message("the part of the rate to begin with")),
    "end_factor":   share(Message("the part of the rate to end with")),
    "total_iters":  whole(Message("how many steps the warm-up takes")),
}  # fmt: skip


class Schedule(NamedTuple):
    """A row of the table."""

    name: str
    summary: str
    formula: tuple[str, ...]
    hyperparameters: Mapping[str, Hyperparameter]
    aliases: tuple[str, ...]
    source: str
    rate: Rate


SCHEDULES: dict[str, Schedule] = {}


def _schedule(name: str, source: str, *aliases: str) -> Callable[[Rate], Rate]:
    """Enter a schedule in the table."""

    def enter(rate: Rate) -> Rate:
        summary, _, formula = (rate.__doc__ or "").partition("\n")
        lines = tuple(line.strip() for line in formula.splitlines() if line.strip())
        SCHEDULES[name] = Schedule(name, summary, lines, hyperparameters(rate, _MEANINGS), aliases, source, rate)
        return rate

    return enter


@_schedule("constant", "ConstantLR with factor 1")
def constant(lr: float, t: int) -> float:
    """The same rate at every step.

    rate = lr
    """
    return lr


@_schedule("step", "StepLR", "StepLR")
def step(lr: float, t: int, *, step_size: int, gamma: float = 0.1) -> float:
    """Multiplied by gamma every step_size steps.

    rate = lr * gamma^floor(t/step_size)
    """
    return lr * _power(gamma, t // step_size)


@_schedule("exponential", "ExponentialLR", "ExponentialLR")
def exponential(lr: float, t: int, *, gamma: float) -> float:
    """Multiplied by gamma at every step.

    rate = lr * gamma^t
    """
    return lr * _power(gamma, t)


@_schedule("cosine", "CosineAnnealingLR; Loshchilov and Hutter, 2017", "CosineAnnealingLR")
def cosine(lr: float, t: int, *, T_max: int, eta_min: float = 0.0) -> float:  # noqa: N803  # PyTorch's name
    """From lr down to eta_min along half a wave of the cosine, in T_max steps.

    rate = eta_min + (lr - eta_min)*(1 + cos(pi*t/T_max))/2
    """
    return eta_min + (lr - eta_min) * (1 + math.cos(math.pi * t / T_max)) / 2


@_schedule("inverse-time", "LambdaLR; Robbins and Monro, 1951", "1/t", "inverse_time")
def inverse_time(lr: float, t: int, *, decay: float = 1.0) -> float:
    """Falls like 1/t.

    rate = lr/(1 + decay*t)
    """
    return lr / (1 + decay * t)


@_schedule("warmup", "LinearLR", "warm-up", "linear", "LinearLR")
def warmup(lr: float, t: int, *, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5) -> float:
    """Rises linearly to the full rate in total_iters steps; warmup+cosine begins another schedule then.

    rate = lr * (start_factor + (end_factor - start_factor)*min(t, total_iters)/total_iters)
    """
    return lr * (start_factor + (end_factor - start_factor) * min(t, total_iters) / total_iters)


def _power(base: float, exponent: int) -> float:
    """The power; a rate that grows beyond all numbers is infinite."""
    try:
        return base**exponent
    except OverflowError:
        return math.inf


def rates(lr: float, schedule: Sequence[Choice]) -> Callable[[int], float]:
    """The rate as a function of t; a schedule after a warm-up counts its steps from the warm-up's end."""
    if not schedule:
        return lambda t: lr
    stages = [(SCHEDULES[stage.name].rate, stage.values) for stage in schedule]
    (last, values), begin = stages[-1], 0
    if len(stages) == 1:
        return lambda t: last(lr, t, **values)
    first, early = stages[0]
    begin = early["total_iters"]
    return lambda t: first(lr, t, **early) if t < begin else last(lr, t - begin, **values)
