"""Indices, and whole-number arithmetic on them: places in an array that was given another shape."""

import itertools

import sympy
from sympy import Expr, Symbol

_NUMBERS = itertools.count()


def fresh_index() -> Symbol:
    """An index symbol like no other; SymPy orders elements by their text, so its name tells its age."""
    return sympy.Dummy(f"i{next(_NUMBERS):09d}", integer=True, nonnegative=True)


class _Digit(sympy.Function):  # type: ignore[misc]  # SymPy has no type stubs
    """A function of a place and a size; it varies with no variable."""

    is_integer = True
    is_nonnegative = True

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        return sympy.Integer(0)


class Quotient(_Digit):
    """The number of times that the size goes into the place."""

    @classmethod
    def eval(cls, place: Expr, size: Expr) -> Expr | None:
        """Numbers at once."""
        if size == 1:
            return place
        return sympy.Integer(place // size) if place.is_Integer and size.is_Integer else None


class Remainder(_Digit):
    """The rest of the place then."""

    @classmethod
    def eval(cls, place: Expr, size: Expr) -> Expr | None:
        """Numbers at once."""
        if size == 1:
            return sympy.Integer(0)
        return sympy.Integer(place % size) if place.is_Integer and size.is_Integer else None


class Counted(_Digit):
    """A place in an array of that size, which counts from the end where it is negative."""

    @classmethod
    def eval(cls, place: Expr, size: Expr) -> Expr | None:
        """What is known to count from the start as it is."""
        if size == 1:
            return sympy.Integer(0)
        if place.is_Integer and place.is_negative:
            return size + place
        return place if place.is_integer and place.is_nonnegative else None


def digit(place: Expr, below: Expr, count: Expr, whole: Expr) -> Expr:
    """The digit of a place in mixed radix: `below` places make one, there are `count`, and `whole` places in all."""
    quotient = Quotient(place, below)
    return quotient if below * count == whole else Remainder(quotient, count)
