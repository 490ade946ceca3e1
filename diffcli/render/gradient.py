"""The gradient report for people."""

from collections.abc import Iterator, Sequence
from math import floor, log10
from typing import TypeVar

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.agreement import EXACT_DIGITS
from diffcli.analysis.gradient import GradReport
from diffcli.analysis.precision import Precision
from diffcli.analysis.trace import FlowRow, Trace
from diffcli.render.excerpt import one_line
from diffcli.render.formula import formula_notes
from diffcli.render.kink import kink_notes
from diffcli.render.numbers import number, shown
from diffcli.render.screen import UNBOUNDED, Symbols, heading, table

#: Rows shown at each end of a long trace.
_ENDS = 20

Row = TypeVar("Row")


def grad_text(report: GradReport, symbols: Symbols, precision: int, full: bool) -> Iterator[RenderableType]:
    """Expression, forward table, backward table, gradient, verdict."""
    yield Text(one_line(report.expression, full), style="bold")
    if report.at:
        point = ", ".join(f"{name} = {shown(value, precision, full)}" for name, value in report.at.items())
        yield Text(f"at {point}")
    yield Text("")
    yield heading("Forward")
    yield Padding(_forward(report, precision, full), (0, 0, 1, 2))
    if report.trace.flows:
        output = report.trace.node(report.trace.output).label
        beginning = f"d({output})/d({output}) = 1" if report.cotangent is None else f"the cotangent {shown(report.cotangent, precision, full)}"
        yield heading(f"Backward, from {beginning}")
        yield Padding(Backward(report.trace, symbols, precision, full), (0, 0, 1, 2))
    if not report.gradient:
        yield Text("there are no variables to differentiate by", style="magenta")
        return
    yield heading("Gradient")
    yield Padding(_gradient(report, precision, full), (0, 0, 1, 2))
    yield from formula_notes(report.symbolic or {}, symbols)
    if report.weight not in (None, "cotangent") and any(row.formula for row in (report.symbolic or {}).values()):
        yield Text(f"note: {report.weight} is the cotangent")
    yield from kink_notes(report.kinks)
    yield from _verdict(report, symbols)


def _forward(report: GradReport, precision: int, full: bool) -> RenderableType:
    rows = table("node", "computes", "value")
    for node in abridged(report.trace.nodes, full):
        if isinstance(node, int):
            rows.add_row("...", f"{node:,} more", "...")
        elif node.primitive != "constant":
            rows.add_row(Text(node.label, style="cyan"), node.computes, Text(shown(node.value, precision, full), style="green"))
    return rows


