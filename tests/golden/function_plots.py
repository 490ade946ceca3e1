"""The small pictures of functions in the documentation: the graph of each that takes one number, and its derivative."""

from collections.abc import Iterator

import numpy as np
from golden.pages import DOCS

import diffcli
from diffcli.primitives.definition import Definition
from diffcli.primitives.options import REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import FAMILIES, Function

FOLDER = DOCS / "pictures" / "functions"
#: The picture is a square, from minus to plus this in both directions.
_SIDE, _REACH = 160, 4
_UNIT = _SIDE / (2 * _REACH)
#: Points so near to each other that only a jump is higher from one to the next than this; every tenth is drawn.
_POINTS, _JUMP, _DRAWN = np.linspace(-_REACH, _REACH, 4001), 0.5, 10


def plotted() -> Iterator[str]:
    """The names of the functions that have a graph: of one number, element by element."""
    for function in (function for family in FAMILIES.values() for function in family):
        needed = [name for name in function.operands if name not in function.defaults]
        if len(needed) == 1 and _elementwise(function):
            yield function.name


def _elementwise(function: Function) -> bool:
    if isinstance(function, Primitive):
        return function.kind == "elementwise" and all(option.default is not REQUIRED for option in function.options)
    return isinstance(function, Definition) and function.operands[:1] == ("x",) and _alone(function.name)


def _alone(name: str) -> bool:
    """Whether each element's result depends on that element alone."""
    of = diffcli.compile(f"{name}(x)", x=[0.25, 0.5])
    return bool(np.array_equal(of.value([0.25, 0.5])[:1], of.value([0.25])))


def picture(name: str) -> str:
    """The SVG of a function, and of its derivative in dashes."""
    value = diffcli.compile(f"{name}(x)", x=_POINTS).value()
    slope = diffcli.compile(f"sum({name}(x))", x=_POINTS).gradient()["x"]
    slope = np.where(np.isfinite(value), slope, np.nan)
    middle = _SIDE // 2
    ticks = "".join(f"M{at} {middle - 2}v4M{middle - 2} {at}h4" for at in range(0, _SIDE + 1, int(_UNIT)))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIDE}" height="{_SIDE}" viewBox="0 0 {_SIDE} {_SIDE}" '
        'fill="none" role="img">',
        f"<title>{name} and its derivative (dashed) from {-_REACH} to {_REACH}</title>",
        f'<path stroke="#7A8490" stroke-width="0.8" d="M0 {middle}h{_SIDE}M{middle} 0v{_SIDE}{ticks}"/>',
        f'<path stroke="#D55E00" stroke-width="1.6" stroke-dasharray="4 3" d="{_path(slope)}"/>',
        f'<path stroke="#0072B2" stroke-width="2" d="{_path(value)}"/>',
        "</svg>\n",
    ]
    return "\n".join(lines)


def _path(heights: "np.ndarray") -> str:
    """The curve, in pieces where it jumps, leaves the picture or is not there."""
    heights = np.where(np.abs(heights) <= _REACH, heights, np.nan)
    breaks = np.flatnonzero(~(np.abs(np.diff(heights)) <= _JUMP)) + 1  # of nan too
    pieces = (piece for piece in np.split(np.arange(len(heights)), breaks) if len(piece) > 1)
    return "".join(
        "M" + "L".join(f"{(_POINTS[at] + _REACH) * _UNIT:.4g} {(_REACH - heights[at]) * _UNIT:.4g}" for at in drawn)
        for drawn in ([*piece[:-1:_DRAWN], piece[-1]] for piece in pieces)
    )
