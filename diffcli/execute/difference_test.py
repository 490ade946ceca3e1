"""Whether a derivative is that of a function: in many digits, against differences, which know no rule."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, finite_elements
from diffcli.execute.probe import random_direction

#: The step as a part of the operand: the difference's own error is of the order of its square.
_STEP = Fraction(1, 10**15)
#: A derivative fits up to this part of its terms; differences of two steps agree to this part of them.
_EQUAL = 1e-9


def is_slope(function: Callable[[Array], Array], at: Array, derivative: Array, arithmetic: Arithmetic) -> bool | None:
    """Whether the derivative, of the function's axes and then the operand's, has the function's slope at a point.

    None where differences do not tell: the function is not defined on both sides, or bends within the step.
    """
    direction = arithmetic.lifted(random_direction(at))
    axes = tuple(range(np.ndim(derivative) - np.ndim(at), np.ndim(derivative)))
    terms = derivative * direction
    expected, scale = (np.sum(each, axis=axes) for each in (terms, abs(terms)))

    def slope(step: Fraction) -> Array:
        by = arithmetic.lifted(step)
        with np.errstate(all="ignore"):
            return (function(at + by * direction) - function(at - by * direction)) / (2 * by)

    near, further = slope(_STEP), slope(2 * _STEP)
    if not (np.all(finite_elements(near)) and np.all(finite_elements(further))):
        return None
    floor = _EQUAL * abs(near) * (scale == 0) + _EQUAL * scale
    if np.all(abs(near - expected) <= floor) or not np.any(near - expected):
        return True
    steady = np.all(abs(near - further) <= _EQUAL * np.maximum(abs(near), scale))
    return False if steady else None
