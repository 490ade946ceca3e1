"""An animation as a web page in the player's style, which loads nothing: a picture, the paths over it, and a slider."""

import base64
import io
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from diffcli.analysis.descent.landscape import Landscape
from diffcli.messages import speech, told
from diffcli.render.excerpt import one_line
from diffcli.render.messages import Texts
from diffcli.render.player.markup import html, packed, whole_page
from diffcli.render.player.page_colours import themes
from diffcli.render.plot.frames import Ground, ground, reached
from diffcli.render.plot_style import look, styled
from diffcli.render.value_text import number

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport

_DPI = 200
#: The most points of a path on the page; of a longer one every n-th.
_MOST_POINTS = 4000
_DASHES = ("", "12 5", "3 4", "14 5 3 5", "7 4")


def page(runs: Sequence["DescentReport"], landscape: Landscape) -> bytes:
    """The HTML; without scripts it shows the whole paths."""
    with styled():
        stage = ground(runs, landscape, _DPI, heading=False)
        image = io.BytesIO()
        stage.canvas.print_png(image, metadata={"Software": None})
    width, height = stage.canvas.get_width_height()
    panel = stage.axes.get_window_extent()
    entries = [_entry(stage, run, height) for run in range(len(stage.trails))]
    texts, expression = Texts(speech().language), one_line(runs[0].expression, False)
    style, script = themes() + packed("animation.css", _FOLDER), _script(stage, entries)
    markup = {
        "image": base64.b64encode(image.getvalue()).decode(),
        "paths": "\n".join(_path(run, entry) for run, entry in enumerate(entries)),
        "rows": "\n".join(map(_row, range(len(entries)), stage.labels, entries)),
    }
    words: Mapping[str, object] = {
        "title": expression, "width": width, "height": height,
        "left": round(panel.x0), "top": round(height - panel.y1), "across": round(panel.width),
        "down": round(panel.height), "last": len(stage.steps) - 1, "language": texts.html_language,
        "play": told("Play"), "step": told("step"), "runs_word": told("value"),
        "steps_over": told("the steps over {expression}", expression=expression),
        "theme_word": texts.theme, "automatic": texts.automatic, "light": texts.light, "dark": texts.dark,
    }  # fmt: skip
    said = {name: str(word) for name, word in words.items()}
    return whole_page("animation.html", said, markup, style, script, _FOLDER).encode()


#: Where the page's template, style and script are.
_FOLDER = "diffcli.render.plot"


def _script(stage: Ground, entries: "Sequence[_Entry]") -> str:
    """The script behind its data."""
    words = json.dumps({"play": told("Play"), "pause": told("Pause"), "step": told("step {step}")})
    constants = {
        "steps": json.dumps(stage.steps),
        "runs": json.dumps(entries, separators=(",", ":")),
        "words": words.replace("<", "\\u003c"),
        "pause": str(max(80, min(400, 8000 // len(stage.steps)))),
    }
    head = "".join(f"const {name} = {value};\n" for name, value in constants.items())
    return head + packed("animation.js", _FOLDER)


class _Entry(TypedDict):
    """A run's points in the picture, how many of them there are at each frame, and the value there as text."""

    points: list[list[float]]
    frames: list[int]
    values: list[str]


def _entry(stage: Ground, run: int, height: int) -> _Entry:
    path, places = stage.trails[run], stage.places[run]
    stride = max(1, -(-len(places) // _MOST_POINTS))
    kept = [
        index
        for index, place in enumerate(places)
        if place is not None and (index % stride == 0 or index == len(places) - 1)
    ]
    pixels = [stage.axes.transData.transform(place) for index in kept if (place := places[index]) is not None]
    counts = [reached(path, step) for step in stage.steps]
    frames, taken = [], 0
    for count in counts:
        while taken < len(kept) and kept[taken] < count:
            taken += 1
        frames.append(taken)
    return {
        "points": [[round(float(across), 1), round(height - float(up), 1)] for across, up in pixels],
        "frames": frames,
        "values": [number(path.values[count - 1]) if count else "" for count in counts],
    }


def _path(run: int, entry: _Entry) -> str:
    points = " ".join(f"{across},{down}" for across, down in entry["points"])
    colour = _ink(run)
    end = entry["points"][-1] if entry["points"] else (-99, -99)
    return (
        f'    <polyline id="halo{run}" class="halo" points="{points}" fill="none" stroke-width="6"/>\n'
        f'    <polyline id="path{run}" points="{points}" fill="none" stroke-linejoin="round" {_stroke(run)}/>\n'
        f'    <circle id="head{run}" cx="{end[0]}" cy="{end[1]}" r="9" fill="{colour}" stroke-width="2"/>'
    )


def _ink(run: int) -> str:
    """A run's colour; black is the ink of the page, whatever its theme."""
    colour = look(run).colour
    return "currentColor" if colour == "#000000" else colour


def _stroke(run: int) -> str:
    return f'stroke="{_ink(run)}" stroke-width="3.5" stroke-dasharray="{_DASHES[run % len(_DASHES)]}"'


def _row(run: int, label: str, entry: _Entry) -> str:
    line = f'<svg aria-hidden="true" viewBox="0 0 32 8"><path d="M0 4h32" {_stroke(run)}/></svg>'
    value = f'<span id="value{run}">{entry["values"][-1]}</span>'
    before, after = (html(part) for part in told("value {value}", value="\n").split("\n"))
    said = before + value + after
    return f'<tr><th scope="row">{line}{html(label)}</th><td>{said}</td></tr>'
