"""Curves over the steps of some runs: the values, and the norms of the gradient."""

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from diffcli.analysis.descent.state import Iterate
from diffcli.messages import Message

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport


class Curve(NamedTuple):
    """A number at some of the steps of a run, and what it is called beside others."""

    label: str
    steps: tuple[int, ...]
    values: tuple[float, ...]


def value_curves(runs: Sequence["DescentReport"], batches: bool = True) -> tuple[Curve, ...]:
    """The value of each run; of a single one in batches also that of all rows it trains on, and of those held out.

    Without `batches` those two alone, where there are any: single batches go up and down.
    """
    if len(runs) == 1:
        parts: list[tuple[str, Callable[[Iterate], float | None]]] = [
            (Message("each batch"), lambda iterate: iterate.value),
            (Message("rows trained on"), lambda iterate: iterate.train_value),
            (Message("rows held out"), lambda iterate: iterate.holdout_value),
        ]
        found = [_curve(label, runs[0], of) for label, of in parts]
        if found[1].steps == found[0].steps:  # all rows at each step: the value is that of the rows trained on
            found = found[1:]
        if not batches and len(found) == 3 and len(found[1].steps) > 1:
            found = found[1:]
        kept = tuple(curve for curve in found if curve.steps)
        return kept if len(kept) > 1 else (kept[0]._replace(label=runs[0].settings.label),)
    return tuple(_curve(run.settings.label, run, lambda iterate: iterate.value) for run in runs)


def norm_curves(runs: Sequence["DescentReport"]) -> tuple[Curve, ...]:
    """The norm of the gradient of each run."""
    return tuple(_curve(run.settings.label, run, lambda iterate: iterate.gradient_norm) for run in runs)


def spans_decades(values: Sequence[float]) -> bool:
    """Whether a logarithmic scale shows more: no value is negative, and the positive ones differ by a factor of 100."""
    finite = [value for value in values if math.isfinite(value)]
    positive = [value for value in finite if value > 0]
    return len(positive) > 1 and min(finite) >= 0 and max(positive) / min(positive) >= 100


def _curve(label: str, run: "DescentReport", of: Callable[[Iterate], float | None]) -> Curve:
    found = [(iterate.iteration, value) for iterate in run.history if (value := of(iterate)) is not None]
    return Curve(label, tuple(step for step, _ in found), tuple(value for _, value in found))
