"""Numbers of a program that know what they round: `0.1` is 1/10, `pi` is pi.

A plain float is exactly itself. A `Real` computes as the double that it is, and carries the exact
number beside it for arithmetics that have more digits.
"""

import operator
from typing import TYPE_CHECKING, Any, NamedTuple, Union, cast

if TYPE_CHECKING:
    from fractions import Fraction  # an import of ten milliseconds, made where a number is no whole one

#: Beyond so many bits before the point, which are more than any double has, an exponent or an angle is too large to
#: compute with: all its digits count.
MOST_BITS = 16_384
#: Beyond so many bits a power is written as a power.
_LONGEST = 4096
#: Beyond so many functions a number is not folded further.
_LARGEST = 60
#: Whole numbers up to here are doubles.
_WHOLE = 2.0**53
#: A number nearer to 0, by its power of ten, is 0.
_SMALLEST = -20_000


class Computed(NamedTuple):
    """A number that is no fraction: a function of the arithmetic on others, or its constant (`pi`)."""

    function: str
    operands: tuple["Exact", ...] = ()
    size: int = 1


#: A number to all its digits.
Exact = Union["Fraction", int, Computed]


class Real(float):
    """A double with the number that it rounds, or the decimal numeral of it: never a double itself.

    It compares as the double. What must be exact asks for its class: `plain(number)` is None for it.
    """

    __slots__ = ("_exact",)
    _exact: Exact | str

    def __new__(cls, rounded: float, exact: Exact | str) -> "Real":
        """The number; a numeral is read when its value is asked for."""
        made = float.__new__(cls, rounded)
        made._exact = exact
        return made

    @property
    def exact(self) -> Exact:
        """The number itself."""
        if isinstance(self._exact, str):
            from decimal import Decimal
            from fractions import Fraction

            self._exact = Fraction(Decimal(self._exact))
        return self._exact

    @property
    def known(self) -> Exact | str:
        """What it is known as, which tells it from others that round to the same double: a numeral is not read."""
        return self._exact

    def __reduce__(self) -> Any:
        return Real, (float(self), self.exact)

    def __neg__(self) -> float:
        return _kept(-float(self), "neg", self)

    def __add__(self, other: float) -> float:
        return folded("add", self, other)

    def __radd__(self, other: float) -> float:
        return folded("add", other, self)

    def __sub__(self, other: float) -> float:
        return folded("sub", self, other)

    def __rsub__(self, other: float) -> float:
        return folded("sub", other, self)

    def __mul__(self, other: float) -> float:
        return folded("mul", self, other)

    def __rmul__(self, other: float) -> float:
        return folded("mul", other, self)

    def __truediv__(self, other: float) -> float:
        return folded("truediv", self, other)

    def __rtruediv__(self, other: float) -> float:
        return folded("truediv", other, self)


def literal(numeral: str, rounded: float) -> float:
    """The number that a numeral stands for, given its nearest double."""
    if len(numeral) <= 15 and numeral.isdigit():
        return rounded
    if len(numeral) <= 40 and "." in numeral and numeral[-1] in "12346789" and numeral.replace(".", "", 1).isdigit():
        return Real(rounded, numeral)  # a fraction with 5 below its line, which no double is
    if numeral[:2].lower() in ("0x", "0b", "0o"):
        from fractions import Fraction

        whole = int(numeral, 0)
        return rounded if whole == rounded else Real(rounded, Fraction(whole))
    from decimal import Decimal

    decimal = Decimal(numeral)
    return rounded if decimal == Decimal(rounded) or decimal.adjusted() < _SMALLEST else Real(rounded, numeral)


def constant(rounded: float, function: str, *operands: Exact) -> Real:
    """A number that the arithmetic computes: `constant(math.pi, "pi")`."""
    return Real(rounded, _computed(function, operands))


def plain(number: float | None) -> float | None:
    """The number, if it is a double itself."""
    return None if number.__class__ is Real else number


def exactly(number: float) -> Exact:
    """The number that a finite float of the program stands for."""
    if isinstance(number, Real):
        return number.exact
    from fractions import Fraction

    return Fraction(number)


def folded(function: str, *numbers: float) -> float:
    """The result of plain arithmetic in double precision, with what it rounds.

    Raises ArithmeticError as floats do, and where the number would be one of too many functions.
    A power may be complex.
    """
    result = cast("float", getattr(operator, function)(*map(float, numbers)))
    if not isinstance(result, float) or result - result != 0:
        return result
    if function in ("add", "sub", "mul", "neg") and -_WHOLE < result < _WHOLE:
        for number in numbers:
            if number.__class__ is Real or not -_WHOLE < number < _WHOLE or not float(number).is_integer():
                break
        else:
            return result  # whole numbers, of which doubles are exact
    return _kept(result, function, *numbers)


def _kept(result: float, function: str, *numbers: float) -> float:
    if any(float(number) - float(number) != 0 for number in numbers):
        return result
    operands = [exactly(number) for number in numbers]
    exact: Exact
    if any(isinstance(operand, Computed) for operand in operands) or (function == "pow" and _is_long(*cast("list[Fraction]", operands))):
        exact = _computed(function, tuple(operands))
        if exact.size > _LARGEST:
            raise ArithmeticError("too many functions in one number")
    else:
        exact = cast("Fraction", getattr(operator, function)(*operands))
        if exact == result:
            return result
    return Real(result, exact)


def _computed(function: str, operands: tuple[Exact, ...]) -> Computed:
    return Computed(function, operands, 1 + sum(operand.size for operand in operands if isinstance(operand, Computed)))


def _is_long(base: "Fraction", exponent: "Fraction") -> bool:
    """Whether a power is no fraction, or one of too many digits."""
    return exponent.denominator != 1 or max(base.numerator.bit_length(), base.denominator.bit_length()) * abs(exponent.numerator) > _LONGEST
