"""The tables of commands and options in the documentation are what the commands declare."""

import inspect
import re
from collections.abc import Iterator, Sequence

import pytest
from golden.pages import DOCS, assert_generated

from diffcli.cli.application import parameters
from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.declaration import Option, Parameter
from diffcli.cli.typer_commands import PlainOption

PAGE = DOCS / "reference/commands.md"
ROWS = re.findall(r"^\| (.*?--.*?) \| (.*?) \| ", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def summaries() -> Iterator[str]:
    """What each command does, as its help begins."""
    for name in COMMANDS:
        said, _, _ = (inspect.getdoc(command_of(name).work) or "").partition("\n\n")
        yield f"| `diffcli {name}` | {plain(said)} |"


def options() -> Iterator[str]:
    """Each option, the commands that have it in just this way, what it means, and its default."""
    having: dict[tuple[str, str, str], list[str]] = {}
    for name in COMMANDS:
        for each in command_of(name).parameters:
            if isinstance(each.declared, Option):
                having.setdefault((names(each), meaning(each.declared), default(each)), []).append(name)
    groups = list(dict.fromkeys(map(tuple, having.values())))
    for (spelled, meant, otherwise), commands in sorted(having.items(), key=lambda row: groups.index(tuple(row[1]))):
        yield f"| {spelled} | {of(commands)} | {meant} | {otherwise} |"


def names(option: Parameter) -> str:
    """How the option is typed, with what its value is called."""
    assert isinstance(option.declared, Option)
    value = option.declared.metavar or "|".join(option.choices)
    spelled = [part for name in option.names for part in name.split("/")]
    return ", ".join(f"`{name}{value and ' ' + value}`" for name in spelled).replace("|", "\\|")


def meaning(option: Option) -> str:
    return plain(option.help() if callable(option.help) else option.help)


def default(option: Parameter) -> str:
    """What is taken without the option: words for people, or the value."""
    assert isinstance(option.declared, Option)
    if option.declared.default is not None:
        return plain(option.declared.default)
    if option.is_flag and option.default:
        return f"`{option.names[0].partition('/')[0]}`"
    return "" if option.default in (None, False, (), "") else f"`{option.default}`"


def of(commands: Sequence[str]) -> str:
    """The commands in words, the shorter way."""
    others = [f"`{name}`" for name in COMMANDS if name not in commands]
    if not others:
        return "all"
    return f"all but {', '.join(others)}" if len(others) <= 4 else ", ".join(f"`{name}`" for name in commands)


def plain(text: str) -> str:
    """A text in which Markdown sees no mark of its own."""
    return re.sub(r"([\\*_<\[\]|`])", r"\\\1", " ".join(text.split()))


def test_the_page_has_every_command() -> None:
    table = ["", "| command | what it does |", "|---|---|", *summaries(), "", ""]
    assert_generated(PAGE, "commands", "\n".join(table))


def test_the_page_has_every_option() -> None:
    table = ["", "| option | of | meaning | default |", "|---|---|---|---|", *options(), "", ""]
    assert_generated(PAGE, "options", "\n".join(table))


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
