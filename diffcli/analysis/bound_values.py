"""Values for variables: which variable each is for, and that all have one."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from diffcli.analysis.values import Binding
from diffcli.errors import Advice, Edit, Label, did_you_mean, fault
from diffcli.execute.executors.kept import Kept
from diffcli.messages import Argument, Blank, Joined, Message, listed, some
from diffcli.primitives.table import CONSTANTS
from diffcli.source import Span
from diffcli.syntax.resolved import Resolved

if TYPE_CHECKING:
    from diffcli.analysis.data.binding import Data


def bound(resolved: Resolved, bindings: Sequence[Binding], columns: Sequence[str]) -> dict[str, Binding]:
    """The values by variable; one without a name is for the only variable that has no column.

    Raises DiffcliError for a value of no variable, for two of one, and where several could be meant.
    """
    found: dict[str, Binding] = {}
    for binding in bindings:
        name = binding.name or _only_variable(resolved, binding, columns)
        if name not in resolved.variables:
            if name in resolved.defined:
                message = Message("'{name}' is defined by the program and takes no value", name=name)
                hint: str = Message("remove its definition or the value")
            else:
                message = Message("'{name}' does not occur in the expression", name=name)
                hint = did_you_mean(name, resolved.variables) or listed_variables(resolved)
            raise fault("E207", message, binding.source, binding.span, hint=hint)
        if name in found:
            unnamed = [other for other in bindings if other.name is None and other.kept.shape == ()]
            elements = ",".join(other.source.text[other.span.start : other.span.end].strip() for other in unnamed)
            hint = (
                Message("give each variable one value")
                if len(unnamed) < 2
                else Message("separate the elements of one value by commas: {listed}", listed=elements)
            )
            raise fault("E208", Message("'{name}' has two values", name=name), binding.source, binding.span, hint=hint)
        found[name] = binding
    return found


def _only_variable(resolved: Resolved, binding: Binding, columns: Sequence[str]) -> str:
    variables = [name for name in resolved.variables if name not in columns]
    free = [name for name in variables if name not in resolved.values] or variables
    if len(free) == 1:
        return free[0]
    if not free:
        message = Message("the expression has no variables")
        raise fault("E207", message, binding.source, binding.span, hint=Message("leave the value out"))
    names = (
        listed(free, "or")
        if len(free) <= 8
        else Message("{names} or {count} others", names=Joined(free[:6]), count=len(free) - 6)
    )
    hint = _values_of(free)
    raise fault(
        "E209", Message("the value could belong to {names}", names=names), binding.source, binding.span, hint=hint
    )


def check_complete(resolved: Resolved, values: Mapping[str, Kept], data: "Data | None" = None) -> None:
    """Raise DiffcliError for variables without a value."""
    missing = [name for name in resolved.variables if name not in values]
    if not missing:
        return
    first = {node.text: node.span for node in reversed(resolved.nodes) if node.kind == "name"}
    known = [name for name in (*resolved.variables, *CONSTANTS) if name not in missing]
    several = len(missing) > 1
    hints: list[str] = [
        Message("give them some: {at}", at=_values_of(missing))
        if several
        else Message("give it one: {at}", at=_values_of(missing))
    ]
    if data is not None:
        hints.insert(0, data.missing(missing[0]))
    elif not several and (close := did_you_mean(missing[0], known)):
        hints.append(close)
    names = some([f"'{name}'" for name in missing], 6)
    transposes = (
        [Edit(Span(*found.span()), ".T") for found in re.finditer(r"\s*\^\s*T\b", resolved.source.text)]
        if missing == ["T"]
        else []
    )
    hint = Joined(hints, "; ")
    raise fault(
        "E201",
        Message("variables {names} have no value", names=names)
        if several
        else Message("variable {name} has no value", name=names),
        resolved.source,
        *[Label(first[name]) for name in missing[:6]],
        advice=Advice(tuple(transposes), after=Joined(("", hint), "; ") if transposes else "", otherwise=hint),
    )


def _values_of(names: Sequence[str]) -> Argument:
    return Argument("at", {name: Blank("...") for name in names[:6]})


def listed_variables(resolved: Resolved) -> str:
    """A hint with the variables that there are."""
    if resolved.variables:
        return Message("its variables are {names}", names=Joined(resolved.variables))
    return Message("it has no variables")
