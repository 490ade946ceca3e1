"""How primitives are written: printing and parsing back, by name, by alias and by operator."""

import re

import pytest

from diffcli.primitives.definition import Definition
from diffcli.primitives.notation import Notation
from diffcli.primitives.options import REQUIRED
from diffcli.primitives.primitive import Primitive
from diffcli.primitives.table import DEFINITIONS, NOTATIONS, PRIMITIVES, Function, overloads
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.printer import print_tree
from diffcli.syntax.resolve import resolve
from diffcli.syntax.resolved import Resolved
from diffcli.syntax.tree import Node, Tree

from .cases import PUBLIC

pytestmark = pytest.mark.fast

OPERANDS = ("p", "q", "r", "s")

each_public = pytest.mark.parametrize("primitive", PUBLIC, ids=lambda primitive: primitive.name)
FUNCTIONS = tuple(function for function in (*PRIMITIVES.values(), *DEFINITIONS.values()) if function.public)
each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
each_operator = pytest.mark.parametrize(("name", "notation"), NOTATIONS.items(), ids=NOTATIONS)


def applied(name: str, count: int, options: dict[str, str] | None = None) -> Tree:
    """The tree of a call on that many names, with options given as numbers."""
    given = options or {}
    leaves = [Node("name", operand, (), 0, 0) for operand in OPERANDS[:count]] + [
        Node("number", value, (), 0, 0) for value in given.values()
    ]
    return Tree(Source(""), [*leaves, Node("call", name, tuple(range(len(leaves))), 0, 0, tuple(given))])


def resolved(text: str) -> Resolved:
    """The program with its names resolved."""
    return resolve(parse(Source(text)))


def required(function: Function) -> dict[str, str]:
    """A number for each option that has no default."""
    return {option.name: "2" for option in function.options if option.default is REQUIRED}


def ordered_otherwise(function: Function) -> bool:
    """Whether an option comes before an operand: then the operands are named."""
    return isinstance(function, Definition) and bool(function.order)


@each_public
def test_printing_and_parsing_back(primitive: Primitive) -> None:
    """The call prints in its notation, and the text parses to the same tree and primitive."""
    tree = applied(primitive.name, len(primitive.operands), required(primitive))
    text = print_tree(tree)
    assert parse(Source(text)).expression.same_as(tree)
    assert resolved(text).nodes[-1].text == primitive.name
    if primitive.notation is None:
        assert text.startswith(f"{primitive.name}(")
    else:
        assert primitive.notation.symbol in text
        assert primitive.name not in text


@each_function
def test_every_name_means_the_function(function: Function) -> None:
    """The name and each alias, written as calls with all options by keyword and by their other names, resolve to the
    same nodes.
    """
    operands = OPERANDS[: len(function.operands)]
    shown = (
        [f"{name}={operand}" for name, operand in zip(function.operands, operands, strict=True)]
        if ordered_otherwise(function)
        else operands
    )
    spellings = []
    for name in (function.name, *function.aliases):
        for which in range(1 + max((len(option.aliases) for option in function.options), default=0)):
            keywords = [
                (option.name, *option.aliases)[min(which, len(option.aliases))]
                for option in function.options
                if option.default is REQUIRED
            ]
            spellings.append(f"{name}({', '.join([*shown, *(f'{keyword}=2' for keyword in keywords)])})")
    found = [resolved(text) for text in spellings]
    assert all(each.variables == operands for each in found)
    assert (
        len({repr([(node.kind, node.text, node.children, node.keywords) for node in each.nodes]) for each in found})
        == 1
    )
    if isinstance(function, Primitive):
        assert found[0].nodes[-1].text == function.name


@each_function
def test_every_name_leads_to_the_function(function: Function) -> None:
    """The look-up by name knows it, and tells it from an overload by the number of operands."""
    for name in (function.name, *function.aliases):
        assert [other for other in overloads(name) if len(other.operands) == len(function.operands)] == [function]


@each_function
def test_the_signature_is_a_call(function: Function) -> None:
    """As documentation shows it, with a number for each option that has no default, it is understood."""
    text = function.signature.replace("...", "")
    for name in required(function):
        text = re.sub(rf"\b{name}(?=[,)])", "2", text)
    assert resolve(parse(Source(text)), frozenset(function.operands)).nodes


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
