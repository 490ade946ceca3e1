"""The table of kinks and edges in the documentation is what the command prints."""

import shlex

from command import answer
from golden.pages import DOCS, assert_generated

COMMANDS = [
    'diffcli grad "abs(x)" --at 0',
    'diffcli grad "relu(x)" --at 0',
    'diffcli grad "max(x, y)" --at "x=1; y=1"',
    'diffcli grad "max(x)" --at 1,3,3',
    'diffcli grad "(x < 1)*x" --at 1',
    'diffcli grad "x^1.5" --at 0',
    'diffcli grad "sqrt(x)" --at 0',
    'diffcli grad "x^x" --at 0',
    'diffcli grad "atan2(y, x)" --at "y=0; x=0"',
    'diffcli grad "where(x > 0, sqrt(x), 0)" --at -1',
    'diffcli grad "log(1+exp(x))" --at 1000',
]


def row(command: str) -> str:
    """The command, its gradient or none, and what it says on standard error, without the excerpt."""
    done = answer([*shlex.split(command)[1:], "--terse"])
    said = [line.removeprefix("  = ") for line in done.err.splitlines() if not line.startswith("  |")]
    gradient = ", ".join(f"`{line}`" for line in done.out.split()) or f"none, exit {done.code}"
    return f"| `{command.removeprefix('diffcli ')}` | {gradient} | {'<br>'.join(said)} |"


def test_the_page_has_the_table() -> None:
    table = "\n".join(["", "| command | gradient | what is said |", "|---|---|---|", *map(row, COMMANDS), "", ""])
    assert_generated(DOCS / "explanation/conventions.md", "kinks", table)
