"""How far numbers may be apart that count as the same, in double and in single precision."""

import math
from typing import NamedTuple

from diffcli.execute.arithmetic import FLOAT32, Arithmetic
from diffcli.execute.dtype import PRECISIONS


class Tolerances(NamedTuple):
    """What methods may be off by, as a part of what they should give.

    Errors up to `last_digits` and `rounding` are the last digits' and rounding's; beyond, a reason is looked for. They
    are relative to the reference; where that is 0, to the part `floor` of the largest contribution to an element. A
    difference and a complex step may be off by `difference` and `complex_step` without being doubted, and have the
    floor `their_floor`; a difference also by so many times its estimated error, and where that is a larger part of it
    than `vague`, it does not count.
    """

    precision: str
    last_digits: float
    rounding: float
    floor: float
    difference: float
    complex_step: float
    their_floor: float
    estimated: float
    vague: float


DOUBLES = Tolerances(PRECISIONS["float64"], 1e-12, 1e-9, 1e-13, 1e-6, 1e-8, 1e-6, estimated=10.0, vague=1e-3)
#: A difference counts as PyTorch's gradcheck counts it: to a thousandth, however it came about.
SINGLES = Tolerances(PRECISIONS["float32"], 1e-5, 1e-4, 5e-5, 1e-3, 1e-4, 0.1, estimated=0.0, vague=math.inf)


def tolerances_in(arithmetic: Arithmetic) -> Tolerances:
    """The tolerances for what is computed in an arithmetic."""
    return SINGLES if arithmetic is FLOAT32 else DOUBLES
