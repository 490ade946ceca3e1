"""Tangents and cotangents that the user gives: which variable's they are, and that their shapes fit."""

from collections.abc import Sequence

from diffcli.analysis.problem import Problem
from diffcli.analysis.values import Binding
from diffcli.errors import ExitCode, Label, did_you_mean, fault
from diffcli.execute.arrays import Array, all_finite, first_not_finite, zeros_like
from diffcli.messages import Argument, Blank, Joined, Message
from diffcli.primitives.shape import Shape, text
from diffcli.source import Span


def tangent_of(problem: Problem, bindings: Sequence[Binding], name: str = "tangent") -> dict[str, Array]:
    """For each variable of interest a tangent of its shape; 0 for those that have none given.

    Raises DiffcliError for one that belongs to no variable, or has another shape.
    """
    argument, given = name, dict[str, Array]()
    for binding in bindings:
        name = binding.name or _only(problem, binding, argument)
        if name not in problem.wrt:
            known = name in problem.resolved.variables
            message = (
                Message("'{name}' is not among the variables to differentiate by", name=name)
                if known
                else Message("'{name}' does not occur in the expression", name=name)
            )
            hint = (
                Message("they are {names}", names=Joined(problem.wrt))
                if known
                else did_you_mean(name, problem.wrt) or Message("its variables are {names}", names=Joined(problem.wrt))
            )
            raise fault("E207", message, binding.source, binding.span, hint=hint)
        if name in given:
            message = Message("'{name}' has two tangents", name=name)
            hint = Message("give {option} once for each variable", option=Argument(argument))
            raise fault("E208", message, binding.source, binding.span, hint=hint)
        _check_shape(
            binding, problem.shapes[name], Message("the tangent of {name}", name=name), Message("{name} has", name=name)
        )
        given[name] = _finite(binding, _in_arithmetic(problem, binding), Message("the tangent of {name}", name=name))
    return {name: given[name] if name in given else zeros_like(problem.values[name]) for name in problem.wrt}


def cotangent_of(problem: Problem, shape: Shape, bindings: Sequence[Binding], name: str = "cotangent") -> Array:
    """The cotangent, of the output's shape. Raises DiffcliError for another shape, a name, or a second one."""
    first = bindings[0]
    if len(bindings) > 1:
        hint = Message("the output has one: give {option} once", option=Argument(name))
        raise fault("E208", Message("there are two cotangents"), bindings[1].source, bindings[1].span, hint=hint)
    if first.name is not None:
        message = Message("a cotangent belongs to the output, not to a variable")
        hint = Message("leave the name out: {argument}", argument=Argument(name, (1, 2)))
        raise fault("E207", message, first.source, first.span, hint=hint)
    _check_shape(first, shape, Message("the cotangent"), Message("the output has"))
    return _finite(first, _in_arithmetic(problem, first), Message("the cotangent"))


def _only(problem: Problem, binding: Binding, name: str) -> str:
    if len(problem.wrt) == 1:
        return problem.wrt[0]
    hint = (
        Argument(name, {variable: Blank("...") for variable in problem.wrt[:6]})
        if problem.wrt
        else Message("there are no variables to differentiate by")
    )
    raise fault(
        "E209", Message("the tangent could belong to any of the variables"), binding.source, binding.span, hint=hint
    )


def _in_arithmetic(problem: Problem, binding: Binding) -> Array:
    if problem.precision:
        return binding.stated.valued(problem.arithmetic)
    found: Array = problem.arithmetic.lifted(binding.value)
    return found


def _finite(binding: Binding, value: Array, what: str) -> Array:
    """The value. Raises DiffcliError where an element of it is nan or infinite."""
    if not all_finite(value):
        place = first_not_finite(value) if value.shape else ()
        label = (
            Message("element [{place}] is {value}", place=", ".join(map(str, place)), value=value[place])
            if place
            else Message("this is {value}", value=value)
        )
        raise fault(
            "E501",
            Message("{what} is not finite", what=what),
            binding.source,
            Label(_value_span(binding), label),
            hint=Message("check the data"),
            exit_code=ExitCode.NOT_FINITE,
        )
    return value


def _check_shape(binding: Binding, shape: Shape, what: str, whose: str) -> None:
    own = binding.value.shape
    if own != shape:
        hint = (
            Message("a single number is written without a comma")
            if shape == ()
            else Message("write as many numbers, in as many brackets; 1, is a vector of one")
        )
        message = Message(
            "{what} has shape {own}, but {whose} shape {shape}",
            what=what,
            own=text(own),
            whose=whose,
            shape=text(shape),
        )
        raise fault(
            "E301",
            message,
            binding.source,
            Label(_value_span(binding), Message("shape {own}", own=text(own))),
            hint=hint,
        )


def _value_span(binding: Binding) -> Span:
    """The place of the value: after the name, up to the next semicolon."""
    written, span = binding.source.text, binding.span
    equals = written.find("=", span.end)
    if binding.name is None or equals < 0:
        return span
    end = written.find(";", equals)
    return Span(equals + 1, len(written) if end < 0 else end)
