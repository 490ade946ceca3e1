"""The chart in characters."""

import io
import math
from typing import Any

import pytest
from rich.console import Console

from diffcli.analysis.descent.curves import Curve
from diffcli.render.screen import ASCII, UNICODE, Screen
from diffcli.render.text.chart import Chart, drawable, scale_of

pytestmark = pytest.mark.fast

FALLING = Curve("gd", tuple(range(61)), tuple(10 * math.exp(-step / 6) for step in range(61)))
WAVE = Curve("adam", tuple(range(41)), tuple(5 + 3 * math.sin(step / 4) for step in range(41)))

GOLDEN = """\
     10 ┤⠉⠒⠢⠤⣀⡀
        │     ⠈⠉⠒⠢⠤⣀⣀
      1 ┤            ⠉⠑⠒⠤⢄⣀
        │                  ⠉⠑⠒⠤⢄⣀
    0.1 ┤                        ⠉⠑⠒⠤⢄⣀
        │                              ⠉⠉⠑⠒⠤⢄⣀
   0.01 ┤                                     ⠉⠑⠒⠤⢄⣀
        │                                           ⠉⠑⠒⠤⢄⣀
        │                                                 ⠉⠑⠒⠢⠤⣀⡀
  0.001 ┤                                                       ⠈⠉⠒⠢⠤⣀
        └┬───────────────────┬───────────────────┬───────────────────┬
   step  0                  20                  40                  60
"""


def _shown(curves: list[Curve], symbols: Any = UNICODE, width: int = 80) -> list[str]:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(Chart(curves, symbols))
    written = console.file
    assert isinstance(written, io.StringIO)
    return [line.rstrip() for line in written.getvalue().splitlines()]


def test_a_curve_on_a_logarithmic_scale() -> None:
    assert _shown([FALLING], width=70) == GOLDEN.splitlines()


@pytest.mark.parametrize("symbols", [UNICODE, ASCII])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_chart_is_as_wide_as_its_screen(width: int, symbols: Any) -> None:
    lines = _shown([FALLING], symbols, width)
    assert max(map(len, lines)) == width
    assert len(lines) == (16 if width == 200 else 12)


def test_where_nobody_watches_the_width_is_80() -> None:
    """However wide the parts beside it are."""
    from rich.text import Text

    stream = io.StringIO()
    Screen(stream).show([Text("-" * 300), Chart([FALLING], ASCII)])
    first, *chart = stream.getvalue().splitlines()
    assert len(first) == 300
    assert max(map(len, chart)) == 80


def test_runs_are_told_apart_without_colour() -> None:
    for symbols, marks in ((UNICODE, "●○"), (ASCII, "ox")):
        *rows, legend = _shown([FALLING, WAVE], symbols)
        assert legend.split() == [marks[0], "gd", marks[1], "adam"]
        assert all(any(mark in row for row in rows) for mark in marks)


def test_ascii_is_ascii() -> None:
    assert all(line.isascii() for line in _shown([FALLING, WAVE], ASCII))


def test_the_highest_value_is_at_the_top_and_each_value_in_its_row() -> None:
    """On a linear scale a straight line goes from corner to corner."""
    line = Curve("gd", tuple(range(11)), tuple(float(10 - step) for step in range(11)))
    rows = [row[row.index("|" if "|" in row else "+") + 1 :] for row in _shown([line], ASCII)[:10]]
    assert "".join(rows).replace(" ", "") == "*" * len(rows[-1])
    assert [len(row) for row in rows] == sorted(len(row) for row in rows)
    assert max(row.count("*") for row in rows) <= 2 * min(row.count("*") for row in rows) + 1


def test_the_scale_is_logarithmic_where_it_shows_more() -> None:
    assert scale_of([1.0, 0.01]).logarithmic
    assert scale_of([1.0, 0.01, 0.0]).logarithmic
    assert not scale_of([1.0, 0.02]).logarithmic
    assert not scale_of([1.0, 0.001, -1.0]).logarithmic
    assert scale_of([1e308, -1e308]).height(0.0) == 0.5
    assert scale_of([1.0, 0.01]).height(0.1) == pytest.approx(0.5)


def test_numbers_that_cannot_be_drawn_are_left_out() -> None:
    values = (1.0, math.inf, 0.5, math.nan, 0.25, 0.2, 0.1, 0.0)
    assert _shown([Curve("gd", tuple(range(8)), values)])
    assert not drawable([Curve("gd", tuple(range(6)), (1.0, math.nan, math.nan, math.nan, 3.0, 2.0))])


def test_few_points_or_equal_ones_are_no_chart() -> None:
    assert drawable([Curve("gd", (0, 1, 2, 3, 4), (5.0, 4.0, 3.0, 2.0, 1.0))])
    assert not drawable([Curve("gd", (0, 1, 2, 3), (5.0, 4.0, 3.0, 2.0))])
    assert not drawable([Curve("gd", tuple(range(9)), (1.0,) * 9)])


def test_a_run_that_went_on_from_a_saved_one_begins_at_its_step() -> None:
    lines = _shown([Curve("gd", tuple(range(1000, 1061)), FALLING.values)])
    assert lines[-1].split() == ["step", "1000", "1020", "1040", "1060"]
