"""How a result is shown: for people, terse, or as JSON."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from diffcli.cli.options import Color
from diffcli.errors import fault
from diffcli.source import Source

#: The module that shows a command's result to people, where it is not called like the command.
_TOPICS = {
    "grad": "gradient",
    "diff": "derivative",
    "descend": "descent",
    "compare": "comparison",
    "functions": "catalogue",
    "jvp": "products",
    "vjp": "products",
}


class Output(NamedTuple):
    """The options that say how a result is shown; `digits` are those that are computed, where they were asked for."""

    json: bool
    terse: bool
    precision: int = 6
    color: Color = Color.auto
    full: bool = False
    digits: int | None = None

    @property
    def human(self) -> bool:
        """Whether people are to read the result."""
        return not (self.json or self.terse)


def checked(output: Output) -> Output:
    """The options, unless they contradict each other."""
    if output.json and output.terse:
        line = Source("--json --terse", "command line")
        raise fault("E402", "--json and --terse exclude each other", line, line.whole, hint="leave one of them out")
    if not 1 <= output.precision <= 17:
        digits = Source(str(output.precision), "--precision")
        raise fault("E403", "the precision must be 1 to 17 digits", digits, digits.whole, hint="17 digits tell any two doubles apart")
    return output


def emit(result: Any, command: str, output: Output) -> int:
    """Show a result on standard output; returns the exit code that it stands for.

    A doubt about its digits goes to standard error, and so do kinks, of which terse output has no word.
    """
    doubt = getattr(getattr(result, "precision", None), "doubt", None)
    if doubt is not None:
        print(f"note: {doubt}", file=sys.stderr)
    if output.terse:
        for kink in getattr(result, "kinks", ()):
            print(f"note: {kink.sentence}", file=sys.stderr)
    if output.json:
        from diffcli.render.documents.values import dumps

        print(dumps(_renderer(f"documents.{command}", f"{command}_document")(result)))
    elif output.terse:
        print(_renderer("terse", f"{command}_lines")(result))
    else:
        from diffcli.render.screen import Screen

        screen = Screen(sys.stdout, output.color.value)
        screen.show(_renderer(_TOPICS.get(command, command), f"{command}_text")(result, screen.symbols, output.digits or output.precision, output.full))
    return int(getattr(result, "exit_code", 0))


def _renderer(module: str, name: str) -> Callable[..., Any]:
    from importlib import import_module

    renderer: Callable[..., Any] = getattr(import_module(f"diffcli.render.{module}"), name)
    return renderer
