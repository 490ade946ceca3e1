"""Formulas of derivatives with their values at the point."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from diffcli.execute.arrays import Array, doubles
from diffcli.messages import Message

if TYPE_CHECKING:
    from diffcli import symbolic


class SymbolicRow(NamedTuple):
    """A variable's formula and its value at the point; without one of them, the reason.

    `form` is the formula in the form that was asked for, where that is not plain text; `notes`
    explain that form. `found` is what the text was printed from.
    """

    formula: str | None
    value: Array | None
    reason: str | None
    notes: tuple[str, ...]
    form: str | None = None
    found: "symbolic.Formula | None" = None

    @property
    def shown(self) -> str | None:
        """The formula in the form that was asked for."""
        return self.form or self.formula

    def in_form(self, form: str) -> "SymbolicRow":
        """The row with its formula in another form, unicode or latex; where that has no words for it a note says so."""
        from diffcli.symbolic import Refusal, formula_in_form

        if self.found is None:
            return self
        try:
            text, notes = formula_in_form(self.found, form)
        except Refusal as refusal:
            return self._replace(
                notes=(
                    Message("in plain text, for {form} lacks a word: {refusal}", form=form, refusal=refusal),
                    *self.notes,
                )
            )
        return self._replace(form=text, notes=notes)


def evaluated(
    formulas: Mapping[str, "symbolic.Formula | symbolic.NoFormula"],
    at: Mapping[str, Array] | None,
    seconds: float,
    digits: int = 30,
) -> dict[str, SymbolicRow]:
    """Each formula, with its value at the point in so many digits, if there is one within the time limit."""
    from diffcli.deadline.limit import TimeLimit, within
    from diffcli.symbolic import NoFormula

    rows: dict[str, SymbolicRow] = {}
    for name, formula in formulas.items():
        if isinstance(formula, NoFormula):
            rows[name] = SymbolicRow(None, None, formula.reason, ())
            continue
        row = SymbolicRow(formula.text, None, None, formula.notes, found=formula)
        if at is not None:
            try:
                row = row._replace(value=within(seconds, _value, formula, at, digits))
            except TimeLimit:
                row = row._replace(reason=Message("not evaluated within {seconds:g} s", seconds=seconds))
        rows[name] = row
    return rows


def precisely(formula: "symbolic.Formula", at: Mapping[str, Array], digits: int) -> Array | None:
    """The formula's value, computed with so many digits, as doubles; None where that takes very long.

    `valued` computes what takes long in doubles: that is no ground to accuse a formula on.
    """
    found = formula.decimals({name: value.tolist() for name, value in at.items()}, digits, patiently=True)
    return None if found is None else doubles(found)


def valued(
    formula: "symbolic.Formula | symbolic.NoFormula", row: SymbolicRow, at: Mapping[str, Array], digits: int = 30
) -> SymbolicRow:
    """The row with the formula's value, computed with so many digits."""
    from diffcli.symbolic import NoFormula

    if isinstance(formula, NoFormula):
        return row
    return row._replace(value=_value(formula, at, digits))


def _value(formula: "symbolic.Formula", at: Mapping[str, Array], digits: int) -> Array:
    return doubles(formula.values({name: value.tolist() for name, value in at.items()}, digits))
