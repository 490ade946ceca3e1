"""The table of functions in the documentation is the table of functions."""

import shlex

import pytest
from command import answer
from golden.pages import DOCS, assert_generated

from diffcli.analysis.catalogue import FunctionRow, catalogue
from diffcli.render.text.functions import derivative_text

pytestmark = pytest.mark.fast

ROWS = catalogue().functions


def table() -> str:
    """All functions by family, in Markdown."""
    lines = ["", "| function | what it is | derivative | also called |", "|---|---|---|---|"]
    family = ""
    for row in ROWS:
        if row.family != family:
            family = row.family
            lines.append(f"| **{family.capitalize()}** | | | |")
        derivative = "<br>".join(f"`{line}`" for line in derivative_text(row).split("\n"))
        cells = [f"`{written(row)}`", row.summary, derivative, ", ".join(f"`{alias}`" for alias in row.aliases)]
        assert not any("|" in cell for cell in cells)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", ""])


def written(row: FunctionRow) -> str:
    """The call, and the notation before it where there is one."""
    return f"{row.notation}`, `{row.signature}" if row.notation else row.signature


def test_the_page_has_the_table() -> None:
    assert_generated(DOCS / "reference/functions.md", "functions", table())


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_example_runs(row: FunctionRow) -> None:
    """The command that `diffcli functions NAME` shows answers, and says nothing else."""
    command, *arguments = shlex.split(row.example)
    assert command == "diffcli"
    done = answer(arguments)
    assert (done.code, done.err) == (0, "")
    assert f"{row.name}(" in row.example or row.notation


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_function_says_what_its_derivative_is(row: FunctionRow) -> None:
    """By each operand, unless it is written out, or made from nothing."""
    text = derivative_text(row)
    assert text
    assert "..." not in text
    assert row.definition is None or row.derivatives == ()
