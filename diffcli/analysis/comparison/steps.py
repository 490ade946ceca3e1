"""The finite-difference error against the step: truncation on one side, rounding on the other."""

import math
from typing import NamedTuple

from diffcli.analysis.comparison.differences import central_difference, forward_difference
from diffcli.analysis.comparison.verdict import relative
from diffcli.execute.probe import Place, Probe
from diffcli.graph.build import Built


class StepRow(NamedTuple):
    """A step with the relative errors of the forward and of the central difference; nan where one is undefined."""

    step: float
    forward: float
    central: float


class StepSweep(NamedTuple):
    """The errors by step for one element of a variable, against the reference."""

    variable: str
    place: Place
    reference: float | None
    rows: tuple[StepRow, ...]


def step_sweep(built: Built, probe: Probe, variable: str, place: Place, reference: float | None) -> StepSweep:
    """Differences with steps 1, 0.1, ..., down to a rounding's, as they come out in the probe's arithmetic."""
    line, here = probe.moved(built.inputs[variable], place), probe.here()
    rows = []
    for exponent in range(math.ceil(-math.log10(probe.arithmetic.epsilon)) + 1):
        step = 10.0**-exponent
        found = (float(forward_difference(line, here, step)), float(central_difference(line, step)))
        rows.append(
            StepRow(
                step,
                *(
                    float("nan") if reference is None or value != value else relative(value, reference, 0.0)
                    for value in found
                ),
            )
        )
    return StepSweep(variable, place, reference, tuple(rows))
