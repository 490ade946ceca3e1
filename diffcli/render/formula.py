"""What has to be said beside formulas."""

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from diffcli.analysis.formulas import SymbolicRow


def formula_notes(rows: Mapping[str, SymbolicRow]) -> Iterator[RenderableType]:
    """What the formulas' indices and sizes are; whose, where it does not hold for all."""
    found: dict[str, list[str]] = {}
    formulas = [name for name, row in rows.items() if row.formula]
    for name in formulas:
        for note in rows[name].notes:
            found.setdefault(note, []).append(name)
    for note, names in found.items():
        whose = "" if names == formulas else f" in {', '.join(f'd/d{name}' for name in names)}"
        yield Text(f"note{whose}: {note}")
