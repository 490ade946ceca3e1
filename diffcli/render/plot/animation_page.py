"""An animation as a web page that needs no other file: a picture, the paths as SVG over it, and a slider."""

import base64
import html
import io
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypedDict

from diffcli.analysis.descent.landscape import Landscape
from diffcli.messages import speech, told
from diffcli.render.excerpt import one_line
from diffcli.render.messages import Texts
from diffcli.render.plot.frames import Ground, ground, reached
from diffcli.render.plot.style import look, styled
from diffcli.render.value_text import number

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport

_DPI = 200
#: The most points of a path on the page; of a longer one every n-th.
_MOST_POINTS = 4000
_DASHES = ("", "12 5", "3 4", "14 5 3 5", "7 4")

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  body {{ font: 16px/1.4 system-ui, sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem }}
  body {{ color: #222; background: #fff }}
  h1 {{ font: 1.2rem ui-monospace, monospace; text-align: center; overflow-wrap: anywhere }}
  svg {{ width: 100%; height: auto; display: block }}
  .controls {{ display: flex; gap: .8rem; align-items: center }}
  input[type=range] {{ flex: 1 }}
  button {{ font: inherit; min-width: 5rem }}
  table {{ margin-top: .8rem; border-spacing: .6rem 0; font-variant-numeric: tabular-nums }}
  th {{ font-weight: normal; text-align: left }}
  th svg {{ display: inline; width: 2rem; margin-right: .6rem }}
  td {{ min-width: 9.5rem }}
  @media print {{ button, input {{ display: none }} }}
</style>
<main>
<h1>{title}</h1>
<svg viewBox="0 0 {width} {height}" role="img" aria-label="{steps_over}">
  <image href="data:image/png;base64,{image}" width="{width}" height="{height}"/>
  <clipPath id="panel"><rect x="{left}" y="{top}" width="{across}" height="{down}"/></clipPath>
  <g clip-path="url(#panel)">
{paths}
  </g>
</svg>
<div class="controls">
  <button id="play" type="button">{play}</button>
  <input id="frame" type="range" min="0" max="{last}" value="{last}" aria-label="{step}">
  <output id="step" for="frame" aria-live="off"></output>
</div>
<table>
{rows}
</table>
</main>
<script>
"use strict";
const steps = {steps};
const runs = {runs};
const words = {words};
const frame = document.getElementById("frame"), play = document.getElementById("play");
let timer = null;
function show() {{
  const at = Number(frame.value);
  document.getElementById("step").textContent = words.step.replace("{{step}}", steps[at]);
  frame.setAttribute("aria-valuetext", String(steps[at]));
  runs.forEach((run, index) => {{
    const seen = run.points.slice(0, run.frames[at]);
    document.getElementById("path" + index).setAttribute("points", seen.map(point => point.join(",")).join(" "));
    const end = seen.length ? seen[seen.length - 1] : [-99, -99];
    const head = document.getElementById("head" + index);
    head.setAttribute("cx", end[0]);
    head.setAttribute("cy", end[1]);
    document.getElementById("value" + index).textContent = run.values[at];
  }});
}}
function stop() {{ clearInterval(timer); timer = null; play.textContent = words.play; }}
play.addEventListener("click", () => {{
  if (timer) {{ stop(); return; }}
  if (Number(frame.value) === steps.length - 1) frame.value = 0;
  play.textContent = words.pause;
  timer = setInterval(() => {{
    if (Number(frame.value) === steps.length - 1) stop();
    else {{ frame.value = Number(frame.value) + 1; show(); }}
  }}, {pause});
  show();
}});
frame.addEventListener("input", () => {{ stop(); show(); }});
show();
</script>
</html>
"""


def page(runs: Sequence["DescentReport"], landscape: Landscape) -> bytes:
    """The HTML; without scripts it shows the whole paths."""
    with styled():
        stage = ground(runs, landscape, _DPI, heading=False)
        image = io.BytesIO()
        stage.canvas.print_png(image, metadata={"Software": None})
    width, height = stage.canvas.get_width_height()
    panel = stage.axes.get_window_extent()
    entries = [_entry(stage, run, height) for run in range(len(stage.trails))]
    words = {"play": told("Play"), "pause": told("Pause"), "step": told("step {step}")}
    text = _PAGE.format(
        title=html.escape(one_line(runs[0].expression, False)), width=width, height=height,
        image=base64.b64encode(image.getvalue()).decode(),
        left=round(panel.x0), top=round(height - panel.y1), across=round(panel.width), down=round(panel.height),
        paths="\n".join(_path(run, entry) for run, entry in enumerate(entries)),
        rows="\n".join(map(_row, range(len(entries)), stage.labels, entries)),
        last=len(stage.steps) - 1, steps=json.dumps(stage.steps), runs=json.dumps(entries, separators=(",", ":")),
        pause=max(80, min(400, 8000 // len(stage.steps))),
        language=Texts(speech().language).html_language, words=json.dumps(words).replace("<", "\\u003c"),
        play=html.escape(words["play"]), step=html.escape(told("step")),
        steps_over=html.escape(told("the steps over {expression}", expression=one_line(runs[0].expression, False))),
    )  # fmt: skip
    return text.encode()


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
    colour = look(run).colour
    end = entry["points"][-1] if entry["points"] else (-99, -99)
    return (
        f'    <polyline id="path{run}" points="{points}" fill="none" stroke-linejoin="round" {_stroke(run)}/>\n'
        f'    <circle id="head{run}" cx="{end[0]}" cy="{end[1]}" r="9" fill="{colour}" stroke="#fff" stroke-width="2"/>'
    )


def _stroke(run: int) -> str:
    return f'stroke="{look(run).colour}" stroke-width="3.5" stroke-dasharray="{_DASHES[run % len(_DASHES)]}"'


def _row(run: int, label: str, entry: _Entry) -> str:
    line = f'<svg aria-hidden="true" viewBox="0 0 32 8"><path d="M0 4h32" {_stroke(run)}/></svg>'
    value = f'<span id="value{run}">{entry["values"][-1]}</span>'
    before, after = (html.escape(part) for part in told("value {value}", value="\n").split("\n"))
    said = before + value + after
    return f'<tr><th scope="row">{line}{html.escape(label)}</th><td>{said}</td></tr>'
