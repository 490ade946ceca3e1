"""The comparison for people."""

import math
from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.comparison.against import Against
from diffcli.analysis.comparison.compare_report import CompareReport, Partial
from diffcli.analysis.comparison.growth import Growth
from diffcli.analysis.comparison.steps import StepSweep
from diffcli.analysis.comparison.verdict import Cause, Judgement
from diffcli.messages import Message, Word, told
from diffcli.render.console import heading, sentence, table
from diffcli.render.text.formula_notes import formula_notes
from diffcli.render.text.opening import no_variables, title
from diffcli.render.value_text import number
from diffcli.render.view import View

_METHODS = {
    "formula": Message("formula"),
    "reverse": Message("reverse mode"),
    "forward": Message("forward mode"),
    "complex-step": Message("complex step"),
    "difference": Word("difference", of="methods"),
    "given": Message("given"),
}
_STYLES: dict[Cause, str] = {"agree": "green", "rounding": "green", "disagree": "bold red", "overflow": "bold red"}
#: The causes of verdicts, in words.
_CAUSES: dict[Cause, str] = {
    "agree": Message("agree"),
    "rounding": Message("rounding"),
    "kink": Message("kink"),
    "edge-of-domain": Message("edge-of-domain"),
    "isolated": Message("isolated"),
    "overflow": Message("overflow"),
    "cancellation": Message("cancellation"),
    "unchecked": Message("unchecked"),
    "disagree": Message("DISAGREE"),
}
#: The width of the chart of errors, in characters; its scale goes from 1e-16 to 1e2.
_CHART, _LEAST, _MOST = 36, -16.0, 2.0


def compare_text(report: CompareReport, view: View) -> Iterator[RenderableType]:
    """Methods and verdict for each variable, what each took, and the sweep and the growth where asked for."""
    yield title(report.expression, view)
    point = view.listed(report.at)
    value = Message("value {value}", value=view.number(report.value))
    yield Text(told("at {point}: {value}", point=point, value=value) if point else told(value))
    if not report.partials:
        yield no_variables(view)
    for partial in report.partials:
        yield from _partial(partial, view)
    notes = [
        *formula_notes(report.formulas, view.symbols),
        *(sentence("note: {note}", note=kink.sentence, style="magenta") for kink in report.kinks),
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
            told("all {elements:,} elements", elements=partial.elements)
            if partial.looked_at >= partial.elements
            else told("{looked_at:,} of {elements:,} elements", looked_at=partial.looked_at, elements=partial.elements)
        )
        title.append("  " + told("the worst of {elements}", elements=of), style="default")
    yield title
    yield Padding(_methods(partial, view), (0, 0, 0, 2))
    if partial.reference is not None:
        yield _indented(told("errors are relative to {reference}", reference=partial.reference_is))
    if partial.taylor_slope is not None:
        yield _indented(
            told(
                "Taylor remainder: slope {slope:.2f} (2 where the gradient is right, 1 where it is wrong)",
                slope=partial.taylor_slope,
            )
        )
    yield _judgement(partial.judgement, view)
    if partial.against is not None:
        yield _given(partial.against, view)


def _given(against: Against, view: View) -> RenderableType:
    """The verdict on the derivative that was given."""
    where = _element(against.place)
    said = told("given{where}: {explanation}", where=f" {where}" if where else "", explanation=against.explanation)
    if against.verdict == "unchecked":
        return _indented(f"! {said}", style="magenta")
    agrees = against.verdict == "agrees"
    sign = view.symbols.agree if agrees else view.symbols.disagree
    return _indented(f"{sign} {said}", style="green" if agrees else "bold red")


def _methods(partial: Partial, view: View) -> RenderableType:
    """Each method's value and error, or why there is none."""
    rows = table("method", "value", "relative error", "")
    for method, answer in partial.answers.items():
        if answer.value is None:
            rows.add_row(
                sentence(_METHODS[method]),
                sentence("none", style="magenta"),
                "",
                sentence(answer.note or "", style="magenta"),
            )
            continue
        note = answer.note or (partial.formula or "" if method == "formula" else "")
        rows.add_row(
            sentence(_METHODS[method]),
            Text(_value(answer.value, view.precision), style="green"),
            _error(answer.relative_error),
            sentence(note),
        )
    return rows


