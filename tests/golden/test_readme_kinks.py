"""The README's table of kinks and edges is what the command prints."""

import os
import shlex

from command import answer
from golden.golden import HERE

README = HERE.parent.parent / "README.md"
BEGIN, END = "<!-- kinks: written by the tests -->\n", "<!-- end of kinks -->"

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


def test_the_readme_has_the_table() -> None:
    text = README.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    table = "\n".join(["", "| command | gradient | what is said |", "|---|---|---|", *map(row, COMMANDS), "", ""])
    if os.environ.get("DIFFCLI_UPDATE_GOLDEN"):
        text = text[:begin] + table + text[end:]
        README.write_text(text, encoding="utf-8")
    assert text[begin : text.index(END)] == table
