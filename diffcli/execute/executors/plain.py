"""Arrays as wholes: one call of NumPy's after the other, written out as a straight line of Python.

The text is made of the schedule's nodes alone, by number; functions and constants reach it as names of ours.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from diffcli.execute.executors.array_calls import VIEWS, array_call
from diffcli.execute.executors.chain_products import is_defined, plain_products
from diffcli.execute.executors.executor import Runner
from diffcli.execute.executors.python_text import defined
from diffcli.execute.program import quietly
from diffcli.execute.schedule import Schedule
from diffcli.primitives.shape import size

#: Elements of an array that is let go as soon as nobody needs it.
_WORTH_FREEING = 1024
#: Steps that are written out.
_MOST_WRITTEN = 20_000
#: Primitives that Python's operators compute.
_FORMS = {"add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "neg": "-{}", "matmul": "{} @ {}"}


def plain(schedule: Schedule) -> Runner:
    """Calls of NumPy's functions on whole arrays, in the schedule's order.

    The chain rule's products are first taken as they are, which are wrong only where 0 meets what is not finite: that
    leaves nan in what is computed of them. Where the results have one, all is computed again by the rule.
    """
    products = plain_products(schedule)
    by_rule = cache(lambda: _compiled(schedule, frozenset()))
    if not products:
        return by_rule()
    swift = _compiled(schedule, products)

    def run(values: Sequence[Any]) -> list[Any]:
        found = swift(values)
        with quietly():
            return found if all(map(is_defined, found)) else by_rule()(values)

    return run


def _compiled(schedule: Schedule, products: frozenset[int]) -> Runner:
    """The schedule as one function; `products` are taken for plain ones."""
    free: dict[int, list[int]] = {}
    for node, place in schedule.last_uses.items():
        if node not in schedule.constants and size(schedule.shapes[node]) >= _WORTH_FREEING:
            free.setdefault(place, []).append(node)
    if len(schedule.steps) > _MOST_WRITTEN:
        return _looped(schedule, products, free)
    names: dict[str, Any] = {"quietly": quietly, **{f"v{node}": value for node, value in schedule.constants.items()}}
    lines = []
    for place, step in enumerate(schedule.steps):
        form = "{} * {}" if step.node in products else _FORMS.get(step.primitive.name)
        if form is None:
            names[f"f{step.node}"] = array_call(step, schedule.shapes, schedule.arithmetic)
            form = f"f{step.node}({', '.join('{}' for _ in step.operands)})"
        lines.append(f"v{step.node} = {form.format(*(f'v{operand}' for operand in step.operands))}")
        lines += [f"v{node} = None" for node in free.get(place, ())]
    given = ", ".join(f"v{node}" for node in schedule.inputs)
    results = ", ".join(
        f"v{node}.copy()" if copied else f"v{node}"
        for node, copied in zip(schedule.targets, _shared(schedule), strict=True)
    )
    body = "\n        ".join(lines or ["pass"])
    text = f"def run(values):\n    [{given}] = values\n    with quietly():\n        {body}\n    return [{results}]\n"
    runner: Runner = defined(text, "run", names)
    return runner


def _looped(schedule: Schedule, products: frozenset[int], free: Mapping[int, Sequence[int]]) -> Runner:
    """The same as a loop over the steps: a text would take longer to compile than many runs do."""
    shared = _shared(schedule)
    steps = [
        (
            step.node,
            np.multiply if step.node in products else array_call(step, schedule.shapes, schedule.arithmetic),
            step.operands,
            free.get(place, ()),
        )
        for place, step in enumerate(schedule.steps)
    ]

    def run(values: Sequence[Any]) -> list[Any]:
        known = {**schedule.constants, **dict(zip(schedule.inputs, values, strict=True))}
        with quietly():
            for node, function, operands, unneeded in steps:
                known[node] = function(*[known[operand] for operand in operands])
                for other in unneeded:
                    del known[other]
        return [
            known[target].copy() if copied else known[target]
            for target, copied in zip(schedule.targets, shared, strict=True)
        ]

    return run


def _shared(schedule: Schedule) -> list[bool]:
    """For each target whether its array is also that of something else: then the caller gets a copy."""
    own = {step.node for step in schedule.steps if step.primitive.name not in VIEWS}
    shared, met = [], set()
    for target in schedule.targets:
        shared.append(schedule.shapes[target] != () and (target not in own or target in met))
        met.add(target)
    return shared
