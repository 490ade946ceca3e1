"""The symbolic derivative for people."""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from diffcli.analysis.symbolic_derivative import DiffReport
from diffcli.execute.arrays import all_finite
from diffcli.messages import told
from diffcli.render.console import sentence, table
from diffcli.render.text.formula_notes import derivative_label, formula_notes
from diffcli.render.text.opening import no_variables, title
from diffcli.render.view import View


def diff_text(report: DiffReport, view: View) -> Iterable[RenderableType]:
    """The program, where one was asked for, its lines unbroken; else the formulas."""
    if report.code is None:
        return derivatives_text(report, view)
    return (Text(report.code.rstrip("\n"), no_wrap=True, overflow="ignore"),)


def derivatives_text(report: DiffReport, view: View) -> Iterator[RenderableType]:
    """One line for each variable, then its value at the point if there is one."""
    yield title(report.expression, view)
    rows = table("", "")
    rows.show_header = False
    d = "∂" if report.form == "unicode" else "d"
    for name, row in report.derivatives.items():
        rows.add_row(
            Text(derivative_label(name, view.symbols, d), style="cyan"),
            Text(row.shown, style="bold")
            if row.shown
            else sentence("none: {reason}", reason=row.reason, style="magenta"),
        )
        if row.value is not None:
            finite = all_finite(row.value)
            undefined = "" if finite else "   " + told("not finite at this point")
            rows.add_row("", Text(f"= {view.shown(row.value)}{undefined}", style="green" if finite else "bold red"))
    yield rows if report.derivatives else no_variables(view)
    yield from formula_notes(report.derivatives, view.symbols)
