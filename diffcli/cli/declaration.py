"""How commands and their options are declared: annotations of a function's parameters, and of the fields of groups.

A field or parameter `name: Annotated[type, Option(...)] = default` is an option. A parameter whose type is a group,
a frozen dataclass of such fields, stands for all options of the group.
"""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cached_property
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from diffcli.cli.help import ITSELF, Context
from diffcli.cli.typers_click import ClickContext, Parameter, TypeDescriptor, UsageError
from diffcli.errors import did_you_mean, instead
from diffcli.messages import Joined, Message
from diffcli.render.writing import say

_HELP = ("-h", "--help")
#: What all commands have in common: how the help is asked for.
SETTINGS = {"help_option_names": list(_HELP)}


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


class WrongValue(typer.BadParameter):
    """A value that an option does not take, perhaps with what to write instead."""

    def __init__(self, message: str, parameter: Parameter, hint: str | None = None) -> None:
        super().__init__(message, param=parameter)  # type: ignore[arg-type]  # it is one of Typer's
        self.hint = hint


class TooManyWords(UsageError):
    """A command line with more words than the command takes."""


class NoSuchCommand(UsageError):
    """A command line that begins with a word which is no command."""

    def __init__(self, name: str) -> None:
        super().__init__(Message("there is no command '{command}'", command=name))
        self.command_name = name


class PlainOption(TyperOption):
    """An option, which reads its value by itself: Typer's own way loads a library that takes longer than most commands
    do.

    Its help is made when it is shown, where it is given as what makes it.
    """

    def __init__(
        self,
        names: list[str],
        kind: Any = str,
        *,
        help: "str | Callable[[], str]",
        metavar: str | None = None,
        **keywords: Any,
    ) -> None:
        super().__init__(
            param_decls=names,
            type_descriptor=TypeDescriptor(str, typer.models.OptionInfo(), None),
            is_flag=kind is bool,
            multiple=get_origin(kind) is tuple,
            metavar=metavar,
            **keywords,
        )
        self.explained, self.kind = help, kind
        self.choices: tuple[str, ...] = get_args(kind) if get_origin(kind) is Literal else ()

    def process_value(self, ctx: ClickContext, value: Any) -> Any:
        """The value of a word. Raises WrongValue for one that the option does not take."""
        if isinstance(value, str):
            value = self._chosen(value) if self.choices else self._number(value) if self.kind in (int, float) else value
        elif self.multiple:
            value = tuple(value or ())
        return self.callback(ctx, self, value) if self.callback else value

    def _chosen(self, word: str) -> str:
        if word not in self.choices:
            message = Message("'{value}' is not one of {choices}", value=word, choices=Joined(self.choices))
            raise WrongValue(message, self, did_you_mean(word, self.choices))
        return word

    def _number(self, word: str) -> int | float:
        try:
            number: int | float = self.kind(word)
        except ValueError:
            from diffcli.analysis.numerals import plainly  # an import that only a mistake needs

            wanted = Message("a whole number") if self.kind is int else Message("a number")
            meant = plainly(word, whole=self.kind is int)
            message = Message("'{value}' is not {wanted}", value=word[:40], wanted=wanted)
            hint = None if meant is None else instead(f"{self.opts[-1]} {meant}")
            raise WrongValue(message, self, hint) from None
        return number

    def display_type(self, ctx: ClickContext) -> str:
        """What the help calls its value."""
        return self.metavar or (f"[{'|'.join(self.choices)}]" if self.choices else "TEXT")

    def get_help_record(self, ctx: ClickContext) -> tuple[str, str] | None:
        """Its names, and its help."""
        self.help = self.explanation
        return super().get_help_record(ctx)

    @property
    def explanation(self) -> str:
        """Its help."""
        return self.explained() if callable(self.explained) else self.explained

    def shell_complete(self, ctx: ClickContext, incomplete: str) -> list[Any]:
        """The choices that begin so, for a shell; names of files where it takes one."""
        from typer.core import CompletionItem  # type: ignore[attr-defined]  # which only a shell needs

        if self.metavar == "FILE":
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(choice) for choice in self.choices if choice.startswith(incomplete)]


