"""A run on data, for people: its rows, its epochs, and the rows held out."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from diffcli.analysis.data.table import rows_counted
from diffcli.analysis.descent.descent_report import DescentReport
from diffcli.analysis.descent.state import Iterate
from diffcli.messages import Joined, Message, told
from diffcli.render.console import sentence, table
from diffcli.render.view import View


def rows_line(report: DescentReport) -> Iterator[RenderableType]:
    """The number of rows, and the way in which they are taken."""
    if report.train_rows is None:
        return
    settings = report.settings
    parts: list[str] = [Message("on {rows}", rows=rows_counted(report.train_rows))]
    if settings.batch_size:
        parts.append(Message("in batches of {size:,}", size=settings.batch_size))
    if settings.shuffle:
        parts.append(Message("in another order in each epoch"))
    if report.holdout_rows:
        parts.append(Message("{count:,} held out", count=report.holdout_rows))
    if settings.shuffle or report.holdout_rows:
        parts.append(Message("seed {seed}", seed=settings.seed))
    yield sentence(Joined(parts))


def by_epochs(report: DescentReport) -> bool:
    """Whether the path is that of epochs: a step does not see all rows, or some are held out."""
    return report.holdout_rows > 0 or any(iterate.batch for iterate in report.history)


def epochs_table(report: DescentReport, view: View) -> RenderableType:
    """The values on all rows between chosen epochs."""
    names, held = list(report.start), report.holdout_rows > 0
    batched = any(iterate.batch for iterate in report.history)
    rows = table(
        "epoch" if batched else "step",
        *(("step",) if batched else ()),
        "value",
        *(("held out",) if held else ()),
        *names,
        right=(0,),
    )
    measured = [iterate for iterate in report.history if iterate.train_value is not None]
    counts = _counted(measured)
    before = counts[0] - 1
    for place in chosen_places([count - counts[0] for count in counts], view):
        if counts[place] > before + 1:
            rows.add_row("...", told("{count:,} more", count=counts[place] - before - 1))
        before = counts[place]
        rows.add_row(
            *_row(measured[place], batched, held, view), *(view.shown(measured[place].at[name]) for name in names)
        )
    return rows


def _row(iterate: Iterate, batched: bool, held: bool, view: View) -> Iterator[Text | str]:
    yield str(iterate.epoch)
    if batched:
        yield str(iterate.iteration)
    yield Text(_value(iterate.train_value, view), style="green")
    if held:
        yield _value(iterate.holdout_value, view)


def _value(value: float | None, view: View) -> str:
    return "" if value is None else view.number(value)


def _counted(measured: Sequence[Iterate]) -> list[int]:
    """The numbers of points between epochs; the last may be within one, and counts too."""
    return [(iterate.epoch or 0) + bool(iterate.batch) for iterate in measured]


def chosen_places(numbers: Sequence[int], view: View) -> Sequence[int]:
    """The places of the points to show, of which these are the numbers from 0: all, or every so many and the last.

    Else the first ones, some between, and the last.
    """
    last = len(numbers) - 1
    if view.full or view.every:
        return sorted({*(place for place, number in enumerate(numbers) if number % (view.every or 1) == 0), last})
    wanted = {0, 1, 2, 3, *(last * part // 4 for part in range(1, 5)), last - 1, last}
    return sorted(place for place in wanted if 0 <= place <= last)


def holdout_value(report: DescentReport, view: View) -> str:
    """The value of the rows held out at the end."""
    return _value(report.history[-1].holdout_value, view)


def holdout_lines(report: DescentReport, view: View) -> Iterator[RenderableType]:
    """The value of the rows held out, before and after."""
    if report.holdout_rows:
        first, last = (_value(each.holdout_value, view) for each in (report.history[0], report.history[-1]))
        rows = rows_counted(report.holdout_rows)
        yield sentence(
            "The value of the {rows} held out went from {first} to {last}; "
            "that of the rows trained on ended at {value}.",
            rows=rows,
            first=first,
            last=last,
            value=view.number(report.value),
        )
        if report.holdout_note:
            yield sentence(report.holdout_note)
