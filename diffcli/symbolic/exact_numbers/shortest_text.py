"""Exact numbers as text: in the form that is shortest."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy
from sympy.printing.str import StrPrinter

from diffcli.symbolic.exact_numbers.decimals import decimal_of
from diffcli.symbolic.text.formula_printer import Printer
from diffcli.symbolic.vocabulary.refusal import Refusal
from diffcli.symbolic.vocabulary.scope import Scope

#: An expression of more operations is printed as it is.
_LARGEST_TIDIED = 40
#: So is one with a higher power.
_HIGHEST = 6


@lru_cache(maxsize=100_000)
def text_of(value: Any) -> str:
    """A fraction, an irrational number, or a float that is nan or infinite."""
    if isinstance(value, float):
        return str(value)
    if isinstance(value, Fraction):
        # Decimal writes integers of any length
        return f"{Decimal(value.numerator)}" + (f"/{Decimal(value.denominator)}" if value.denominator != 1 else "")
    return printed(tidied(value))


@lru_cache(maxsize=100_000)
def tidied(value: Any) -> Any:
    """The irrational number in the form whose text is shortest."""
    forms = [value]
    if sympy.count_ops(value) <= _LARGEST_TIDIED and not any(
        abs(power.exp) > _HIGHEST for power in value.atoms(sympy.Pow) if power.exp.is_Integer
    ):
        tidied = [
            sympy.together(value),
            sympy.expand(value),
            *(
                []
                if value.atoms(sympy.Function)
                else [sympy.radsimp(value), sympy.expand(sympy.radsimp(value)), sympy.cancel(value)]
            ),
        ]
        forms += [form for form in tidied if _same(form, value)]
    return min(forms, key=lambda form: len(printed(form)))


def printed(value: Any) -> str:
    """An expression in the language, or in SymPy's words where that has none."""
    try:
        return Printer({}, Scope(), None, False).text(value)
    except (Refusal, ValueError):
        return str(_InWords().doprint(value))


class _InWords(StrPrinter):  # type: ignore[misc]  # SymPy has no types
    """SymPy's own words, with integers of any length, which Python's `str` refuses."""

    def _print_Integer(self, number: Any) -> str:  # noqa: N802  # SymPy calls it so
        return f"{Decimal(number.p)}"

    def _print_Rational(self, number: Any) -> str:  # noqa: N802
        return f"{Decimal(number.p)}/{Decimal(number.q)}"


def _same(form: Any, value: Any) -> bool:
    """Whether a form that was found for a number has its value."""
    try:
        found, wanted = decimal_of(form, 40), decimal_of(value, 40)
    except (Refusal, ArithmeticError, ValueError):
        return False
    return bool(abs(found - wanted) <= abs(wanted) * 1e-25)


def shortened(number: Any) -> str:
    """The text of a number for a message."""
    text = printed(number)
    return text if len(text) <= 60 else f"{text[:40]} ... {text[-15:]}"
