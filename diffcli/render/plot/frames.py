"""The frames of an animation: the ground that stays, the paths, and the steps at which they are shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from diffcli.analysis.descent.landscape import Landscape, Trail, trail
from diffcli.render.plot.figure import framed, spaced, titled
from diffcli.render.plot.panels import draw_landscape, placed, set_heights

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport

#: The most frames of an animation, and how many of the first steps have one each.
MOST_FRAMES, _FIRST = 120, 40


class Ground(NamedTuple):
    """A figure with the landscape alone, laid out, and the runs' paths over it."""

    canvas: FigureCanvasAgg
    axes: Axes
    trails: tuple[Trail, ...]
    places: tuple[list[tuple[float, float] | None], ...]
    labels: tuple[str, ...]
    steps: tuple[int, ...]


def ground(runs: Sequence["DescentReport"], landscape: Landscape, dpi: int, *, heading: bool) -> Ground:
    """Draw the landscape; the steps of the frames are all steps, or the first ones and then ever fewer.

    With a heading the picture says the expression and has room for the number of the step; without one what is around
    it does.
    """
    figure = Figure(figsize=(6.4, framed(landscape, 5.0)), dpi=dpi, layout="constrained")
    canvas = FigureCanvasAgg(figure)
    axes = figure.subplots()
    trails = tuple(trail(run) for run in runs)
    draw_landscape(axes, landscape)
    if len(landscape.axes) == 1:
        set_heights(axes, landscape, trails)
    if heading:
        titled(figure, runs[0].expression)
        axes.set_title(" ")  # where the number of the step will stand
    spaced(figure)
    canvas.draw()
    labels = tuple(run.settings.label for run in runs)
    steps = frame_steps(min(path.iterations[0] for path in trails), max(path.iterations[-1] for path in trails))
    return Ground(canvas, axes, trails, tuple(placed(landscape, path) for path in trails), labels, steps)


def frame_steps(first: int, last: int) -> tuple[int, ...]:
    """At most so many steps from the first to the last, growing by equal ratios after the first ones."""
    if last - first < MOST_FRAMES:
        return tuple(range(first, last + 1))
    rest = MOST_FRAMES - _FIRST
    ratio = ((last - first) / _FIRST) ** (1 / rest)
    return tuple(
        sorted({*range(first, first + _FIRST), *(first + round(_FIRST * ratio**turn) for turn in range(1, rest + 1))})
    )


def reached(path: Trail, step: int) -> int:
    """The number of a path's points at a step."""
    return min(step - path.iterations[0] + 1, len(path.iterations)) if step >= path.iterations[0] else 0
