"""Derivatives as formulas. The only package that imports SymPy, and only when a formula is asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffcli.symbolic.code.programs import program
    from diffcli.symbolic.differentiate import NoFormula, derivatives
    from diffcli.symbolic.forms.form import formula_in_form
    from diffcli.symbolic.formula import Formula
    from diffcli.symbolic.refusal import Refusal
    from diffcli.symbolic.swell import derivative_size, formula_size

__all__ = [
    "Formula",
    "NoFormula",
    "Refusal",
    "derivative_size",
    "derivatives",
    "formula_in_form",
    "formula_size",
    "program",
]

_HOMES = {
    "Formula": "formula",
    "NoFormula": "differentiate",
    "Refusal": "refusal",
    "derivative_size": "swell",
    "derivatives": "differentiate",
    "formula_in_form": "forms.form",
    "formula_size": "swell",
    "program": "code.programs",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"diffcli.symbolic.{_HOMES[name]}"), name)
