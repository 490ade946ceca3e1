"""The comparison for people."""

import math
from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.comparison.compare_report import CompareReport, Partial
from diffcli.analysis.comparison.growth import Growth
from diffcli.analysis.comparison.steps import StepSweep
from diffcli.analysis.comparison.verdict import Cause, Judgement
from diffcli.render.excerpt import one_line
from diffcli.render.messages import Texts
from diffcli.render.number_text import number
from diffcli.render.screen import heading, table
from diffcli.render.text.formula_notes import formula_notes
from diffcli.render.view import View

_METHODS = {
    "formula": "formula",
    "reverse": "reverse mode",
    "forward": "forward mode",
    "complex-step": "complex step",
    "difference": "difference",
}
_STYLES: dict[Cause, str] = {"agree": "green", "rounding": "green", "disagree": "bold red", "overflow": "bold red"}
#: The width of the chart of errors, in characters; its scale goes from 1e-16 to 1e2.
_CHART, _LEAST, _MOST = 36, -16.0, 2.0


def compare_text(report: CompareReport, view: View) -> Iterator[RenderableType]:
    """Methods and verdict for each variable, what each took, and the sweep and the growth where asked for."""
    yield Text(one_line(report.expression, view.full), style="bold")
    point = view.listed(report.at)
    yield Text((f"at {point}: " if point else "") + f"value {view.number(report.value)}")
    if not report.partials:
        yield Text(Texts().no_variables, style="magenta")
    for partial in report.partials:
        yield from _partial(partial, view)
    notes = [
        *formula_notes(report.formulas, view.symbols),
        *(Text(f"note: {kink.sentence}", style="magenta") for kink in report.kinks),
    ]
    yield from [Text(""), *notes] if notes else []
    if report.costs:
        yield Text("")
        yield heading("What it took")
        yield Padding(_costs(report), (0, 0, 0, 2))
    for sweep in report.sweeps:
        yield from _sweep(sweep, view)
    if report.growth is not None:
        yield from _growth(report.growth, view)
    yield from _conclusion(report, view)


def _partial(partial: Partial, view: View) -> Iterator[RenderableType]:
    yield Text("")
    title = Text(f"d/d{partial.variable}{_element(partial.place)}", style="bold cyan")
    if partial.elements > 1:
        of = (
            f"all {partial.elements:,} elements"
            if partial.looked_at >= partial.elements
            else f"{partial.looked_at:,} of {partial.elements:,} elements"
        )
        title.append(f"  the worst of {of}", style="default")
    yield title
    yield Padding(_methods(partial, view), (0, 0, 0, 2))
    if partial.reference is not None:
        yield _indented(f"errors are relative to {partial.reference_is}")
    if partial.taylor_slope is not None:
        yield _indented(
            f"Taylor remainder: slope {partial.taylor_slope:.2f} (2 where the gradient is right, 1 where it is wrong)"
        )
    yield _judgement(partial.judgement, view)


def _methods(partial: Partial, view: View) -> RenderableType:
    """Each method's value and error, or why there is none."""
    rows = table("method", "value", "relative error", "")
    for method, answer in partial.answers.items():
        if answer.value is None:
            rows.add_row(
                Text(_METHODS[method]), Text("none", style="magenta"), "", Text(answer.note or "", style="magenta")
            )
            continue
        note = answer.note or (partial.formula or "" if method == "formula" else "")
        rows.add_row(
            Text(_METHODS[method]),
            Text(_value(answer.value, view.precision), style="green"),
            _error(answer.relative_error),
            Text(note),
        )
    return rows


def _judgement(judgement: Judgement, view: View) -> RenderableType:
    marks = {"disagree": view.symbols.disagree, "agree": view.symbols.agree, "rounding": view.symbols.agree}
    cause = "DISAGREE" if judgement.cause == "disagree" else judgement.cause
    said = f"{marks.get(judgement.cause, '!')} {cause}: {judgement.explanation}"
    return _indented(said, style=_STYLES.get(judgement.cause, "magenta"))


def _element(place: tuple[int, ...]) -> str:
    """An element's index as it is typed; nothing for a number."""
    return f"[{', '.join(map(str, place))}]" if place else ""


def _indented(text: str, style: str = "") -> RenderableType:
    """A paragraph below a title; its further lines begin where the first does."""
    return Padding(Text(text, style=style), (0, 0, 0, 2))


