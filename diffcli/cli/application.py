"""The application as Typer has it: what its commands are, and what becomes of a line that is not an ordinary one."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import typer

from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.instead import INSTEAD, LANGUAGE
from diffcli.cli.typer_commands import SETTINGS, Group, PlainOption, TypersCommand
from diffcli.cli.typers_click import Parameter as TypersParameter
from diffcli.cli.typers_click import UsageError
from diffcli.errors import DiffcliError


def application(names: Iterable[str] = COMMANDS) -> Group:
    """The application with the commands of these names, and where these are all with the options that stand before one.

    Preparing a command takes about a millisecond.
    """
    return Group(
        name="diffcli",
        commands=[TypersCommand(command_of(name)) for name in names],
        invoke_without_command=True,
        params=_options() if names is COMMANDS else [],
        context_settings=SETTINGS,
    )


def _options() -> list[TypersParameter]:
    """What can stand in place of a command, or before it."""
    instead = [
        PlainOption(each.parameter, is_eager=True, expose_value=False, callback=_doing(each.work)) for each in INSTEAD
    ]
    return [PlainOption(LANGUAGE, expose_value=False), *instead]


def _doing(work: Callable[[], None]) -> Callable[[typer.Context, TypersParameter, bool], None]:
    """What Typer calls for an option that stands in place of a command."""

    def do(context: typer.Context, _: TypersParameter, wanted: bool) -> None:
        if wanted:
            work()
            raise typer.Exit

    return do


def parameters() -> Mapping[str, Sequence[TypersParameter]]:
    """Each command's arguments and options."""
    return {name: command.params for name, command in application().commands.items()}


def answered(arguments: Sequence[str]) -> int:
    """Run a command line. Raises DiffcliError for one that the commands do not take."""
    named = [name for name in arguments[:1] if name in COMMANDS]
    try:
        with application(named or COMMANDS).make_context("diffcli", list(arguments)) as context:
            return int(context.command.invoke(context) or 0)
    except typer.Exit as done:
        return done.exit_code
    except UsageError as error:
        from diffcli.cli.wrong_options import option_diagnostic

        raise DiffcliError(option_diagnostic(error, arguments, parameters)) from None
