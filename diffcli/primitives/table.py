"""The table: every function of the language, by name, by alias, by family and by notation."""

import copyreg
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from diffcli.primitives import (
    activations,
    arithmetic,
    arrangement,
    constructors,
    exponential,
    hyperbolic,
    losses,
    matrices,
    piecewise,
    reductions,
    special,
    statistics,
    structural,
    trigonometric,
)
from diffcli.primitives.definition import Definition
from diffcli.primitives.notation import Notation
from diffcli.primitives.number import constant
from diffcli.primitives.primitive import Primitive

#: A function of the language: a node of the graph, or an expression of others.
Function = Primitive | Definition

#: Names that stand for a number unless the user binds them.
CONSTANTS: Mapping[str, float] = {"pi": constant(math.pi, "pi"), "e": constant(math.e, "e"), "tau": constant(math.tau, "tau"), "inf": math.inf}

#: Words that options take, unless the user binds them.
WORDS: Mapping[str, Any] = {"True": True, "False": False, "None": None, "inf": math.inf}

#: Names of functions that are letters too: a variable unless they are called.
LETTERS = frozenset({"beta", "gamma"})

_home: dict[Function, str] = {}
for _title, _modules in {
    "arithmetic": [arithmetic],
    "comparisons, choices, kinks": [piecewise],
    "arrays: shape and order": [structural, arrangement],
    "arrays: made from nothing": [constructors],
    "powers, exponentials, logarithms": [exponential],
    "trigonometric": [trigonometric],
    "hyperbolic": [hyperbolic],
    "special": [special],
    "reductions": [reductions],
    "statistics": [statistics],
    "linear algebra": [matrices],
    "activations": [activations],
    "losses and similarity": [losses],
}.items():
    for _module in _modules:
        for _value in vars(_module).values():
            if isinstance(_value, (Primitive, Definition)):
                _home.setdefault(_value, _title)  # a module imports only from those above it: the first to hold it declares it

#: Every primitive by its name.
PRIMITIVES: Mapping[str, Primitive] = {function.name: function for function in _home if isinstance(function, Primitive)}

#: Every function that is written out where it is called, by its name.
DEFINITIONS: Mapping[str, Definition] = {function.name: function for function in _home if isinstance(function, Definition)}

#: The functions that can be written in an expression, by the title of their family.
FAMILIES: Mapping[str, tuple[Function, ...]] = {
    title: tuple(function for function, home in _home.items() if home == title and function.public) for title in dict.fromkeys(_home.values())
}

_called: dict[str, list[Function]] = {}
for _function in _home:
    if _function.public:
        for _name in (_function.name, *_function.aliases):
            _called.setdefault(_name, []).append(_function)

#: Every way to name a function.
FUNCTION_NAMES = frozenset(_called)

#: Every notation by the name of what it stands for.
NOTATIONS: Mapping[str, Notation] = {name: primitive.notation for name, primitive in PRIMITIVES.items() if primitive.notation}


def overloads(name: str) -> tuple[Function, ...]:
    """The functions that a call may mean: `max` is one of two by its number of operands."""
    return tuple(_called.get(name, ()))


def _named(name: str) -> Primitive:
    return PRIMITIVES[name]


# Rules do not cross to another process, which has the same table: a primitive is pickled by its name.
copyreg.pickle(Primitive, lambda primitive: (_named, (primitive.name,)))


def function_in(context: Any, name: str) -> Callable[..., Any]:
    """A primitive's function in a context with mpmath's names: the primitive's own, if it states one for many digits."""
    primitive = PRIMITIVES.get(name)
    if primitive is None or primitive.in_digits is None or not hasattr(context, "eps"):
        return cast("Callable[..., Any]", getattr(context, name))
    return partial(primitive.in_digits, context)
