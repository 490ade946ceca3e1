"""What a run leaves to be measured at its end: curvature at the start and the end, pace, and the length of the last step."""

import math
from collections.abc import Mapping
from typing import Literal

from diffcli.analysis.descent.convergence_rate import Record, pace, steps_needed, steps_of_the_slowest
from diffcli.analysis.descent.diagnosis import Memory, Status, counted
from diffcli.analysis.descent.explanation import Diagnosis, Words
from diffcli.analysis.descent.horizon import horizon
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.spectrum import Effort, Spectrum, kind_of, spectrum_at, stable_rate, way
from diffcli.analysis.descent.state import Iterate, Step
from diffcli.analysis.values import Array
from diffcli.execute.arrays import distance, largest_magnitude
from diffcli.execute.definiteness import modes

#: The value stands still if a step changes it by less than this part of itself, times the steps taken.
_STILL = 1e-4
#: A direction of the end's Hessian that takes so many times longer than the pace so far says makes that no answer.
_SLOWER = 3.0
#: A slope is next to none if it makes, over the distance from the origin, less than this part of the value.
_FLAT = 1e-3


def diagnosed(
    objective: Objective, settings: Settings, memory: Memory | None, start: Iterate, last: Step, outcome: tuple[Status, str], kinked: bool, blamed: bool
) -> tuple[Status, str, Diagnosis]:  # fmt: skip
    """The status, the sentences and the numbers.

    `outcome` is the judge's; `memory` is what it remembers, None for runs that are judged by epochs;
    `kinked` is whether the last point sits on a kink, `blamed` whether the outcome names the hyperparameter that is to blame.
    """
    status, sentence = outcome
    end, memory = last.iterate, memory or Memory()
    previous = memory.before if memory.last is None or memory.last.iteration == end.iteration else memory.last
    plain = settings.optimizer.name == "gd" and not any(settings.optimizer.values.values())
    away = status in ("diverged", "not-finite")
    effort = Effort.after(objective, end.iteration, settings.max_seconds is not None)
    spectra: dict[Literal["start", "end"], Spectrum | None] = {"start": None, "end": None}
    if not away:
        spectra["end"] = spectrum_at(objective, end.at, effort)
    if end.iteration == 0:
        spectra["start"] = spectra["end"]
    elif plain and math.isfinite(start.gradient_norm):
        spectra["start"] = spectrum_at(objective, start.at, effort)
    place: Literal["start", "end"] = "start" if away else "end"
    used = spectra[place]
    point, ahead = (
        (None, None)
        if away or used is None
        else kind_of(objective, end.at, last.gradient, used, start.at, kinked or objective.bends_at(end.at))
    )
    beyond = (
        horizon(objective, end.at, used, settings.maximize)
        if used is not None and point in ("plateau", "flat")
        else None
    )
    if end.gradient_norm == 0 and point in ("plateau", "not-stationary"):
        when = "At the start" if end.iteration == 0 else f"After {counted(end.iteration)}"
        sentence = f"{when} the gradient is 0 in double precision, for which it is too small."
    if point == "plateau" and status != "converged" and not _flat(start, end, last.gradient):
        point = "not-stationary"
    if point == "plateau" and (status == "converged" or (status == "step-limit" and _still(memory))):
        status = "plateau"
    elif point not in (None, "not-smooth") and status not in ("converged", "stalled"):
        point = "not-stationary"
    ahead_of_it = math.log(end.gradient_norm / settings.tol) if 0 < settings.tol < end.gradient_norm < math.inf else 0.0
    factor = None if away and end.iteration == 0 else pace(Record(memory.marks, memory.stride), ahead_of_it)
    rate = previous.rate if previous is not None else settings.lr
    needed = (
        0
        if status == "converged"
        else None
        if status == "plateau"
        else steps_needed(factor, end.gradient_norm, settings.tol)
    )
    if needed and plain and rate is not None and used is not None and used.model is not None:
        slowest = steps_of_the_slowest(modes(used.model), -rate if settings.maximize else rate, settings.tol)
        if slowest > _SLOWER * needed:  # what is fast now hides what is slow
            factor = needed = None
    found = Diagnosis(
        point=point,
        measured_at=None if used is None else place,
        smallest_eigenvalue=used and used.smallest,
        largest_eigenvalue=used and used.largest,
        stable_rate=stable_rate(used, settings.maximize) if plain else None,
        stable_rate_at_start=stable_rate(spectra["start"], settings.maximize) if plain else None,
        convergence_rate=factor,
        steps_needed=needed,
        not_measured=None if used is not None else "not-finite" if effort.covers(end.at) else "too-large",
        last_move=None if previous is None else distance(previous.at, end.at),
    )
    words = Words(status, settings, memory, found, used, rate if plain else None, ahead, beyond, blamed)
    return status, " ".join([sentence, *words.sentences()][:3]), found


def _flat(start: Iterate, end: Iterate, gradient: Mapping[str, Array]) -> bool:
    """Whether the slope, over the size of each coordinate or its way, changes next to nothing of the value."""
    return largest_magnitude(gradient[name] * size for name, size in way(end.at, start.at).items()) <= _FLAT * abs(
        end.value
    )


def _still(memory: Memory) -> bool:
    """Whether all steps together, at the pace of the last one, change next to nothing of the value."""
    return (
        memory.last is not None
        and memory.last.iteration > 0
        and abs(memory.gain) * memory.last.iteration <= _STILL * abs(memory.last.value)
    )
