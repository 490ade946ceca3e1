"""The numbers that a run is diagnosed by, and what they say: at most two sentences after the judge's."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from diffcli.analysis.curvature import Classification, bent
from diffcli.analysis.descent.diagnosis import Memory, Status
from diffcli.analysis.descent.horizon import Horizon
from diffcli.analysis.descent.settings import Settings
from diffcli.analysis.descent.spectrum import Kind, Spectrum
from diffcli.execute.spectra import MOST_PRODUCTS
from diffcli.messages import Argument, Joined, Message

#: Two rates are the same up to this part of the larger; those of start and end are both told where they differ by this
#: part.
_SAME, _DIFFERENT = 1e-9, 0.1


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Measurements of a run; None for what was not measured, or is not there.

    `point` is what kind of point it ended at. The eigenvalues are the least and the largest of the
    Hessian at the end; at the start, as `measured_at` says, of a run that left all bounds.
    `stable_rate` is 2/lambda_max there, and at the start, for plain gradient descent.
    `convergence_rate` is the factor by which a step changes the gradient's norm, where that is
    steady; `steps_needed` are those to the tolerance at this pace; `last_move` is how far the last one went.
    `not_measured` says why there are no eigenvalues: the problem is too large beside the run, or a
    second derivative is not finite.
    """

    point: Kind | None = None
    measured_at: Literal["start", "end"] | None = None
    smallest_eigenvalue: float | None = None
    largest_eigenvalue: float | None = None
    stable_rate: float | None = None
    stable_rate_at_start: float | None = None
    convergence_rate: float | None = None
    steps_needed: int | None = None
    last_move: float | None = None
    not_measured: Literal["too-large", "not-finite"] | None = None


#: Of a run of which nothing was measured.
NOT_MEASURED = Diagnosis()

#: What a Newton step leads to, in words.
_PLACES = {
    "minimum": Message("minimum"),
    "maximum": Message("maximum"),
    "saddle": Message("saddle"),
    "flat": Message("flat place"),
}


