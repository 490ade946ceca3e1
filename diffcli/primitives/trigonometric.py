"""Trigonometric functions and their inverses; angles are in radians."""

from diffcli.primitives.declaration import elementwise
from diffcli.primitives.domain import NOT_THE_ORIGIN, between, real
from diffcli.primitives.exponential import hypot, sqrt
from diffcli.primitives.primitive import Primitive

_ONE_BRANCH = real((-1.2, 1.2))

sin   = elementwise("sin",   "Sine of an angle in radians.",         lambda x, out: cos(x))
cos: Primitive = elementwise("cos",   "Cosine of an angle in radians.",       lambda x, out: -sin(x))
tan   = elementwise("tan",   "Tangent of an angle in radians.",      lambda x, out: 1 + out**2,                 domain=_ONE_BRANCH)
asin  = elementwise("asin",  "Angle whose sine is x.",               lambda x, out: 1 / sqrt((1 - x) * (1 + x)),     domain=between(-1, 1), aliases=("arcsin",))
acos  = elementwise("acos",  "Angle whose cosine is x.",             lambda x, out: -1 / sqrt((1 - x) * (1 + x)),    domain=between(-1, 1), aliases=("arccos",))
atan  = elementwise("atan",  "Angle whose tangent is x.",            lambda x, out: 1 / (1 + x**2),             aliases=("arctan",))
atan2 = elementwise(
    "atan2", "Angle of the point (x, y), from -pi to pi.",
    lambda y, x, out: x / hypot(y, x) / hypot(y, x),
    lambda y, x, out: -y / hypot(y, x) / hypot(y, x),
    domain=NOT_THE_ORIGIN, aliases=("arctan2",),
)
