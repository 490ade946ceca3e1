"""Notes beside formulas."""

from collections.abc import Iterator, Mapping
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from diffcli.analysis.formula_values import SymbolicRow
from diffcli.messages import Joined, told
from diffcli.render.screen import Symbols


def derivative_label(name: str, symbols: Symbols, d: str = "d") -> str:
    """`d/dx`; by several variables `d²/dxdy`, `d³/dx²dy`."""
    names = name.split(",")
    below = "".join(f"{d}{each}{symbols.power(len(list(group)))}" for each, group in groupby(names))
    return f"{d}{symbols.power(len(names))}/{below}"


def formula_notes(rows: Mapping[str, SymbolicRow], symbols: Symbols) -> Iterator[RenderableType]:
    """The notes, a line each."""
    return map(Text, note_lines(rows, symbols))


def note_lines(rows: Mapping[str, SymbolicRow], symbols: Symbols) -> Iterator[str]:
    """The meanings of the formulas' indices and sizes; of which formulas, where not of all."""
    found: dict[str, list[str]] = {}
    formulas = [name for name, row in rows.items() if row.formula]
    for name in formulas:
        for note in rows[name].notes:
            found.setdefault(note, []).append(name)
    for note, names in found.items():
        if names == formulas:
            yield told("note: {note}", note=note)
        else:
            labels = Joined(derivative_label(name, symbols) for name in names)
            yield told("note in {names}: {note}", names=labels, note=note)
