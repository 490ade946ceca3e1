"""Tree to text: parsing the text gives the same tree, and no bracket stands without need."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diffcli.errors import DiffcliError
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_program, print_tree
from diffcli.syntax.tree import Program, Statement, Tree

from .sketch import parsed, sketch
from .trees import NUMBERS, trees

#: How each text prints.
PRINTED = {
    "a+b*c": "a + b*c",
    "(a+b)*c": "(a + b)*c",
    "a-(b-c)": "a - (b - c)",
    "a-b-c": "a - b - c",
    "a/(b*c)": "a/(b*c)",
    "(a/b)*c": "a/b*c",
    "((a))": "a",
    "a^b^c": "a^b^c",
    "(a^b)^c": "(a^b)^c",
    "a**-b": "a^-b",
    "-x²": "-x^2",
    "(-x)²": "(-x)^2",
    "(-a)*b": "-a*b",
    "-(a*b)": "-(a*b)",
    "a*(-b)": "a*-b",
    "2x": "2*x",
    "√x": "sqrt(x)",
    "a<b": "a < b",
    "(a<b)*c": "(a < b)*c",
    "(a<b)<c": "(a < b) < c",
    "A.T@x": "A.T@x",
    "(A@B).T": "(A@B).T",
    "x[ 1 : , 0 ]": "x[1:, 0]",
    "(a+b)[0]": "(a + b)[0]",
    "f( x,axis = 1 )": "f(x, axis=1)",
    "f(x,axis=(0,1))": "f(x, axis=(0, 1))",
    "f(x,( 0, ))": "f(x, (0,))",
    "f(A,'fro')": 'f(A, "fro")',
    "x[None,:,[0,1]]": "x[None, :, [0, 1]]",
    "sum(A,keepdims=True,dim=-1)": "sum(A, keepdims=True, dim=-1)",
    "d( x^3 ,x )": "d(x^3, x)",
    "[1,[2,3],]": "[1, [2, 3]]",
    "1E+3": "1E+3",
    "π·r": "pi*r",
    "(1)[0]": "(1)[0]",
    "(1).T": "(1).T",
}


@pytest.mark.parametrize(("text", "printed"), PRINTED.items(), ids=PRINTED)
def test_text_is_printed_in_one_style(text: str, printed: str) -> None:
    """Blanks around sums and comparisons, and only the brackets that are needed."""
    tree = parse(Source(text)).expression
    assert print_tree(tree) == printed
    assert parse(Source(printed)).expression.same_as(tree)


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@given(trees)
def test_a_printed_tree_parses_to_itself(tree: Tree) -> None:
    """Whatever the tree, with every kind of node in every place."""
    assert parse(Source(print_tree(tree))).expression.same_as(tree)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(trees)
def test_no_bracket_is_needless(tree: Tree) -> None:
    """Without one of its grouping brackets the text stands for another tree, or for none."""
    text = print_tree(tree)
    for opening in (match.start() for match in re.finditer(r"(?<!\w)\(", text)):
        depth, closing = 1, opening
        while depth:
            closing += 1
            depth += (text[closing] == "(") - (text[closing] == ")")
        if text[opening + 1 : closing] in NUMBERS:
            continue  # a number's point would swallow that of `.T`
        without = text[:opening] + text[opening + 1 : closing] + text[closing + 1 :]
        assert _parsed_or_none(without) != sketch(tree)


def _parsed_or_none(text: str) -> str | None:
    try:
        return parsed(text)
    except DiffcliError:
        return None


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(trees, min_size=4, max_size=4))
def test_a_printed_program_parses_to_itself(bodies: list[Tree]) -> None:
    """Each kind of definition on a line of its own, then the expression."""
    source = Source("")
    statements = (
        Statement("let", "a", source.whole, (), bodies[0]),
        Statement("param", "b", source.whole, (), bodies[1]),
        Statement("function", "f", source.whole, ("x", "y"), bodies[2]),
    )
    again = parse(Source(print_program(Program(source, statements, bodies[3]))))
    assert [(s.kind, s.name, s.parameters) for s in again.statements] == [
        (s.kind, s.name, s.parameters) for s in statements
    ]
    assert all(
        found.body.same_as(statement.body) for found, statement in zip(again.statements, statements, strict=True)
    )
    assert again.expression.same_as(bodies[3])
