"""Tree to graph: what the user wrote stays as written, with its shape and its place."""

import pytest

from diffcli.autodiff.reverse import derivative
from diffcli.errors import Diagnostic, DiffcliError
from diffcli.graph.build import Built, build
from diffcli.graph.node_formula import computes
from diffcli.primitives.shape import Shape
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

pytestmark = pytest.mark.fast


def built(text: str, **shapes: Shape) -> Built:
    """The graph of a text; variables without a shape are numbers."""
    resolved = resolve(parse(Source(text)))
    return build(resolved, {name: shapes.get(name, ()) for name in resolved.variables}, derivative)


def refused(text: str, **shapes: Shape) -> Diagnostic:
    """The diagnostic that building ends with."""
    with pytest.raises(DiffcliError) as caught:
        built(text, **shapes)
    return caught.value.diagnostic


def listed(text: str, **shapes: Shape) -> list[str]:
    """What each node computes, in order."""
    graph = built(text, **shapes).graph
    return [
        f"{graph.primitives[node].name} {' '.join(map(str, graph.operands[node]))}".strip()
        for node in range(len(graph))
    ]


def test_a_square_keeps_two_edges() -> None:
    """`x*x` is one product of one node with itself."""
    assert listed("x*x") == ["input", "mul 0 0"]


def test_no_operator_becomes_another() -> None:
    """A difference is no sum with a negative, a quotient no product with a power."""
    assert listed("a - b") == ["input", "input", "sub 0 1"]
    assert listed("a / b") == ["input", "input", "div 0 1"]
    assert listed("-a + b") == ["input", "neg 0", "input", "add 1 2"]
    assert listed("x^2") == ["input", "constant", "pow 0 1"]
    assert listed("square(x)") == ["input", "square 0"]
    assert listed("mean(x*x)", x=(3,)) == ["input", "mul 0 0", "mean 1"]


def test_equal_subexpressions_are_not_merged() -> None:
    """Written twice is computed twice."""
    assert listed("sin(x) + sin(x)") == ["input", "sin 0", "sin 0", "add 1 2"]
    assert listed("2*x + 2*x") == ["input", "constant", "mul 1 0", "constant", "mul 3 0", "add 2 4"]


def test_a_definition_is_one_node() -> None:
    """Written once and used twice is computed once, under its name."""
    found = built("y = sin(x); y*y")
    assert [found.graph.primitives[node].name for node in range(len(found.graph))] == ["input", "sin", "mul"]
    assert found.graph.names == {0: "x", 1: "y"}
    assert found.graph.operands[found.output] == (1, 1)


def test_nothing_the_user_wrote_is_simplified() -> None:
    """Not even a sum with 0, a product with 1, or arithmetic on numbers."""
    assert [name.split()[0] for name in listed("x + 0")].count("add") == 1
    assert [name.split()[0] for name in listed("1*x")].count("mul") == 1
    assert [name.split()[0] for name in listed("0*x")].count("mul") == 1
    assert [name.split()[0] for name in listed("x + 1 + 2*3")].count("mul") == 1
    assert [name.split()[0] for name in listed("--x")].count("neg") == 2


def test_a_negative_literal_is_a_number() -> None:
    """`-2` is one constant, whose text is `-2`."""
    found = built("x*-2")
    constant = found.graph.operands[found.output][1]
    assert dict(found.graph.parameters[constant])["value"] == -2.0
    assert found.graph.spans[constant] == (2, 4)


def test_constants_are_called_as_they_are_written() -> None:
    """pi keeps its name; a number is its own."""
    found = built("pi*x")
    assert found.graph.names[found.graph.operands[found.output][0]] == "pi"
    assert computes(found.graph, found.output) == "pi*x"


def test_an_array_of_numbers_is_one_constant() -> None:
    """Nested as deep as it is; with a variable in it, it is a stack."""
    found = built("sum(x*[[1, 2], [3, -4]])", x=(2, 2))
    [constant] = [node for node in range(len(found.graph)) if found.graph.primitives[node].name == "constant"]
    assert dict(found.graph.parameters[constant])["value"] == ((1.0, 2.0), (3.0, -4.0))
    assert found.graph.shapes[constant] == (2, 2)
    assert listed("sum([1, x])") == ["input", "constant", "stack 1 0", "sum 2"]


