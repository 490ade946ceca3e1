"""The descent report for people."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.descent import DescentReport
from diffcli.analysis.diagnosis import Iterate
from diffcli.render.excerpt import one_line
from diffcli.render.kink import kink_notes
from diffcli.render.numbers import number, shown
from diffcli.render.screen import Symbols, heading, table

_STYLES = {"converged": "bold green", "step-limit": "bold magenta", "interrupted": "bold magenta", "time-limit": "bold magenta"}


def descend_text(report: DescentReport, symbols: Symbols, precision: int, full: bool) -> Iterator[RenderableType]:
    """Expression, the first step in numbers, chosen iterations, the end and its reason."""
    verb = "ascent" if report.maximize else "descent"
    start = ", ".join(f"{name} = {shown(value, precision, full)}" for name, value in report.start.items())
    yield Text(one_line(report.expression, full), style="bold")
    yield Text(f"gradient {verb}, learning rate {report.learning_rate:g}, from {start}")
    yield Text("")
    if report.iterations:
        yield heading("First step")
        yield Padding(_first_step(report, symbols, precision, full), (0, 0, 1, 2))
    yield heading("Path")
    yield Padding(_path(report, precision, full), (0, 0, 1, 2))
    yield Text(f"{report.status} after {report.iterations:,} step{'' if report.iterations == 1 else 's'}", style=_STYLES.get(report.status, "bold red"))
    yield Text(report.explanation)
    if report.iterations:
        yield from kink_notes(report.start_kinks, "at the start ")
    yield from kink_notes(report.kinks, "at the end " if report.iterations else "")


def _first_step(report: DescentReport, symbols: Symbols, precision: int, full: bool) -> RenderableType:
    """The update written out: x <- x - lr * gradient."""
    sign = "+" if report.maximize else "-"
    rows = table("variable", "start", f"{sign} rate {symbols.times} gradient", "= next")
    following = report.history[1].at
    for name, start in report.start.items():
        rows.add_row(
            Text(name, style="cyan"),
            shown(start, precision, full),
            f"{sign} {report.learning_rate:g} {symbols.times} {shown(report.first_gradient[name], precision, full)}",
            Text(shown(following[name], precision, full), style="green"),
        )
    return rows


def _path(report: DescentReport, precision: int, full: bool) -> RenderableType:
    names = list(report.start)
    rows = table("step", "value", "|gradient|", *names, right=(0,))
    before = -1
    for iterate in report.history if full else _chosen(report.history):
        if iterate.iteration > before + 1:
            rows.add_row("...", f"{iterate.iteration - before - 1:,} more")
        before = iterate.iteration
        rows.add_row(
            str(iterate.iteration),
            Text(number(iterate.value, precision), style="green"),
            number(iterate.gradient_norm, precision),
            *(shown(iterate.at[name], precision, full) for name in names),
        )
    return rows


def _chosen(history: tuple[Iterate, ...]) -> list[Iterate]:
    """The first steps, some between, and the last."""
    last = len(history) - 1
    wanted = {0, 1, 2, 3, *(last * part // 4 for part in range(1, 5)), last - 1, last}
    return [history[index] for index in sorted(index for index in wanted if 0 <= index <= last)]
