"""The hyperparameter that a run went astray by, found by trying: with its default the run stays, and with a smaller
learning rate alone it does not.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Literal

from diffcli.analysis.descent.hyperparameters import Choice, Hyperparameter, written
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.state import Iterate, State
from diffcli.analysis.descent.stepping import walk
from diffcli.messages import Argument, Blank, Message

#: The most steps that are taken again for each trial: those after them are not looked at.
_MOST = 1_000
#: The seconds that the trials may take where the run has a time limit, by an estimate.
_BOUNDED = 1.0
#: A learning rate that is tried is this part of the run's.
_SMALLER = 0.1
#: By how much of itself a value may have risen.
_RISEN = 1e-9


def blamed(objective: Objective, settings: Settings, begin: State, end: Iterate) -> str | None:
    """A sentence about the hyperparameter that is to blame.

    None where it is the learning rate, or none of them alone.
    """
    steps = end.iteration - begin.iteration
    trials = 1 + len([*_suspects(settings)])
    if (
        settings.lr is None
        or steps > _MOST
        or (settings.max_seconds is not None and trials * steps * objective.longest > _BOUNDED)
        or _outcome(objective, replace(settings, lr=settings.lr * _SMALLER), begin, steps) == "stays"
    ):
        return None
    outcomes = {
        name: _outcome(objective, replace(settings, optimizer=_with(settings, name, entry)), begin, steps)
        for name, entry in _suspects(settings)
    }
    stays = next((name for name, outcome in outcomes.items() if outcome == "stays"), None)
    table, given = OPTIMIZERS[settings.optimizer.name].hyperparameters, settings.optimizer.values
    if outcomes.get("eps", "not-finite") != "not-finite" and given["eps"] == 0:
        name = stays or "eps"
        return Message(
            "the denominator of {optimizer} is 0, which eps=0 does not prevent; {set} does.",
            optimizer=settings.optimizer.name,
            set=Argument("hyperparameters", {name: Blank(written(table[name].default))}),
        )
    if stays is None:
        return None
    default = written(table[stays].default)
    return Message(
        "{stays}={given} is to blame: a tenth of the learning rate leads away too, and the default, {set}, does not.",
        stays=stays,
        given=written(given[stays]),
        set=Argument("hyperparameters", {stays: Blank(default)}),
    )


def _with(settings: Settings, name: str, entry: Hyperparameter) -> Choice:
    return Choice(settings.optimizer.name, {**settings.optimizer.values, name: entry.default})


def _suspects(settings: Settings) -> Iterator[tuple[str, Hyperparameter]]:
    """Those that have not their defaults, first the one that keeps denominators from 0."""
    table = OPTIMIZERS[settings.optimizer.name].hyperparameters
    changed = [(name, table[name]) for name, value in settings.optimizer.values.items() if value != table[name].default]
    yield from sorted(changed, key=lambda each: each[0] != "eps")


def _outcome(
    objective: Objective, settings: Settings, begin: State, steps: int
) -> Literal["stays", "leaves", "not-finite"]:
    """Whether a run with these settings stays finite for so many steps, and gets no worse."""
    sign = -1.0 if settings.maximize else 1.0
    iterates = [step.iterate for step in islice(walk(objective, settings, begin), steps + 1)]
    if not all(math.isfinite(each.value) and math.isfinite(each.gradient_norm) for each in iterates):
        return "not-finite"
    first, last = iterates[0].value, iterates[-1].value
    return "stays" if sign * (last - first) <= _RISEN * abs(first) else "leaves"
