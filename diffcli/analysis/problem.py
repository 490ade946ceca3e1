"""An expression with the values of its variables: what every analysis starts from."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from diffcli.analysis.precision import DOUBLE, Precision
from diffcli.analysis.values import Array, Binding, Stated, constant
from diffcli.errors import Label, did_you_mean, fault
from diffcli.execute.arithmetic import FLOAT64
from diffcli.primitives.shape import Shape
from diffcli.primitives.table import CONSTANTS
from diffcli.source import Source, Span
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import Resolved, resolve


class Problem(NamedTuple):
    """A resolved expression, values by variable, and the variables to differentiate by.

    `values` is in the order in which the user gave them, then in that of the program's `param`s;
    they are numbers of the `arithmetic`. `stated` has them as they were given.
    """

    source: Source
    resolved: Resolved
    values: Mapping[str, Array]
    wrt: tuple[str, ...]
    stated: Mapping[str, Stated] = {}  # never written to
    precision: Precision = DOUBLE
    arithmetic: Any = FLOAT64

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of the variables that have values."""
        return {name: value.shape for name, value in self.values.items()}


def pose(source: Source, bindings: Sequence[Binding] = (), wrt: Sequence[str] = (), complete: bool = True) -> Problem:
    """Put expression and values together.

    `wrt` defaults to the program's `param`s if it has any, else to all variables. Raises
    DiffcliError for a value without a variable, or (if `complete`) a variable without a value.
    """
    program = parse(source)
    named = frozenset(binding.name for binding in bindings if binding.name) | frozenset(wrt)
    resolved = resolve(program, named)
    bound = _bound(resolved, bindings)
    values = {name: binding.value for name, binding in bound.items()}
    stated = {name: binding.stated for name, binding in bound.items()}
    for position, statement in enumerate(program.statements):
        if statement.kind == "param" and statement.name in resolved.variables and statement.name not in values:
            before = tuple(earlier for earlier in program.statements[:position] if earlier.kind != "param")
            values[statement.name] = constant(statement.body, before)
            stated[statement.name] = Stated((statement.body,), statements=before)
    if complete:
        _check_complete(resolved, values)
    for name in wrt:
        if name not in resolved.variables:
            hint = did_you_mean(name, resolved.variables) or _listed(resolved)
            raise fault("E207", f"'{name}' does not occur in the expression", Source(name, "--wrt"), Span(0, len(name)), hint=hint)
    parameters = [name for name in resolved.values if name in resolved.variables]
    order = [*values, *(name for name in resolved.variables if name not in values)]
    return Problem(source, resolved, values, tuple(dict.fromkeys(wrt)) or tuple(parameters) or tuple(order), stated)


def _bound(resolved: Resolved, bindings: Sequence[Binding]) -> dict[str, Binding]:
    found: dict[str, Binding] = {}
    for binding in bindings:
        name = binding.name or _only_variable(resolved, binding)
        if name not in resolved.variables:
            if name in resolved.defined:
                message, hint = f"'{name}' is defined by the program and takes no value", "remove its definition or the value"
            else:
                message, hint = f"'{name}' does not occur in the expression", did_you_mean(name, resolved.variables) or _listed(resolved)
            raise fault("E207", message, binding.source, binding.span, hint=hint)
        if name in found:
            raise fault("E208", f"'{name}' has two values", binding.source, binding.span, hint="give each variable one value")
        found[name] = binding
    return found


def _only_variable(resolved: Resolved, binding: Binding) -> str:
    free = [name for name in resolved.variables if name not in resolved.values] or list(resolved.variables)
    if len(free) == 1:
        return free[0]
    if not free:
        raise fault("E207", "the expression has no variables", binding.source, binding.span, hint="leave the value out")
    names = ", ".join(free[:-1]) + f" or {free[-1]}" if len(free) <= 8 else f"{', '.join(free[:6])} or {len(free) - 6} others"
    hint = " ".join(f"--at {name}=..." for name in free[:6])
    raise fault("E209", f"the value could be that of {names}", binding.source, binding.span, hint=hint)


def _check_complete(resolved: Resolved, values: Mapping[str, Array]) -> None:
    missing = [name for name in resolved.variables if name not in values]
    if not missing:
        return
    first = {node.text: node.span for node in reversed(resolved.nodes) if node.kind == "name"}
    known = [name for name in (*resolved.variables, *CONSTANTS) if name not in missing]
    hints = [f"give {'it one' if len(missing) == 1 else 'them some'}: " + " ".join(f"--at {name}=..." for name in missing[:6])]
    for name in missing:
        if len(name) > 1 and all(letter in values for letter in name):
            hints.insert(0, f"to multiply, write {'*'.join(name)}")
    if len(missing) == 1 and (close := did_you_mean(missing[0], known)):
        hints.append(close)
    names = ", ".join(f"'{name}'" for name in missing[:6]) + (f" and {len(missing) - 6} others" if len(missing) > 6 else "")
    raise fault(
        "E201", f"variable{'s' if len(missing) > 1 else ''} {names} {'have' if len(missing) > 1 else 'has'} no value",
        resolved.source, *[Label(first[name]) for name in missing[:6]], hint="; ".join(hints),
    )  # fmt: skip


def _listed(resolved: Resolved) -> str:
    return "its variables are " + ", ".join(resolved.variables) if resolved.variables else "it has no variables"
