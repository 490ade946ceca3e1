"""The table of options in the documentation says of which commands each of them is."""

import re

import pytest
from golden.pages import DOCS

from diffcli.cli.application import parameters
from diffcli.cli.commands import COMMANDS
from diffcli.cli.typer_commands import PlainOption

ROWS = re.findall(r"^\| (.*?--.*?) \| (.*?) \| ", (DOCS / "reference/commands.md").read_text(encoding="utf-8"), re.MULTILINE)


def named(of: str) -> set[str]:
    """The commands that a cell names."""
    found = set(re.findall(r"`(\w+)`", of))
    return set(COMMANDS) - found if of.startswith("all") else found


def documented() -> dict[str, set[str]]:
    """The commands of each option, by all rows that it is in."""
    found: dict[str, set[str]] = {}
    for names, of in ROWS:
        for name in re.findall(r"--[\w-]+", names):
            found.setdefault(name, set()).update(named(of))
    return found


@pytest.mark.parametrize("name", documented())
def test_an_option_is_of_the_commands_that_have_it(name: str) -> None:
    having = {
        command
        for command, found in parameters().items()
        if any(isinstance(each, PlainOption) and name in (*each.opts, *each.secondary_opts) for each in found)
    }
    assert documented()[name] == having