def _judgement(judgement: Judgement, view: View) -> RenderableType:
    marks = {"disagree": view.symbols.disagree, "agree": view.symbols.agree, "rounding": view.symbols.agree}
    verdict = told("{cause}: {explanation}", cause=_CAUSES[judgement.cause], explanation=judgement.explanation)
    return _indented(f"{marks.get(judgement.cause, '!')} {verdict}", style=_STYLES.get(judgement.cause, "magenta"))


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
    if error == 0:
        return "0"
    return "< 1e-14" if 1e-20 < error < 1e-14 else told("infinite") if math.isinf(error) else f"{error:.1e}"


def _costs(report: CompareReport) -> RenderableType:
    rows = table("method", "sweeps", "operations", "derivative as a tree", "shared", "time", right=(1, 2, 3, 4, 5))
    for cost in report.costs:
        counts = [cost.sweeps, cost.operations, *(cost.size or (None, None))]
        cells = ["" if count is None else _counted(count) for count in counts]
        rows.add_row(told(cost.method), *cells, "" if cost.seconds is None else _time(cost.seconds))
    return rows


def _counted(count: int) -> str:
    return f"{count:,}" if count < 10**9 else f"{count:.3g}" if count < 10**300 else f"10^{len(str(count)) - 1}"


def _time(seconds: float) -> str:
    milliseconds = 1e3 * seconds
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.2g} ms"


def _sweep(sweep: StepSweep, view: View) -> Iterator[RenderableType]:
    """A row for each step, the errors as numbers and as places on a logarithmic scale: the rows together draw a V."""
    yield Text("")
    yield heading(
        Message(
            "Finite differences of d/d{variable}{element}: relative error by step",
            variable=sweep.variable,
            element=_element(sweep.place),
        )
    )
    forward, central = view.symbols.marks
    rows = table("step", "forward", "central", f"1e-16 {told('error').center(_CHART - 11)} 1e+02")
    for row in sweep.rows:
        line = [" "] * (_CHART + 1)
        for mark, error in ((forward, row.forward), (central, row.central)):
            if math.isfinite(error):
                line[_place(error)] = mark
        rows.add_row(f"{row.step:.0e}", _error(row.forward), _error(row.central), Text("".join(line), style="cyan"))
    yield Padding(rows, (0, 0, 0, 2))
    yield _indented(
        told(
            "{forward} forward difference, {central} central difference; long steps truncate the Taylor "
            "series, short ones lose digits to rounding",
            forward=forward,
            central=central,
        )
    )


def _place(error: float) -> int:
    exponent = math.log10(error) if error > 0 else _LEAST
    return round((min(max(exponent, _LEAST), _MOST) - _LEAST) / (_MOST - _LEAST) * _CHART)


def _growth(growth: Growth, view: View) -> Iterator[RenderableType]:
    yield Text("")
    yield heading(Message("The expression iterated, its result put in for {variable}", variable=growth.variable))
    rows = table(
        "times", "value", "slope", "formula", "shared", "time", "graph", "shared", "time", right=(0, 3, 4, 5, 6, 7, 8)
    )
    reason = None
    for row in growth.rows:
        formula = (
            [told("none"), "", ""]
            if row.formula is None
            else [_counted(row.formula.tree), _counted(row.formula.shared), _time(row.formula_seconds or 0.0)]
        )
        reason = reason or row.reason
        graph = [_counted(row.graph.tree), _counted(row.graph.shared), _time(row.graph_seconds)]
        rows.add_row(str(row.iterations), view.number(row.value), view.number(row.derivative), *formula, *graph)
    yield Padding(rows, (0, 0, 0, 2))
    if reason is not None:
        yield _indented(told("formula: {reason}", reason=reason), style="magenta")
    yield _indented(
        told(
            "operations of the derivative by SymPy and by reverse mode: written out as a tree, and with "
            "equal parts computed once, as reverse mode does"
        )
    )


def _conclusion(report: CompareReport, view: View) -> Iterator[RenderableType]:
    if report.culprit is not None or report.fault is not None:
        yield Text("")
    if report.culprit is not None:
        culprit = report.culprit
        yield Text(
            view.symbols.disagree
            + " "
            + told(
                "the rule of {primitive} does not fit its values, in {text}: {explanation}",
                primitive=culprit.primitive,
                text=culprit.text,
                explanation=culprit.explanation,
            ),
            style="bold red",
        )
    if report.fault is not None:
        yield Text("! " + told("in double precision {message}", message=report.fault.message), style="bold red")
        if report.fault.hint:
            yield _indented(told("help: {hint}", hint=report.fault.hint), style="cyan")
