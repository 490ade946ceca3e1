"""The panels of a picture: values over steps, the expression along a line, contours over a plane."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, LinearSegmentedColormap
from matplotlib.contour import ContourSet
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from diffcli.analysis.descent.curves import Curve, spans_decades
from diffcli.analysis.descent.landscape import Landscape, Trail
from diffcli.messages import told
from diffcli.render.plot_style import GROUND, SLOPE, look
from diffcli.render.value_text import number

#: Points of a curve that are marked each; longer ones have marks at some of them.
_MARKED = 30
_NOWHERE = (math.nan, math.nan)
#: Matplotlib puts the ends of the last contours there.
_HIGHEST = 1e250
#: Sets paths off from contours.
_HALO = [Stroke(linewidth=3.2, foreground="white"), Normal()]


def plain(text: Text) -> None:
    """Show a text as it is: `$` and `_` are the user's, not commands for formulas."""
    text.set_parse_math(False)


def draw_curves(axes: Axes, curves: Sequence[Curve], name: str) -> None:
    """Numbers over steps, on a logarithmic scale where they span decades."""
    for run, curve in enumerate(curves):
        style = look(run)
        points = [(step, value) for step, value in zip(curve.steps, curve.values, strict=True) if math.isfinite(value)]
        stride = 1 if len(points) <= _MARKED else len(points) // 8
        steps, values = [step for step, _ in points], [value for _, value in points]
        every = stride * (run % 5) // 5, stride
        axes.plot(steps, values, label=told(curve.label), linewidth=1.6, markersize=4, markevery=every, **style.line)
    if spans_decades([value for curve in curves for value in curve.values]):
        axes.set_yscale("log", nonpositive="mask")
    if not any(math.isfinite(value) for curve in curves for value in curve.values):
        _remark(axes)
    axes.set_ylabel(name)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(True)
    axes.margins(x=0.02)
    if len({step for curve in curves for step in curve.steps}) == 1:
        axes.set_xlim(curves[0].steps[0] - 1, curves[0].steps[0] + 1)


def _remark(axes: Axes) -> None:
    axes.text(
        0.5, 0.5, told("no value is finite here"), transform=axes.transAxes, ha="center", va="center", color=GROUND
    )


def draw_landscape(axes: Axes, landscape: Landscape, scale: bool = True) -> None:
    """The expression itself: its graph, or its contours, beside them their `scale`."""
    if len(landscape.axes) == 1:
        _draw_line(axes, landscape)
    else:
        _draw_contours(axes, landscape, scale)
    plain(axes.set_xlabel(landscape.names[0]))


def slope(landscape: Landscape) -> float | None:
    """Height over width of a panel with both axes to one scale; None where they differ too much."""
    if len(landscape.axes) == 1:
        return None
    across, up = landscape.axes
    found = (up[-1] - up[0]) / (across[-1] - across[0])
    return found if 1 / 3 <= found <= 3 else None


def draw_trails(axes: Axes, landscape: Landscape, trails: Sequence[Trail], labels: Sequence[str]) -> None:
    """The paths over it, each from a hollow mark to a star."""
    for run, (trail, label) in enumerate(zip(trails, labels, strict=True)):
        draw_trail(axes, landscape, trail, run, label)


