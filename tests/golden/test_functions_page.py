"""The page of functions is the table of functions, with the graphs of those that take a number."""

import shlex
from collections.abc import Iterator
from itertools import groupby

import pytest
from amount import sampled
from command import answer
from golden.function_plots import FOLDER, picture, plotted
from golden.golden import assert_golden
from golden.pages import DOCS, assert_generated

from diffcli.analysis.catalogue import FunctionRow, catalogue
from diffcli.render.text.functions import derivative_text

pytestmark = pytest.mark.fast

ROWS = catalogue().functions
PLOTTED = tuple(plotted())


def sections() -> Iterator[str]:
    """A heading for each family, with links to its functions, and one for each of these; in Markdown, line by line."""
    for family, found in groupby(ROWS, lambda row: row.family):
        rows = list(found)
        yield from ("", f"## {family.capitalize()}", "", ", ".join(f"[{row.name}](#{row.name})" for row in rows))
        for row in rows:
            yield from section(row)
    yield from ("", "")


def section(row: FunctionRow) -> Iterator[str]:
    """What a function is, and everything that the table knows of it."""
    yield from ("", f"### {row.name}", "", row.summary, "")
    if row.name in PLOTTED:
        alternative = f"{row.name}, and its derivative in dashes, from -4 to 4"
        yield from (f"![{alternative}](../pictures/functions/{row.name}.svg)", "")
    yield f"* written `{written(row)}`"
    for said in derivative_text(row).split("\n"):
        operand, formula = said.split(": ", 1) if said.startswith("by ") else ("", said)
        derivative = " ".join(filter(None, ["derivative", operand]))
        yield f"* written out as `{said[2:]}`" if row.definition else f"* {derivative}: `{formula}`"
    if row.domain:
        yield f"* defined for {row.domain}"
    if row.kink:
        yield f"* kinks: {row.kink}"
    if row.aliases:
        yield f"* also called {', '.join(f'`{alias}`' for alias in row.aliases)}"
    yield f"* example: `{row.example}`"


def written(row: FunctionRow) -> str:
    """The call, and the notation before it where there is one."""
    return f"{row.notation}` or `{row.signature}" if row.notation else row.signature


def test_the_page_has_the_table() -> None:
    assert_generated(DOCS / "reference/functions.md", "functions", "\n".join(sections()))


@pytest.mark.parametrize("name", PLOTTED)
def test_a_graph_is_that_of_the_function(name: str) -> None:
    assert_golden(FOLDER / f"{name}.svg", picture(name))


def test_every_graph_has_its_function() -> None:
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(PLOTTED)


@pytest.mark.parametrize("row", sampled([(row,) for row in ROWS], 3), ids=lambda row: row.name)
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
