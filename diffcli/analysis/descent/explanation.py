"""What the numbers say that a run is diagnosed by: at most two sentences after the judge's."""

import math
from collections.abc import Iterator

from diffcli.analysis.curvature import bent
from diffcli.analysis.descent.evidence import Evidence
from diffcli.analysis.descent.rate_explanation import advice, compared, smaller
from diffcli.analysis.descent.spectrum import Spectrum
from diffcli.execute.spectra import MOST_PRODUCTS
from diffcli.messages import Joined, Message

#: What a Newton step leads to, in words.
_PLACES = {
    "minimum": Message("minimum"),
    "maximum": Message("maximum"),
    "saddle": Message("saddle"),
    "flat": Message("flat place"),
}


def sentences(run: Evidence) -> Iterator[str]:
    """The sentences after the reason why the run ended."""
    match run.status:
        case "converged" | "stalled":
            yield _point(run)
            if run.found.last_move is not None and run.spectrum is not None:
                yield from compared(run)
        case "plateau":
            yield _point(run)
        case "step-limit" | "interrupted" | "time-limit" if run.memory.before is not None:
            yield _pace(run)
            if run.status == "step-limit":
                yield advice(run)
        case "oscillating" | "diverged" if not run.blamed:
            yield from compared(run)
            if run.settings.lr is not None and (run.status == "oscillating" or _risen(run)):
                yield smaller(run)
        case _:
            pass


def _point(run: Evidence) -> str:
    """The kind of point, by the eigenvalues."""
    spectrum, words = run.spectrum, run.words
    if spectrum is None:
        return Message("What kind of point it is was not measured: {reason}.", reason=run.reason)
    # eigenvalues that an iteration found are told with a reservation
    found = "" if spectrum.all else Message(", as far as {most} products with the Hessian show", most=MOST_PRODUCTS)
    ends = {"least": spectrum.smallest, "most": spectrum.largest, "found": found}
    match run.found.point:
        case "minimum":
            return Message(
                "It is a minimum{found}: the least eigenvalue of the Hessian is {least:.3g}, above 0.", **ends
            )
        case "maximum":
            return Message(
                "It is a maximum{found}: the largest eigenvalue of the Hessian is {most:.3g}, below 0.", **ends
            )
        case "saddle":
            return Message(
                "It is a saddle: the eigenvalues of the Hessian go from {least:.3g} to {most:.3g}, so the value "
                "{moves} in some direction.",
                **ends,
                **words,
            )
        case "plateau":
            plateau = Message(
                "It is a plateau, not a {bottom}: slope and curvature are both next to 0, and a Newton step "
                "leads to no point without slope.",
                **words,
            )
            leave = Message("Another start, or a larger {lr}, may leave it.", **words)
            return Joined((plateau, run.nowhere or leave), " ")
        case "flat":
            return _flat(spectrum)
        case "not-stationary" if run.ahead is not None:
            return Message(
                "The slope is small, but not beside the curvature: a Newton step leads to a {place} farther "
                "on, and so does a smaller {tol}.",
                place=_PLACES[run.ahead],
                **words,
            )
        case "not-smooth":
            return Message("It sits on a kink, where second derivatives do not tell what kind of point it is.")
        case _:
            return Message(
                "What kind of point it is cannot be told: the eigenvalues of the Hessian did not settle, or the "
                "slope is not small beside them."
            )


def _flat(spectrum: Spectrum) -> str:
    """Where an eigenvalue is 0, or fades with the slope."""
    if spectrum.magnitude == 0 or spectrum.found is None:
        return Message(
            "It is flat there: all eigenvalues of the Hessian are 0, so second derivatives do not tell a "
            "minimum from a slope."
        )
    zeros = spectrum.found.zeros
    way = Message("upward") if bent(spectrum.found) == "convex" else Message("downward")
    if zeros == 1:
        return Message(
            "It is flat in 1 direction, where the eigenvalues of the Hessian are 0, and bends {way} in the others.",
            way=way,
        )
    if zeros:
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


def _pace(run: Evidence) -> str:
    """How fast the gradient shrinks, and how many steps are left."""
    factor, needed = run.found.convergence_rate, run.found.steps_needed
    if factor is None:
        return Message(
            "How many more steps it needs cannot be told: the gradient's norm has not fallen far enough at a "
            "steady pace so far."
        )
    near_one = _near_one(factor)
    if needed is not None:
        more = (
            Message("about {needed:,} more steps are needed", needed=needed)
            if needed > 1
            else Message("about {needed:,} more step is needed", needed=needed)
        )
        return Message(
            "The run converges: each step multiplies the gradient's norm by {near_one}, and at this pace {more}.",
            near_one=near_one,
            more=more,
        )
    if factor < 1 - 1e-12:  # the tolerance is 0
        return Message("The run converges: each step multiplies the gradient's norm by {near_one}.", near_one=near_one)
    return Message(
        "It does not come nearer to the tolerance: each step multiplies the gradient's norm by {near_one}.",
        near_one=near_one,
    )


def _risen(run: Evidence) -> bool:
    """Whether the value ended on the wrong side of the first one."""
    first, last = run.memory.first, run.memory.last
    if first is None or last is None:
        return False
    return last.value < first.value if run.settings.maximize else last.value > first.value


def _near_one(factor: float) -> str:
    """A factor with three digits of its distance from 1."""
    distance = abs(factor - 1)
    digits = 3 if distance >= 0.01 or distance == 0 else min(15, 2 - math.floor(math.log10(distance)))
    return f"{factor:.{digits}g}" if factor < 1 or distance >= 0.01 else f"{factor:.{digits + 1}g}"
