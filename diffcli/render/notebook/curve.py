"""The values of a descent over its steps as a small picture, which needs no extra."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from diffcli.analysis.descent.curves import Curve, value_curves
from diffcli.messages import told
from diffcli.render.excerpt import one_line
from diffcli.render.text.chart import Scale, drawable, scale_of
from diffcli.render.value_text import number

if TYPE_CHECKING:
    from diffcli.analysis.descent.descent_report import DescentReport

#: The picture, and the room around the curves for what stands beside the axes.
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 480, 220, 70, 12, 26, 40
_COLOURS = ("#0072B2", "#D55E00", "#009E73")
_DASHES = ("", "6 3", "2 3")
#: More points than the picture is wide would be drawn over each other.
_MOST_POINTS = 400


def curve(report: "DescentReport") -> str | None:
    """The SVG element; None where there are too few values to see."""
    curves = value_curves([report], batches=False)
    if not drawable(curves):
        return None
    scale = scale_of([value for each in curves for value in each.values])
    last = max(each.steps[-1] for each in curves) or 1
    expression = one_line(report.expression, False)
    title = escape(
        told("value of {expression} at each step, on a logarithmic scale", expression=expression)
        if scale.logarithmic
        else told("value of {expression} at each step", expression=expression)
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-family="sans-serif" font-size="12" fill="currentColor">',
        f"<title>{title}</title>",
        *_axes(scale, last),
    ]
    for place, each in enumerate(curves):
        points = " ".join(f"{_across(step, last):.1f},{_down(height):.1f}" for step, height in _points(each, scale))
        look = f'stroke="{_COLOURS[place % 3]}" stroke-width="2" stroke-dasharray="{_DASHES[place % 3]}"'
        lines.append(f'<polyline fill="none" {look} points="{points}"/>')
        if len(curves) > 1:
            left = _LEFT + 130 * place
            lines.append(f'<path fill="none" {look} d="M{left},14h24"/>')
            lines.append(f'<text x="{left + 30}" y="18">{escape(each.label)}</text>')
    return "\n".join([*lines, "</svg>"])


def _axes(scale: Scale, last: int) -> Iterator[str]:
    """The frame, the values at some heights, the first and the last step."""
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    yield f'<path d="M{_LEFT},{_TOP}V{bottom}H{right}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>'
    for tick in scale.ticks(5):
        height = scale.height(tick)
        if height is not None and -0.01 <= height <= 1.01:
            down = _down(height)
            yield f'<path d="M{_LEFT},{down:.1f}H{right}" stroke="currentColor" stroke-opacity="0.15"/>'
            yield f'<text x="{_LEFT - 6}" y="{down + 4:.1f}" text-anchor="end">{number(tick, 4)}</text>'
    yield f'<text x="{_LEFT}" y="{bottom + 16}" text-anchor="middle">0</text>'
    yield f'<text x="{right}" y="{bottom + 16}" text-anchor="end">{last:,}</text>'
    yield f'<text x="{(_LEFT + right) / 2}" y="{bottom + 32}" text-anchor="middle">{told("step")}</text>'


def _points(curve: Curve, scale: Scale) -> Sequence[tuple[int, float]]:
    """The curve's points that can be drawn, thinned out, the last one kept."""
    found = [
        (step, height)
        for step, value in zip(curve.steps, curve.values, strict=True)
        if (height := scale.height(value)) is not None
    ]
    stride = max(1, -(-len(found) // _MOST_POINTS))
    return [*found[:-1:stride], *found[-1:]]


def _across(step: int, last: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * step / last


def _down(height: float) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - height)
