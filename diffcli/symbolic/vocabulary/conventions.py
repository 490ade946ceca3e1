"""Functions whose slopes follow the program's conventions, which SymPy does not share."""

from functools import partial

import sympy
from sympy import Expr

from diffcli.symbolic.vocabulary.real_functions import Rule, real_function

_declared = partial(real_function, module=__name__)


def _of_rationals(function: Rule) -> Rule:
    """The function where the number is known."""
    return lambda x: function(x) if x.is_Rational else None


def _flat(*arguments: Expr) -> Expr:
    return sympy.Integer(0)


Sign = _declared("Sign", "-1, 0 or 1.", _flat, at_once=_of_rationals(sympy.sign))
Absolute = _declared(
    "Absolute", "The absolute value; its slope is 0 at 0.", lambda x, out: Sign(x), at_once=_of_rationals(abs)
)
Floor = _declared("Floor", "The largest whole number not above.", _flat, at_once=_of_rationals(sympy.floor))
Ceiling = _declared("Ceiling", "The smallest whole number not below.", _flat, at_once=_of_rationals(sympy.ceiling))
Same = _declared("Same", "1 where its arguments are equal, else 0.", _flat, _flat)
