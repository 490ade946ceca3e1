"""A command line run, and what becomes of its failures."""

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from diffcli.api.posing import notes_told_to
from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.declaration import HELP
from diffcli.cli.instead import done_alone
from diffcli.cli.language import asked_for
from diffcli.cli.words import plainly_read
from diffcli.errors import Diagnostic, DiffcliError, ExitCode, unforeseen
from diffcli.messages import Message, speaking, speech
from diffcli.render.writing import has_characters, remark, say

#: The variable by which a shell asks for completions.
_COMPLETE = "_DIFFCLI_COMPLETE"


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns the exit code. Prints every failure as a diagnostic."""
    _open_closed_streams()
    with speaking("command", "en"):
        try:
            language = asked_for(arguments, os.environ)
        except DiffcliError as error:
            return failed(error.diagnostic, arguments)
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
    return failed(diagnostic, arguments)


def failed(diagnostic: Diagnostic, arguments: Sequence[str]) -> int:
    """Print a failure on standard error; returns its exit code."""
    try:
        _report(diagnostic, as_json="--json" in arguments or "--jsonl" in arguments)
        sys.stderr.flush()
    except OSError:
        _abandon(sys.stderr)  # nobody can be told; the exit code still tells
    return int(diagnostic.exit_code)


def _answered(arguments: Sequence[str]) -> int:
    """Run a command line. Raises DiffcliError for one that the commands do not take."""
    if shell := os.environ.get(_COMPLETE):
        from diffcli.cli.completion import completed

        return completed(shell)
    with notes_told_to(_note):
        if arguments and arguments[0] in COMMANDS:
            command = command_of(arguments[0])
            given = plainly_read(command, arguments[1:])
            if given is not None:
                return command.run(given)
        if _helped(arguments) or done_alone(arguments):
            return int(ExitCode.DONE)
        from diffcli.cli.application import answered

        return answered(arguments)


def _helped(arguments: Sequence[str]) -> bool:
    """Whether the line asks for help and nothing else, which is given."""
    name, *others = arguments if arguments and arguments[0] not in HELP else ("", *HELP[:1])
    if len(others) != 1 or others[0] not in HELP or (name and name not in COMMANDS):
        return False
    from diffcli.cli.pages import application_page, command_page, show

    show(command_page(name) if name else application_page())
    return True


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
