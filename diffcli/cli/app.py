"""The application: its commands, and what becomes of their failures."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Annotated, Any, TextIO

import typer
from typer.main import get_command

from diffcli import __version__
from diffcli.cli.command import CommandGroup, ExpressionCommand
from diffcli.errors import Diagnostic, DiffcliError, ExitCode
from diffcli.messages import speaking
from diffcli.render.writing import say

#: The commands in the order of the help, and the module that each is in: only the one that runs is loaded.
COMMANDS = {
    **{name: name for name in ("grad", "diff", "compare", "jacobian", "hessian", "jvp", "vjp", "descend")},
    "ascend": "descend",
    "graph": "graph",
    "functions": "functions",
}


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The application with the commands of these names; preparing one takes about a millisecond."""
    app = typer.Typer(
        name="diffcli",
        cls=CommandGroup,
        help="Differentiate expressions symbolically and automatically, see every step, run gradient descent.",
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(_without_command)
    for name in names:
        app.command(name, cls=ExpressionCommand)(_command(name))
    return app


def _command(name: str) -> Callable[..., int]:
    command: Callable[..., int] = getattr(import_module(f"diffcli.cli.{COMMANDS[name]}"), name)
    return command


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"diffcli {__version__}")
        raise typer.Exit()


def _without_command(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit()


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns the exit code. Prints every failure as a diagnostic."""
    with speaking("command", "en"):
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    _open_closed_streams()
    try:
        code = _answered(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _abandon(sys.stdout)
        return int(ExitCode.DONE)
    except SystemExit as leaving:
        if not isinstance(leaving.__context__, BrokenPipeError):
            raise
        _abandon(sys.stdout)  # Typer leaves with 1 where a command writes to a closed pipe
        return int(ExitCode.DONE)
    except OSError as error:
        _abandon(sys.stdout)
        diagnostic = Diagnostic(
            "E401", f"cannot write the answer: {(error.strerror or str(error)).lower()}", hint="nothing else went wrong"
        )
    except DiffcliError as error:
        diagnostic = error.diagnostic
    except typer.Abort:
        return int(ExitCode.INTERRUPTED)
    except MemoryError:
        diagnostic = Diagnostic("E601", "there is not enough memory", exit_code=ExitCode.TIME_LIMIT)
    except Exception as error:
        if os.environ.get("DIFFCLI_DEBUG"):
            raise
        diagnostic = Diagnostic(
            "E901",
            f"internal error: {type(error).__name__}: {error}",
            hint="this is a defect of diffcli; report it with the command line and what DIFFCLI_DEBUG=1 prints",
        )
    try:
        _report(diagnostic, as_json="--json" in arguments or "--jsonl" in arguments)
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)  # nobody can be told; the exit code still tells
    return int(diagnostic.exit_code)


def _answered(arguments: Sequence[str]) -> int:
    """Run a command line. Raises DiffcliError for one that the commands do not take."""
    named = [name for name in arguments[:1] if name in COMMANDS]
    try:
        return int(application(named or COMMANDS)(list(arguments), standalone_mode=False, prog_name="diffcli") or 0)
    except typer.TyperException as error:
        from diffcli.cli.wrong_options import option_diagnostic

        raise DiffcliError(option_diagnostic(error, arguments, _parameters)) from None


def _open_closed_streams() -> None:
    """Where the shell has closed a stream (`>&-`), read nothing from it and write nowhere."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  # open for as long as the process
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _abandon(stream: TextIO) -> None:
    """Keep the interpreter from flushing, when it exits, what nobody can take."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _parameters() -> dict[str, list[Any]]:
    """Each command's arguments and options."""
    commands: Any = getattr(get_command(application()), "commands", {})
    return {name: command.params for name, command in commands.items()}


def _report(diagnostic: Diagnostic, as_json: bool) -> None:
    if as_json:
        from diffcli.render.documents.error import error_document
        from diffcli.render.documents.json_values import dumps

        say(dumps(error_document(diagnostic)), sys.stderr)
        return
    from diffcli.render.diagnostic import diagnostic_text
    from diffcli.render.screen import Screen

    Screen(sys.stderr).show([diagnostic_text(diagnostic)])
