"""Hyperbolic functions and their inverses."""

from diffcli.primitives.declaration import elementwise
from diffcli.primitives.domain import at_least, strictly_between
from diffcli.primitives.exponential import hypot, sqrt
from diffcli.primitives.primitive import Primitive

# 1 - tanh(x)^2 cancels where tanh is near 1; 1/cosh(x)^2 keeps every digit
sinh  = elementwise("sinh",  "Hyperbolic sine.",              lambda x, out: cosh(x))
cosh: Primitive = elementwise("cosh",  "Hyperbolic cosine.",            lambda x, out: sinh(x))
tanh  = elementwise("tanh",  "Hyperbolic tangent.",           lambda x, out: 1 / cosh(x) ** 2)
asinh = elementwise("asinh", "Inverse hyperbolic sine.",      lambda x, out: 1 / hypot(x, 1),                   aliases=("arcsinh",))
acosh = elementwise("acosh", "Inverse hyperbolic cosine.",    lambda x, out: 1 / (sqrt(x - 1) * sqrt(x + 1)),   domain=at_least(1, (1.2, 3.0)), aliases=("arccosh",))
atanh = elementwise("atanh", "Inverse hyperbolic tangent.",   lambda x, out: 1 / ((1 - x) * (1 + x)),           domain=strictly_between(-1, 1), aliases=("arctanh",))
