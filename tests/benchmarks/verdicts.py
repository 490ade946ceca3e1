"""What the measurements say about the bounds."""

from collections.abc import Iterator, Sequence
from math import exp, log
from statistics import fmean
from typing import NamedTuple

from .contest import OURS, Limit, Ratio, Together
from .measurement import Measured


class Verdict(NamedTuple):
    """A bound, what was found, and whether it holds."""

    work: str
    bound: str
    found: str
    holds: bool


def verdicts(results: Sequence[Measured], together: Sequence[Together]) -> Iterator[Verdict]:
    """One for each bound whose contenders were measured: of groups, then of rows."""
    for bound in together:
        yield from _of_group(bound, [result for result in results if result.row.group == bound.group])
    for result in results:
        for target in result.row.targets:
            yield from _of_row(target, result)


def _of_group(bound: Together, results: Sequence[Measured]) -> Iterator[Verdict]:
    ratios = {
        result.row.name: result.ratio(bound.contender, bound.against)
        for result in results
        if {bound.contender, bound.against} <= result.seconds.keys()
    }
    if not ratios:
        return
    worst = max(ratios, key=lambda name: ratios[name])
    if bound.summary == "largest":
        found, note = ratios[worst], f" ({worst})"
    else:
        found, note = exp(fmean(map(log, ratios.values()))), ""
    missing = len(results) - len(ratios)
    note += f", without {missing} that failed" if missing else ""
    text = f"{bound.summary} at most {bound.bound:g} x {bound.against}"
    yield Verdict(bound.work, text, f"{found:.2f} x{note}", found <= bound.bound and not missing)


def _of_row(target: Ratio | Limit, result: Measured) -> Iterator[Verdict]:
    work = result.work if target.contender == OURS else f"{result.work}, {target.contender}"
    if isinstance(target, Ratio):
        if {target.contender, target.against} <= result.seconds.keys():
            ratio = result.ratio(target.contender, target.against)
            yield Verdict(work, f"at most {target.bound:g} x {target.against}", f"{ratio:.2f} x", ratio <= target.bound)
    else:
        taken = result.peaks if target.quantity == "bytes" else {name: result.time(name) for name in result.seconds}
        if target.contender in taken:
            used, most = taken[target.contender], target.of_size(result.size)
            yield Verdict(work, f"at most {target.text}", f"{used / most:.2f} of it", used <= most)
