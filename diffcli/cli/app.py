"""The application: its commands, and what becomes of their failures."""

import contextlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import TextIO

import typer
from typer.main import get_install_completion_arguments

from diffcli import __version__
from diffcli.api.posing import notes_told_to
from diffcli.cli.declaration import SETTINGS, Command, Group, PlainOption
from diffcli.cli.language import asked_for
from diffcli.cli.typers_click import Parameter, UsageError
from diffcli.errors import Diagnostic, DiffcliError, ExitCode, unforeseen
from diffcli.messages import Message, speaking, speech
from diffcli.render.writing import has_characters, remark, say

#: The commands in the order of the help, and the module that each is in: only the one that runs is loaded.
COMMANDS = {
    **{name: name for name in ("grad", "diff", "compare", "jacobian", "hessian", "jvp", "vjp", "descend")},
    "ascend": "descend",
    "graph": "graph",
    "check": "check",
    "quiz": "quiz",
    "functions": "functions",
}
#: The variable by which a shell asks for completions.
_COMPLETE = "_DIFFCLI_COMPLETE"


def application(names: Iterable[str] = COMMANDS) -> Group:
    """The application with the commands of these names; preparing one takes about a millisecond."""
    return Group(
        name="diffcli",
        commands=[_command(name) for name in names],
        invoke_without_command=True,
        params=[
            PlainOption(["--lang"], metavar="en|zh", help="The language of all texts.", expose_value=False),
            PlainOption(
                ["--version"], bool, help="Print the version.", is_eager=True, expose_value=False,
                callback=_print_version, default=False, show_default=False,
            ),
            *get_install_completion_arguments(),
        ],
        help="Differentiate expressions symbolically and automatically, see every step, run gradient descent.",
        context_settings=SETTINGS,
        rich_markup_mode=None,
    )  # fmt: skip


def _command(name: str) -> Command:
    command: Command = getattr(import_module(f"diffcli.cli.{COMMANDS[name]}"), name)
    return command


def _print_version(context: typer.Context, _: Parameter, wanted: bool) -> None:
    if wanted:
        say(f"diffcli {__version__}")
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns the exit code. Prints every failure as a diagnostic."""
    _open_closed_streams()
    with speaking("command", "en"):
        try:
            language = asked_for(arguments, os.environ)
        except DiffcliError as error:
            return _failed(error.diagnostic, arguments)
    with speaking("command", language):
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        code = _answered(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        _abandon(sys.stdout)
        return int(ExitCode.DONE)
    except OSError as error:
        _abandon(sys.stdout)
        diagnostic = Diagnostic(
            "E401",
            Message("cannot write the answer: {reason}", reason=Message((error.strerror or str(error)).lower())),
            hint=Message("nothing else went wrong"),
        )
    except DiffcliError as error:
        diagnostic = error.diagnostic
    except Exception as error:
        if os.environ.get("DIFFCLI_DEBUG") and not isinstance(error, MemoryError):
            raise
        diagnostic = unforeseen(error)
    return _failed(diagnostic, arguments)


def _failed(diagnostic: Diagnostic, arguments: Sequence[str]) -> int:
    """Print a failure on standard error; returns its exit code."""
    try:
        _report(diagnostic, as_json="--json" in arguments or "--jsonl" in arguments)
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)  # nobody can be told; the exit code still tells
    return int(diagnostic.exit_code)


def _answered(arguments: Sequence[str]) -> int:
    """Run a command line. Raises DiffcliError for one that the commands do not take."""
    if os.environ.get(_COMPLETE):
        return int(application().main([], prog_name="diffcli", standalone_mode=False) or 0)
    named = [name for name in arguments[:1] if name in COMMANDS]
    try:
        made = application(named or COMMANDS).make_context("diffcli", list(arguments))
        with notes_told_to(_note), made as context:
            return int(context.command.invoke(context) or 0)
    except typer.Exit as done:
        return done.exit_code
    except UsageError as error:
        from diffcli.cli.wrong_options import option_diagnostic

        raise DiffcliError(option_diagnostic(error, arguments, parameters)) from None


def _note(text: str) -> None:
    remark(Message("note: {note}", note=text))


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


def parameters() -> Mapping[str, Sequence[Parameter]]:
    """Each command's arguments and options."""
    return {name: command.params for name, command in application().commands.items()}


def _report(diagnostic: Diagnostic, as_json: bool) -> None:
    if as_json:
        from diffcli.render.documents.error import error_document
        from diffcli.render.documents.json_values import dumps

        say(dumps(error_document(diagnostic)), sys.stderr)
        return
    from diffcli.render.diagnostic import diagnostic_text
    from diffcli.render.screen import Screen

    face, language = speech()
    with speaking(face, language if has_characters(language, sys.stderr) else "en"):
        Screen(sys.stderr).show([diagnostic_text(diagnostic)])
