"""A chart of values against steps in characters: braille dots, or ASCII marks."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

from diffcli.analysis.descent.curves import Curve, spans_decades
from diffcli.messages import told
from diffcli.render.console import UNBOUNDED
from diffcli.render.screen import ASCII, Symbols

#: The width where nobody watches, and the least that a chart needs.
_PIPED, _LEAST = 80, 30
_INDENT = 2
_COLOURS = ("blue", "red", "green", "magenta", "yellow", "cyan")
_MARKS = ("●", "○", "■", "□", "▲", "△", "◆", "◇")
_ASCII_MARKS = ("o", "x", "+", "*", "#", "@", "%", "&")
#: How often a curve beside others carries its mark.
_MARKED = 5
#: The bits of a braille character by row and column of its dots.
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


class Scale(NamedTuple):
    """From values to heights between 0 and 1. On a logarithmic scale there is nothing at 0 and below."""

    low: float
    high: float
    logarithmic: bool

    def height(self, value: float) -> float | None:
        """The height of a value; None of one that cannot be drawn."""
        if not math.isfinite(value) or (self.logarithmic and value <= 0):
            return None
        at = math.log10(value) if self.logarithmic else value
        return (at / 2 - self.low / 2) / (self.high / 2 - self.low / 2)  # halves: their difference cannot overflow

    def ticks(self, most: int) -> list[float]:
        """Round values on the scale, at most so many where it is long."""
        if not self.logarithmic:
            return _round_values(self.low, self.high, most)
        first, last = math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9)
        return [10.0**power for power in range(first, last + 1, max(1, math.ceil((last - first + 1) / most)))]


class Chart:
    """A Rich renderable as wide as its screen; of a fixed width where nobody watches."""

    def __init__(self, curves: Sequence[Curve], symbols: Symbols) -> None:
        self._curves = curves
        self._ascii = symbols is ASCII
        self._across, self._down = (1, 1) if self._ascii else (2, 4)  # dots of a character
        self._marks = _ASCII_MARKS if self._ascii else _MARKS
        self._first, self._last = (end(end(curve.steps) for curve in curves) for end in (min, max))
        self.scale = scale_of([value for curve in curves for value in curve.values])

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(_LEAST, self._width(options))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = self._width(options)
        if width >= _LEAST:
            yield from self._lines(width - _INDENT, 10 if width < 120 else 14)

    def _width(self, options: ConsoleOptions) -> int:
        return _PIPED if options.max_width >= UNBOUNDED else options.max_width

    def _lines(self, width: int, rows: int) -> Iterator[Text]:
        """Each row with the label of its height, the axis of steps, the legend."""
        labels: dict[int, str] = {}
        for tick in self.scale.ticks(rows * 2 // 3):
            height = self.scale.height(tick)
            if height is not None and -1e-9 <= height <= 1 + 1e-9:
                labels[_nearest(_down(height, rows * self._down)) // self._down] = f"{tick:g}"
        step = told("step")
        gutter = max(cell_len(step), *map(len, labels.values())) if labels else cell_len(step)
        columns = width - gutter - 2
        cells = self._cells(columns, rows)
        axis, tick_mark = ("|", "+") if self._ascii else ("│", "┤")
        for row in range(rows):
            line = Text(" " * _INDENT, no_wrap=True)
            line.append(f"{labels.get(row, ''):>{gutter}} {tick_mark if row in labels else axis}", style="dim")
            for column in range(columns):
                character, run = cells.get((row, column), (" ", 0))
                line.append(character, style=_COLOURS[run % len(_COLOURS)])
            yield line
        yield from self._axis(gutter, columns)
        if len(self._curves) > 1:
            yield from self._legend(width, gutter + 2)

    def _axis(self, gutter: int, columns: int) -> Iterator[Text]:
        line, corner, mark = ("-", "+", "+") if self._ascii else ("─", "└", "┬")
        ruler, names, step_word = [line] * columns, [" "] * columns, told("step")
        end = 0
        for step in _round_values(self._first, self._last, max(2, columns // 16)):
            if step != int(step):
                continue
            at, text = self._column(step, columns), f"{int(step)}"
            start = max(0, min(at - len(text) // 2, columns - len(text)))
            if start >= end:
                ruler[at] = mark
                names[start : start + len(text)] = text
                end = start + len(text) + 1
        yield Text(" " * (_INDENT + gutter + 1) + corner + "".join(ruler), style="dim", no_wrap=True)
        yield Text(
            " " * _INDENT
            + set_cell_size("", gutter - cell_len(step_word))
            + step_word
            + "  "
            + "".join(names).rstrip(),
            style="dim",
            no_wrap=True,
        )

    def _legend(self, width: int, indent: int) -> Iterator[Text]:
        line = Text(" " * (_INDENT + indent))
        for run, curve in enumerate(self._curves):
            entry = Text.assemble(
                (f"{self._marks[run % len(self._marks)]} ", _COLOURS[run % len(_COLOURS)]), told(curve.label), "   "
            )
            if len(line) > _INDENT + indent and len(line) + len(entry) - 3 > width + _INDENT:
                yield line
                line = Text(" " * (_INDENT + indent))
            line.append_text(entry)
        yield line

    def _cells(self, columns: int, rows: int) -> dict[tuple[int, int], tuple[str, int]]:
        """The characters, with the run that each belongs to, by row and column."""
        across, down = self._across, self._down
        several = len(self._curves) > 1
        bits: dict[tuple[int, int], int] = {}
        cells: dict[tuple[int, int], tuple[str, int]] = {}
        marked: dict[tuple[int, int], tuple[str, int]] = {}
        for run, curve in enumerate(self._curves):
            points = self._points(curve, columns * across, rows * down)
            spans = _spans(points)
            mark = self._marks[run % len(self._marks)] if several else "*"
            for column, (top, bottom) in spans.items():
                for dot in range(top, bottom + 1):
                    place = dot // down, column // across
                    if self._ascii:
                        cells[place] = mark, run
                    else:
                        bits[place] = bits.get(place, 0) | _DOTS[dot % down][column % across]
                        cells[place] = chr(0x2800 + bits[place]), run
            if several and not self._ascii:
                stops = {
                    int((turn + (run + 0.5) / len(self._curves)) / _MARKED * columns) * across
                    for turn in range(_MARKED)
                }
                for column in sorted(
                    {*(stop for stop in stops if stop in spans), *([points[-1][0]] if points else [])}
                ):
                    marked[spans[column][0] // down, column // across] = mark, run
        return {**cells, **marked}

    def _points(self, curve: Curve, columns: int, rows: int) -> list[tuple[int, float]]:
        """The column of dots, and the place between the top row and the last, of each value that can be drawn."""
        found = []
        for step, value in zip(curve.steps, curve.values, strict=True):
            height = self.scale.height(value)
            if height is not None:
                found.append((self._column(step, columns), _down(height, rows)))
        return found

    def _column(self, step: float, columns: int) -> int:
        return round((step - self._first) / (self._last - self._first) * (columns - 1))


def drawable(curves: Sequence[Curve]) -> bool:
    """Whether there is enough to see: a curve of five finite values that are not all the same."""
    finite = [
        {value for value in curve.values if math.isfinite(value)}
        for curve in curves
        if sum(map(math.isfinite, curve.values)) >= 5
    ]
    return len(set().union(*finite)) > 1


def scale_of(values: Sequence[float]) -> Scale:
    """Logarithmic where no value is negative and the positive ones span two decades."""
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    if spans_decades(finite):
        positive = [value for value in finite if value > 0]
        return Scale(math.log10(min(positive)), math.log10(max(positive)), True)
    low, high = min(finite), max(finite)
    if high / 2 - low / 2 <= 1e-15 * max(abs(low), abs(high)):
        spread = max(abs(low), abs(high)) * 1e-3 or 1.0
        return Scale(low - spread, high + spread, False)
    return Scale(low, high, False)


def _down(height: float, rows: int) -> float:
    return (1 - min(max(height, 0.0), 1.0)) * (rows - 1)


def _nearest(row: float) -> int:
    return int(row + 0.5)  # halves go down, all of them: round() sends them to even rows


def _spans(points: Sequence[tuple[int, float]]) -> dict[int, tuple[int, int]]:
    """The stretch of rows that a line through the points fills in each column."""
    found: dict[int, tuple[int, int]] = {}

    def fill(column: int, first: int, second: int) -> None:
        top, bottom = found.get(column, (first, first))
        found[column] = min(top, first, second), max(bottom, first, second)

    for start, end in zip(points, [*points[1:], points[-1]] if points else [], strict=True):
        before = _nearest(start[1])
        fill(start[0], before, before if start[0] != end[0] else _nearest(end[1]))
        for column in range(start[0] + 1, end[0] + 1):
            row = _nearest(start[1] + (end[1] - start[1]) * (column - start[0]) / (end[0] - start[0]))
            step = (row > before) - (row < before)
            fill(column, before + step if abs(row - before) > 1 else row, row)
            before = row
    return found


def _round_values(low: float, high: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten between two values."""
    width = (high / 2 - low / 2) / most * 2
    if not (width > 0 and math.isfinite(width)):
        return [low]
    power = 10.0 ** math.floor(math.log10(width))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= width * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    # to so many digits that the multiples are distinct: 0.30000000000000004 is 0.3
    if last - first <= 2 * most + 2:
        return [float(f"{index * step:.12g}") for index in range(first, last + 1)]
    return [low, high]
