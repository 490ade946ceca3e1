"""The rate of plain gradient descent beside the largest stable one, and what to do about it."""

from collections.abc import Iterator

from diffcli.analysis.descent.evidence import Evidence
from diffcli.analysis.descent.spectrum import Spectrum
from diffcli.messages import Message

#: Two rates are the same up to this part of the larger; those of start and end are both told where they differ by this
#: part.
_SAME, _DIFFERENT = 1e-9, 0.1


def compared(run: Evidence) -> Iterator[str]:
    """The comparison as a sentence, where there is one."""
    return (Message("{sentence}.", sentence=comparison) for comparison in _comparison(run))


def advice(run: Evidence) -> str:
    """What to change where the steps have run out."""
    if run.nowhere:
        return run.nowhere
    words = run.words
    if run.settings.lr is None:
        return Message("More {steps} go on from here.", **words)
    comparison = next(_comparison(run), None)
    stable = run.found.stable_rate
    if comparison and stable is None and run.spectrum is not None:
        return Message("{sentence}.", sentence=comparison)
    if run.memory.turned and run.settings.optimizer.name == "gd":
        if comparison:
            return Message(
                "{comparison}, but every step jumps across the {bottom}, and a smaller {lr} gets there sooner.",
                comparison=comparison,
                **words,
            )
        return Message("Every step jumps across the {bottom}, and a smaller {lr} gets there sooner.", **words)
    if run.rate is not None and stable is not None and run.rate > stable / 2:
        if comparison:
            return Message("{comparison}: take more {steps}.", comparison=comparison, **words)
        return Message("Take more {steps}.", **words)
    if comparison:
        return Message("{comparison}: try a larger {lr}, or more {steps}.", comparison=comparison, **words)
    return Message("Try a larger {lr}, or more {steps}.", **words)


def smaller(run: Evidence) -> str:
    """How much smaller the rate is to be where the steps led away."""
    stable, words = run.found.stable_rate, run.words
    if run.rate is None or stable is None:
        return Message("Try a smaller {lr}.", **words)
    if run.rate < stable * (1 - _SAME):
        return Message(
            "Steps were short enough there, but the curvature grows along the way. Try a smaller {lr}.", **words
        )
    return Message(
        "Try a smaller {lr}: half the stable rate, {stable:.3g}, does not overshoot there.", stable=stable / 2, **words
    )


def _comparison(run: Evidence) -> Iterator[str]:
    """The rate beside the largest stable one, without the full stop."""
    rate, stable, found = run.rate, run.found.stable_rate, run.found
    if rate is None or found.point == "not-smooth":
        return
    if run.spectrum is None:
        yield Message("The largest stable rate was not measured, since {reason}", reason=run.reason)
    elif stable is None:
        yield from _unlimited(run, run.spectrum)
    elif abs(rate - stable) <= _SAME * stable:
        yield Message(
            "lr {rate:g} is just the largest stable rate {stable:.6g} = {formula}{place}: the steps no longer shrink",
            rate=rate,
            stable=stable,
            place=Message(" at the start") if found.measured_at == "start" else "",
            **run.words,
        )
    else:
        given, limit = _apart(rate, stable)
        yield Message(
            "lr {lr} is {how} the largest stable rate {about}{limit} = {formula}{at_start}",
            lr=given,
            how=Message("above") if rate > stable else Message("below"),
            about="" if run.spectrum.all else Message("of about "),
            limit=limit,
            at_start=_where(run, stable),
            formula=run.words["formula"],
        )


def _where(run: Evidence, stable: float) -> str:
    """Where the largest stable rate was found; at the end without a word, unless it was another at the start."""
    if run.found.measured_at == "start":
        return Message(" at the start")
    first = run.found.stable_rate_at_start
    if first is None or abs(first - stable) <= _DIFFERENT * max(first, stable):
        return ""
    return Message(" at the end ({first:.3g} at the start)", first=first)


def _unlimited(run: Evidence, spectrum: Spectrum) -> Iterator[str]:
    """Where no rate is too large for the Hessian: what that says beside what the steps did."""
    if spectrum.largest is None or spectrum.smallest is None:
        return
    words = {
        "where": Message(" at the start") if run.found.measured_at == "start" else Message(" at the end"),
        **run.words,
    }
    if run.status == "oscillating" and spectrum.magnitude == 0:
        yield Message(
            "The second derivatives there are 0: the slope jumps between the points, as at a kink, and a "
            "{schedule} that lowers the rate settles it",
            **words,
        )
    elif run.memory.turned and run.status != "converged":
        turned = Message(
            "The Hessian bends {way} in no direction{where}, but the slope turned round in the last step, as at a kink",
            **words,
        )
        yield (
            Message("{turned}: a smaller {lr}, or a {schedule} that lowers it, gets nearer", turned=turned, **words)
            if run.status == "step-limit"
            else turned
        )
    elif run.status == "step-limit":
        yield Message(
            "The Hessian bends {way} in no direction{where}, so no rate is too large there: a larger "
            "{lr}, or more {steps}, go on",
            **words,
        )
    elif run.status != "converged":
        yield Message("The Hessian bends {way} in no direction{where}: no {lr} leads to a {bottom} there", **words)


def _apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers with as few digits as tell them apart."""
    for digits in (3, 5, 8, 12):
        texts = f"{first:.{digits}g}", f"{second:.{digits}g}"
        if texts[0] != texts[1]:
            return texts
    return f"{first:.6g}", f"{second:.6g}"
