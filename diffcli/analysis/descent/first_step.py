"""The memory of an optimizer after the first step of a run: the numbers between a gradient and the step."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.execute.arrays import Array
from diffcli.execute.program import quietly

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport


def first_slots(report: "DescentReport") -> Mapping[str, Mapping[str, Array]]:
    """By slot, by variable; nothing where a search makes the steps, where the gradient is clipped, or the run went on
    from an earlier one.
    """
    settings, begin = report.settings, report.history[0]
    optimizer = OPTIMIZERS[settings.optimizer.name]
    if optimizer.method or settings.clip_norm is not None or begin.iteration or begin.rate is None:
        return {}
    found: dict[str, dict[str, Array]] = {}
    with quietly():
        for name, gradient in report.first_gradient.items():
            slope = -gradient if settings.maximize else gradient
            for slot, value in optimizer.rule(begin.at[name], slope, {}, 1, begin.rate, **settings.optimizer.values)[
                1
            ].items():
                found.setdefault(slot, {})[name] = value
    return found
