"""How primitives are written: printing and parsing back, by name, by alias and by operator."""

import pytest

from diffcli.primitives.declaration import Primitive
from diffcli.primitives.notation import Notation
from diffcli.primitives.table import NOTATIONS, overloads
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_tree
from diffcli.syntax.resolve import Resolved, resolve
from diffcli.syntax.tree import Node, Tree

from .samples import PUBLIC

OPERANDS = ("p", "q", "r", "s")

each_public = pytest.mark.parametrize("primitive", PUBLIC, ids=lambda primitive: primitive.name)
each_operator = pytest.mark.parametrize(("name", "notation"), NOTATIONS.items(), ids=NOTATIONS)


def applied(name: str, count: int) -> Tree:
    """The tree of a call on that many names."""
    leaves = [Node("name", operand, (), 0, 0) for operand in OPERANDS[:count]]
    return Tree(Source(""), [*leaves, Node("call", name, tuple(range(count)), 0, 0)])


def resolved(text: str) -> Resolved:
    """The program with its names resolved."""
    return resolve(parse(Source(text)))


@each_public
def test_printing_and_parsing_back(primitive: Primitive) -> None:
    """The call prints in its notation, and the text parses to the same tree and primitive."""
    tree = applied(primitive.name, len(primitive.operands))
    text = print_tree(tree)
    assert parse(Source(text)).expression.same_as(tree)
    assert resolved(text).nodes[-1].text == primitive.name
    if primitive.notation is None:
        assert text.startswith(f"{primitive.name}(")
    else:
        assert primitive.notation.symbol in text
        assert primitive.name not in text


@each_public
def test_every_name_means_the_primitive(primitive: Primitive) -> None:
    """The name and each alias, written as calls, resolve to it."""
    arguments = ", ".join(OPERANDS[: len(primitive.operands)])
    for name in (primitive.name, *primitive.aliases):
        found = resolved(f"{name}({arguments})")
        assert found.nodes[-1].kind == "call"
        assert found.nodes[-1].text == primitive.name
        assert found.variables == OPERANDS[: len(primitive.operands)]


@each_public
def test_every_name_leads_to_the_primitive(primitive: Primitive) -> None:
    """The look-up by name knows it, and tells it from an overload by the number of operands."""
    for name in (primitive.name, *primitive.aliases):
        found = overloads(name)
        assert [other for other in found if len(other.operands) == len(primitive.operands)] == [primitive]


@each_operator
def test_an_operator_prints_and_parses_back(name: str, notation: Notation) -> None:
    """Each operator's symbol, around its operands or after them."""
    tree = applied(name, 2 if notation.place == "infix" else 1)
    text = print_tree(tree)
    assert notation.symbol in text
    assert "(" not in text
    assert parse(Source(text)).expression.same_as(tree)


@each_operator
def test_operators_of_operators_parse_back(name: str, notation: Notation) -> None:
    """With every other operator as an operand on each side, brackets appear where they are needed."""
    count = 2 if notation.place == "infix" else 1
    for other, inner in NOTATIONS.items():
        places = 2 if inner.place == "infix" else 1
        for side in range(count):
            nodes = [*applied(other, places).nodes]
            nodes.append(Node("name", "z", (), 0, 0))
            children = [len(nodes) - 1] * count
            children[side] = places
            tree = Tree(Source(""), [*nodes, Node("call", name, tuple(children), 0, 0)])
            assert print_tree(parse(Source(print_tree(tree))).expression) == print_tree(tree)
            assert shape_of(parse(Source(print_tree(tree))).expression) == shape_of(tree)


def shape_of(tree: Tree) -> list[object]:
    """The tree as nested lists, whatever the order of its nodes."""
    values: list[list[object]] = []
    for node in tree.nodes:
        values.append([node.kind, node.text, *[values[child] for child in node.children]])
    return values[-1]
