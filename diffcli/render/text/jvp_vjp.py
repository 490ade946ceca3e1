"""Products with the Jacobian for people: the tangent on its way forward, the cotangent on its way back."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.jacobian_products import JvpReport, VjpReport
from diffcli.messages import Message, told
from diffcli.render.console import heading, sentence, table
from diffcli.render.sweeps import abridged, skips_numbers
from diffcli.render.text.grad_tables import Backward
from diffcli.render.text.kink_notes import kink_notes
from diffcli.render.text.opening import no_variables, opening, value_line
from diffcli.render.view import View


def jvp_text(report: JvpReport, view: View) -> Iterator[RenderableType]:
    """Expression, point and direction, value and tangent at every node, the output's."""
    along = Message("along {direction}", direction=view.listed(report.direction))
    yield from opening(report.expression, report.at, view, along)
    yield heading("Forward, value and tangent")
    rows = table("node", "computes", "value", "tangent")
    seen = [
        row for row in abridged(report.nodes, view.full) if isinstance(row, int) or row.node.primitive != "constant"
    ]
    for row in seen:
        if isinstance(row, int):
            rows.add_row("...", told("{count:,} more", count=row), "...", "...")
        else:
            tangent = Text(told("does not vary") if row.tangent is None else view.shown(row.tangent), style="magenta")
            rows.add_row(
                Text(row.node.label, style="cyan"),
                told(row.node.computes),
                Text(view.shown(row.node.value), style="green"),
                tangent,
            )
    skips = skips_numbers([row if isinstance(row, int) else row.node for row in seen])
    yield Padding(rows, (0, 0, 0 if skips else 1, 2))
    if skips:
        yield Padding(Text(view.texts.numbers_of_constants, style="dim"), (0, 0, 1, 2))
    yield sentence(value_line(report.value, view))
    yield sentence("tangent {tangent}", tangent=view.shown(report.tangent), style="bold green")
    yield from kink_notes(report.kinks)


def vjp_text(report: VjpReport, view: View) -> Iterator[RenderableType]:
    """Expression, point, value, the flows from the cotangent, what arrives at the variables."""
    yield from opening(report.expression, report.at, view, value_line(report.value, view))
    if report.trace.flows:
        yield heading(Message("Backward, from the cotangent {cotangent}", cotangent=view.shown(report.cotangent)))
        yield Padding(Backward(report.trace, view), (0, 0, 1, 2))
    if not report.vjp:
        yield no_variables(view)
        return
    yield heading("Cotangents of the variables")
    rows = table("", "value")
    for name, value in report.vjp.items():
        rows.add_row(Text(name, style="cyan"), Text(view.shown(value), style="bold green"))
    yield Padding(rows, (0, 0, 0, 2))
    yield from kink_notes(report.kinks)