def _value(value: object, precision: int) -> str:
    """A number to some digits; a double has no more than 17."""
    return number(value, min(precision, 17) if isinstance(value, float) else precision)


def _error(error: float | None) -> str:
    """Two digits; the last digits of a double differ from one processor to the next."""
    if error is None:
        return ""
    return (
        "0"
        if error == 0
        else "< 1e-14"
        if 1e-20 < error < 1e-14
        else "infinite"
        if math.isinf(error)
        else f"{error:.1e}"
    )


def _costs(report: CompareReport) -> RenderableType:
    rows = table("method", "sweeps", "operations", "derivative as a tree", "shared", "time", right=(1, 2, 3, 4, 5))
    for cost in report.costs:
        counts = [cost.sweeps, cost.operations, *(cost.size or (None, None))]
        cells = ["" if count is None else _counted(count) for count in counts]
        rows.add_row(cost.method, *cells, "" if cost.seconds is None else _time(cost.seconds))
    return rows


def _counted(count: int) -> str:
    return f"{count:,}" if count < 10**9 else f"{count:.3g}" if count < 10**300 else f"10^{len(str(count)) - 1}"


def _time(seconds: float) -> str:
    milliseconds = 1e3 * seconds
    return (
        f"{seconds:.1f} s"
        if seconds >= 1
        else f"{milliseconds:.0f} ms"
        if milliseconds >= 10
        else f"{milliseconds:.2g} ms"
    )


def _sweep(sweep: StepSweep, view: View) -> Iterator[RenderableType]:
    """A row for each step, the errors as numbers and as places on a logarithmic scale: the rows together draw a V."""
    yield Text("")
    yield heading(f"Finite differences of d/d{sweep.variable}{_element(sweep.place)}: relative error by step")
    forward, central = view.symbols.marks
    rows = table("step", "forward", "central", f"1e-16 {'error'.center(_CHART - 11)} 1e+02")
    for row in sweep.rows:
        line = [" "] * (_CHART + 1)
        for mark, error in ((forward, row.forward), (central, row.central)):
            if math.isfinite(error):
                line[_place(error)] = mark
        rows.add_row(f"{row.step:.0e}", _error(row.forward), _error(row.central), Text("".join(line), style="cyan"))
    yield Padding(rows, (0, 0, 0, 2))
    yield _indented(
        f"{forward} forward difference, {central} central difference; "
        "long steps truncate the Taylor series, short ones lose digits to rounding"
    )


def _place(error: float) -> int:
    exponent = math.log10(error) if error > 0 else _LEAST
    return round((min(max(exponent, _LEAST), _MOST) - _LEAST) / (_MOST - _LEAST) * _CHART)


def _growth(growth: Growth, view: View) -> Iterator[RenderableType]:
    yield Text("")
    yield heading(f"The expression iterated, its result put in for {growth.variable}")
    rows = table(
        "times", "value", "slope", "formula", "shared", "time", "graph", "shared", "time", right=(0, 3, 4, 5, 6, 7, 8)
    )
    reason = None
    for row in growth.rows:
        formula = (
            ["none", "", ""]
            if row.formula is None
            else [_counted(row.formula.tree), _counted(row.formula.shared), _time(row.formula_seconds or 0.0)]
        )
        reason = reason or row.reason
        graph = [_counted(row.graph.tree), _counted(row.graph.shared), _time(row.graph_seconds)]
        rows.add_row(str(row.iterations), view.number(row.value), view.number(row.derivative), *formula, *graph)
    yield Padding(rows, (0, 0, 0, 2))
    if reason is not None:
        yield _indented(f"formula: {reason}", style="magenta")
    yield _indented(
        "operations of the derivative by SymPy and by reverse mode: written out as a tree, "
        "and with equal parts computed once, as reverse mode does"
    )


def _conclusion(report: CompareReport, view: View) -> Iterator[RenderableType]:
    if report.culprit is not None or report.fault is not None:
        yield Text("")
    if report.culprit is not None:
        culprit = report.culprit
        yield Text(
            f"{view.symbols.disagree} the rule of {culprit.primitive} does not fit its values, "
            f"in {culprit.text}: {culprit.explanation}",
            style="bold red",
        )
    if report.fault is not None:
        yield Text(f"! in double precision {report.fault.message}", style="bold red")
        if report.fault.hint:
            yield _indented(f"help: {report.fault.hint}", style="cyan")
