"""The finite-difference error against the step: truncation on one side, rounding on the other."""

from typing import NamedTuple

from diffcli.analysis.comparison.differences import central_difference, forward_difference
from diffcli.analysis.comparison.verdict import relative
from diffcli.execute.probe import Place, Probe, unit
from diffcli.graph.build import Built

#: Steps are the powers of ten down to this one.
_SMALLEST = 16


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
    """Differences with steps 1, 0.1, ..., 1e-16, as they come out in double precision."""
    node = built.inputs[variable]
    line, here = probe.along(node, unit(built.graph.shapes[node], place)), probe.here()
    rows = []
    for exponent in range(_SMALLEST + 1):
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
