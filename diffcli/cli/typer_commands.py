"""Commands as Typer has them: for lines with a mistake, which it tells."""

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from diffcli.analysis.manual.page import ManualPage
from diffcli.cli.declaration import HELP, Argument, Command, Option, Parameter
from diffcli.cli.pages import ITSELF, application_page, command_page, show
from diffcli.cli.typers_click import ClickContext, TypeDescriptor, UsageError
from diffcli.cli.typers_click import Parameter as TypersParameter
from diffcli.cli.words import words_last
from diffcli.errors import did_you_mean
from diffcli.messages import Joined, Message

#: What all commands have in common: how the help is asked for.
SETTINGS = {"help_option_names": list(HELP)}


class WrongValue(typer.BadParameter):
    """A value that an option does not take, perhaps with a hint, or the value that is meant."""

    def __init__(
        self, message: str, parameter: TypersParameter, hint: str | None = None, meant: str | None = None
    ) -> None:
        super().__init__(message, param=parameter)  # type: ignore[arg-type]  # it is one of Typer's
        self.hint, self.meant = hint, meant


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
    """

    def __init__(self, parameter: Parameter, **keywords: Any) -> None:
        super().__init__(
            param_decls=[parameter.name, *parameter.names],
            type_descriptor=TypeDescriptor(str, typer.models.OptionInfo(), None),
            is_flag=parameter.is_flag,
            multiple=parameter.is_repeatable,
            default=parameter.default,
            **keywords,
        )
        self.parameter, self.choices, self.explanation = parameter, parameter.choices, parameter.explanation

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
        return WrongValue(message, self, meant=meant)


class _Helped(ABC):
    """What has a page of help, by an option of ours."""

    @abstractmethod
    def page(self) -> ManualPage:
        """The page."""

    @cached_property
    def _asking_for_help(self) -> PlainOption:
        asking = Parameter("help", bool, False, Option(*HELP, help=ITSELF))
        return PlainOption(asking, is_eager=True, expose_value=False, callback=_show_help)

    def get_help_option(self, ctx: ClickContext) -> PlainOption:
        """The option that asks for it."""
        return self._asking_for_help


def _show_help(context: ClickContext, _: TypersParameter, wanted: bool) -> None:
    if wanted:
        assert isinstance(context.command, _Helped)
        show(context.command.page())
        context.exit()


class TypersCommand(_Helped, TyperCommand):
    """A command whose words may begin with a minus sign: `diffcli grad "-x^2"`."""

    def __init__(self, command: Command) -> None:
        super().__init__(
            command.name,
            context_settings=SETTINGS,
            callback=lambda **given: command.run(given),
            params=[
                _Word(each.name, each.declared) if isinstance(each.declared, Argument) else PlainOption(each)
                for each in command.parameters
            ],
        )
        self._declared = command

    def page(self) -> ManualPage:
        """The page of the command."""
        return command_page(self._declared.name)

    def parse_args(self, ctx: ClickContext, args: list[str]) -> list[str]:
        """Put what is no option behind `--`, where a minus sign means nothing.

        Raises TooManyWords for words left over.
        """
        ctx.allow_extra_args = True
        left = super().parse_args(ctx, words_last(args, self._declared))
        if left:
            raise TooManyWords(Message("there are too many words"), ctx)
        return left


class Group(_Helped, TyperGroup):
    """The commands."""

    def page(self) -> ManualPage:
        """The page that lists them."""
        return application_page()

    def invoke(self, ctx: ClickContext) -> object:
        """Run the command; where none is named, print the help."""
        code = super().invoke(ctx)
        if ctx.invoked_subcommand is None:
            show(self.page())
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
        )

    def process_value(self, ctx: ClickContext, value: object) -> object:
        """The word."""
        return value
