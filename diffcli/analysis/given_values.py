"""Values of Python callers: numbers, nested lists, arrays of any library."""

from collections.abc import Mapping
from typing import Any

from diffcli.analysis.values import Binding, Stated, read_bindings
from diffcli.execute.arrays import Array
from diffcli.execute.numpy_later import np
from diffcli.messages import Message
from diffcli.source import Source

#: What the values of a Python caller are called.
_VALUES = Message("values")


def bindings(given: object, what: str) -> tuple[Binding, ...]:
    """The values that a caller gives: by name in a mapping, as texts like those of `--at`, or one without a name.

    `what` says what they are, `at` or `tangent`. Raises DiffcliError as `read_bindings` and `given_bindings` do.
    """
    if given is None or (isinstance(given, tuple) and not given):
        return ()
    if isinstance(given, Mapping):
        return given_bindings(given)
    texts = (given,) if isinstance(given, (str, Source)) else given
    if isinstance(texts, (list, tuple)) and texts and all(isinstance(text, (str, Source)) for text in texts):
        return read_bindings(text if isinstance(text, Source) else Source(text, what) for text in texts)
    [binding] = given_bindings({what: given})
    return (binding._replace(name=None),)


def given_bindings(values: Mapping[str, object]) -> tuple[Binding, ...]:
    """The values of a Python caller, by name."""
    found = []
    for name, value in values.items():
        source = Source(f"{name}=...", _VALUES)
        number: Any
        given: Any
        if type(value) is np.ndarray and value.dtype == np.float64 and value.size:
            number, given = value.copy("K")[()], value  # a copy: the caller may change his own
        elif type(value) is float:
            number, given = np.float64(value), value
        else:
            from diffcli.analysis.number_arrays import numeric  # imports that few callers need

            number, given = numeric(value, source, Message("the value of '{name}'", name=name))
        found.append(Binding(name, number, source, source.whole, Stated(numbers=given)))
    return tuple(found)


def numbers_given(values: Mapping[str, Any]) -> dict[str, Array]:
    """The values of a Python caller as doubles, by name: what already is an array of them is taken as it is."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        kind = type(value)
        if kind is float or kind is int:
            found[name] = np.float64(value)
        elif kind is np.float64 or (kind is np.ndarray and value.dtype == np.float64 and value.size):
            found[name] = value if value.shape else value[()]
        else:
            [binding] = given_bindings({name: value})
            found[name] = binding.value
    return found
