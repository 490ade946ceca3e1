"""Derivatives as formulas. The only package that imports SymPy; import it where it is first used."""

from diffcli.symbolic.deadline import TimeLimit, within
from diffcli.symbolic.differentiate import NoFormula, derivatives
from diffcli.symbolic.formula import Formula

__all__ = ["Formula", "NoFormula", "TimeLimit", "derivatives", "within"]
