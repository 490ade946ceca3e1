"""Derivatives as formulas. The only package that imports SymPy, and only when a formula is asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffcli.symbolic.code.programs import program
    from diffcli.symbolic.deadline import TimeLimit, within
    from diffcli.symbolic.differentiate import NoFormula, derivatives
    from diffcli.symbolic.forms.form import formula_in_form
    from diffcli.symbolic.formula import Formula
    from diffcli.symbolic.refusal import Refusal

__all__ = ["Formula", "NoFormula", "Refusal", "TimeLimit", "derivatives", "formula_in_form", "program", "within"]

_HOMES = {
    "Formula": "formula",
    "NoFormula": "differentiate",
    "Refusal": "refusal",
    "TimeLimit": "deadline",
    "derivatives": "differentiate",
    "formula_in_form": "forms.form",
    "program": "code.programs",
    "within": "deadline",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"diffcli.symbolic.{_HOMES[name]}"), name)
