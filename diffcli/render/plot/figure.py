"""The picture of a descent: where its paths go, and how value and gradient fall."""

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from diffcli.analysis.descent.curves import norm_curves, value_curves
from diffcli.analysis.descent.landscape import Landscape, trail
from diffcli.messages import told
from diffcli.render.excerpt import one_line
from diffcli.render.plot.panels import (
    draw_curves,
    draw_landscape,
    draw_trail,
    draw_trails,
    placed,
    plain,
    set_heights,
    slope,
)
from diffcli.render.plot_style import GROUND, look, styled

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport

#: Runs that have a plane each; more lie over each other in one.
_MOST_PLANES = 9
#: Characters of a title to an inch.
_TITLE = 10
#: What a file must not say of itself, for the same run to give the same bytes.
_UNDATED: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "pdf": {"CreationDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
}


def picture(runs: Sequence["DescentReport"], landscape: Landscape | None, kind: str) -> bytes:
    """The content of a `png`, `svg` or `pdf` file; without a landscape the curves alone."""
    with styled():
        figure = _figure(runs, landscape)
        content = io.BytesIO()
        spaced(figure)
        figure.savefig(content, format=kind, dpi=160, metadata=_UNDATED[kind])
        return content.getvalue()


def titled(figure: Figure, expression: str) -> None:
    """Put the expression above all panels, on one line; of a program that is too long for it the last statement."""
    most = int(_TITLE * figure.get_figwidth())
    text = one_line(expression, True)
    if len(text) > most and ";" in text:
        text = f"...; {text.rpartition(';')[2].strip()}"
    plain(
        figure.suptitle(
            text if len(text) <= most else f"{text[: most - 4]} ...", fontsize=11, family="DejaVu Sans Mono"
        )
    )


def spaced(figure: Figure) -> None:
    """Keep a margin around all that is drawn."""
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(w_pad=0.12, h_pad=0.1, wspace=0.02)


def framed(landscape: Landscape, width: float) -> float:
    """The height in inches of a figure whose panel is so wide."""
    height = slope(landscape)
    return 5.0 if height is None else min(max(width * height + 1.4, 4.2), 7.0)


def _draw_planes(figure: SubFigure, runs: Sequence["DescentReport"], landscape: Landscape) -> None:
    """A plane for each run, so that no path lies over another one; the other paths are thin and grey there."""
    columns = math.ceil(math.sqrt(len(runs)))
    rows = math.ceil(len(runs) / columns)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    trails = [trail(run) for run in runs]
    for number, axes in enumerate(panels.flat):
        if number >= len(runs):
            axes.remove()
            continue
        draw_landscape(axes, landscape, scale=number == columns - 1)
        for other, path in enumerate(trails):
            if other != number:
                places = [place or (math.nan, math.nan) for place in placed(landscape, path)]
                axes.plot(*zip(*places, strict=True), color=GROUND, linewidth=0.7, alpha=0.6, zorder=3)
        draw_trail(axes, landscape, trails[number], number, runs[number].settings.label)
        plain(axes.set_title(runs[number].settings.label, fontsize=8.5, color=look(number).colour, loc="left"))
        axes.label_outer()
    figure.suptitle(
        told("each path runs from its hollow mark to its star"), fontsize=8.5, color=GROUND, x=0.02, ha="left"
    )


def _figure(runs: Sequence["DescentReport"], landscape: Landscape | None) -> Figure:
    figure = Figure(figsize=(7, 5.2) if landscape is None else (11, framed(landscape, 4.6)), layout="constrained")
    if landscape is None:
        values, norms = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    elif len(landscape.axes) == 2 and 1 < len(runs) <= _MOST_PLANES:
        halves: Any = figure.subfigures(1, 2, width_ratios=(6, 5))
        _draw_planes(halves[0], runs, landscape)
        values, norms = halves[1].subplots(2, 1, sharex=True, height_ratios=(3, 2))
    else:
        panels: dict[str, Axes] = figure.subplot_mosaic(
            [["path", "values"], ["path", "norms"]], width_ratios=(6, 5), height_ratios=(3, 2)
        )
        path, values, norms = panels["path"], panels["values"], panels["norms"]
        values.sharex(norms)
        path.set_title(told("each path runs from its hollow mark to its star"), fontsize=8.5, color=GROUND, loc="left")
        trails = [trail(run) for run in runs]
        draw_landscape(path, landscape)
        draw_trails(path, landscape, trails, [run.settings.label for run in runs])
        if len(landscape.axes) == 1:
            set_heights(path, landscape, trails)
    curves = value_curves(runs)
    draw_curves(values, curves, told("value"))
    draw_curves(norms, norm_curves(runs), told("|gradient|"))
    norms.set_xlabel(told("step"))
    values.tick_params(labelbottom=False)
    if len(curves) > 1:
        # below all panels, where it covers nothing
        for entry in figure.legend(
            *values.get_legend_handles_labels(), loc="outside lower center", ncols=4 if landscape else 3
        ).get_texts():
            plain(entry)
    titled(figure, runs[0].expression)
    return figure
