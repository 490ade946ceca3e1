"""Numbers as SymPy has them, and their decimals."""

from fractions import Fraction
from typing import Any

import sympy

from diffcli.symbolic.evaluate.evaluation import Evaluation
from diffcli.symbolic.evaluate.real_arithmetic import Arithmetic


def as_expression(value: Any) -> Any:
    """A finite number as SymPy has it."""
    return sympy.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value


def decimal_of(number: Any, digits: int) -> Any:
    """The number's value in so many digits, as far as none cancel."""
    return +Evaluation(Arithmetic(digits), {}, {}).prepared(number)()
