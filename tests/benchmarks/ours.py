"""Our side of a comparison, in the words of the public interface."""

from collections.abc import Sequence
from typing import Any

import diffcli

from .contest import Call


def compiled(text: str, wrt: Sequence[str], **values: Any) -> Call:
    """The value and the partials by each of `wrt`, by a function that is compiled once; it keeps the other values."""
    point = {name: values[name] for name in wrt}
    others = {name: value for name, value in values.items() if name not in point}
    function = diffcli.compile(text, wrt=tuple(wrt), **others)

    def call() -> tuple[Any, ...]:
        value, gradient = function(**point)
        return value, *(gradient[name] for name in wrt)

    return call


def reported(text: str, wrt: Sequence[str], **values: Any) -> Call:
    """The same by `diffcli.grad`, which is given the text each time."""

    def call() -> tuple[Any, ...]:
        report = diffcli.grad(text, values, wrt=tuple(wrt))
        return report.value, *(report.gradient[name] for name in wrt)

    return call
