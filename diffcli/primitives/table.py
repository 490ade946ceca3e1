"""The table: every primitive, by name, by alias, by family and by notation."""

import math
from collections.abc import Mapping

from diffcli.primitives import (
    arithmetic,
    exponential,
    hyperbolic,
    piecewise,
    planned,
    reductions,
    structural,
    trigonometric,
)
from diffcli.primitives.declaration import Primitive
from diffcli.primitives.notation import Notation

#: Names that stand for a number unless the user binds them.
CONSTANTS: Mapping[str, float] = {"pi": math.pi, "e": math.e, "tau": math.tau}

_home: dict[Primitive, str] = {}
for _title, _module in {
    "arithmetic": arithmetic,
    "comparisons, choices, kinks": piecewise,
    "structure": structural,
    "powers, exponentials, logarithms": exponential,
    "trigonometric": trigonometric,
    "hyperbolic": hyperbolic,
    "reductions": reductions,
}.items():
    for _value in vars(_module).values():
        if isinstance(_value, Primitive):
            _home.setdefault(_value, _title)  # a module imports only from those above it: the first to hold it declares it

#: Every primitive by its name.
PRIMITIVES: Mapping[str, Primitive] = {primitive.name: primitive for primitive in _home}

#: The primitives that can be written in an expression, by the title of their family.
FAMILIES: Mapping[str, tuple[Primitive, ...]] = {
    title: tuple(primitive for primitive, home in _home.items() if home == title and primitive.public)
    for title in dict.fromkeys(_home.values())
    if title != "structure"
}

_called: dict[str, list[Primitive]] = {}
for _primitive in _home:
    if _primitive.public:
        for _name in (_primitive.name, *_primitive.aliases):
            _called.setdefault(_name, []).append(_primitive)

#: Every way to name a function: names, aliases, and those reserved for later.
FUNCTION_NAMES = frozenset(_called) | planned.FUNCTIONS

#: Every notation by the name of what it stands for.
NOTATIONS: Mapping[str, Notation] = {
    **{primitive.name: primitive.notation for primitive in _home if primitive.notation},
    **planned.OPERATORS,
}


def overloads(name: str) -> tuple[Primitive, ...]:
    """The primitives that a call may mean: `max` is one of two by its number of operands."""
    return tuple(_called.get(name, ()))
