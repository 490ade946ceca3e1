"""Derivatives as formulas. The only package that imports SymPy, and only when a formula is asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diffcli.symbolic.deadline import TimeLimit, within
    from diffcli.symbolic.differentiate import NoFormula, derivatives
    from diffcli.symbolic.formula import Formula

__all__ = ["Formula", "NoFormula", "TimeLimit", "derivatives", "within"]

_HOMES = {"Formula": "formula", "NoFormula": "differentiate", "derivatives": "differentiate", "TimeLimit": "deadline", "within": "deadline"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"diffcli.symbolic.{_HOMES[name]}"), name)
