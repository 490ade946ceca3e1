"""The products of the chain rule, of which most may be taken for plain products.

The rule differs from the product only where 0 meets what is not finite: there the product is nan, and leaves nan in
what is computed of it. So plain products will do, as long as their results have no nan.
"""

from typing import Any

import numpy as np

from diffcli.execute.schedule import Schedule, Step
from diffcli.primitives.shape import kept

#: Elementwise functions of which an operand that is nan makes nan, beside all linear ones.
_NAN_IN_NAN_OUT = frozenset(
    [
        *("add", "sub", "mul", "truediv", "neg", "weigh", "abs", "sign", "sqrt", "square"),
        *("exp", "expm1", "log", "log1p", "sin", "cos", "tan", "tanh", "sinh", "cosh"),
    ]
)
#: Those of arrays.
_OF_ARRAYS = frozenset(
    [
        *("max", "min", "prod", "var", "logsumexp", "softmax", "log_softmax", "softmax_deviation", "softmax_balance"),
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
        if step.node in hidden or not _shows_nan(step, schedule):
            hidden.update(step.operands)
    return frozenset(
        step.node for step in schedule.steps if step.primitive.compute == "weigh" and step.node not in hidden
    )


def _shows_nan(step: Step, schedule: Schedule) -> bool:
    primitive = step.primitive
    if primitive.kind == "linear" or primitive.compute in _NAN_IN_NAN_OUT:
        return True
    own = schedule.shapes[step.operands[0]]
    # Of one element there is nothing to balance: what comes of it is 0, and nan is hidden.
    alone = primitive.name == "softmax_balance" and kept(own, step.parameters.get("axis", -1)) == own
    return primitive.name in _OF_ARRAYS and not alone