def test_every_node_knows_its_text() -> None:
    """Spans lead back to the source."""
    text = "mean(sin(x)*x[0])"
    found = built(text, x=(3,))
    assert [text[span.start : span.end] for span in found.graph.spans if span] == [
        "x",
        "sin(x)",
        "x[0]",
        "sin(x)*x[0]",
        text,
    ]


def test_operands_stand_before_their_node() -> None:
    """The order is topological."""
    graph = built("a = x*y; b = sin(a) + a; f(t) = t*a; f(b) - [b, a][0]").graph
    assert all(operand < node for node in range(len(graph)) for operand in graph.operands[node])


SHAPES: list[tuple[str, dict[str, Shape], Shape]] = [
    ("x", {"x": (2, 3)}, (2, 3)),
    ("x + y", {"x": (2, 1), "y": (3,)}, (2, 3)),
    ("x[0]", {"x": (2, 3)}, (3,)),
    ("x[1:, -1]", {"x": (4, 3)}, (3,)),
    ("x[::2]", {"x": (5,)}, (3,)),
    ("x[::-1]", {"x": (5,)}, (5,)),
    ("x[-100:2]", {"x": (5,)}, (2,)),
    ("x[2.0]", {"x": (5,)}, ()),
    ("[x, x]", {"x": (3,)}, (2, 3)),
    ("[[1, 2, 3]]", {}, (1, 3)),
    ("sum(x)", {"x": (2, 3)}, ()),
    ("dot(x, y)", {"x": (3,), "y": (3,)}, ()),
    ("where(x > 0, x, 1)", {"x": (3,)}, (3,)),
]


@pytest.mark.parametrize(("text", "shapes", "expected"), SHAPES)
def test_a_shape_follows_from_shapes(text: str, shapes: dict[str, Shape], expected: Shape) -> None:
    """As NumPy has it."""
    found = built(text, **shapes)
    assert found.graph.shapes[found.output] == expected


REFUSED: list[tuple[str, dict[str, Shape], str, list[str]]] = [
    ("sum(x*y)", {"x": (3,), "y": (2,)}, "E301", ["x", "y"]),
    ("(x + 1)*sin(y)", {"x": (2, 3), "y": (2,)}, "E301", ["x + 1", "sin(y)"]),
    ("where(x, y, z)", {"x": (3,), "y": (), "z": (2,)}, "E301", ["x", "z"]),
    ("dot(x, y)", {"x": (3,), "y": (2,)}, "E301", ["x", "y"]),
    ("[x, 1]", {"x": (3,)}, "E301", ["x", "1"]),
    ("[[1, 2], [3]]", {}, "E301", ["[1, 2]", "[3]"]),
    ("x[3]", {"x": (3,)}, "E302", ["x[3]"]),
    ("x[-4]", {"x": (3,)}, "E302", ["x[-4]"]),
    ("x[0, 0]", {"x": (3,)}, "E302", ["x[0, 0]"]),
    ("x[0]", {"x": ()}, "E302", ["x[0]"]),
    ("x[2:1]", {"x": (3,)}, "E302", ["x[2:1]"]),
    ("x[::0]", {"x": (3,)}, "E302", ["x[::0]"]),
    ("x[1e300]", {"x": (3,)}, "E302", ["x[1e300]"]),
    ("x[y:]", {"x": (3,), "y": ()}, "E303", ["y"]),
    ("x[0.5]", {"x": (3,)}, "E303", ["0.5"]),
    ("x[pi]", {"x": (3,)}, "E303", ["pi"]),
    ("x[1:y]", {"x": (3,), "y": ()}, "E303", ["y"]),
]


@pytest.mark.parametrize(("text", "shapes", "code", "places"), REFUSED)
def test_what_does_not_fit_is_underlined(text: str, shapes: dict[str, Shape], code: str, places: list[str]) -> None:
    """Each culprit under its own span."""
    diagnostic = refused(text, **shapes)
    assert diagnostic.code == code
    assert [text[label.span.start : label.span.end] for label in diagnostic.labels] == places


def test_each_culprits_shape_is_shown() -> None:
    """Under its span, and for a function also where it was called."""
    assert [label.text for label in refused("sum(x*y)", x=(3,), y=(2,)).labels] == ["shape (3,)", "shape (2,)"]
    labels = refused("f(a, b) = a*b\nsum(f(x, y))", x=(3,), y=(2,)).labels
    assert labels[-1].text == "called here, in f(...)"
    assert labels[-1].span == (18, 25)
