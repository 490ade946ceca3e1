"""The commands by name: only the one that runs is loaded."""

from importlib import import_module

from diffcli.cli.declaration import Command

#: The commands in the order of the help, and the module that each is in.
COMMANDS = {
    **{name: name for name in ("grad", "diff", "compare", "jacobian", "hessian", "jvp", "vjp", "descend")},
    "ascend": "descend",
    "graph": "graph",
    "check": "check",
    "quiz": "quiz",
    "functions": "functions",
    "examples": "examples",
    "help": "help",
}


def command_of(name: str) -> Command:
    """The command of a name."""
    found: Command = getattr(import_module(f"diffcli.cli.{COMMANDS[name]}"), name)
    return found
