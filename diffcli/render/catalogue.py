"""The functions of the language for people."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.catalogue import Catalogue, FunctionRow
from diffcli.render.screen import Symbols, heading, table


def functions_text(report: Catalogue, symbols: Symbols, precision: int, full: bool) -> Iterator[RenderableType]:
    """All functions by family, or one in detail."""
    families: dict[str, list[FunctionRow]] = {}
    for row in report.functions:
        families.setdefault(row.family, []).append(row)
    if len(report.functions) <= 2:
        for row in report.functions:
            yield from _detail(row, symbols)
        return
    for family, found in families.items():
        yield heading(family.capitalize())
        rows = table("function", "what it is", "derivative")
        for row in found:
            rows.add_row(Text(row.notation or row.signature, style="cyan"), row.summary, _derivatives(row))
        yield Padding(rows, (0, 0, 1, 2))


def _derivatives(row: FunctionRow) -> str:
    if len({formula for _, formula in row.derivatives}) == 1:
        return row.derivatives[0][1]
    return "\n".join(f"by {name}: {formula}" for name, formula in row.derivatives)


def _detail(row: FunctionRow, symbols: Symbols) -> Iterator[RenderableType]:
    yield Text(row.signature + (f"   written {row.notation}" if row.notation else ""), style="bold")
    yield Text(row.summary)
    rows = table("", "")
    rows.show_header = False
    if row.aliases:
        rows.add_row("also called", ", ".join(row.aliases))
    for name, formula in row.derivatives:
        rows.add_row(f"d/d{name}", Text(formula, style="green"))
    rows.add_row("defined for", row.domain)
    if row.kink:
        rows.add_row("kink", row.kink)
    yield Padding(rows, (0, 0, 1, 2))
