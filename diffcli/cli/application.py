"""The application as Typer has it: what its commands are, and what becomes of a line that is not an ordinary one."""

from collections.abc import Iterable, Mapping, Sequence

import typer
from typer.main import get_install_completion_arguments

from diffcli import __version__
from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.declaration import Option, Parameter
from diffcli.cli.typer_commands import SETTINGS, Group, PlainOption, TypersCommand
from diffcli.cli.typers_click import Parameter as TypersParameter
from diffcli.cli.typers_click import UsageError
from diffcli.errors import DiffcliError
from diffcli.render.writing import say


def application(names: Iterable[str] = COMMANDS) -> Group:
    """The application with the commands of these names, and where these are all with the options that stand before one.

    Preparing a command takes about a millisecond, and Typer's own options load a library that takes longer than most
    commands do.
    """
    return Group(
        name="diffcli",
        commands=[TypersCommand(command_of(name)) for name in names],
        invoke_without_command=True,
        params=_options() if names is COMMANDS else [],
        help="Differentiate expressions symbolically and automatically, see every step, run gradient descent.",
        context_settings=SETTINGS,
        rich_markup_mode=None,
    )


def _options() -> list[TypersParameter]:
    """What can stand in place of a command, or before it."""
    language = Parameter("lang", str, None, Option(metavar="en|zh", help="The language of all texts."))
    version = Parameter("version", bool, False, Option(help="Print the version."))
    return [
        PlainOption(language, expose_value=False),
        PlainOption(version, is_eager=True, expose_value=False, callback=_print_version),
        *get_install_completion_arguments(),
    ]


def _print_version(context: typer.Context, _: TypersParameter, wanted: bool) -> None:
    if wanted:
        say(f"diffcli {__version__}")
        raise typer.Exit


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


def completed() -> int:
    """Tell a shell how a word may go on."""
    return int(application().main([], prog_name="diffcli", standalone_mode=False) or 0)
