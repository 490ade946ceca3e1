"""The products of the chain rule, of which most may be taken for plain products.

The rule differs from the product only where 0 meets what is not finite: there the product is nan, and leaves nan in
what is computed of it. So plain products will do, as long as their results have no nan.
"""

from typing import Any

import numpy as np

from diffcli.execute.schedule import Schedule

#: Elementwise functions of which an operand that is nan makes nan, beside all linear ones.
_NAN_IN_NAN_OUT = frozenset(
    [
        *("add", "sub", "mul", "truediv", "neg", "weigh", "abs", "sign", "sqrt", "square"),
        *("exp", "expm1", "log", "log1p", "sin", "cos", "tan", "tanh", "sinh", "cosh"),
    ]
)


def is_defined(value: Any) -> bool:
    """Whether no element is nan."""
    if isinstance(value, float):
        return value == value
    total = np.add.reduce(value, axis=None)
    return bool(total == total) or not np.isnan(value).any()


def plain_products(schedule: Schedule) -> frozenset[int]:
    """The products of the chain rule that may be taken for plain ones: nothing hides a nan that they leave."""
    hidden: set[int] = set()
    for step in reversed(schedule.steps):
        shows = step.primitive.kind == "linear" or step.primitive.compute in _NAN_IN_NAN_OUT
        if step.node in hidden or not shows:
            hidden.update(step.operands)
    return frozenset(
        step.node for step in schedule.steps if step.primitive.compute == "weigh" and step.node not in hidden
    )
