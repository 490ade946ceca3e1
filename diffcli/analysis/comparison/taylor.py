"""Whether a gradient is the linear term: the slope of the Taylor remainder.

With the right gradient g, f(x + t v) - f(x) - t g.v shrinks like t^2 (or faster), with a wrong one
like t: on logarithmic scales a line of slope 2, or of slope 1.
"""

import math
import sys
from collections.abc import Mapping

from diffcli.analysis.comparison.tolerances import Tolerances
from diffcli.execute.arrays import Array, dot, largest_magnitude
from diffcli.execute.numbers import Numbers
from diffcli.execute.probe import Probe, random_direction
from diffcli.graph.build import Built

#: The longer of two steps as a part of each element's own size, the quotient to the other; and the shortest.
_LENGTH, _SHORTER, _SHORTEST = 1e-6, 0.1, 1e-15
#: Steps are shortened until the remainder is at most this part of the linear term: then powers of the step tell.
_SMALL = 1e-6


def remainder_slope(
    built: Built, inputs: Mapping[int, Array], node: int, gradient: Array, arithmetic: Numbers, tolerances: Tolerances
) -> float | None:
    """The slope; None where the function is linear along the direction, to rounding, or not defined near the point."""
    direction = random_direction(inputs[node])
    lifted = {other: arithmetic.lifted(value) for other, value in inputs.items()}
    probe = Probe(built.graph, built.output, lifted, [node], arithmetic)
    line, here = probe.along(node, arithmetic.lifted(direction)), probe.here()
    linear = dot(gradient, direction)
    rounded = tolerances.rounding * abs(linear) + sys.float_info.min * largest_magnitude([direction])

    def remainder(length: float) -> float:
        step = arithmetic.one(length)
        return float(abs(line(step) - here - step * linear))

    length = _LENGTH
    longer = remainder(length)
    while longer > _SMALL * length * abs(linear) and length > _SHORTEST:
        length *= _SHORTER
        longer = remainder(length)
    shorter = remainder(_SHORTER * length)
    if not math.isfinite(longer) or not math.isfinite(shorter) or shorter <= _SHORTER * length * rounded:
        return None
    return math.log(shorter / longer) / math.log(_SHORTER) if longer else None