class _Helped:
    """What has a page of help, by an option of ours."""

    @cached_property
    def _asking_for_help(self) -> PlainOption:
        return PlainOption(
            list(_HELP), bool, help=ITSELF, is_eager=True, expose_value=False, callback=_show_help, default=False
        )

    def get_help_option(self, ctx: ClickContext) -> PlainOption:
        """The option that asks for it."""
        return self._asking_for_help


def _show_help(context: ClickContext, _: Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        say(context.get_help())
        context.exit()


class Command(_Helped, TyperCommand):
    """A command whose words may begin with a minus sign: `diffcli grad "-x^2"`."""

    context_class = Context

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentences of the description, for a list of commands."""
        return (self.help or "").partition("\n\n")[0]

    def parse_args(self, ctx: ClickContext, args: list[str]) -> list[str]:
        """Put what is no option behind `--`, where a minus sign means nothing.

        Raises TooManyWords for words left over.
        """
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
                if isinstance(parameter, PlainOption):
                    known[name] = not parameter.is_flag
        return known


class Group(_Helped, TyperGroup):
    """Commands in the order in which they are given."""

    context_class = Context

    def list_commands(self, ctx: ClickContext) -> list[str]:
        """Their names."""
        return list(self.commands)

    def invoke(self, ctx: ClickContext) -> object:
        """Run the command; where none is named, print the help."""
        code = super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            say(ctx.get_help())
        return code

    def resolve_command(self, ctx: ClickContext, args: list[str]) -> Any:
        """The command of a name. Raises NoSuchCommand."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise NoSuchCommand(args[0])
        return super().resolve_command(ctx, args)


def command(work: Callable[..., int]) -> Command:
    """The command that calls the function with its groups and options; the help is the docstring."""
    groups: dict[str, Any] = {name: kind for name, kind in _parameters(work) if is_dataclass(kind)}
    made = [parameter for name, kind in _parameters(work) for parameter in _made(name, kind, work)]

    def run(**given: Any) -> int:
        built = {
            name: kind(**{field.name: given.pop(field.name) for field in fields(kind)}) for name, kind in groups.items()
        }
        return work(**built, **given)

    return Command(
        work.__name__,
        context_settings=SETTINGS,
        callback=run,
        params=made,
        help=inspect.getdoc(work),
        rich_markup_mode=None,
    )


def _parameters(work: Callable[..., int]) -> Iterator[tuple[str, object]]:
    return ((name, kind) for name, kind in work.__annotations__.items() if name != "return")


def _made(name: str, kind: object, work: Callable[..., int]) -> Iterator[Parameter]:
    """The options of a group, or the one that a parameter is."""
    if is_dataclass(kind):
        for field in fields(kind):
            yield _parameter(field.name, field.type, None if field.default is MISSING else field.default)
    else:
        yield _parameter(name, kind, (work.__kwdefaults__ or {}).get(name))


def _parameter(name: str, annotation: object, default: object) -> Parameter:
    declared, option = get_args(annotation)
    if isinstance(option, Argument):
        return _Word(name, option)
    names = [name, *(option.names or [f"--{name.replace('_', '-')}"])]
    shown = option.default if option.default is not None else default not in (None, False, ())
    return PlainOption(
        names, _plain(declared), help=option.help, metavar=option.metavar, default=default, show_default=shown
    )


class _Word(TyperArgument):
    """A word without an option, as it stands."""

    def __init__(self, name: str, declared: Argument) -> None:
        super().__init__(
            param_decls=[name],
            type_descriptor=TypeDescriptor(str, typer.models.ArgumentInfo(), None),
            metavar=declared.metavar,
            help=declared.help,
            show_default=False,
        )

    def process_value(self, ctx: ClickContext, value: object) -> object:
        """The word."""
        return value

    def get_help_record(self, ctx: ClickContext) -> tuple[str, str] | None:
        """What it is called, and its help."""
        return f"[{self.metavar}]", self.help or ""


def _plain(kind: object) -> object:
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
