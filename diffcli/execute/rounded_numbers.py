"""Numbers that were rounded: whether some that round to those given make a computation come out right."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from diffcli.execute.arithmetic import Arithmetic
from diffcli.execute.arrays import Array, finite_elements

#: Of Gauss and Newton's steps, each squares what is missing; the last part of a half unit may be rounding too.
_STEPS, _EDGE = 8, 1 + 1e-9
#: An error of this part is none: so far the numbers of many digits go that are looked for.
_SURELY = 1e-30
#: The step by which a slope is found, as a part of a half unit.
_PART = Fraction(1, 10**15)


def unrounded(
    residuals: Callable[[Sequence[Any]], Array | None],
    given: Sequence[Fraction],
    halves: Sequence[Fraction],
    is_right: Callable[[Sequence[Any]], bool],
    most: float,
    arithmetic: Arithmetic,
) -> list[Any] | None:
    """Numbers no further from those given than these halves of a last digit, of which all is right; None without any.

    `residuals` are the errors of a computation with such numbers as one vector, None where it is not defined. Where
    the halves together make up for an error of more than `most`, they could explain anything, and explain nothing.
    """
    start = [arithmetic.lifted(number) for number in given]
    reach = [arithmetic.lifted(half) for half in halves]
    numbers = list(start)
    for _ in range(_STEPS):
        missing = residuals(numbers)
        if missing is None or not np.all(finite_elements(missing)):
            return None
        columns = []
        for place, half in enumerate(reach):
            step = half * arithmetic.lifted(_PART)
            moved = residuals([*numbers[:place], numbers[place] + step, *numbers[place + 1 :]])
            if moved is None or not np.all(finite_elements(moved)):
                return None
            columns.append((moved - missing) / arithmetic.lifted(_PART))  # by halves: all unknowns are of one size
        if _largest(sum(abs(column) for column in columns)) > most:
            return None
        scale = _largest(missing) or 1.0
        matrix = np.array([[float(entry) for entry in column] for column in columns]).T
        by = np.linalg.lstsq(matrix, np.array([float(entry / scale) for entry in missing]), rcond=1e-12)[0]
        numbers = [
            number - arithmetic.lifted(float(part)) * scale * half
            for number, part, half in zip(numbers, by, reach, strict=True)
        ]
        if any(abs(number - first) > 2 * half for number, first, half in zip(numbers, start, reach, strict=True)):
            return None
        if scale <= _SURELY * most:  # so near that what is left is rounding
            break
    inside = all(abs(number - first) <= _EDGE * half for number, first, half in zip(numbers, start, reach, strict=True))
    return numbers if inside and is_right(numbers) else None


def _largest(numbers: Array) -> Any:
    return max((abs(number) for number in np.ravel(numbers)), default=0)
