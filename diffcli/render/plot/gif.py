"""An animation as a GIF."""

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from diffcli.analysis.descent.landscape import Landscape
from diffcli.messages import told
from diffcli.render.plot.frames import Ground, ground, reached
from diffcli.render.plot.panels import plain
from diffcli.render.plot_style import look, styled
from diffcli.render.value_text import number

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport

_DPI = 100
#: From here on a colour may get the palette's entry for white, and white that of the colour: Pillow compares by eights.
_NEARLY_WHITE = 248
#: Milliseconds of a frame, by how many there are; and of the last one.
_SLOW, _QUICK, _STAY = 400, 80, 2500


def gif(runs: Sequence["DescentReport"], landscape: Landscape) -> bytes:
    """The paths growing over the landscape: the ground is drawn once, a frame only adds the paths."""
    with styled():
        stage = ground(runs, landscape, _DPI, heading=True)
        lines, heads, caption = _artists(stage)
        stage.canvas.draw()
        empty = stage.canvas.copy_from_bbox(stage.canvas.figure.bbox)
        frames: list[Image.Image] = []
        for step in stage.steps:
            stage.canvas.restore_region(empty)
            _place(stage, lines, heads, caption, step)
            for artist in (*lines, *heads, caption):
                stage.axes.draw_artist(artist)
            frames.append(
                Image.frombytes("RGBA", stage.canvas.get_width_height(), bytes(stage.canvas.buffer_rgba())).convert(
                    "RGB"
                )
            )
    palette = _palette(frames[-1])
    images = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    pause = max(_QUICK, min(_SLOW, 8000 // len(images)))
    content = io.BytesIO()
    images[0].save(
        content,
        "GIF",
        save_all=True,
        append_images=images[1:],
        duration=[pause] * (len(images) - 1) + [_STAY],
        loop=0,
        optimize=False,
    )
    return content.getvalue()


def _palette(frame: Image.Image) -> Image.Image:
    """One palette for all frames, or the ground would flicker: the commonest colours, substitutes for the others."""
    counted: Any = frame.getcolors(frame.width * frame.height)
    common = [colour for _, colour in sorted(counted, reverse=True)[:64]]
    parts: Any = frame.quantize(192, dither=Image.Dither.NONE).getpalette()
    found = [*common, *zip(parts[::3], parts[1::3], parts[2::3], strict=True)]
    kept = [(255, 255, 255), *(colour for colour in found if min(colour) < _NEARLY_WHITE)]
    made = Image.new("P", (1, 1))
    made.putpalette([part for colour in kept[:256] for part in colour])
    return made


def _artists(stage: Ground) -> tuple[list[Line2D], list[Line2D], Text]:
    """The paths, their ends, and the line of text, none of which is part of the ground."""
    axes: Axes = stage.axes
    lines: list[Line2D] = []
    heads: list[Line2D] = []
    for run, label in enumerate(stage.labels):
        style = look(run)
        lines += axes.plot([], [], label=label, linewidth=1.5, markersize=3, animated=True, **style.line)
        heads += axes.plot(
            [],
            [],
            color=style.colour,
            marker=style.marker,
            markersize=9,
            markeredgecolor="white",
            linestyle="",
            animated=True,
            zorder=6,
        )
    if len(lines) > 1:
        for entry in axes.legend(loc="upper right").get_texts():
            plain(entry)
    caption = axes.text(
        0,
        1.02,
        "",
        transform=axes.transAxes,
        fontsize=9,
        family=["DejaVu Sans Mono", *rcParams["font.family"]],
        animated=True,
    )
    return lines, heads, caption


def _place(stage: Ground, lines: Sequence[Line2D], heads: Sequence[Line2D], caption: Text, step: int) -> None:
    for path, places, line, head in zip(stage.trails, stage.places, lines, heads, strict=True):
        seen = [place or (math.nan, math.nan) for place in places[: reached(path, step)]]
        across, along = [place[0] for place in seen], [place[1] for place in seen]
        line.set_data(across, along)
        line.set_markevery(max(1, len(seen) // 40))
        head.set_data(across[-1:], along[-1:])
    values = [path.values[count - 1] for path in stage.trails if (count := reached(path, step))]
    caption.set_text(
        told("step {step:<6} value {value}", step=step, value=number(values[0], 4))
        if len(stage.trails) == 1 and values
        else told("step {step:<6}", step=step)
    )
