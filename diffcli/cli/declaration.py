"""How commands and their options are declared: annotations of a function's parameters, and of the fields of groups.

A field or parameter `name: Annotated[type, Option(...)] = default` is an option. A parameter whose type is a group,
a frozen dataclass of such fields, stands for all options of the group.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

import click

from diffcli.cli.help import Context
from diffcli.messages import Joined, Message

_HELP = ("-h", "--help")
#: What all commands have in common: how the help is asked for, and that it tells defaults.
SETTINGS = {"help_option_names": list(_HELP), "show_default": True}


class Option:
    """An option: names other than that of its field, what the help says of it, of its value and of its default.

    `help` is a text, or what makes one when it is shown.
    """

    def __init__(
        self, *names: str, help: "str | Callable[[], str]", metavar: str | None = None, default: str | None = None
    ) -> None:
        self.names, self.help, self.metavar, self.default = names, help, metavar, default


class Argument:
    """A word without an option: what the help calls it, and says of it."""

    def __init__(self, metavar: str, help: str) -> None:
        self.metavar, self.help = metavar, help


class WrongValue(click.BadParameter):
    """A value that an option does not take, perhaps with what to write instead."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class TooManyWords(click.UsageError):
    """A command line with more words than the command takes."""


class Number(click.ParamType[Any]):
    """A number, whole or not, as Python writes it."""

    name = "number"

    def __init__(self, kind: Callable[[str], Any]) -> None:
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number. Raises WrongValue for a word that is none, with the number that it means elsewhere."""
        if not isinstance(value, str):
            return value
        try:
            return self._kind(value)
        except ValueError:
            wanted = Message("a whole number") if self._kind is int else Message("a number")
            raise WrongValue(
                Message("'{value}' is not {wanted}", value=value[:40], wanted=wanted), self._plainly(value, param)
            ) from None

    def _plainly(self, value: str, param: click.Parameter | None) -> str | None:
        from diffcli.analysis.numerals import plainly  # which only a mistake needs

        meant = plainly(value, whole=self._kind is int)
        if param is None or meant is None:
            return None
        return Message("write {readings}", readings=f"{param.opts[-1]} {meant}")


class Choice(click.Choice[str]):
    """One of a few words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word. Raises WrongValue for another one."""
        if value not in self.choices:
            from diffcli.errors import did_you_mean  # an import that only a mistake needs

            raise WrongValue(
                Message("'{value}' is not one of {choices}", value=value, choices=Joined(self.choices)),
                did_you_mean(value, self.choices),
            )
        return str(value)


class Command(click.Command):
    """A command whose words may begin with a minus sign: `diffcli grad "-x^2"`."""

    context_class = Context

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentences of the description, for a list of commands."""
        return (self.help or "").partition("\n\n")[0]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put what is no option behind `--`, where a minus sign means nothing. Raises TooManyWords for words left over."""
        ctx.allow_extra_args = True
        left = super().parse_args(ctx, _words_last(args, self._takes_value()))
        if left and not ctx.resilient_parsing:
            raise TooManyWords(Message("there are too many words"), ctx)
        return left

    def _takes_value(self) -> dict[str, bool]:
        """Each option's names, and whether a value follows."""
        known = dict.fromkeys(_HELP, False)
        for parameter in self.params:
            for name in (*parameter.opts, *parameter.secondary_opts):
                if isinstance(parameter, click.Option):
                    known[name] = not parameter.is_flag
        return known


class Group(click.Group):
    """Commands in the order in which they are given."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(self.commands)


class _LazyOption(click.Option):
    """An option whose help is made when it is shown."""

    def __init__(self, *arguments: Any, explained: Callable[[], str], **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._explained = explained

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The names and the help."""
        self.help = self._explained()
        return super().get_help_record(ctx)


def command(work: Callable[..., int]) -> Command:
    """The command that calls the function with its groups and options; the help is the docstring."""
    groups: dict[str, Any] = {name: kind for name, kind in _parameters(work) if is_dataclass(kind)}
    made = [parameter for name, kind in _parameters(work) for parameter in _made(name, kind, work)]

    def run(**given: Any) -> int:
        built = {
            name: kind(**{field.name: given.pop(field.name) for field in fields(kind)}) for name, kind in groups.items()
        }
        return work(**built, **given)

    return Command(work.__name__, SETTINGS, run, made, help=inspect.getdoc(work))


def _parameters(work: Callable[..., int]) -> Iterator[tuple[str, Any]]:
    return ((name, kind) for name, kind in work.__annotations__.items() if name != "return")


def _made(name: str, kind: Any, work: Callable[..., int]) -> Iterator[click.Parameter]:
    """The options of a group, or the one that a parameter is."""
    if is_dataclass(kind):
        for field in fields(kind):
            yield _parameter(field.name, field.type, None if field.default is MISSING else field.default)
    else:
        yield _parameter(name, kind, (work.__kwdefaults__ or {}).get(name))


def _parameter(name: str, annotation: Any, default: object) -> click.Parameter:
    declared, option = get_args(annotation)
    kind = _plain(declared)
    if isinstance(option, Argument):
        return click.Argument([name], required=False, metavar=f"[{option.metavar}]", help=option.help)
    keywords: dict[str, Any] = {"default": default, "metavar": option.metavar}
    if option.default is not None:
        keywords["show_default"] = option.default
    if kind is bool:
        keywords["is_flag"] = True
    elif get_origin(kind) is tuple:
        keywords |= {"multiple": True, "type": str}
    elif get_origin(kind) is Literal:
        keywords["type"] = Choice(get_args(kind))
    else:
        keywords["type"] = kind if kind is str else Number(kind)
    names = [name, *(option.names or [f"--{name.replace('_', '-')}"])]
    if callable(option.help):
        return _LazyOption(names, explained=option.help, **keywords)
    return click.Option(names, help=option.help, **keywords)


def _plain(kind: Any) -> Any:
    """`float` for `float | None`."""
    if isinstance(kind, UnionType) or (get_origin(kind) is not None and NoneType in get_args(kind)):
        return next(part for part in get_args(kind) if part is not NoneType)
    return kind


def _words_last(arguments: Sequence[str], takes_value: dict[str, bool]) -> list[str]:
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
                    return list(arguments)  # Click says that the value is missing
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
