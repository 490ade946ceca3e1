"""Ordinary command lines, read without Typer as Typer reads them."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
import typer
from amount import seeds
from robustness.command_lines import command_line, prepare

from diffcli.cli.application import application
from diffcli.cli.commands import COMMANDS, command_of
from diffcli.cli.typers_click import UsageError
from diffcli.cli.words import plainly_read


def _by_typer(line: list[str]) -> dict[str, Any] | None:
    """What Typer reads; None where it refuses the line or shows help."""
    try:
        return application([line[0]]).commands[line[0]].make_context(line[0], line[1:]).params
    except (typer.Exit, UsageError):
        return None


@pytest.mark.parametrize("seed", seeds(40, 400, "DIFFCLI_READ_LINES", 25))
def test_both_read_a_line_alike(seed: int, tmp_path: Path) -> None:
    """Lines of all commands and options, sound ones and others: the same values, or the line is left to Typer."""
    prepare(tmp_path)
    random = Random(seed)
    plain = 0
    for _ in range(25):
        line = [word for word in command_line(random, tmp_path) if "\0" not in word]
        if line and line[0] in COMMANDS:
            found = plainly_read(command_of(line[0]), line[1:])
            if found is not None:
                plain += 1
                wanted = _by_typer(line)
                assert wanted is not None, line
                assert {name: repr(value) for name, value in found.items()} == {  # nan equals nan so
                    name: repr(value) for name, value in wanted.items()
                }, line
    assert plain > 10


@pytest.mark.parametrize(
    "words",
    [
        ["x", "--at"], ["x", "--json=yes"], ["x", "--jsno"], ["x", "--precision", "1.5"], ["x", "--color", "pink"],
        ["x", "y"], ["x", "--help"], ["-h"], ["x", "--precision="],
    ],
)  # fmt: skip
def test_what_is_not_ordinary_is_left_to_typer(words: list[str]) -> None:
    assert plainly_read(command_of("grad"), words) is None


def test_words_may_begin_with_a_minus_sign() -> None:
    """And options are given in either form, several times, or taken back."""
    words = [
        "--at=x=-1",
        "-x^2",
        "--at",
        "-3",
        "-t",
        "--symbolic",
        "--no-symbolic",
        "--precision=3",
        "--precision",
        "4",
    ]
    found = plainly_read(command_of("grad"), words)
    assert found is not None
    assert (found["expression"], found["at"], found["terse"]) == ("-x^2", ("x=-1", "-3"), True)
    assert (found["symbolic"], found["precision"], found["json"]) == (False, 4, False)
    assert plainly_read(command_of("grad"), ["--", "--at"]) == {**found, "expression": "--at"} | {
        "at": (), "terse": False, "symbolic": None, "precision": 6
    }  # fmt: skip
