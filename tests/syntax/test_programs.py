"""Definitions before the expression: plain names, params and functions."""

import pytest

from diffcli.errors import DiffcliError
from diffcli.source import Source
from diffcli.syntax.parser import parse, parse_values

from .sketch import refusal, sketch, underlined

pytestmark = pytest.mark.fast

PROGRAMS = {
    "x": ([], "x"),
    "y = 2*x; y^2": ([("let", "y", (), "(mul 2 x)")], "(pow y 2)"),
    "y = 2*x\ny^2": ([("let", "y", (), "(mul 2 x)")], "(pow y 2)"),
    "param w = [1, 2]\nsum(w)": ([("param", "w", (), "[1 2]")], "(sum w)"),
    "f(x) = x^2\nf(3)": ([("function", "f", ("x",), "(pow x 2)")], "(f 3)"),
    "f(x, y) = x*y; f(a, b)": ([("function", "f", ("x", "y"), "(mul x y)")], "(f a b)"),
    "f() = 3; f()": ([("function", "f", (), "3")], "(f)"),
    "param = 3; param + 1": ([("let", "param", (), "3")], "(add param 1)"),
    "\n\n# a comment\n a = 1 # one\n\n;; b = a;\n a + b ;\n": (
        [("let", "a", (), "1"), ("let", "b", (), "a")],
        "(add a b)",
    ),
    "θ = 1; θ == 1": ([("let", "θ", (), "1")], "(equal θ 1)"),
    "y = (1 +\n 2)\ny": ([("let", "y", (), "(add 1 2)")], "y"),
    "a = x == y; a": ([("let", "a", (), "(equal x y)")], "a"),
}

REFUSED = {
    "": ("E104", ""),
    "  \n # nothing\n": ("E104", "  \n # nothing\n"),
    "param w = 1": ("E113", "param w = 1"),
    "x\ny": ("E113", "x"),
    "x + 1; y = 2; y": ("E113", "x + 1"),
    "x\n+ 1": ("E113", "x"),
    "param x y = 1; y": ("E108", "x"),
    "x = y = 2; x": ("E110", "="),
    "2 = x; x": ("E110", "="),
    "f(2) = x; x": ("E110", "="),
    "f(x, x) = x; f(1, 2)": ("E211", "x"),
    "(x = 2)": ("E110", "="),
    "y = x +\n y": ("E107", "+"),
    "y =\n x": ("E107", "="),
    "y = ; x": ("E107", "="),
    "f(x) = ; x": ("E107", "="),
    "param y = ; x": ("E107", "="),
}


@pytest.mark.parametrize(("text", "expected"), PROGRAMS.items(), ids=[ascii(text) for text in PROGRAMS])
def test_definitions_come_first(text: str, expected: tuple[list[tuple[str, str, tuple[str, ...], str]], str]) -> None:
    """Each statement's kind, name, parameters and body, then the expression."""
    program = parse(Source(text))
    statements = [
        (statement.kind, statement.name, statement.parameters, sketch(statement.body))
        for statement in program.statements
    ]
    assert (statements, sketch(program.expression)) == expected
    assert all(text[statement.span.start : statement.span.end] == statement.name for statement in program.statements)


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=[ascii(text) for text in REFUSED])
def test_a_malformed_program_is_underlined(text: str, expected: tuple[str, str]) -> None:
    """The code, and the piece of text that is wrong."""
    diagnostic = refusal(text)
    assert (diagnostic.code, underlined(diagnostic)[0]) == expected


def test_a_last_definition_is_the_result() -> None:
    """As students write it: `y = x^2` alone; a function is one of its own parameters."""
    assert sketch(parse(Source("y = x^2")).expression) == "y"
    assert sketch(parse(Source("y = x*x; z = mean(y)")).expression) == "z"
    assert sketch(parse(Source("f(u, v) = u*v")).expression) == "(f u v)"
    assert "'w' is only defined here" in refusal("param w = 1").message


@pytest.mark.parametrize(
    ("text", "trees"),
    [
        ("1", ["1"]),
        ("1, 2", ["1", "2"]),
        ("1,", ["1", ""]),
        ("pi/4, [1, 2]", ["(div pi 4)", "[1 2]"]),
        ("-1, -2", ["(neg 1)", "(neg 2)"]),
        ("f(1, 2)", ["(f 1 2)"]),
    ],
)
def test_values_stand_between_commas(text: str, trees: list[str]) -> None:
    """A comma at the end adds an empty tree, which tells `1,` from `1`."""
    assert [sketch(tree) if tree.nodes else "" for tree in parse_values(Source(text))] == trees


@pytest.mark.parametrize("text", ["1\n2", "1, 2\n3", "1;2", "1 = 2", "1 2"])
def test_a_value_ends_where_its_text_ends(text: str) -> None:
    """Nothing behind the last value is passed over in silence."""
    with pytest.raises(DiffcliError):
        parse_values(Source(text))
