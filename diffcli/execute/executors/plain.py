"""Arrays as wholes: one call of NumPy's after the other, written out as a straight line of Python.

The text is made of the schedule's nodes alone, by number; functions and constants reach it as names of ours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from diffcli.execute.arithmetic import MACHINE
from diffcli.execute.executors.calls import Calls, calls
from diffcli.execute.executors.chain_products import is_defined, plain_products
from diffcli.execute.executors.executor import Runner
from diffcli.execute.executors.freed_memory import LARGE, keep_freed_memory
from diffcli.execute.executors.python_text import defined
from diffcli.execute.program import quietly
from diffcli.execute.schedule import Schedule

#: Elements of an array that is let go as soon as nobody needs it.
_WORTH_FREEING = 1024
#: Calls that are written out.
_MOST_WRITTEN = 20_000


@dataclass(frozen=True, slots=True)
class Guarded:
    """A runner made of one that is called `quietly`, whose results are not right if there is nan among them.

    Then all is computed again, as another one does it; None where nan is a result like any other.
    """

    swift: Runner
    again: Callable[[], Runner] | None = None

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        """The results, right ones."""
        with quietly():
            found = self.swift(values)
            return found if self.again is None or all(map(is_defined, found)) else self.again()(values)


def plain(schedule: Schedule) -> Runner:
    """Calls of NumPy's functions on whole arrays, in the schedule's order.

    The chain rule's products are first taken as they are, which are wrong only where 0 meets what is not finite: that
    leaves nan in what is computed of them. Where the results have one, all is computed again by the rule.
    """
    if schedule.arithmetic not in MACHINE:
        return interpreted(schedule)
    products = plain_products(schedule)
    by_rule = cache(lambda: _compiled(schedule, frozenset()))
    return Guarded(_compiled(schedule, products), by_rule) if products else Guarded(by_rule())


def _compiled(schedule: Schedule, products: frozenset[int]) -> Runner:
    """The schedule as one function; `products` are taken for plain ones."""
    row = calls(schedule, products)
    if max((call.elements for call in row.calls), default=0) >= LARGE:
        keep_freed_memory()
    return _interpreted(row, schedule.arithmetic.native) if len(row.calls) > _MOST_WRITTEN else _written(row)


def _written(row: Calls) -> Runner:
    free = _unneeded(row)
    names: dict[str, Any] = {**row.constants}
    lines = []
    for place, call in enumerate(row.calls):
        form = call.form
        if form is None:
            names[f"f{place}"] = call.function
            form = f"f{place}({', '.join('{}' for _ in call.operands)})"
        lines.append(f"{call.result} = {form.format(*call.operands)}")
        lines += [f"{name} = None" for name in free.get(place, ())]
    given = ", ".join(row.inputs)
    results = ", ".join(
        f"{name}.copy()" if copied else name for name, copied in zip(row.targets, row.shared, strict=True)
    )
    body = "\n    ".join([f"[{given}] = values", *lines, f"return [{results}]"])
    runner: Runner = defined(f"def run(values):\n    {body}\n", "run", names)
    return runner


def interpreted(schedule: Schedule) -> Runner:
    """The same as a loop over the calls: a text would take longer to compile than many runs do."""
    return Guarded(_interpreted(calls(schedule, frozenset()), schedule.arithmetic.native))


def _interpreted(row: Calls, native: bool) -> Runner:
    names = dict.fromkeys([*row.inputs, *row.constants, *(call.result for call in row.calls)])
    slots = {name: slot for slot, name in enumerate(names)}
    free = {place: [slots[name] for name in done] for place, done in _unneeded(row).items()}
    steps = [
        (slots[call.result], call.function, [slots[operand] for operand in call.operands], free.get(place, ()))
        for place, call in enumerate(row.calls)
    ]
    targets = [slots[target] for target in row.targets]
    rest = [row.constants.get(name) for name in names][len(row.inputs) :]

    def run(values: Sequence[Any]) -> list[Any]:
        known = [*values, *rest]
        for result, function, operands, unneeded in steps:
            if len(operands) == 2:
                first, second = operands
                known[result] = function(known[first], known[second])
            else:
                known[result] = function(*[known[operand] for operand in operands])
            for other in unneeded:
                known[other] = None
        found = [known[target] for target in targets]
        if not native:
            return [np.asarray(value, dtype=object) for value in found]
        return [value.copy() if copied else value for value, copied in zip(found, row.shared, strict=True)]

    return run


def _unneeded(row: Calls) -> Mapping[int, Sequence[str]]:
    """By the place of a call the results, of those that take memory, that no later one needs."""
    elements = {call.result: call.elements for call in row.calls}
    free: dict[int, list[str]] = {}
    for name, place in row.last_uses.items():
        if elements.get(name, 0) >= _WORTH_FREEING:
            free.setdefault(place, []).append(name)
    return free
