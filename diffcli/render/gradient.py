"""The gradient report for people."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.gradient import GradReport
from diffcli.analysis.trace import FlowRow
from diffcli.render.numbers import number, shown
from diffcli.render.screen import Symbols, heading, table

#: Rows shown at each end of a long trace.
_ENDS = 20

Row = TypeVar("Row")


def grad_text(report: GradReport, symbols: Symbols, precision: int, full: bool) -> Iterator[RenderableType]:
    """Expression, forward table, backward table, gradient, verdict."""
    yield Text(_one_line(report.expression, full), style="bold")
    if report.at:
        point = ", ".join(f"{name} = {shown(value, precision, full)}" for name, value in report.at.items())
        yield Text(f"at {point}")
    yield Text("")
    yield heading("Forward")
    yield Padding(_forward(report, precision, full), (0, 0, 1, 2))
    if report.trace.flows:
        output = report.trace.node(report.trace.output).label
        yield heading(f"Backward, from d({output})/d({output}) = 1")
        yield Padding(_backward(report, symbols, precision, full), (0, 0, 1, 2))
    yield heading("Gradient")
    yield Padding(_gradient(report, precision, full), (0, 0, 1, 2))
    for row in (report.symbolic or {}).values():
        for note in row.notes:
            yield Text(f"note: {note}")
    for kink in report.kinks:
        yield Text(f"note: {kink.sentence}", style="yellow")
    yield from _verdict(report, symbols)


def _forward(report: GradReport, precision: int, full: bool) -> RenderableType:
    rows = table("node", "computes", "value")
    for node in _abridged(report.trace.nodes, full):
        if isinstance(node, int):
            rows.add_row("...", f"{node:,} more", "...")
        elif node.primitive != "constant":
            rows.add_row(Text(node.label, style="cyan"), node.computes, Text(shown(node.value, precision, full), style="green"))
    return rows


def _backward(report: GradReport, symbols: Symbols, precision: int, full: bool) -> RenderableType:
    flows = report.trace.flows
    visible = _abridged(flows, full)
    summed = any(isinstance(flow, FlowRow) and flow.running is not None for flow in visible)
    headers = ["edge", "rule", "local derivative", f"{symbols.times} upstream", "= contribution"]
    rows = table(*headers, *(["running sum"] if summed else []))
    labels: dict[int, str] = {}
    for flow in visible:
        if isinstance(flow, int):
            rows.add_row("...", f"{flow:,} more")
            continue
        for end in (flow.source, flow.target):
            if end not in labels:
                labels[end] = report.trace.node(end).label
        local = "" if flow.local is None else f"{flow.formula} {symbols.arrow} {shown(flow.local, precision, full)}"
        running = [] if not summed else [Text("" if flow.running is None else shown(flow.running, precision, full), style="magenta")]
        rows.add_row(
            Text(f"{labels[flow.source]} {symbols.arrow} {labels[flow.target]}", style="cyan"),
            flow.rule,
            local or "(moves elements)",
            shown(flow.upstream, precision, full),
            Text(shown(flow.contribution, precision, full), style="green"),
            *running,
        )
    return rows


def _gradient(report: GradReport, precision: int, full: bool) -> RenderableType:
    formulas = report.symbolic is not None
    rows = table("", "value", *(["formula"] if formulas else []))
    for name, gradient in report.gradient.items():
        cells = [Text(f"d/d{name}", style="cyan"), Text(shown(gradient, precision, full), style="bold green")]
        if report.symbolic is not None:
            row = report.symbolic[name]
            cells.append(Text(row.formula) if row.formula else Text(f"none: {row.reason}", style="yellow"))
        rows.add_row(*cells)
    return rows


def _verdict(report: GradReport, symbols: Symbols) -> Iterator[RenderableType]:
    verdict = report.agreement
    if verdict is None:
        return
    error = "" if verdict.max_relative_error is None else f" (largest relative difference {number(verdict.max_relative_error, 2)})"
    if verdict.verdict == "agree":
        yield Text(f"{symbols.agree} formula and reverse mode agree{error}", style="green")
    elif verdict.verdict == "disagree":
        yield Text(f"{symbols.disagree} formula and reverse mode DISAGREE{error}", style="bold red")
    else:
        yield Text("not compared with a formula", style="yellow")
    if verdict.cause:
        yield Text(f"  {verdict.cause}")


def _abridged(rows: Sequence[Row], full: bool) -> list[Row | int]:
    """All rows, or those at both ends with the number of those left out between them."""
    if full or len(rows) <= 2 * _ENDS + 1:
        return list(rows)
    return [*rows[:_ENDS], len(rows) - 2 * _ENDS, *rows[-_ENDS:]]


def _one_line(expression: str, full: bool) -> str:
    text = "; ".join(line.strip() for line in expression.splitlines() if line.strip())
    return text if full or len(text) <= 200 else f"{text[:90]} ... {len(text) - 180:,} more characters ... {text[-90:]}"
