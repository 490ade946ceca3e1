"""Derivatives as formulas. The only package that imports SymPy, and only when a formula is asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffcli.symbolic.code.programs import program
    from diffcli.symbolic.derive.formula import Formula
    from diffcli.symbolic.derive.formula_search import NoFormula, derivatives
    from diffcli.symbolic.derive.swell import derivative_size, formula_size
    from diffcli.symbolic.forms.typesetting import formula_in_form
    from diffcli.symbolic.vocabulary.refusal import Refusal

__all__ = [
    "Formula", "NoFormula", "Refusal", "derivative_size", "derivatives", "formula_in_form", "formula_size",
    "program",
]  # fmt: skip

_HOMES = {
    "Formula": "derive.formula",
    "NoFormula": "derive.formula_search",
    "Refusal": "vocabulary.refusal",
    "derivative_size": "derive.swell",
    "derivatives": "derive.formula_search",
    "formula_in_form": "forms.typesetting",
    "formula_size": "derive.swell",
    "program": "code.programs",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"diffcli.symbolic.{_HOMES[name]}"), name)
