"""Long and deeply nested text: no recursion, and time linear in its length."""

from collections.abc import Callable
from time import process_time

import pytest

from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_tree
from diffcli.syntax.resolve import resolve

from .sketch import refusal

#: Python gives up at a thousand nested calls.
DEEP, DEEPEST = 10_000, 100_000

TEXTS: dict[str, Callable[[int], str]] = {
    "calls": lambda n: "sin(" * n + "x" + ")" * n,
    "sum": lambda n: "x" + " + y" * (2 * n),
    "difference to the right": lambda n: "x - (" * n + "y - z" + ")" * n,
    "signs": lambda n: "-" * n + "x",
    "powers": lambda n: "x^" * n + "2",
    "indices": lambda n: "x" + "[0]" * n,
    "indices in indices": lambda n: "x[" * n + "0" + "]" * n,
    "arrays": lambda n: "[" * n + "x" + "]" * n,
    "elements": lambda n: "[" + "x, " * n + "y]",
    "arguments": lambda n: "f(" + "x, " * n + "y)",
    "transposes": lambda n: "x" + ".T" * n,
}

BRACKETED: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "(" * n + "x" + ")" * n,
    "products without a sign": lambda n: "(x)" * n,
    "roots": lambda n: "√" * n + "x",
    "superscripts": lambda n: "(" * n + "x" + "²)" * n,
}


@pytest.mark.parametrize("name", ["calls", "sum"])
def test_the_deepest_text_parses_and_prints_back(name: str) -> None:
    """A hundred thousand calls in each other, and a sum of two hundred thousand terms."""
    written = TEXTS[name](DEEPEST)
    assert print_tree(parse(Source(written)).expression) == written


def test_the_deepest_brackets_are_understood() -> None:
    """A hundred thousand of them around a name leave the name."""
    assert print_tree(parse(Source(BRACKETED["brackets"](DEEPEST))).expression) == "x"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_deep_text_parses_and_prints_back(text: Callable[[int], str]) -> None:
    """The printed text is the one that was parsed, to the character."""
    written = text(DEEP)
    assert print_tree(parse(Source(written)).expression) == written


@pytest.mark.parametrize("text", BRACKETED.values(), ids=BRACKETED)
def test_deep_brackets_parse_to_what_prints_back(text: Callable[[int], str]) -> None:
    """Brackets that were not needed go; the tree stays."""
    tree = parse(Source(text(DEEP))).expression
    assert parse(Source(print_tree(tree))).expression.same_as(tree)


@pytest.mark.parametrize("text", [*TEXTS.values(), *BRACKETED.values()], ids=[*TEXTS, *BRACKETED])
def test_time_is_linear(text: Callable[[int], str]) -> None:
    """32 times the text: linear time is 32 times as long, quadratic 1,024 times;
    the bound is the mean of both in decades.
    """
    short = min(_seconds(text(500)) for _ in range(3))
    assert any(_seconds(text(16_000)) < 180 * short for _ in range(3))  # what else runs on the machine can only add


def _seconds(text: str) -> float:
    source = Source(text)
    start = process_time()
    print_tree(parse(source).expression)
    return process_time() - start


def test_deep_definitions_resolve() -> None:
    """A chain of definitions, each using the last, and calls nested as deep."""
    count = 20_000
    chain = "v0 = x\n" + "\n".join(f"v{k + 1} = v{k} + 1" for k in range(count)) + f"\nv{count}"
    assert len(resolve(parse(Source(chain))).nodes) == 1 + 2 * count
    calls = "f(x) = x + x\n" + "f(" * count + "y" + ")" * count
    assert len(resolve(parse(Source(calls))).nodes) == 1 + count


def test_the_error_in_deep_text_is_found() -> None:
    """One closing bracket too few, or too many, in a hundred thousand."""
    for text, code in (
        ("(" * DEEPEST + "x" + ")" * (DEEPEST - 1), "E105"),
        ("(" * DEEPEST + "x" + ")" * (DEEPEST + 1), "E106"),
    ):
        assert refusal(text).code == code
