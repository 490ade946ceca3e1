"""Where each node stands in the source."""

import pytest
from hypothesis import given, settings

from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_tree
from diffcli.syntax.tree import Tree

from .sketch import parsed, sketches
from .trees import trees

#: The text below each node, in postorder.
SPANS = {
    "a + b*c": ["a", "b", "c", "b*c", "a + b*c"],
    "(a + b) * c": ["a", "b", "a + b", "c", "(a + b) * c"],
    " ( ( x ) ) ": ["x"],
    "-(x)^2": ["x", "2", "(x)^2", "-(x)^2"],
    "2 - -x": ["2", "x", "-x", "2 - -x"],
    "+x": ["x"],
    "2(x + 1)": ["2", "x", "1", "x + 1", "2(x + 1)"],
    "f(x, g( y ) )": ["x", "y", "g( y )", "f(x, g( y ) )"],
    "f()": ["f()"],
    "f(x, k = 1)": ["x", "1", "f(x, k = 1)"],
    "f(x, axis = (0, 1) )": ["x", "0", "1", "(0, 1)", "f(x, axis = (0, 1) )"],
    'f(x, "fro")': ["x", '"fro"', 'f(x, "fro")'],
    "(x + y)[0, 1:]": ["x", "y", "x + y", "0", "1", "(x + y)[0, 1:]"],
    "[1, [x]]": ["1", "x", "[x]", "[1, [x]]"],
    "A .T": ["A", "A .T"],
    "(A).T@x": ["A", "(A).T", "x", "(A).T@x"],
    "x²": ["x", "²", "x²"],
    "2x⁻¹²": ["2", "x", "¹²", "⁻¹²", "x⁻¹²", "2x⁻¹²"],
    "√x + √(y)": ["x", "√x", "y", "√(y)", "√x + √(y)"],
    "x # c\n": ["x"],
}


@pytest.mark.parametrize(("text", "pieces"), SPANS.items(), ids=SPANS)
def test_a_node_covers_its_text(text: str, pieces: list[str]) -> None:
    """From its first character to its last, a group's own brackets left out."""
    tree = parse(Source(text)).expression
    assert [text[node.start : node.end] for node in tree.nodes] == pieces


def test_a_definition_is_covered_where_it_stands() -> None:
    """Spans count from the start of the whole program."""
    text = "param w = 2x\nf(a) = a²\nf(w)"
    program = parse(Source(text))
    assert [[text[node.start : node.end] for node in statement.body.nodes] for statement in program.statements] == [
        ["2", "x", "2x"],
        ["a", "²", "a²"],
    ]
    assert [text[node.start : node.end] for node in program.expression.nodes] == ["w", "f(w)"]


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(trees)
def test_the_text_of_a_node_parses_to_the_node(tree: Tree) -> None:
    """Each node's piece of the text, read alone, is the node's subtree."""
    text = print_tree(tree)
    found = parse(Source(text)).expression
    for node, drawn in zip(found.nodes, sketches(found), strict=True):
        if node.kind == "tuple":  # it stands only for an argument
            assert parsed(f"f({text[node.start : node.end]})") == f"(f {drawn})"
            continue
        assert parsed(text[node.start : node.end]) == drawn
