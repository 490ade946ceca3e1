"""The sign of an exact number: decided by more and more digits; that it is 0 is proved."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy

from diffcli.errors import OutOfReach
from diffcli.messages import Message
from diffcli.symbolic.exact_numbers.decimals import decimal_of
from diffcli.symbolic.exact_numbers.shortest_text import shortened

#: Digits with which a sign is looked for, and the digits to which two of them must agree.
_DIGITS, _CERTAIN = (20, 40, 80, 160, 320, 640), 8


@lru_cache(maxsize=100_000)
def sign(number: Any) -> int:
    """-1, 0 or 1. Raises OutOfReach where it cannot be told."""
    if number.is_Rational:
        return int(bool(number > 0)) - int(bool(number < 0))
    before = None
    for digits in _DIGITS:
        found = decimal_of(number, digits)
        if before is not None and abs(found - before) <= abs(found) * 10.0**-_CERTAIN and found != 0:
            return 1 if found > 0 else -1
        if abs(found) == math.inf:
            return 1 if found > 0 else -1
        before = found
    if _vanishes(number):
        return 0
    raise OutOfReach(Message("cannot tell whether the exact number {number} is 0", number=shortened(number)))


def _vanishes(number: Any) -> bool:
    """Whether the number is proved to be 0."""
    forms: tuple[Callable[[Any], Any], ...] = (
        sympy.expand,
        lambda each: sympy.radsimp(sympy.expand(each)),
        lambda each: sympy.expand(sympy.expand_log(each, force=True, factor=True)),
        lambda each: sympy.expand(sympy.expand(each.rewrite(sympy.exp)), complex=False),
    )
    if any(form(number) == 0 for form in forms):
        return True
    unknown = sympy.Dummy()
    try:
        return bool(number.is_algebraic) and sympy.minimal_polynomial(number, unknown) == unknown
    except sympy.polys.polyerrors.NotAlgebraic:  # though SymPy takes it for algebraic
        return False