class Backward:
    """The flows in the order of the sweep: a table where it fits, else a few lines for each flow."""

    def __init__(self, trace: Trace, symbols: Symbols, precision: int, full: bool) -> None:
        self.symbols = symbols
        self.full = full
        self.precision = precision
        self.trace = trace
        self.flows = abridged(trace.flows, full)
        self.labels: dict[int, str] = {}

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self._table())

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wide = self._table()
        if Measurement.get(console, options.update(width=UNBOUNDED), wide).maximum <= options.max_width:
            yield wide
        else:
            yield from self._blocks()

    def _table(self) -> RenderableType:
        times = self.symbols.times
        summed = any(isinstance(flow, FlowRow) and flow.running is not None for flow in self.flows)
        headers = ["edge", "rule", "local derivative", f"{times} upstream", "= contribution", *(["running sum"] if summed else [])]
        rows = table(*headers)
        for flow in self.flows:
            if isinstance(flow, int):
                rows.add_row("...", f"{flow:,} more")
                continue
            upstream, contribution, running = self._values(flow)
            cells: list[Text | str] = [self._edge(flow), flow.rule, self._local(flow), upstream, Text(contribution, style="green")]
            rows.add_row(*cells, *([Text(running, style="magenta")] if summed else []))
        return rows

    def _blocks(self) -> Iterator[RenderableType]:
        for flow in self.flows:
            if isinstance(flow, int):
                yield Text(f"... {flow:,} more")
                continue
            upstream, contribution, running = self._values(flow)
            yield self._edge(flow) + Text(f"   {flow.rule}", style="default")
            yield Padding(Text(f"{self._local(flow)}  {self.symbols.times} {upstream}"), (0, 0, 0, 4))
            yield Padding(Text(f"= {contribution}", style="green"), (0, 0, 0, 4))
            if running:
                yield Padding(Text(f"running sum {running}", style="magenta"), (0, 0, 0, 4))

    def _values(self, flow: FlowRow) -> tuple[str, str, str]:
        running = "" if flow.running is None else shown(flow.running, self.precision, self.full)
        contribution = shown(flow.contribution, self.precision, self.full)
        if flow.summed > 1:
            contribution += f" (sum of {flow.summed:,})"
        return shown(flow.upstream, self.precision, self.full), contribution, running

    def _edge(self, flow: FlowRow) -> Text:
        """Source and target, with the operand's number where the target is an operand twice."""
        for end in (flow.source, flow.target):
            if end not in self.labels:
                self.labels[end] = self.trace.node(end).label
        operands = self.trace.graph.operands[flow.source]
        number = f" #{flow.operand + 1}" if operands.count(flow.target) > 1 else ""
        return Text(f"{self.labels[flow.source]} {self.symbols.arrow} {self.labels[flow.target]}{number}", style="cyan")

    def _local(self, flow: FlowRow) -> str:
        if flow.local is None:
            return flow.formula
        return f"{flow.formula} {self.symbols.arrow} {shown(flow.local, self.precision, self.full)}"


def _gradient(report: GradReport, precision: int, full: bool) -> RenderableType:
    formulas = report.symbolic is not None
    rows = table("", "value", *(["formula"] if formulas else []))
    for name, gradient in report.gradient.items():
        cells = [Text(f"d/d{name}", style="cyan"), Text(shown(gradient, precision, full), style="bold green")]
        if report.symbolic is not None:
            row = report.symbolic[name]
            cells.append(Text(row.formula) if row.formula else Text(f"none: {row.reason}", style="magenta"))
        rows.add_row(*cells)
    return rows


def _verdict(report: GradReport, symbols: Symbols) -> Iterator[RenderableType]:
    verdict = report.agreement
    if verdict is None:
        return
    if verdict.verdict == "agree" and verdict.cause:
        yield Text(f"{symbols.agree} formula and reverse mode agree, but {verdict.cause}", style="magenta")
    elif verdict.verdict == "agree":
        yield Text(f"{symbols.agree} formula and reverse mode agree{_extent(verdict.max_relative_error, report.precision)}", style="green")
    elif verdict.verdict == "disagree":
        yield Text(f"{symbols.disagree} formula and reverse mode DISAGREE{_extent(verdict.max_relative_error, report.precision)}", style="bold red")
    else:
        yield Text(f"formula and reverse mode are not compared: {verdict.cause}", style="magenta")


def _extent(error: float | None, precision: Precision) -> str:
    """How closely; in doubles the last digits are left out, for they differ from one processor to the next."""
    if error is None:
        return ""
    if precision and error < 1e-9:
        digits = precision.digits or EXACT_DIGITS
        agreeing = digits if error == 0 else min(digits, floor(-log10(error)))
        return f" to {agreeing:,} digit{'' if agreeing == 1 else 's'}"
    return " to 12 digits or more" if error < 1e-12 else f": the largest relative difference is {number(error, 2)}"


def abridged(rows: Sequence[Row], full: bool) -> list[Row | int]:
    """All rows, or those at both ends with the number of those left out between them."""
    if full or len(rows) <= 2 * _ENDS + 1:
        return list(rows)
    return [*rows[:_ENDS], len(rows) - 2 * _ENDS, *rows[-_ENDS:]]
