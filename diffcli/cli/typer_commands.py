"""Commands as Typer has them: for their help, for shells that complete words, and for lines with a mistake."""

import inspect
from functools import cached_property
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from diffcli.cli.declaration import HELP, Argument, Command, Option, Parameter
from diffcli.cli.help_page import ITSELF, Context
from diffcli.cli.typers_click import ClickContext, TypeDescriptor, UsageError
from diffcli.cli.typers_click import Parameter as TypersParameter
from diffcli.cli.words import words_last
from diffcli.errors import did_you_mean, instead
from diffcli.messages import Joined, Message
from diffcli.render.writing import say

#: What all commands have in common: how the help is asked for.
SETTINGS = {"help_option_names": list(HELP)}


class WrongValue(typer.BadParameter):
    """A value that an option does not take, perhaps with what to write instead."""

    def __init__(self, message: str, parameter: TypersParameter, hint: str | None = None) -> None:
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

    def __init__(self, parameter: Parameter, **keywords: Any) -> None:
        declared, default = parameter.declared, parameter.default
        assert not isinstance(declared, Argument)
        shown = declared.default if declared.default is not None else default not in (None, False, ())
        super().__init__(
            param_decls=[parameter.name, *parameter.names],
            type_descriptor=TypeDescriptor(str, typer.models.OptionInfo(), None),
            is_flag=parameter.is_flag,
            multiple=parameter.is_repeatable,
            metavar=declared.metavar,
            default=default,
            show_default=shown,
            **keywords,
        )
        self.explained, self.choices, self.parameter = declared.help, parameter.choices, parameter

    def process_value(self, ctx: ClickContext, value: Any) -> Any:
        """The value of a word. Raises WrongValue for one that the option does not take."""
        if isinstance(value, str):
            try:
                value = self.parameter.read(value)
            except ValueError:
                raise self._wrong(value) from None
        elif self.multiple:
            value = tuple(value or ())
        return self.callback(ctx, self, value) if self.callback else value

    def _wrong(self, word: str) -> WrongValue:
        """The error about a word that is none of the choices, or no number."""
        if self.choices:
            message = Message("'{value}' is not one of {choices}", value=word, choices=Joined(self.choices))
            return WrongValue(message, self, did_you_mean(word, self.choices))
        from diffcli.analysis.numerals import plainly  # an import that only a mistake needs

        whole = self.parameter.kind is int
        wanted = Message("a whole number") if whole else Message("a number")
        meant = plainly(word, whole=whole)
        message = Message("'{value}' is not {wanted}", value=word[:40], wanted=wanted)
        return WrongValue(message, self, None if meant is None else instead(f"{self.opts[-1]} {meant}"))

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
        asking = Parameter("help", bool, False, Option(*HELP, help=ITSELF))
        return PlainOption(asking, is_eager=True, expose_value=False, callback=_show_help)

    def get_help_option(self, ctx: ClickContext) -> PlainOption:
        """The option that asks for it."""
        return self._asking_for_help


def _show_help(context: ClickContext, _: TypersParameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        say(context.get_help())
        context.exit()


class TypersCommand(_Helped, TyperCommand):
    """A command whose words may begin with a minus sign: `diffcli grad "-x^2"`."""

    context_class = Context

    def __init__(self, command: Command) -> None:
        super().__init__(
            command.name,
            context_settings=SETTINGS,
            callback=lambda **given: command.run(given),
            params=[
                _Word(each.name, each.declared) if isinstance(each.declared, Argument) else PlainOption(each)
                for each in command.parameters
            ],
            help=inspect.getdoc(command.work),
            rich_markup_mode=None,
        )
        self._declared = command

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentences of the description, for a list of commands."""
        return (self.help or "").partition("\n\n")[0]

    def parse_args(self, ctx: ClickContext, args: list[str]) -> list[str]:
        """Put what is no option behind `--`, where a minus sign means nothing.

        Raises TooManyWords for words left over.
        """
        ctx.allow_extra_args = True
        left = super().parse_args(ctx, words_last(args, self._declared))
        if left and not ctx.resilient_parsing:
            raise TooManyWords(Message("there are too many words"), ctx)
        return left


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
