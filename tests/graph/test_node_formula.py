"""A part of a graph as an expression: how local derivatives are shown."""

import pytest

from diffcli.autodiff.reverse import derivative, gradient
from diffcli.graph.build import Built, build
from diffcli.graph.node_formula import computes, formula, label, local_formula, subscripts
from diffcli.primitives.shape import Shape
from diffcli.primitives.subscripts import Slice
from diffcli.source import Source
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve

pytestmark = pytest.mark.fast


def built(text: str, **shapes: Shape) -> Built:
    """The graph of a text; variables without a shape are numbers."""
    resolved = resolve(parse(Source(text)))
    return build(resolved, {name: shapes.get(name, ()) for name in resolved.variables}, derivative)


def locals_of(text: str, **shapes: Shape) -> list[str]:
    """The local derivative of each flow, in the order of the sweep."""
    found = built(text, **shapes)
    sweep = gradient(found.graph, found.output, found.inputs.values())
    return [
        local_formula(found.graph, flow.source, flow.target, flow.local, found.output)
        for flow in sweep.flows
        if flow.local is not None
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a*b", ["b", "a"]),
        ("a/b", ["1/b", "-v2/b"]),
        ("a - b", ["1", "-1"]),
        ("sin(x)", ["cos(x)"]),
        ("x^2", ["2*x"]),
        ("x^3", ["3*x^2"]),
        ("x^y", ["y*x^(y - 1)", "v2*log(x)"]),
        ("e^x", ["v2"]),
        ("sqrt(x)", ["1/(2*v1)"]),
        ("tanh(x)", ["1/cosh(x)^2"]),
        ("relu(x)", ["x > 0"]),
        ("log10(x)", ["1/(x*log(10))"]),
        ("y = sin(x); y*y", ["y", "y", "cos(x)"]),
    ],
)
def test_a_local_derivative_is_written_in_the_language(text: str, expected: list[str]) -> None:
    """Operands by their names, intermediates by `v` and their number."""
    assert locals_of(text) == expected


def test_a_described_derivative_uses_its_words() -> None:
    """Where the formula would be long to read."""
    assert locals_of("norm(x)", x=(3,)) == ["x/v1"]
    assert locals_of("prod(x)", x=(3,)) == ["product of the other elements"]


def test_shapes_are_left_out_of_a_formula() -> None:
    """A mean's local derivative is 1/n, however it is broadcast."""
    assert locals_of("mean(x)", x=(3,)) == ["1/n"]


def test_a_formula_too_long_to_read_is_three_dots() -> None:
    """About thirty nodes are the limit."""
    found = built("+".join(["x"] * 60))
    assert formula(found.graph, found.output, -1) == "..."
    assert formula(found.graph, found.output, found.output) == label(found.graph, found.output)


def test_labels() -> None:
    """A name, a number, or `v` and the node's index."""
    found = built("y = 2.5*x; y + pi + 1e-7")
    assert sorted(label(found.graph, node) for node in range(len(found.graph))) == [
        "1e-07",
        "2.5",
        "pi",
        "v4",
        "v6",
        "x",
        "y",
    ]


def test_constants_without_an_end_of_digits_are_quotients() -> None:
    """But not those that a few digits tell, nor irrational ones."""
    assert [locals_of(text)[0] for text in ("x/3", "x/-7", "x^(1/3)", "x/8", "x*sqrt(2)")] == [
        "1/3",
        "-(1/7)",
        "v3*x^-(2/3)",
        "0.125",
        "v2",
    ]


def test_computes() -> None:
    """One operation on the labels of its operands."""
    found = built("sum(x[1:]*w) - [y, 2][0]", x=(3,), w=(2,))
    shown = {computes(found.graph, node) for node in range(len(found.graph))}
    assert {"variable", "x[1:]", "v1*w", "sum(v3)", "[y, 2]"} <= shown


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ((0,), "0"),
        ((-1, 2), "-1, 2"),
        ((Slice(None, None, None),), ":"),
        ((Slice(1, None, 2), 0), "1::2, 0"),
        ((Slice(None, -1, None),), ":-1"),
        ((Slice(None, None, -1),), "::-1"),
    ],
)
def test_subscripts_are_written_as_python_writes_them(key: tuple[int | Slice, ...], text: str) -> None:
    """Numbers and slices between commas."""
    assert subscripts(key) == text
