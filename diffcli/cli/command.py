"""How commands read their arguments: minus signs in expressions, and plain conversions of values."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from types import UnionType
from typing import Any, get_args, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup


class CommandGroup(TyperGroup):
    """All commands, and the options before a command's name."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The options, which convert their values plainly."""
        return _plain_parameters(self.callback, super().get_params(ctx))


class ExpressionCommand(TyperCommand):
    """A command whose expression may begin with a minus sign: `diffcli grad "-x^2"`."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The arguments and options, which convert their values plainly."""
        return _plain_parameters(self.callback, super().get_params(ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put what is no option behind `--`, where a minus sign means nothing."""
        return super().parse_args(ctx, _expressions_last(args, self._takes_value()))

    def _takes_value(self) -> dict[str, bool]:
        """Each option's names, and whether a value follows."""
        known = {"-h": False, "--help": False}
        for parameter in self.params:
            for name in (*parameter.opts, *parameter.secondary_opts):
                if name.startswith("-"):
                    known[name] = not getattr(parameter, "is_flag", False)
        return known


def _plain_parameters(callback: Any, parameters: list[Any]) -> list[Any]:
    """The parameters, made to convert words by the callback's annotations.

    Typer would load a validation library for it, which takes longer than most commands do.
    """
    hints = get_type_hints(callback)
    for parameter in parameters:
        parameter.process_value = partial(_processed, parameter, _plain(hints.get(parameter.name, str)))
    return parameters


def _processed(parameter: Any, kind: Any, context: Any, value: Any) -> Any:
    converted = _converted(parameter, kind, context, value) if isinstance(value, str) else value
    return converted if parameter.callback is None else parameter.callback(context, parameter, converted)


def _plain(annotation: Any) -> Any:
    """`float` for `float | None`."""
    if isinstance(annotation, UnionType):
        return next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def _converted(parameter: Any, kind: Any, context: Any, value: str) -> Any:
    """A word of the command line as the type that the command declares."""
    if kind is float or kind is int:
        return _number(value, kind, parameter, context)
    if issubclass(kind, StrEnum):
        try:
            return kind(value)
        except ValueError:
            choices = ", ".join(kind)
            raise typer.BadParameter(f"'{value}' is none of {choices}", context, parameter) from None
    return value


def _number(text: str, kind: Callable[[str], Any], parameter: Any, context: Any) -> Any:
    try:
        return kind(text)
    except ValueError:
        from diffcli.analysis.numerals import plainly  # which only a mistake needs

        wanted = "a whole number" if kind is int else "a number"
        mistake = typer.BadParameter(f"'{text[:40]}' is not {wanted}", context, parameter)
        mistake.meant = plainly(text, whole=kind is int)  # type: ignore[attr-defined]
        raise mistake from None


def _expressions_last(arguments: Sequence[str], takes_value: dict[str, bool]) -> list[str]:
    options: list[str] = []
    others: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        if argument == "--":
            others.extend(rest)
        elif argument in takes_value:
            options.append(argument)
            if takes_value[argument]:
                value = next(rest, None)
                if value is None:
                    return list(arguments)  # Typer says that the value is missing
                options.append(value)
        elif _looks_like_option(argument):
            options.append(argument)
        else:
            others.append(argument)
    return [*options, "--", *others]


def _looks_like_option(argument: str) -> bool:
    """`--json=yes` and the misspelt `--jsno` are options; `-x`, `-x^2` and `--x` are expressions."""
    name = argument[2:].partition("=")[0]
    return (
        argument.startswith("--")
        and len(name) > 1
        and name[0].isalpha()
        and all(c.isalnum() or c == "-" for c in name)
        and name.isascii()
    )
