"""Options that stand in place of a command: the version, and completion at the Tab key."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from diffcli.cli.declaration import Option, Parameter
from diffcli.messages import Message
from diffcli.render.writing import say


class Instead(NamedTuple):
    """An option, and what it does."""

    parameter: Parameter
    work: Callable[[], None]


def _flag(help: str, work: Callable[[], None], *names: str) -> Instead:
    name = names[-1].removeprefix("--").replace("-", "_")
    return Instead(Parameter(name, bool, False, Option(*names, help=help)), work)


def _print_version() -> None:
    from diffcli.cli.versions import versions

    for line in versions():
        say(line)


def _print_script() -> None:
    from diffcli.cli.shells import of_this_shell, script

    say(script(of_this_shell()), end="")


def _install_script() -> None:
    from diffcli.cli.shells import installed, of_this_shell

    shell = of_this_shell()
    say(
        Message(
            "completion for {shell} is in {file}; it is there in the next shell", shell=shell, file=installed(shell)
        )
    )


LANGUAGE = Parameter("lang", str, None, Option(metavar="en|zh", help="The language of all texts."))
INSTEAD = (
    _flag("Print the version, that of Python and those of the libraries.", _print_version, "-V", "--version"),
    _flag("Have the shell that you are in complete words at the Tab key.", _install_script, "--install-completion"),
    _flag("Print what that would install.", _print_script, "--show-completion"),
)


def done_alone(arguments: Sequence[str]) -> bool:
    """Whether the line is one of these options and nothing else, which is done without knowing the commands."""
    for each in INSTEAD:
        if len(arguments) == 1 and arguments[0] in each.parameter.names:
            each.work()
            return True
    return False
