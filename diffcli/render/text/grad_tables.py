"""The tables of a gradient report, its formulas and its verdict."""

from collections.abc import Iterator, Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.gradient import GradReport
from diffcli.analysis.trace import NodeRow, Trace
from diffcli.messages import told
from diffcli.render.console import UNBOUNDED, Unbroken, heading, table
from diffcli.render.sweeps import backward_rows, beginning, forward_rows, skips_numbers, verdict_sentence
from diffcli.render.text.formula_notes import formula_notes
from diffcli.render.text.kink_notes import kink_notes
from diffcli.render.text.opening import no_variables
from diffcli.render.view import View


def grad_tables(report: GradReport, view: View) -> Iterator[RenderableType]:
    """Forward table, backward table, gradient, verdict: those that need a formula come last, for it takes longest."""
    texts = view.texts
    yield heading(texts.forward)
    trace = report.trace.bare
    rows = forward_rows(trace, view.full)
    skips = skips_numbers(rows)
    yield Padding(_forward(rows, view), (0, 0, 0 if skips else 1, 2))
    if skips:
        yield Padding(Text(texts.numbers_of_constants, style="dim"), (0, 0, 1, 2))
    if trace.flows:
        yield heading(texts.backward_from.format(beginning=beginning(report, view)))
        yield Padding(Backward(trace, view), (0, 0, 1, 2))
    if not report.gradient:
        yield no_variables(view)
        return
    yield heading(texts.gradient_heading)
    yield Padding(_gradient(report, view), (0, 0, 1, 2))
    yield from formula_notes(report.symbolic or {}, view.symbols)
    if report.weight not in (None, "cotangent") and any(row.formula for row in (report.symbolic or {}).values()):
        yield Text(texts.cotangent_is.format(name=report.weight))
    yield from kink_notes(report.kinks)
    yield from _verdict(report, view)


def _forward(nodes: Sequence[NodeRow | int], view: View) -> RenderableType:
    texts = view.texts
    rows = table(texts.node, texts.computes, texts.value)
    for node in nodes:
        if isinstance(node, int):
            rows.add_row("...", texts.more.format(count=f"{node:,}"), "...")
        else:
            computes = {"input": texts.variable, "constant": texts.constant}.get(node.primitive, node.computes)
            rows.add_row(Text(node.label, style="cyan"), computes, Text(view.shown(node.value), style="green"))
    return rows


class Backward:
    """The flows in the order of the sweep: a table where it fits, if need be without the rules' names, else a few lines
    for each flow under the same headings.
    """

    def __init__(self, trace: Trace, view: View) -> None:
        self.symbols = view.symbols
        self.texts = view.texts
        self.flows = backward_rows(trace, view)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self._table())

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for rows in (self._table(), self._table(rules=False)):
            if Measurement.get(console, options.update(width=UNBOUNDED), rows).maximum <= options.max_width:
                yield rows
                return
        yield from self._blocks()

    def _table(self, rules: bool = True) -> RenderableType:
        texts, times = self.texts, self.symbols.times
        summed = any(not isinstance(flow, int) and flow.running for flow in self.flows)
        headers = [
            texts.edge,
            *([texts.rule] if rules else []),
            texts.local_derivative,
            texts.times_upstream.format(times=times),
            texts.equals_contribution,
        ]
        rows = table(*headers, *([texts.running_sum] if summed else []))
        for flow in self.flows:
            if isinstance(flow, int):
                rows.add_row("...", texts.more.format(count=f"{flow:,}"))
                continue
            cells: list[Text | str] = [
                Text(flow.edge, style="cyan"),
                *([flow.rule] if rules else []),
                flow.local,
                flow.upstream,
                Text(flow.contribution, style="green"),
            ]
            rows.add_row(*cells, *([Text(flow.running, style="magenta")] if summed else []))
        return rows

    def _blocks(self) -> Iterator[RenderableType]:
        texts, times = self.texts, self.symbols.times
        yield Text(f"{texts.edge}   {texts.rule}", style="bold")
        upstream = Text(texts.times_upstream.format(times=times), style="bold")
        yield _under(Text(texts.local_derivative, style="bold"), upstream)
        yield _under(Text(texts.equals_contribution, style="bold"))
        for flow in self.flows:
            if isinstance(flow, int):
                yield Text(f"... {texts.more.format(count=f'{flow:,}')}")
                continue
            yield Text(flow.edge, style="cyan") + Text(f"   {flow.rule}", style="default")
            yield _under(Text(flow.local), Text(f"{times} {flow.upstream}"))
            yield _under(Text(f"= {flow.contribution}", style="green"))
            if flow.running:
                yield _under(Text(texts.running_sum_is.format(sum=flow.running), style="magenta"))


def _under(*parts: Text) -> RenderableType:
    """What is said of an edge below it."""
    return Padding(Unbroken(*parts), (0, 0, 0, 4))


def _gradient(report: GradReport, view: View) -> RenderableType:
    texts = view.texts
    rows = table("", texts.value, *([texts.formula] if report.symbolic is not None else []))
    for name, gradient in {**report.gradient, **report.intermediates}.items():
        cells: list[Text | str] = [Text(f"d/d{name}", style="cyan"), Text(view.shown(gradient), style="bold green")]
        if report.symbolic is not None:
            row = report.symbolic.get(name)
            if row is None:  # an intermediate
                cells.append("")
            else:
                cells.append(
                    Text(row.formula)
                    if row.formula
                    else Text(texts.no_formula.format(reason=told(row.reason or "")), style="magenta")
                )
        rows.add_row(*cells)
    return rows


def _verdict(report: GradReport, view: View) -> Iterator[RenderableType]:
    verdict, sentence = report.agreement, verdict_sentence(report, view.texts)
    if verdict is None or sentence is None:
        return
    if verdict.verdict == "unchecked":
        yield Text(sentence, style="magenta")
    elif verdict.verdict == "disagree":
        yield Text(f"{view.symbols.disagree} {sentence}", style="bold red")
    else:
        yield Text(f"{view.symbols.agree} {sentence}", style="magenta" if verdict.cause else "green")
