"""The symbolic derivative for people."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from diffcli.analysis.symbolic_derivative import DiffReport
from diffcli.execute.arrays import all_finite
from diffcli.render.excerpt import one_line
from diffcli.render.formula import derivative_label, formula_notes
from diffcli.render.messages import Texts
from diffcli.render.numbers import shown
from diffcli.render.screen import Symbols, table


def diff_text(report: DiffReport, symbols: Symbols, precision: int, full: bool) -> Iterator[RenderableType]:
    """One line for each variable, then its value at the point if there is one."""
    yield Text(one_line(report.expression, full), style="bold")
    rows = table("", "")
    rows.show_header = False
    d = "∂" if report.form == "unicode" else "d"
    for name, row in report.derivatives.items():
        rows.add_row(
            Text(derivative_label(name, symbols, d), style="cyan"),
            Text(row.shown, style="bold") if row.shown else Text(f"none: {row.reason}", style="magenta"),
        )
        if row.value is not None:
            finite = all_finite(row.value)
            undefined = "" if finite else "   not finite at this point"
            rows.add_row(
                "", Text(f"= {shown(row.value, precision, full)}{undefined}", style="green" if finite else "bold red")
            )
    yield rows if report.derivatives else Text(Texts().no_variables, style="magenta")
    yield from formula_notes(report.derivatives, symbols)
