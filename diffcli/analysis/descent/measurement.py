"""Measurements at the end of a run: curvature at start and end, pace, and the length of the last step."""

import math
from collections.abc import Mapping
from typing import NamedTuple

from diffcli.analysis.curvature import Classification
from diffcli.analysis.descent.convergence_rate import Record, pace, steps_needed, steps_of_the_slowest
from diffcli.analysis.descent.diagnosis import Memory, Status, after
from diffcli.analysis.descent.evidence import Diagnosis, Evidence
from diffcli.analysis.descent.explanation import sentences
from diffcli.analysis.descent.horizon import horizon
from diffcli.analysis.descent.objective import Objective
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.spectrum import Effort, Kind, Spectrum, kind_of, spectrum_at, stable_rate, way
from diffcli.analysis.descent.state import Iterate, Step
from diffcli.execute.arrays import Array, distance, largest_magnitude
from diffcli.execute.definiteness import modes
from diffcli.messages import Joined, Message

#: The value stands still if a step changes it by less than this part of itself, times the steps taken.
_STILL = 1e-4
#: A direction of the end's Hessian that takes so many times longer than the pace so far says makes that no answer.
_SLOWER = 3.0
#: A slope is next to none if it makes, over the distance from the origin, less than this part of the value.
_FLAT = 1e-3
#: Kinds of points at which there is a slope.
_SLOPED = ("plateau", "not-stationary")


class Ended(NamedTuple):
    """A run that has ended: its first point, its last step, and what the judge says of it.

    `memory` is what the judge remembers, nothing for runs that are judged by epochs; `kinked` is whether the last point
    sits on a kink, `blamed` whether the sentence names the hyperparameter that is to blame.
    """

    objective: Objective
    settings: Settings
    memory: Memory
    start: Iterate
    last: Step
    status: Status
    sentence: str
    kinked: bool
    blamed: bool

    @property
    def end(self) -> Iterate:
        """The last point."""
        return self.last.iterate

    @property
    def before(self) -> Iterate | None:
        """The point before the last one."""
        last = self.memory.last
        return self.memory.before if last is None or last.iteration == self.end.iteration else last

    @property
    def plain(self) -> bool:
        """Whether it is gradient descent and nothing else."""
        return self.settings.optimizer.name == "gd" and not any(self.settings.optimizer.values.values())

    @property
    def away(self) -> bool:
        """Whether it left all bounds, so that its last point tells nothing."""
        return self.status in ("diverged", "not-finite")


def diagnosed(run: Ended) -> tuple[Status, str, Diagnosis]:
    """The status, the sentences and the numbers."""
    effort = Effort.after(run.objective, run.end.iteration, run.settings.max_seconds is not None)
    begun, ended = _spectra(run, effort)
    used = begun if run.away else ended
    kind, ahead = _kind(run, used)
    beyond = None
    if used is not None and kind in ("plateau", "flat"):
        beyond = horizon(run.objective, run.end.at, used, run.settings.maximize)
    sentence = _vanished(run) if run.end.gradient_norm == 0 and kind in _SLOPED else run.sentence
    status, point = _judged(run, kind)
    rate = run.settings.lr if run.before is None else run.before.rate
    factor, needed = _pace(run, status, rate, used)
    found = Diagnosis(
        point=point,
        measured_at=None if used is None else "start" if run.away else "end",
        smallest_eigenvalue=used and used.smallest,
        largest_eigenvalue=used and used.largest,
        stable_rate=stable_rate(used, run.settings.maximize) if run.plain else None,
        stable_rate_at_start=stable_rate(begun, run.settings.maximize) if run.plain else None,
        convergence_rate=factor,
        steps_needed=needed,
        not_measured=None if used is not None else "not-finite" if effort.covers(run.end.at) else "too-large",
        last_move=None if run.before is None else distance(run.before.at, run.end.at),
    )
    own = rate if run.plain else None
    evidence = Evidence(status, run.settings, run.memory, found, used, own, ahead, beyond, run.blamed)
    return status, Joined([sentence, *sentences(evidence)][:3], " "), found


def _spectra(run: Ended, effort: Effort) -> tuple[Spectrum | None, Spectrum | None]:
    """The eigenvalues at the start and at the end, where they say something."""
    ended = None if run.away else spectrum_at(run.objective, run.end.at, effort)
    if run.end.iteration == 0:
        return ended, ended
    if run.plain and math.isfinite(run.start.gradient_norm):
        return spectrum_at(run.objective, run.start.at, effort), ended
    return None, ended


def _kind(run: Ended, spectrum: Spectrum | None) -> tuple[Kind | None, Classification | None]:
    """The kind of point that the run ended at, and what lies ahead of it."""
    if run.away or spectrum is None:
        return None, None
    kinked = run.kinked or run.objective.bends_at(run.end.at)
    return kind_of(run.objective, run.end.at, run.last.gradient, spectrum, run.start.at, kinked)


def _vanished(run: Ended) -> Message:
    return Message(
        "{when} the gradient is 0 in {precision}, for which it is too small.",
        when=after(run.end),
        precision=run.objective.problem.precision.words,
    )


def _judged(run: Ended, kind: Kind | None) -> tuple[Status, Kind | None]:
    """Status and kind of point, each in the light of the other."""
    status = run.status
    if kind == "plateau" and status != "converged" and not _flat(run.start, run.end, run.last.gradient):
        kind = "not-stationary"
    if kind == "plateau" and (status == "converged" or (status == "step-limit" and _still(run.memory))):
        return "plateau", kind
    if kind not in (None, "not-smooth") and status not in ("converged", "stalled"):
        kind = "not-stationary"
    return status, kind


def _pace(run: Ended, status: Status, rate: float | None, spectrum: Spectrum | None) -> tuple[float | None, int | None]:
    """The factor of each step, and the steps to the tolerance; neither where what is fast now hides what is slow."""
    norm, tolerance = run.end.gradient_norm, run.settings.tol
    ahead = math.log(norm / tolerance) if 0 < tolerance < norm < math.inf else 0.0
    away = run.away and run.end.iteration == 0
    factor = None if away else pace(Record(run.memory.marks, run.memory.stride), ahead)
    if status in ("converged", "plateau"):
        return factor, 0 if status == "converged" else None
    needed = steps_needed(factor, norm, tolerance)
    if needed and run.plain and rate is not None and spectrum is not None and spectrum.model is not None:
        signed = -rate if run.settings.maximize else rate
        if steps_of_the_slowest(modes(spectrum.model), signed, tolerance) > _SLOWER * needed:
            return None, None
    return factor, needed


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
