"""The descent report for people."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.descent.curves import value_curves
from diffcli.analysis.descent.descent_report import DescentReport, DescentRuns
from diffcli.analysis.descent.diagnosis import Status, counted
from diffcli.analysis.descent.first_step import first_slots
from diffcli.analysis.descent.hyperparameters import written
from diffcli.analysis.descent.optimizers import OPTIMIZERS
from diffcli.analysis.descent.settings import Settings
from diffcli.messages import Message, told
from diffcli.render.console import heading, sentence, table
from diffcli.render.text.chart import Chart, drawable
from diffcli.render.text.epoch_table import (
    by_epochs,
    chosen_places,
    epochs_table,
    holdout_lines,
    holdout_value,
    rows_line,
)
from diffcli.render.text.kink_notes import kink_notes
from diffcli.render.text.opening import title
from diffcli.render.view import View

_STYLES = {
    "converged": "bold green",
    "step-limit": "bold magenta",
    "stalled": "bold magenta",
    "interrupted": "bold magenta",
    "time-limit": "bold magenta",
}


#: The ends of runs, in words.
_STATUSES: dict[Status, str] = {
    "converged": Message("converged"),
    "plateau": Message("plateau"),
    "step-limit": Message("step-limit"),
    "time-limit": Message("time-limit"),
    "stalled": Message("stalled"),
    "oscillating": Message("oscillating"),
    "diverged": Message("diverged"),
    "not-finite": Message("not-finite"),
    "kink": Message("kink"),
    "interrupted": Message("interrupted"),
}


def descend_text(report: DescentReport | DescentRuns, view: View) -> Iterator[RenderableType]:
    """Expression, first step in numbers, chosen iterations, chart, end and its reason; several runs in one table."""
    yield title(report.expression, view)
    if isinstance(report, DescentRuns):
        yield from _several(report, view)
    else:
        yield from _one(report, view)


def _one(report: DescentReport, view: View) -> Iterator[RenderableType]:
    yield from _asked(report, view)
    yield Text("")
    if report.iterations > report.history[0].iteration:
        yield heading("First step")
        if not _plain(report.settings):
            yield from (Text(f"  {line}", style="dim") for line in OPTIMIZERS[report.settings.optimizer.name].formula)
        yield Padding(_first_step(report, view), (0, 0, 1, 2))
    yield heading("Path")
    path = epochs_table(report, view) if by_epochs(report) else _path(report, view)
    yield Padding(path, (0, 0, 1, 2))
    yield from _chart([report], view)
    yield sentence(
        "{status} after {steps}",
        status=_STATUSES[report.status],
        steps=counted(report.iterations),
        style=_STYLES.get(report.status, "bold red"),
    )
    yield sentence(report.explanation)
    yield from holdout_lines(report, view)
    if report.iterations:
        yield from kink_notes(report.start_kinks, Message("at the start "))
    yield from kink_notes(report.kinks, Message("at the end ") if report.iterations else "")


def _asked(report: DescentReport, view: View) -> Iterator[RenderableType]:
    """The run's settings: optimizer and rate, start, schedule, rows, clipping, hyperparameters."""
    settings = report.settings
    name, values = settings.optimizer
    kind = _kind(settings) if name == "gd" else Message("{kind} by {optimizer}", kind=_kind(settings), optimizer=name)
    if settings.lr is not None:
        kind = (
            Message(
                "{kind}, learning rate {lr:g} (auto: 1/|lambda| of the Hessian at the start)", kind=kind, lr=settings.lr
            )
            if settings.automatic
            else Message("{kind}, learning rate {lr:g}", kind=kind, lr=settings.lr)
        )
    yield sentence("{kind}, from {point}", kind=kind, point=_point(report, view))
    for stage in settings.schedule:
        yield sentence("schedule {name}: {values}", name=stage.name, values=_assigned(stage.values))
    yield from rows_line(report)
    if settings.clip_norm is not None:
        yield sentence("gradients clipped to norm {norm:g}", norm=settings.clip_norm)
    if values and not _plain(settings):
        yield Text(f"{name}: {_assigned(values)}")


