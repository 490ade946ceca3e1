"""The numbers that a problem is computed with: doubles, singles, more digits, or exact ones; and for how long."""

from typing import NamedTuple

from diffcli.errors import fault, given, out_of_range
from diffcli.execute.arithmetic import FLOAT32, FLOAT64, Arithmetic
from diffcli.execute.dtype import PRECISIONS, Dtype
from diffcli.messages import Argument, Message

#: The most digits that can be asked for.
MOST_DIGITS = 10_000
#: Guard digits of one run after the other.
GUARDS = (15, 30, 60, 120, 250, 500, 1000)


class Precision(NamedTuple):
    """Exact numbers, numbers of so many significant digits, or (neither) the machine's of a `dtype`, which is false.

    `guard` digits are those of the run, which is one of balls if `enclosed`. `doubt` says why digits
    may be wrong; None where all of them are proved.
    """

    exact: bool = False
    digits: int | None = None
    guard: int = GUARDS[0]
    enclosed: bool = False
    doubt: str | None = None
    dtype: Dtype = "float64"

    def __bool__(self) -> bool:
        return self.exact or self.digits is not None

    @property
    def arithmetic(self) -> Arithmetic:
        """What graphs are run in."""
        if self.digits is not None:
            if self.enclosed:
                from diffcli.execute.enclosures import enclosures

                return enclosures(self.digits + self.guard)
            from diffcli.execute.many_digits import of_digits

            return of_digits(self.digits, self.guard)
        if not self.exact:
            return FLOAT64 if self.dtype == "float64" else FLOAT32
        from diffcli.execute.numbers import Numbers
        from diffcli.symbolic.exact_numbers.context import Context

        return Numbers(Context())

    @property
    def words(self) -> str:
        """The precision of the machine's numbers, in words."""
        return PRECISIONS[self.dtype]


DOUBLE = Precision()


def beyond_rounding(part: float, arithmetic: Arithmetic) -> float:
    """A part of a number that is more than rounding: as small as doubles allow it to be, or a thousand roundings."""
    return max(part, 1e3 * float(arithmetic.epsilon))


def in_words(arithmetic: Arithmetic) -> str:
    """The precision of an arithmetic of the machine's numbers."""
    name: Dtype = arithmetic.name
    return PRECISIONS[name]


def largest_told(arithmetic: Arithmetic) -> Message:
    """What is to be known where a number overflows."""
    if not arithmetic.native or arithmetic.name == "float64":
        return Message("the largest number is about 1.8e308")
    return Message("the largest number of single precision is about 3.4e38, of double precision 1.8e308")


def checked(exact: bool, digits: int | None, dtype: Dtype | None = None) -> Precision:
    """The precision that options ask for.

    Raises DiffcliError where they contradict each other or the digits are out of range.
    """
    if exact and digits is not None:
        line = given(Argument("exact", True), Argument("digits", digits))
        message = Message("{exact} and {digits} exclude each other", exact=Argument("exact"), digits=Argument("digits"))
        raise fault("E402", message, line, hint=Message("exact numbers have no end of digits"))
    if dtype is not None and (exact or digits is not None):
        other, value = ("exact", True) if exact else ("digits", digits)
        line = given(Argument("dtype", dtype), Argument(other, value))
        message = Message("{dtype} and {other} exclude each other", dtype=Argument("dtype"), other=Argument(other))
        hint = Message("{dtype} is about the machine's own numbers; leave one of them out", dtype=Argument("dtype"))
        raise fault("E402", message, line, hint=hint)
    if digits is not None and not 1 <= digits <= MOST_DIGITS:
        hint = Message("{exact} has them all, where there is an exact form", exact=Argument("exact", True))
        message = Message("the number of digits must be 1 to {most:,}", most=MOST_DIGITS)
        raise out_of_range("digits", digits, message, hint)
    return Precision(exact, digits, dtype=dtype or "float64")


def time_limit(timeout: float | None, usual: float) -> float:
    """The time limit in seconds. Raises DiffcliError unless it is a number above 0."""
    if timeout is None:
        return usual
    if not 0 < timeout < float("inf"):
        message = Message("the time limit must be a number of seconds above 0")
        raise out_of_range("timeout", timeout, message, Message("leave it out for the usual limit"))
    return timeout
