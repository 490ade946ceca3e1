"""Arrays made from options alone. Nothing flows back from them."""

from collections.abc import Sequence
from typing import Any

from diffcli.messages import Message
from diffcli.primitives.declaration import leaf
from diffcli.primitives.options import EXTENTS, REQUIRED, Option, not_negative, number, or_none, positive
from diffcli.primitives.shape import Shape, ShapeFault

_SEED = Option("seed", 0, not_negative)


def _shape(shapes: Sequence[Shape], shape: Shape, seed: int = 0) -> Shape:
    return shape


def _square(shapes: Sequence[Shape], n: int, m: int | None = None) -> Shape:
    return (n, m or n)


def _progression(start: float, stop: float | None, step: float) -> tuple[float, float, float]:
    """Start, stop and step of `arange`: with one argument it is the stop."""
    return (0, start, step) if stop is None else (start, stop, step)


def _range_shape(shapes: Sequence[Shape], start: float, stop: float | None = None, step: float = 1) -> Shape:
    first, last, by = _progression(start, stop, step)
    count = -int((first - last) // by) if by else 0
    if count < 1:
        raise ShapeFault(Message("the range is empty"), (), Message("arange(3) is 0, 1, 2; arange(1, 4) is 1, 2, 3"), "start")
    return (count,)


def _random(draw: str) -> Any:
    return lambda m, shape, seed=0: m.random(draw, shape, seed)


def _identity(arithmetic: Any, n: int, m: int | None = None) -> Any:
    return arithmetic.eye(n, m or n)


zeros = leaf("zeros", "An array of zeros.", shape=_shape, options=(EXTENTS,), compute=lambda m, shape: m.number(0.0, shape), example='diffcli grad "sum((x - zeros(2))^2)" --at 3,4')
ones = leaf("ones", "An array of ones.", shape=_shape, options=(EXTENTS,), compute=lambda m, shape: m.number(1.0, shape), example='diffcli grad "dot(ones(2), x^2)" --at 3,4')
eye = leaf(
    "eye", "The identity matrix.", shape=_square, options=(Option("n", REQUIRED, positive), Option("m", None, or_none(positive))),
    compute=_identity, aliases=("identity",), example='diffcli grad "sum((x * eye(2))^2)" --at 3',
)
arange = leaf(
    "arange", "Numbers from start up to, not including, stop.", shape=_range_shape,
    options=(Option("start", REQUIRED, number), Option("stop", None, or_none(number)), Option("step", 1, number)),
    compute=lambda m, start, stop=None, step=1: m.progression(*_progression(start, stop, step)), example='diffcli grad "sum(x^arange(3))" --at 2',
)
linspace = leaf(
    "linspace", "Evenly spaced numbers from start to stop, both included.", shape=lambda shapes, start, stop, num=50: (num,),
    options=(Option("start", REQUIRED, number), Option("stop", REQUIRED, number), Option("num", 50, positive, ("steps",))),
    compute=lambda m, start, stop, num=50: m.evenly_spaced(start, stop, num), example='diffcli grad "mean(sin(w * linspace(0, pi, 5)))" --at 1',
)
randn = leaf(
    "randn", "Random numbers, normally distributed; the same for the same seed.", shape=_shape, options=(EXTENTS, _SEED), compute=_random("standard_normal"),
    example='diffcli grad "sum(W^2)" --at "W=randn(2, 2, seed=1)"',
)
rand = leaf("rand", "Random numbers between 0 and 1; the same for the same seed.", shape=_shape, options=(EXTENTS, _SEED), compute=_random("random"), example='diffcli grad "sum(x * rand(3, seed=1))" --at 2')