def draw_trail(axes: Axes, landscape: Landscape, trail: Trail, run: int, label: str) -> None:
    """The path of a run."""
    style = look(run)
    places = [place or _NOWHERE for place in placed(landscape, trail)]
    across, along = zip(*places, strict=True)
    rest = range(_MARKED, len(places), max(1, len(places) // _MARKED))
    (line,) = axes.plot(across, along, label=label, linewidth=1.4, zorder=4 + run / 100, **style.line)
    line.set_markersize(3.5)
    line.set_markevery([*range(min(_MARKED, len(places))), *rest])
    line.set_path_effects(_HALO if len(landscape.axes) == 2 else [])
    axes.plot(
        across[:1],
        along[:1],
        marker=style.marker,
        markersize=8,
        markerfacecolor="white",
        markeredgecolor=style.colour,
        linestyle="",
        zorder=6,
    )
    axes.plot(
        across[-1:],
        along[-1:],
        marker="*",
        markersize=12,
        color=style.colour,
        markeredgecolor="white",
        linestyle="",
        zorder=7,
    )


def placed(landscape: Landscape, trail: Trail) -> list[tuple[float, float] | None]:
    """The place of each point of a path; None of one out of all bounds."""
    across = landscape.axes[0]
    far = 50 * (across[-1] - across[0])
    found: list[tuple[float, float] | None] = []
    for point, value in zip(trail.points, trail.values, strict=True):
        place = (point[0], value) if len(point) == 1 else (point[0], point[1])
        inside = all(map(math.isfinite, place)) and abs(point[0] - across[0]) <= far
        if len(point) == 2:
            up = landscape.axes[1]
            inside = inside and abs(point[1] - up[0]) <= 50 * (up[-1] - up[0])
        found.append(place if inside else None)
    return found


def _draw_line(axes: Axes, landscape: Landscape) -> None:
    [across], [values] = landscape.axes, landscape.values
    axes.plot(across, _broken(values), color=GROUND, linewidth=1.3, zorder=2)
    if not any(map(math.isfinite, values)):
        _remark(axes)
    axes.set_xlim(across[0], across[-1])
    axes.set_ylabel(told("value"))
    axes.grid(True)


def set_heights(axes: Axes, landscape: Landscape, trails: Sequence[Trail]) -> None:
    """Bound a graph's panel by the path's values and the curve near them: a pole must not flatten all the rest."""
    [across], [values] = landscape.axes, landscape.values
    seen = [value for trail in trails for point, value in zip(trail.points, trail.values, strict=True)
            if across[0] <= point[0] <= across[-1] and math.isfinite(value)]  # fmt: skip
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = (min(seen), max(seen)) if seen else (min(finite), max(finite))
    around = max(high - low, 1e-3 * max(abs(low), abs(high)))
    bottom, top = max(min(finite), low - 0.8 * around), min(max(finite), high + 0.8 * around)
    bottom, top = min(bottom, low), max(top, high)
    margin = 0.07 * (top - bottom) or 0.5
    axes.set_ylim(bottom - margin, top + margin)


def _broken(values: Sequence[float]) -> list[float]:
    """The curve with a gap where it jumps through a pole."""
    finite = sorted(abs(value) for value in values if math.isfinite(value))
    usual = finite[len(finite) // 2] if finite else 0.0
    found = list(values)
    for index in range(1, len(values)):
        before, after = values[index - 1], values[index]
        if before * after < 0 and min(abs(before), abs(after)) > 5 * usual:
            found[index] = math.nan
    return found


def _distinct(values: Sequence[float]) -> list[str]:
    """Numbers in as few digits as tell them apart."""
    found: list[str] = []
    for digits in range(2, 18):
        found = [number(float(number(value, digits)), max(digits, 6)) for value in values]  # 280, not 2.8e+02
        if len(set(found)) == len(values):
            break
    return found


def _draw_contours(axes: Axes, landscape: Landscape, scale: bool) -> None:
    across, up = landscape.axes
    colours = LinearSegmentedColormap.from_list("slope", SLOPE)
    if len(landscape.levels) > 1 and max(map(abs, landscape.levels)) < _HIGHEST:
        norm = BoundaryNorm(landscape.levels, colours.N, extend="both")
        filled = axes.contourf(
            across, up, landscape.values, levels=landscape.levels, cmap=colours, norm=norm, extend="both"
        )
        axes.contour(
            across,
            up,
            landscape.values,
            levels=landscape.levels,
            colors=GROUND,
            linewidths=0.45,
            linestyles="solid",
            alpha=0.8,
        )
        if scale:
            _draw_scale(axes, landscape, filled)
    axes.set_xlim(across[0], across[-1])
    axes.set_ylim(up[0], up[-1])
    if slope(landscape) is not None:
        axes.set_aspect("equal", adjustable="box")
    plain(axes.set_ylabel(landscape.names[1]))


def _draw_scale(axes: Axes, landscape: Landscape, filled: ContourSet) -> None:
    """The values of the contours' colours, on the right."""
    ticks = landscape.levels[:: max(1, len(landscape.levels) // 6)]
    bar = axes.figure.colorbar(filled, cax=axes.inset_axes((1.025, 0, 0.025, 1)), ticks=ticks)
    bar.ax.set_yticklabels(_distinct(ticks))
    bar.ax.minorticks_off()
    bar.ax.tick_params(labelsize=8)
    bar.outline.set_visible(False)
    bar.ax.set_title(told("value"), fontsize=8, pad=12)
