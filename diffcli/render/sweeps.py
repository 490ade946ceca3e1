"""Both sweeps of a gradient report as rows of text, and its verdict as a sentence: for the screen and for files."""

from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10
from typing import NamedTuple, TypeVar

from diffcli.analysis.gradient import GradReport
from diffcli.analysis.precision import Precision
from diffcli.analysis.trace import FlowRow, NodeRow, Trace
from diffcli.messages import told
from diffcli.render.messages import Texts
from diffcli.render.value_text import number
from diffcli.render.view import View

#: Rows shown at each end of a long trace.
_ENDS = 20

Row = TypeVar("Row")


class FlowCells(NamedTuple):
    """A flow as text; `running` is empty where there is no sum."""

    edge: str
    rule: str
    local: str
    upstream: str
    contribution: str
    running: str


def forward_rows(trace: Trace, full: bool) -> list[NodeRow | int]:
    """The nodes to show, without constants but for the output; a number stands for so many left out."""
    return [
        node
        for node in abridged(trace.nodes, full)
        if isinstance(node, int) or node.primitive != "constant" or node.id == trace.output
    ]


def skips_numbers(rows: Sequence[NodeRow | int]) -> bool:
    """Whether constants, which are nodes too, have numbers that a reader misses between or before the rows."""
    starts_late = bool(rows) and not isinstance(rows[0], int) and rows[0].id != 0
    return starts_late or any(
        other.id != one.id + 1
        for one, other in pairwise(rows)
        if not isinstance(one, int) and not isinstance(other, int)
    )


def backward_rows(trace: Trace, view: View) -> list[FlowCells | int]:
    """The flows to show, in the order of the sweep; a number stands for so many left out."""
    labels: dict[int, str] = {}
    return [
        flow if isinstance(flow, int) else _flow_cells(flow, trace, view, labels)
        for flow in abridged(trace.flows, view.full)
    ]


def _flow_cells(flow: FlowRow, trace: Trace, view: View, labels: dict[int, str]) -> FlowCells:
    for end in (flow.source, flow.target):
        if end not in labels:
            labels[end] = trace.node(end).label
    arrow = view.symbols.arrow
    # the operand's number where the target is an operand twice
    number = f" #{flow.operand + 1}" if trace.graph.operands[flow.source].count(flow.target) > 1 else ""
    rule, contribution = told(flow.formula), view.shown(flow.contribution)
    if flow.summed > 1:
        contribution = view.texts.sum_of.format(contribution=contribution, count=f"{flow.summed:,}")
    return FlowCells(
        f"{labels[flow.source]} {arrow} {labels[flow.target]}{number}",
        flow.rule,
        rule if flow.local is None else f"{rule} {arrow} {view.shown(flow.local)}",
        view.shown(flow.upstream),
        contribution,
        "" if flow.running is None else view.shown(flow.running),
    )


def beginning(report: GradReport, view: View) -> str:
    """The start of the backward sweep."""
    output = report.trace.bare.node(report.trace.output).label
    if report.cotangent is None:
        return f"d({output})/d({output}) = 1"
    return view.texts.cotangent.format(cotangent=view.shown(report.cotangent))


def verdict_sentence(report: GradReport, texts: Texts) -> str | None:
    """Whether formula and reverse mode agree, and how closely; None where that was not asked."""
    verdict = report.agreement
    if verdict is None:
        return None
    if verdict.verdict == "unchecked":
        return texts.not_compared.format(cause=told(verdict.cause or ""))
    if verdict.verdict == "disagree":
        return _to_extent(texts.disagree, verdict.max_relative_error, report.precision, texts)
    if verdict.cause:
        return texts.agree_but.format(cause=told(verdict.cause))
    return _to_extent(texts.agree, verdict.max_relative_error, report.precision, texts)


def _to_extent(verdict: str, error: float | None, precision: Precision, texts: Texts) -> str:
    """The verdict and how closely; of doubles without the last digits, which differ between processors."""
    if error is None:
        return verdict
    if precision and error < 1e-9:
        from diffcli.analysis.agreement import EXACT_DIGITS  # imports that a table does without

        digits = precision.digits or EXACT_DIGITS
        agreeing = digits if error == 0 else min(digits, floor(-log10(error)))
        if agreeing == 1:
            return texts.to_one_digit.format(verdict=verdict)
        return texts.to_digits.format(verdict=verdict, digits=f"{agreeing:,}")
    if error < 1e-12:
        return texts.to_digits_or_more.format(verdict=verdict, digits=12)
    return texts.up_to_difference.format(verdict=verdict, difference=number(error, 2))


def abridged(rows: Sequence[Row], full: bool) -> list[Row | int]:
    """All rows, or those at both ends with the number of those left out between them."""
    if full or len(rows) <= 2 * _ENDS + 1:
        return list(rows)
    return [*rows[:_ENDS], len(rows) - 2 * _ENDS, *rows[-_ENDS:]]
