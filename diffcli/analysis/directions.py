"""Tangents and cotangents that the user gives: which variable's they are, and that their shapes fit."""

from collections.abc import Sequence

from diffcli.analysis.problem import Problem
from diffcli.analysis.values import Array, Binding
from diffcli.errors import ExitCode, Label, did_you_mean, fault
from diffcli.execute.arrays import all_finite, first_not_finite, zeros_like
from diffcli.primitives.shape import Shape, text
from diffcli.source import Span


def tangent_of(problem: Problem, bindings: Sequence[Binding], option: str = "--tangent") -> dict[str, Array]:
    """For each variable of interest a tangent of its shape; 0 for those that have none given.

    Raises DiffcliError for one that belongs to no variable, or has another shape.
    """
    given: dict[str, Array] = {}
    for binding in bindings:
        name = binding.name or _only(problem, binding, option)
        if name not in problem.wrt:
            known = name in problem.resolved.variables
            message = (
                f"'{name}' is not among the variables to differentiate by"
                if known
                else f"'{name}' does not occur in the expression"
            )
            hint = (
                "they are " + ", ".join(problem.wrt)
                if known
                else did_you_mean(name, problem.wrt) or "its variables are " + ", ".join(problem.wrt)
            )
            raise fault("E207", message, binding.source, binding.span, hint=hint)
        if name in given:
            raise fault(
                "E208",
                f"'{name}' has two tangents",
                binding.source,
                binding.span,
                hint=f"give {option} once for each variable",
            )
        _check_shape(binding, problem.shapes[name], f"the tangent of {name}", f"{name} has")
        given[name] = _finite(binding, _in_arithmetic(problem, binding), f"the tangent of {name}")
    return {name: given[name] if name in given else zeros_like(problem.values[name]) for name in problem.wrt}


def cotangent_of(problem: Problem, shape: Shape, bindings: Sequence[Binding], option: str = "--cotangent") -> Array:
    """The cotangent, of the output's shape. Raises DiffcliError for another shape, a name, or a second one."""
    first = bindings[0]
    if len(bindings) > 1:
        raise fault(
            "E208",
            "there are two cotangents",
            bindings[1].source,
            bindings[1].span,
            hint=f"the output has one: give {option} once",
        )
    if first.name is not None:
        raise fault(
            "E207",
            "a cotangent belongs to the output, not to a variable",
            first.source,
            first.span,
            hint=f"leave the name out: {option} 1,2",
        )
    _check_shape(first, shape, "the cotangent", "the output has")
    return _finite(first, _in_arithmetic(problem, first), "the cotangent")


def _only(problem: Problem, binding: Binding, option: str) -> str:
    if len(problem.wrt) == 1:
        return problem.wrt[0]
    hint = " ".join(f"{option} {name}=..." for name in problem.wrt[:6]) or "there are no variables to differentiate by"
    raise fault("E209", "the tangent could be that of any of the variables", binding.source, binding.span, hint=hint)


def _in_arithmetic(problem: Problem, binding: Binding) -> Array:
    return binding.stated.valued(problem.arithmetic) if problem.precision else binding.value


def _finite(binding: Binding, value: Array, what: str) -> Array:
    """The value. Raises DiffcliError where an element of it is nan or infinite."""
    if not all_finite(value):
        place = first_not_finite(value) if value.shape else ()
        label = f"element [{', '.join(map(str, place))}] is {value[place]}" if place else f"this is {value}"
        raise fault(
            "E501",
            f"{what} is not finite",
            binding.source,
            Label(_value_span(binding), label),
            hint="check the data",
            exit_code=ExitCode.NOT_FINITE,
        )
    return value


def _check_shape(binding: Binding, shape: Shape, what: str, whose: str) -> None:
    own = binding.value.shape
    if own != shape:
        hint = (
            "a single number is written without a comma"
            if shape == ()
            else "write as many numbers, in as many brackets; 1, is a vector of one"
        )
        message = f"{what} has shape {text(own)}, but {whose} shape {text(shape)}"
        raise fault("E301", message, binding.source, Label(_value_span(binding), f"shape {text(own)}"), hint=hint)


def _value_span(binding: Binding) -> Span:
    """Where the value stands: after the name, up to the next semicolon."""
    written, span = binding.source.text, binding.span
    equals = written.find("=", span.end)
    if binding.name is None or equals < 0:
        return span
    end = written.find(";", equals)
    return Span(equals + 1, len(written) if end < 0 else end)