class Words:
    """The sentences about one diagnosis."""

    def __init__(
        self, status: Status, settings: Settings, memory: Memory, found: Diagnosis, spectrum: Spectrum | None, rate: float | None,
        ahead: Classification | None = None, beyond: Horizon | None = None, blamed: bool = False,
    ) -> None:  # fmt: skip
        """`rate` is that of plain descent.

        `ahead` is what a Newton step leads to, `beyond` what lies where there is nothing to be reached.

        `blamed` is whether the judge named a hyperparameter that is to blame.
        """
        self.status, self.settings, self.memory, self.found, self.spectrum, self.rate = (
            status,
            settings,
            memory,
            found,
            spectrum,
            rate,
        )
        self.ahead, self.beyond, self.blamed = ahead, beyond, blamed
        up = (Message("maximum"), Message("downward"), Message("rises"), "2/|lambda_min|")
        down = (Message("minimum"), Message("upward"), Message("falls"), "2/lambda_max")
        self.bottom, self.way, self.moves, self.formula = up if settings.maximize else down

    def sentences(self) -> Iterator[str]:
        """The sentences after the reason why the run ended."""
        match self.status:
            case "converged" | "stalled":
                yield from self._point()
                if self.found.last_move is not None and self.spectrum is not None:
                    yield from self._compared()
            case "plateau":
                yield from self._point()
            case "step-limit" | "interrupted" | "time-limit" if self.memory.before is not None:
                yield self._pace()
                if self.status == "step-limit":
                    yield self._advice()
            case "oscillating" | "diverged" if not self.blamed:
                yield from self._compared()
                if self.settings.lr is not None and (self.status == "oscillating" or self._risen):
                    yield self._smaller()
            case _:
                pass

    def _point(self) -> Iterator[str]:
        """The kind of point, by the eigenvalues."""
        least, most, spectrum = self.found.smallest_eigenvalue, self.found.largest_eigenvalue, self.spectrum
        if spectrum is None:
            yield Message("What kind of point it is was not measured: {reason}.", reason=self._reason)
            return
        match self.found.point:
            case "minimum":
                yield Message(
                    "It is a minimum{found}: the least eigenvalue of the Hessian is {least:.3g}, above 0.",
                    found=self._found,
                    least=least,
                )
            case "maximum":
                yield Message(
                    "It is a maximum{found}: the largest eigenvalue of the Hessian is {most:.3g}, below 0.",
                    found=self._found,
                    most=most,
                )
            case "saddle":
                yield Message(
                    "It is a saddle: the eigenvalues of the Hessian go from {least:.3g} to {most:.3g}, so the value "
                    "{moves} in some direction.",
                    least=least,
                    most=most,
                    moves=self.moves,
                )
            case "plateau":
                plateau = Message(
                    "It is a plateau, not a {bottom}: slope and curvature are both next to 0, and a Newton step "
                    "leads to no point without slope.",
                    bottom=self.bottom,
                )
                leave = Message("Another start, or a larger {lr}, may leave it.", lr=Argument("lr"))
                yield Joined((plateau, self._nowhere or leave), " ")
            case "flat":
                yield self._flat(spectrum)
            case "not-stationary" if self.ahead is not None:
                place = _PLACES[self.ahead]
                yield Message(
                    "The slope is small, but not beside the curvature: a Newton step leads to a {place} farther "
                    "on, and so does a smaller {tol}.",
                    place=place,
                    tol=Argument("tol"),
                )
            case "not-smooth":
                yield Message("It sits on a kink, where second derivatives do not tell what kind of point it is.")
            case _:
                yield Message(
                    "What kind of point it is cannot be told: the eigenvalues of the Hessian did not settle, or the "
                    "slope is not small beside them."
                )

    def _flat(self, spectrum: Spectrum) -> str:
        if spectrum.magnitude == 0 or spectrum.found is None:
            return Message(
                "It is flat there: all eigenvalues of the Hessian are 0, so second derivatives do not tell a "
                "minimum from a slope."
            )
        zeros = spectrum.found.zeros
        if zeros:
            way = Message("upward") if bent(spectrum.found) == "convex" else Message("downward")
            if zeros == 1:
                return Message(
                    "It is flat in 1 direction, where the eigenvalues of the Hessian are 0, and bends {way} in the others.",
                    way=way,
                )
            return Message(
                "It is flat in {zeros} directions, where the eigenvalues of the Hessian are 0, and bends {way} in "
                "the others.",
                zeros=zeros,
                way=way,
            )
        return Message(
            "It is flat there: the curvature (largest eigenvalue of the Hessian {magnitude:.2g}) fades "
            "together with the slope.",
            magnitude=spectrum.magnitude,
        )

    def _pace(self) -> str:
        factor, needed = self.found.convergence_rate, self.found.steps_needed
        if needed is not None:
            more = (
                Message("about {needed:,} more steps are needed", needed=needed)
                if needed > 1
                else Message("about {needed:,} more step is needed", needed=needed)
            )
            return Message(
                "The run converges: each step multiplies the gradient's norm by {near_one}, and at this pace {more}.",
                near_one=_near_one(factor),
                more=more,
            )
        if factor is not None and factor < 1 - 1e-12:  # the tolerance is 0
            return Message(
                "The run converges: each step multiplies the gradient's norm by {near_one}.", near_one=_near_one(factor)
            )
        if factor is not None:
            return Message(
                "It does not come nearer to the tolerance: each step multiplies the gradient's norm by {near_one}.",
                near_one=_near_one(factor),
            )
        return Message(
            "How many more steps it needs cannot be told: the gradient's norm has not fallen far enough at a "
            "steady pace so far."
        )

    @property
    def _nowhere(self) -> str:
        """That there is nothing to be reached, where that was seen."""
        if self.beyond is None:
            return ""
        if self.beyond.limit is None:
            return Message(
                "There is no {bottom} in this direction: as far as it was followed, the value {moves} and does "
                "not settle.",
                bottom=self.bottom,
                moves=self.moves,
            )
        return Message(
            "There is no {bottom} in this direction: the value {moves} towards {limit:.3g} and does not reach it.",
            bottom=self.bottom,
            moves=self.moves,
            limit=self.beyond.limit,
        )

    def _advice(self) -> str:
        if self._nowhere:
            return self._nowhere
        if self.settings.lr is None:
            return Message("More {steps} go on from here.", steps=Argument("steps"))
        comparison = next(self._comparison(), None)
        if comparison and self.found.stable_rate is None and self.spectrum is not None:
            return Message("{sentence}.", sentence=comparison)
        lr, steps = Argument("lr"), Argument("steps")
        if self.memory.turned and self.settings.optimizer.name == "gd":
            if comparison:
                return Message(
                    "{comparison}, but every step jumps across the {bottom}, and a smaller {lr} gets there sooner.",
                    comparison=comparison,
                    bottom=self.bottom,
                    lr=lr,
                )
            return Message(
                "Every step jumps across the {bottom}, and a smaller {lr} gets there sooner.", bottom=self.bottom, lr=lr
            )
        if self.rate is not None and self.found.stable_rate is not None and self.rate > self.found.stable_rate / 2:
            if comparison:
                return Message("{comparison}: take more {steps}.", comparison=comparison, steps=steps)
            return Message("Take more {steps}.", steps=steps)
        if comparison:
            return Message(
                "{comparison}: try a larger {lr}, or more {steps}.", comparison=comparison, lr=lr, steps=steps
            )
        return Message("Try a larger {lr}, or more {steps}.", lr=lr, steps=steps)

    def _compared(self) -> Iterator[str]:
        return (Message("{sentence}.", sentence=comparison) for comparison in self._comparison())

    def _comparison(self) -> Iterator[str]:
        """The rate of plain gradient descent beside the largest stable one; without the full stop."""
        rate, stable, first = self.rate, self.found.stable_rate, self.found.stable_rate_at_start
        if rate is None or self.found.point == "not-smooth":
            return
        if self.spectrum is None:
            yield Message("The largest stable rate was not measured, since {reason}", reason=self._reason)
            return
        where = Message(" at the start") if self.found.measured_at == "start" else Message(" at the end")
        if stable is None:
            yield from self._unlimited(self.spectrum, where)
            return
        if abs(rate - stable) <= _SAME * stable:
            place = where if self.found.measured_at == "start" else ""
            yield Message(
                "lr {rate:g} is just the largest stable rate {stable:.6g} = {formula}{place}: the steps no "
                "longer shrink",
                rate=rate,
                stable=stable,
                formula=self.formula,
                place=place,
            )
            return
        lr, limit = _apart(rate, stable)
        how = Message("above") if rate > stable else Message("below")
        at_start = ""
        if (
            self.found.measured_at == "end"
            and first is not None
            and abs(first - stable) > _DIFFERENT * max(first, stable)
        ):
            at_start = Message(" at the end ({first:.3g} at the start)", first=first)
        elif self.found.measured_at == "start":
            at_start = Message(" at the start")
        yield Message(
            "lr {lr} is {how} the largest stable rate {about}{limit} = {formula}{at_start}",
            lr=lr,
            how=how,
            about="" if self.spectrum.all else Message("of about "),
            limit=limit,
            formula=self.formula,
            at_start=at_start,
        )

    def _unlimited(self, spectrum: Spectrum, where: str) -> Iterator[str]:
        """Where no rate is too large for the Hessian: what that says beside what the steps did."""
        if spectrum.largest is None or spectrum.smallest is None:
            return
        if self.status == "oscillating" and spectrum.magnitude == 0:
            yield Message(
                "The second derivatives there are 0: the slope jumps between the points, as at a kink, and a "
                "{schedule} that lowers the rate settles it",
                schedule=Argument("schedule"),
            )
        elif self.memory.turned and self.status != "converged":
            turned = Message(
                "The Hessian bends {way} in no direction{where}, but the slope turned round in the last step, as "
                "at a kink",
                way=self.way,
                where=where,
            )
            if self.status == "step-limit":
                turned = Message(
                    "{turned}: a smaller {lr}, or a {schedule} that lowers it, gets nearer",
                    turned=turned,
                    lr=Argument("lr"),
                    schedule=Argument("schedule"),
                )
            yield turned
        elif self.status == "step-limit":
            yield Message(
                "The Hessian bends {way} in no direction{where}, so no rate is too large there: a larger "
                "{lr}, or more {steps}, go on",
                way=self.way,
                where=where,
                lr=Argument("lr"),
                steps=Argument("steps"),
            )
        elif self.status != "converged":
            yield Message(
                "The Hessian bends {way} in no direction{where}: no {lr} leads to a {bottom} there",
                way=self.way,
                where=where,
                bottom=self.bottom,
                lr=Argument("lr"),
            )

    def _smaller(self) -> str:
        stable = self.found.stable_rate
        if self.rate is None or stable is None:
            return Message("Try a smaller {lr}.", lr=Argument("lr"))
        if self.rate < stable * (1 - _SAME):
            return Message(
                "Steps were short enough there, but the curvature grows along the way. Try a smaller {lr}.",
                lr=Argument("lr"),
            )
        return Message(
            "Try a smaller {lr}: half the stable rate, {stable:.3g}, does not overshoot there.",
            stable=stable / 2,
            lr=Argument("lr"),
        )

    @property
    def _found(self) -> str:
        """A reservation about eigenvalues that an iteration found."""
        return (
            ""
            if self.spectrum is not None and self.spectrum.all
            else Message(", as far as {most} products with the Hessian show", most=MOST_PRODUCTS)
        )

    @property
    def _reason(self) -> str:
        return (
            Message("it would take long compared with this run")
            if self.found.not_measured == "too-large"
            else Message("there are no second derivatives there")
        )

    @property
    def _risen(self) -> bool:
        """Whether the value ended on the wrong side of the first one."""
        first, last = self.memory.first, self.memory.last
        return (
            first is not None
            and last is not None
            and (last.value < first.value if self.settings.maximize else last.value > first.value)
        )


def _apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers with as few digits as tell them apart."""
    for digits in (3, 5, 8, 12):
        texts = f"{first:.{digits}g}", f"{second:.{digits}g}"
        if texts[0] != texts[1]:
            return texts
    return f"{first:.6g}", f"{second:.6g}"


def _near_one(factor: float | None) -> str:
    """A factor with three digits of its distance from 1."""
    assert factor is not None
    distance_to_one = abs(factor - 1)
    digits = (
        3 if distance_to_one >= 0.01 or distance_to_one == 0 else min(15, 2 - math.floor(math.log10(distance_to_one)))
    )
    return f"{factor:.{digits}g}" if factor < 1 or distance_to_one >= 0.01 else f"{factor:.{digits + 1}g}"
