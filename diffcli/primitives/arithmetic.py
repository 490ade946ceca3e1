"""Arithmetic operators."""

from diffcli.primitives.declaration import elementwise
from diffcli.primitives.domain import NONZERO_DIVISOR
from diffcli.primitives.notation import PRODUCT, SIGN, SUM, infix, prefix

add = elementwise(
    "add", "Sum.", 1, 1, operands=("a", "b"),
    formula=lambda sp, a, b: a + b, notation=infix("+", SUM), identity=0,
)
sub = elementwise(
    "sub", "Difference.", 1, -1, operands=("a", "b"),
    formula=lambda sp, a, b: a - b, notation=infix("-", SUM), right_identity=0, aliases=("subtract",),
)
mul = elementwise(
    "mul", "Product.", lambda a, b, out: b, lambda a, b, out: a,
    formula=lambda sp, a, b: a * b, notation=infix("*", PRODUCT), identity=1, annihilator=0, aliases=("multiply",),
)
div = elementwise(
    "div", "Quotient.", lambda a, b, out: 1 / b, lambda a, b, out: -out / b,
    formula=lambda sp, a, b: a / b, notation=infix("/", PRODUCT), right_identity=1,
    compute="truediv", domain=NONZERO_DIVISOR, aliases=("divide", "true_divide"),
)
neg = elementwise(
    "neg", "Negative.", -1, operands=("x",),
    formula=lambda sp, x: -x, notation=prefix("-", SIGN), aliases=("negative",),
)
