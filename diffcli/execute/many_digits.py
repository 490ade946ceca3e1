"""Numbers of so many digits: mpmath's, in contexts of their own, whose operations round as they are told."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, cast

from diffcli.execute.numbers import Numbers, Rounding
from diffcli.primitives.gamma_family import by_arb

#: Digits computed beyond those that are asked for.
GUARD = 15
#: Bits beyond those that are written, by which the last of these is rounded.
_BEYOND = 64


@cache
def of_digits(digits: int, guard: int = GUARD, rounding: Rounding = "nearest") -> Numbers:
    """Numbers of so many significant digits, and some more on the way: mpmath's, in a context of their own.

    `rounding` is that of operations; for some functions it only says which of two runs this is.
    """
    from mpmath.ctx_mp import MPContext
    from mpmath.libmp import to_float

    context = MPContext()
    context.dps = digits + guard
    context._prec_rounding[1] = rounding[0]
    context.rounding = rounding
    context.rounded = partial(_rounded, context)
    by_arb(context)
    context.npconvert = partial(_of_numpy, context.npconvert)
    context.tanh = partial(_below_one, context, context.tanh, lambda x: 2 / (context.exp(2 * x) + 1))
    context.erf = partial(_below_one, context, context.erf, context.erfc)
    context.again = of_digits, (digits, guard, rounding)
    number = context.mpf
    number.__reduce__ = lambda a: (_of_digits_again, (digits, guard, rounding, a._mpf_))
    number.digits = digits
    number.__float__ = lambda a: to_float(a._mpf_, rnd="n")
    number.__floordiv__ = lambda a, b: context.floor(a / b)
    number.__str__ = lambda a: _formatted(context, a, "")
    number.__format__ = lambda a, wanted: _formatted(context, a, wanted)
    return Numbers(context)


def _of_digits_again(digits: int, guard: int, rounding: Rounding, parts: Any) -> Any:
    """A number that comes from another process."""
    return of_digits(digits, guard, rounding).context.make_mpf(parts)


def _of_numpy(convert: Callable[[Any], Any], number: Any) -> Any:
    """A number of NumPy's as one of the context. An array is none, and mpmath would write it out to say so each time
    that a number meets one.
    """
    if number.ndim:
        raise TypeError("an array is no number")
    return convert(number)


def _rounded(context: Any, rounding: Rounding, function: Callable[..., Any], *operands: Any) -> Any:
    """The function's value, rounded in another way than the context does."""
    state = context._prec_rounding
    own = state[1]
    state[1] = rounding[0]
    try:
        return function(*operands)
    finally:
        state[1] = own


def _below_one(context: Any, function: Callable[[Any], Any], missing: Callable[[Any], Any], x: Any) -> Any:
    """A function that mpmath finds to be 1 of large numbers however it is to be rounded.

    `missing` is what 1 has more.
    """
    found = function(x)
    return found if abs(found) != 1 or abs(x) == context.inf else (1 - missing(abs(x))) * found


def _formatted(context: Any, number: Any, wanted: str) -> str:
    """A number to significant digits, as Python's format `g` writes one."""
    from mpmath.libmp import dps_to_prec, mpf_pos

    digits = (
        int(wanted[1:-1] or 6)
        if wanted[:1] == "." and wanted[-1:] == "g"
        else 6
        if wanted == "g"
        else cast("int", number.digits)
    )
    if context.isfinite(number):  # of many more digits mpmath would make an integer longer than Python writes
        number = context.make_mpf(mpf_pos(number._mpf_, dps_to_prec(digits) + _BEYOND, "n"))
    text = str(context.nstr(number, digits, min_fixed=-5, max_fixed=max(digits, 6)))
    mantissa, mark, exponent = text.partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + mark + exponent
