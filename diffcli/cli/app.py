"""The application: its commands, and what becomes of their failures."""

import os
import shlex
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.core import TyperCommand

from diffcli import __version__
from diffcli.cli.descend import ascend, descend
from diffcli.cli.diff import diff
from diffcli.cli.functions import functions
from diffcli.cli.grad import grad
from diffcli.errors import Diagnostic, DiffcliError, ExitCode, Label, did_you_mean
from diffcli.source import Source, Span


class _SignedCommand(TyperCommand):
    """A command whose expression may begin with a minus sign: `diffcli grad "-x^2"`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]  # Typer types the context privately
        return super().parse_args(ctx, _expressions_last(args, self._takes_value()))

    def _takes_value(self) -> dict[str, bool]:
        """Each option's names, and whether a value follows."""
        known = {"-h": False, "--help": False}
        for parameter in self.params:
            for name in (*parameter.opts, *parameter.secondary_opts):
                if name.startswith("-"):
                    known[name] = not getattr(parameter, "is_flag", False)
        return known


def _expressions_last(arguments: Sequence[str], takes_value: dict[str, bool]) -> list[str]:
    """The arguments with all that is no option after `--`, where a minus sign means nothing."""
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
    return argument.startswith("--") and len(name) > 1 and name[0].isalpha() and all(c.isalnum() or c == "-" for c in name) and name.isascii()


app = typer.Typer(
    name="diffcli",
    help="Differentiate expressions symbolically and automatically, see every step, run gradient descent.",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (grad, diff, descend, ascend, functions):
    app.command(cls=_SignedCommand)(_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"diffcli {__version__}")
        raise typer.Exit()


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit()


def run(arguments: Sequence[str]) -> int:
    """Run a command line; returns the exit code. Prints every failure as a diagnostic."""
    try:
        code = app(list(arguments), standalone_mode=False, prog_name="diffcli")
        sys.stdout.flush()
        return int(code or 0)
    except BrokenPipeError:
        # whoever read us has gone: keep the interpreter from complaining when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return int(ExitCode.DONE)
    except DiffcliError as error:
        diagnostic = error.diagnostic
    except typer.TyperException as error:
        diagnostic = _option_diagnostic(error, arguments)
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
    _report(diagnostic, as_json="--json" in arguments)
    return int(diagnostic.exit_code)


def _option_diagnostic(error: typer.TyperException, arguments: Sequence[str]) -> Diagnostic:
    """What Typer found wrong with the command line, with the place underlined."""
    message = error.format_message().rstrip(".")
    option = getattr(error, "option_name", None)
    parameter = getattr(error, "param", None)
    hint = None
    wrong = option
    if option is not None and "No such option" in message:
        message = f"there is no option '{option}'"
        context = getattr(error, "ctx", None)
        names = [name for parameter in context.command.params for name in parameter.opts] if context else []
        hint = did_you_mean(option, [name for name in names if name.startswith("--")])
    elif "No such command" in message:
        wrong = next((argument for argument in arguments if not argument.startswith("-")), None)
        message = f"there is no command '{wrong}'"
        hint = did_you_mean(wrong or "", [command.callback.__name__ for command in app.registered_commands if command.callback])
        hint = hint or 'to differentiate an expression: diffcli grad "..."'
    elif "unexpected extra argument" in message:
        wrong = message[message.rfind("(") + 1 : -1].split(" ")[0]
        message = "there is more than one expression"
        hint = "put quotes around the expression"
    elif parameter is not None:
        wrong = next((name for name in parameter.opts if name in arguments), None)
        message = f"{wrong or parameter.opts[-1]} cannot take this value: {getattr(error, 'message', message)}".rstrip(".")
        hint = f"{parameter.opts[-1]}: {parameter.help}"
    line = shlex.join(["diffcli", *arguments])
    hint = hint or "'diffcli --help' lists the commands, 'diffcli COMMAND --help' a command's options"
    place = line.find(str(wrong)) if wrong else -1
    labels = (Label(Span(place, place + len(str(wrong)))),) if place >= 0 else ()
    return Diagnostic("E402", message[:1].lower() + message[1:], Source(line, "command line"), labels, hint)


def _report(diagnostic: Diagnostic, as_json: bool) -> None:
    if as_json:
        from diffcli.render.document import dumps, error_document

        print(dumps(error_document(diagnostic)), file=sys.stderr)
        return
    from diffcli.render.diagnostic import diagnostic_text
    from diffcli.render.screen import Screen

    Screen(sys.stderr).show([diagnostic_text(diagnostic)])
