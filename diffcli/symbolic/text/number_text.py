"""Numbers as a formula shows them."""

from sympy import Expr

from diffcli.symbolic.vocabulary.limits import check_number

_LONGEST = 17


def number_text(number: Expr, decimals: bool) -> str:
    """A rational number: `3`, `1/2`, or with `decimals` `0.5` where that is exact and short.

    A large round number is written with an exponent: `1e+300`. Raises Refusal for one of too many digits.
    """
    check_number(number)
    above, below = int(number.p), int(number.q)
    if below == 1:
        digits = str(above).rstrip("0")
        zeros = len(str(above)) - len(digits)
        return f"{digits}e{zeros}" if zeros > _LONGEST - 2 and len(digits) <= _LONGEST else str(above)
    if decimals:
        places = _decimal_places(below)
        if places is not None:
            digits = str(abs(above) * 10**places // below)
            if len(digits) <= _LONGEST:
                sign = "-" if above < 0 else ""
                return sign + (_pointed(digits, places) if places <= _LONGEST else f"{digits}e-{places}")
    return f"{above}/{below}"


def _pointed(digits: str, places: int) -> str:
    digits = digits.zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}"


def _decimal_places(divisor: int) -> int | None:
    """The number of decimals of a fraction with this divisor, if it ends."""
    twos = fives = 0
    while divisor % 2 == 0:
        divisor, twos = divisor // 2, twos + 1
    while divisor % 5 == 0:
        divisor, fives = divisor // 5, fives + 1
    return max(twos, fives) if divisor == 1 else None