def _several(report: DescentRuns, view: View) -> Iterator[RenderableType]:
    """The ends of all runs side by side, and their reasons."""
    first = report.runs[0]
    names = list(first.start)
    yield sentence(
        "{count} runs of {kind}, from {point}",
        count=len(report.runs),
        kind=_kind(first.settings),
        point=_point(first, view),
    )
    for stage in next((run.settings.schedule for run in report.runs if run.settings.schedule), ()):
        yield sentence("schedule {name}: {values}", name=stage.name, values=_assigned(stage.values))
    yield from rows_line(first)
    yield Text("")
    held = ("held out",) if first.holdout_rows else ()
    rows = table("optimizer", "rate", "steps", "value", *held, "|gradient|", "status", *names, right=(2,))
    for column in rows.columns[:6]:
        column.no_wrap = True  # in a narrow terminal the points are folded, not the numbers
    for run in report.runs:
        rows.add_row(
            Text(run.settings.optimizer.name, style="cyan"),
            "" if run.settings.lr is None else f"{run.settings.lr:g}",
            f"{run.iterations:,}",
            Text(view.number(run.value), style="green"),
            *(holdout_value(run, view) for _ in held),
            view.number(run.gradient_norm),
            sentence(_STATUSES[run.status], style=_STYLES.get(run.status, "bold red")),
            *(view.shown(run.final[name]) for name in names),
        )
    yield Padding(rows, (0, 0, 1, 2))
    yield from _chart(report.runs, view)
    for run in report.runs:
        yield Text.assemble((f"{run.settings.label}: ", "bold"), told(run.explanation))


def _chart(runs: Sequence[DescentReport], view: View) -> Iterator[RenderableType]:
    """The values against the steps, where they are wanted and enough of them to see."""
    curves = value_curves(runs, batches=False) if view.chart else []
    if drawable(curves):
        chart = Chart(curves, view.symbols)
        yield heading("Value at each step, on a logarithmic scale" if chart.scale.logarithmic else "Value at each step")
        yield chart
        yield Text("")


def _kind(settings: Settings) -> str:
    return Message("gradient ascent") if settings.maximize else Message("gradient descent")


def _point(report: DescentReport, view: View) -> str:
    return view.listed(report.start)


def _plain(settings: Settings) -> bool:
    """Whether a step is the rate times the gradient and nothing else."""
    return (
        settings.optimizer.name == "gd" and not settings.optimizer.values["weight_decay"] and settings.clip_norm is None
    )


def _assigned(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={written(value)}" for name, value in values.items())


def _first_step(report: DescentReport, view: View) -> RenderableType:
    """The update written out, x - lr * gradient; of another rule what goes in, what it remembers and what comes out."""
    sign = "+" if report.maximize else "-"
    plain = _plain(report.settings)
    slots = {} if plain else first_slots(report)
    rows = table(
        "variable",
        "start",
        Message("{sign} rate {times} gradient", sign=sign, times=view.symbols.times) if plain else "gradient",
        *slots,
        "= next",
    )
    before, following = report.history[:2]
    for name, start in report.start.items():
        gradient = view.shown(report.first_gradient[name])
        rows.add_row(
            Text(name, style="cyan"),
            view.shown(start),
            f"{sign} {before.rate:g} {view.symbols.times} {gradient}" if plain else gradient,
            *(view.shown(values[name]) for values in slots.values()),
            Text(view.shown(following.at[name]), style="green"),
        )
    return rows


def _path(report: DescentReport, view: View) -> RenderableType:
    names = list(report.start)
    scheduled = bool(report.settings.schedule)
    rows = table("step", "value", "|gradient|", *(["rate"] if scheduled else []), *names, right=(0,))
    before = report.history[0].iteration - 1
    begin = report.history[0].iteration
    for place in chosen_places([iterate.iteration - begin for iterate in report.history], view):
        iterate = report.history[place]
        if iterate.iteration > before + 1:
            rows.add_row("...", told("{count:,} more", count=iterate.iteration - before - 1))
        before = iterate.iteration
        rows.add_row(
            str(iterate.iteration),
            Text(view.number(iterate.value), style="green"),
            view.number(iterate.gradient_norm),
            *([view.number(iterate.rate)] if scheduled else []),
            *(view.shown(iterate.at[name]) for name in names),
        )
    return rows
