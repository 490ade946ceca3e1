"""A line on a terminal that shows how far a run is, while it runs."""

import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from diffcli.messages import told
from diffcli.render.console import HEIGHT
from diffcli.render.screen import terminal_width
from diffcli.render.value_text import number

if TYPE_CHECKING:
    from diffcli.analysis.descent.settings import Settings
    from diffcli.analysis.descent.state import Iterate, Step

#: Seconds until the line appears, and between two looks of it.
_AFTER, _EVERY = 0.5, 0.1
#: The width from which there is a bar, and its own.
_BARRED, _BAR = 100, 20


class LiveView:
    """A context whose `watch` is called at every point of some runs; leaves nothing behind.

    Watching costs a look at the clock. Shorter runs are never shown.
    """

    def __init__(self, plans: Sequence["Settings"], stream: TextIO) -> None:
        self._plans = plans
        self._console = _console(stream)
        self._live: Live | None = None
        self._next = time.monotonic() + _AFTER
        self._run = -1
        self._begun = (0.0, 0)

    def __enter__(self) -> "LiveView":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def watch(self, run: int, step: "Step") -> None:
        """Show the point if the line is due."""
        now = time.monotonic()
        if run != self._run:
            self._run, self._begun = run, (now, step.iterate.iteration)
        if now >= self._next:
            self._next = now + _EVERY
            self._show(step.iterate, now)

    def _show(self, iterate: "Iterate", now: float) -> None:
        line = self._line(iterate, now)
        if self._live is None:
            self._live = Live(
                line,
                console=self._console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()
            self._console.show_cursor(True)  # a process that is killed cannot bring it back
        self._live.update(line, refresh=True)

    def _line(self, iterate: "Iterate", now: float) -> Table:
        settings = self._plans[self._run]
        parts = [
            f"{iterate.iteration:,}/{settings.steps:,}",
            told("value {value}", value=number(iterate.value, 4)),
            told("|gradient| {norm}", norm=number(iterate.gradient_norm, 3)),
            *([] if iterate.rate is None else [told("rate {rate}", rate=number(iterate.rate, 3))]),
            self._left(settings, iterate.iteration, now),
        ]
        if len(self._plans) > 1:
            parts.insert(0, told("run {run}/{count}", run=self._run + 1, count=len(self._plans)))
        line = Table.grid(padding=(0, 1, 0, 0))
        cells = [Text("  ".join(part for part in parts if part), no_wrap=True, overflow="ellipsis")]
        if self._console.width >= _BARRED:
            line.add_column(width=_BAR)
            line.add_row(ProgressBar(total=max(settings.steps, 1), completed=iterate.iteration, width=_BAR), *cells)
        else:
            line.add_row(*cells)
        return line

    def _left(self, settings: "Settings", iteration: int, now: float) -> str:
        """The time until the last step that is allowed; a run that converges ends before."""
        begun, first = self._begun
        if iteration <= first or now <= begun:
            return ""
        left = (settings.steps - iteration) * (now - begun) / (iteration - first)
        if settings.max_seconds is not None:
            left = min(left, begun + settings.max_seconds - now)
        return told("{time} left", time=_duration(max(left, 0.0)))


def watched(stream: TextIO) -> bool:
    """Whether a person looks at a stream that can move its cursor."""
    return stream.isatty() and not _console(stream).is_dumb_terminal


def _console(stream: TextIO) -> Console:
    """The console; its size is stated, since Rich takes COLUMNS and LINES for numbers whatever they are."""
    return Console(file=stream, width=terminal_width(stream), height=HEIGHT, highlight=False, markup=False, emoji=False)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
