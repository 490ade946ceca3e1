"""Narrow screens: a table makes its columns narrower, and what it breaks is never a number."""

import re

import pytest
from rich.text import Text

import diffcli
from diffcli.render.console import Unbroken, plain_text, table
from diffcli.render.faces import text_of

NUMBER = re.compile(r"-?\d[\d.]*(?:e[-+]?\d+)?")
PROBLEMS = [
    ("mean(x*x)", {"x": [1, 2, 3]}),
    ("log(1+exp(-y*(w@x+b)))", {"w": [0.123456789, -1.25], "x": [1.7, 2], "b": 0.1, "y": 1}),
    ("sum(tanh(A@x+b)*softmax(x)*0.123456789)", {"A": [[1, 2.3456789], [3.1, -4]], "x": [0.12, 2], "b": [1e-30, 2e10]}),
]


@pytest.mark.parametrize(("text", "at"), PROBLEMS)
@pytest.mark.parametrize("make", [diffcli.grad, diffcli.draw, diffcli.compare], ids=["grad", "graph", "compare"])
def test_no_number_is_broken_at_40_columns(text: str, at: dict[str, object], make: object) -> None:
    """And no line is longer."""
    report = make(text, at)  # type: ignore[operator]
    wide, narrow = text_of(report, width=10_000), text_of(report, width=40)
    assert max(map(len, narrow.splitlines())) <= 40
    assert sorted(NUMBER.findall(narrow)) == sorted(NUMBER.findall(wide))


@pytest.mark.parametrize(("text", "at"), PROBLEMS)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_words_of_the_backward_sweep_stay(text: str, at: dict[str, object], width: int) -> None:
    said = " ".join(text_of(diffcli.grad(text, at), width=width).split())
    assert re.search("local derivative × upstream = contribution", said)


def test_a_formula_is_broken_between_its_parts() -> None:
    rows = table("name", "formula")
    rows.add_row("x", Text("exp(0.123456*first)+log(0.654321*second)", style="green"))
    assert plain_text([rows], 20).splitlines() == [
        "name  formula",
        "x     exp(0.123456*",
        "      first)+log(",
        "      0.654321*",
        "      second)",
    ]
    parts = Unbroken(Text("local derivative"), Text("upstream"))
    assert plain_text([parts], 30) == "local derivative  upstream"
    assert plain_text([parts], 20) == "local derivative\nupstream"


def test_a_row_takes_lines_before_a_number_or_a_name_is_broken() -> None:
    """Columns line up with those of the row above; an empty line is left out."""
    rows = table("step", "value", "|gradient|", "difference", right=(0,))
    rows.add_row("1", "1.32312e-06", "0.00341367", "-2.20856e-08")
    rows.add_row("...", Text("16 more", style="green"), "", "")
    rows.add_row("12", "19", "20.8806", "3")
    assert plain_text([rows], 30).splitlines() == [
        "step  value        |gradient|",
        "    difference",
        "   1  1.32312e-06  0.00341367",
        "    -2.20856e-08",
        " ...  16 more",
        "  12  19           20.8806",
        "    3",
    ]


def test_where_nothing_else_is_left_even_numbers_are_broken() -> None:
    rows = table("a", "b")
    rows.add_row("1.23456789", "1.23456789")
    assert all(len(line) <= 10 for line in plain_text([rows], 10).splitlines())
