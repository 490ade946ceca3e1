"""Functions and commands say the same: names, defaults, and what they are about; where they differ, why."""

import inspect
import re
from typing import Any

import pytest

import diffcli
from diffcli.cli import commands
from diffcli.cli.application import application, parameters
from diffcli.cli.typer_commands import PlainOption

#: Commands about the command line itself are no functions.
COMMANDS = [name for name in commands.COMMANDS if name not in ("examples", "help")]
#: What a command is called in Python, where that is not its own name.
FUNCTIONS = {"graph": "draw"}  # `diffcli.graph` is a package
#: Options without an argument in Python, and why.
COMMAND_ONLY = {
    "explain_plan": "the result's `plan`",
    "file": "Python reads files itself",
    **dict.fromkeys(("json", "terse", "color", "lang", "full", "labels", "precision"), "how a result is printed"),
    **dict.fromkeys(("jsonl", "csv", "as_at", "every", "chart"), "how a run is printed"),
    **dict.fromkeys(("report", "output", "theme"), "files: `save` of the result"),
    **dict.fromkeys(("layout", "size", "font_scale", "slides"), "files: `save` of the result"),
    **dict.fromkeys(("plot", "animate"), "files of a run's path, which is in the result"),
    **dict.fromkeys(("save", "save_every", "resume", "force"), "a run that outlives its process"),
    **dict.fromkeys(("sheet", "answers", "id", "format"), "of many exercises: `check_sheet`"),
    "ascii": "characters of the terminal",
    "answers": "standard input",
    **dict.fromkeys(("written", "solutions"), "files: `save` of the result"),
    "collapse": "depth=0",
}
#: Arguments without an option, and why.
PYTHON_ONLY = {
    "values": "values by keyword: --at NAME=VALUE",
    "tidied": "follows from --terse",
    "formulas": "follows from --json",
    "maximize": "the other command",
    "stopped": "Ctrl-C",
    "backward": "style='forward', as it was called first",
}
#: Defaults that differ, and why.
DEFAULTS = {
    ("grad", "symbolic"): "people see the formula; scripts do not pay unasked",
    **{("quiz", name): "a quiz that is gone on with has its own" for name in ("level", "count", "seed")},
}


def function(command: str) -> Any:
    """The function of a command."""
    found = getattr(diffcli, FUNCTIONS.get(command, command))
    return diffcli.descend if found is diffcli.ascend else found


def options(command: str) -> dict[str, Any]:
    """The defaults of the command's options, by name."""
    return application([command]).commands[command].make_context(command, []).params


def arguments(command: str) -> dict[str, Any]:
    """The defaults of the function's arguments, by name."""
    found = inspect.signature(function(command)).parameters.values()
    return {each.name: None if each.default is each.empty else each.default for each in found}


def test_every_function_is_a_command() -> None:
    """But for `steps` and `check_sheet`, options of `diff` and of `check`, and `compile`, whose result is called."""
    assert {FUNCTIONS.get(command, command) for command in COMMANDS} | {"steps", "check_sheet", "compile"} == {
        name for name in diffcli.__all__ if name[0].islower()
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_names_are_the_same(command: str) -> None:
    assert set(options(command)) - set(arguments(command)) <= set(COMMAND_ONLY)
    assert set(arguments(command)) - set(options(command)) <= set(PYTHON_ONLY)


def test_every_difference_exists() -> None:
    """A reason that nothing needs any more leaves the table."""
    only_command = {name for command in COMMANDS for name in set(options(command)) - set(arguments(command))}
    only_python = {name for command in COMMANDS for name in set(arguments(command)) - set(options(command))}
    assert (only_command, only_python) == (set(COMMAND_ONLY), set(PYTHON_ONLY))


@pytest.mark.parametrize("command", COMMANDS)
def test_defaults_are_the_same(command: str) -> None:
    """An option that is not given is no value, one that may be repeated none of them."""
    ours, theirs = arguments(command), options(command)
    differing = {
        name
        for name in set(ours) & set(theirs)
        if {ours[name], theirs[name]} - {None, ()} and ours[name] != theirs[name]
    }
    assert differing == {name for owner, name in DEFAULTS if owner == command}


@pytest.mark.parametrize("command", COMMANDS)
def test_choices_are_the_same(command: str) -> None:
    """Each word that an option takes is taken by the argument, and no other is."""
    for each in parameters()[command]:
        if isinstance(each, PlainOption) and each.choices and each.name not in COMMAND_ONLY:
            annotation = inspect.signature(function(command)).parameters[each.name].annotation
            assert set(re.findall(r"'(\w+)'", str(annotation))) == set(each.choices)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_is_explained(command: str) -> None:
    """In the function's own words, or in those of `grad`, to which it refers."""
    words = " ".join((inspect.getdoc(function(command)) or "").split())
    words += (inspect.getdoc(diffcli.grad) or "") if "as in `grad`" in words else ""
    missing = [name for name in arguments(command) if not re.search(rf"`{name}`|\b{name}\b", words, re.IGNORECASE)]
    assert [name for name in missing if name != "expression"] == []


def test_the_package_shows_its_functions_and_nothing_else() -> None:
    shown = [name for name in dir(diffcli) if not name.startswith("__")]
    assert shown == sorted(name for name in diffcli.__all__ if not name.startswith("__"))
    with pytest.raises(AttributeError, match="no attribute 'gard'"):
        diffcli.gard  # type: ignore[attr-defined]  # noqa: B018
