"""Products with the Jacobian for people: the tangent on its way forward, the cotangent on its way back."""

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.jacobian_products import JvpReport, VjpReport
from diffcli.analysis.values import Array
from diffcli.render.excerpt import one_line
from diffcli.render.gradient import Backward
from diffcli.render.kink import kink_notes
from diffcli.render.messages import Texts
from diffcli.render.numbers import shown
from diffcli.render.screen import Symbols, heading, table
from diffcli.render.sweeps import abridged, skips_numbers


def jvp_text(report: JvpReport, symbols: Symbols, precision: int, full: bool) -> Iterator[RenderableType]:
    """Expression, point and direction, value and tangent at every node, the output's."""
    yield from _beginning(report.expression, report.at, precision, full)
    yield Text(f"along {_listed(report.direction, precision, full)}")
    yield Text("")
    yield heading("Forward, value and tangent")
    rows = table("node", "computes", "value", "tangent")
    seen = [row for row in abridged(report.nodes, full) if isinstance(row, int) or row.node.primitive != "constant"]
    for row in seen:
        if isinstance(row, int):
            rows.add_row("...", f"{row:,} more", "...", "...")
        else:
            tangent = Text(
                "does not vary" if row.tangent is None else shown(row.tangent, precision, full), style="magenta"
            )
            rows.add_row(
                Text(row.node.label, style="cyan"),
                row.node.computes,
                Text(shown(row.node.value, precision, full), style="green"),
                tangent,
            )
    skips = skips_numbers([row if isinstance(row, int) else row.node for row in seen])
    yield Padding(rows, (0, 0, 0 if skips else 1, 2))
    if skips:
        yield Padding(Text(Texts().numbers_of_constants, style="dim"), (0, 0, 1, 2))
    yield Text(f"value {shown(report.value, precision, full)}")
    yield Text(f"tangent {shown(report.tangent, precision, full)}", style="bold green")
    yield from kink_notes(report.kinks)


def vjp_text(report: VjpReport, symbols: Symbols, precision: int, full: bool) -> Iterator[RenderableType]:
    """Expression, point, value, the flows from the cotangent, what arrives at the variables."""
    yield from _beginning(report.expression, report.at, precision, full)
    yield Text(f"value {shown(report.value, precision, full)}")
    yield Text("")
    if report.trace.flows:
        yield heading(f"Backward, from the cotangent {shown(report.cotangent, precision, full)}")
        yield Padding(Backward(report.trace, symbols, precision, full), (0, 0, 1, 2))
    if not report.vjp:
        yield Text("there are no variables to differentiate by", style="magenta")
        return
    yield heading("Cotangents of the variables")
    rows = table("", "value")
    for name, value in report.vjp.items():
        rows.add_row(Text(name, style="cyan"), Text(shown(value, precision, full), style="bold green"))
    yield Padding(rows, (0, 0, 0, 2))
    yield from kink_notes(report.kinks)


def _beginning(expression: str, at: Mapping[str, Array], precision: int, full: bool) -> Iterator[RenderableType]:
    yield Text(one_line(expression, full), style="bold")
    if at:
        yield Text(f"at {_listed(at, precision, full)}")


def _listed(values: Mapping[str, Array], precision: int, full: bool) -> str:
    return ", ".join(f"{name} = {shown(value, precision, full)}" for name, value in values.items())
