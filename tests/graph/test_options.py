"""Options in a graph: shapes along axes, what does not fit underlined, and what is not known yet."""

from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.errors import DiffcliError
from diffcli.execute.program import Program
from diffcli.graph.node_formula import computes
from diffcli.primitives.shape import Shape

from .test_building import built, refused

pytestmark = pytest.mark.fast

A, B, T, X, Y = (2, 2), (2, 3), (2, 2, 3), (3,), (2,)
SHAPES: dict[str, Shape] = {"A": A, "B": B, "T": T, "x": X, "y": Y, "s": ()}

#: What is refused: the code, the pieces underlined with their notes, and a part of what is said.
REFUSED: dict[str, tuple[str, list[tuple[str, str]], str]] = {
    # axes
    "sum(B, axis=2)": (
        "E305",
        [("2", ""), ("B", "shape (2, 3)")],
        "axis 2 is out of range for an array of shape (2, 3)",
    ),
    "sum(B, -3)": ("E305", [("-3", ""), ("B", "shape (2, 3)")], "axis -3 is out of range"),
    "sum(B, axis=(0, 0))": ("E305", [("(0, 0)", ""), ("B", "shape (2, 3)")], "the same axis is given twice"),
    "sum(B, axis=(0, -2))": ("E305", [("(0, -2)", ""), ("B", "shape (2, 3)")], "the same axis is given twice"),
    "max(x, axis=1)": ("E305", [("1", ""), ("x", "shape (3,)")], "axis 1 is out of range for a vector of 3"),
    "sum(s, axis=0)": ("E305", [("0", ""), ("s", "shape ()")], "axis 0 is out of range for a number"),
    "softmax(s)": ("E305", [("s", "shape ()")], "a single number has no axes"),
    "softmax(x, axis=1)": ("E305", [("1", ""), ("x", "shape (3,)")], "axis 1 is out of range"),
    "cumsum(x, 1)": ("E305", [("1", ""), ("x", "shape (3,)")], "axis 1 is out of range"),
    "swapaxes(A, 0, 2)": ("E305", [("2", ""), ("A", "shape (2, 2)")], "axis 2 is out of range"),
    "transpose(A, (0, 0))": ("E305", [("(0, 0)", ""), ("A", "shape (2, 2)")], "does not name each of 2 axes once"),
    "squeeze(x, 0)": ("E305", [("0", ""), ("x", "shape (3,)")], "has an extent of 3"),
    "expand_dims(x, 3)": ("E305", [("3", ""), ("x", "shape (3,)")], "axis 3 is out of range for a result of 2 axes"),
    "flip(x, axis=1)": ("E305", [("1", ""), ("x", "shape (3,)")], "axis 1 is out of range"),
    # other options that do not fit the shape
    "reshape(x, 2, 2)": ("E305", [("2, 2", ""), ("x", "shape (3,)")], "has 3 elements, (2, 2) has 4"),
    "reshape(x, (-1, 2))": ("E305", [("(-1, 2)", ""), ("x", "shape (3,)")], "needs a multiple of 2"),
    "reshape(x, -1, -1)": ("E305", [("-1, -1", "")], "is not a shape"),
    "reshape(x, 0)": ("E305", [("0", "")], "is not a shape"),
    "broadcast_to(x, (2, 2))": ("E305", [("(2, 2)", ""), ("x", "shape (3,)")], "cannot be broadcast to (2, 2)"),
    "var(x, ddof=3)": ("E305", [("3", ""), ("x", "shape (3,)")], "leaves nothing to divide by"),
    'norm(x, "fro")': ("E305", [('"fro"', ""), ("x", "shape (3,)")], "that of a matrix"),
    "norm(A, 2)": ("E305", [("2", ""), ("A", "shape (2, 2)")], "largest singular value"),
    "diag(A, 2)": ("E305", [("2", ""), ("A", "shape (2, 2)")], "no diagonal 2"),
    "arange(3, 0)": ("E305", [("3", "")], "the range is empty"),
    "ones(100000, 100000)": ("E305", [("ones(100000, 100000)", "")], "10,000,000,000 elements"),
    "x[:, None]*ones(100000000)": ("E305", [("x[:, None]*ones(100000000)", "")], "300,000,000 elements"),
    # operands
    "concat([x, A])": ("E301", [("x", "shape (3,)"), ("A", "shape (2, 2)")], "do not fit together along axis 0"),
    "concat([A, B])": ("E301", [("A", "shape (2, 2)"), ("B", "shape (2, 3)")], "all other axes need the same extents"),
    "concat([s, s])": ("E301", [("s", "shape ()")], "a number cannot be joined"),
    "stack([x, y])": ("E301", [("x", "shape (3,)"), ("y", "shape (2,)")], "need one shape"),
    "[x, [1, 2]]": ("E301", [("x", "shape (3,)"), ("[1, 2]", "shape (2,)")], "a matrix has rows of one length"),
    "A @ x": ("E301", [("A", "shape (2, 2)"), ("x", "shape (3,)")], "do not fit together"),
    "x @ A": ("E301", [("x", "shape (3,)"), ("A", "shape (2, 2)")], "do not fit together"),
    "x @ y": ("E301", [("x", "shape (3,)"), ("y", "shape (2,)")], "do not fit together"),
    "B @ A": ("E301", [("B", "shape (2, 3)"), ("A", "shape (2, 2)")], "do not fit together"),
    "A @ s": ("E301", [("s", "shape ()")], "write '*' to multiply by a number"),
    "s @ A": ("E301", [("s", "shape ()")], "write '*' to multiply by a number"),
    "ones(3, 2, 2) @ ones(2, 2, 2)": (
        "E301",
        [("ones(3, 2, 2)", "shape (3, 2, 2)"), ("ones(2, 2, 2)", "shape (2, 2, 2)")],
        "are a batch and broadcast",
    ),
    "dot(A, T)": ("E301", [("T", "shape (2, 2, 3)")], "write '@' for a batch"),
    "inner(x, y)": ("E301", [("x", "shape (3,)"), ("y", "shape (2,)")], "inner sums over the last axes"),
    "cross(x, y)": ("E301", [("y", "shape (2,)")], "expected vectors of 3"),
    "det(B)": ("E301", [("B", "shape (2, 3)")], "expected a square matrix"),
    "inv(x)": ("E301", [("x", "shape (3,)")], "expected a square matrix"),
    "logdet(s)": ("E301", [("s", "shape ()")], "expected a square matrix, got a number"),
    "solve(B, x)": ("E301", [("B", "shape (2, 3)")], "expected a square matrix"),
    "solve(A, x)": ("E301", [("A", "shape (2, 2)"), ("x", "shape (3,)")], "b has a row for each row of A"),
    "trace(T)": ("E301", [("T", "shape (2, 2, 3)")], "expected a matrix"),
    "triu(x)": ("E301", [("x", "shape (3,)")], "expected a matrix"),
    "diag(T)": ("E301", [("T", "shape (2, 2, 3)")], "expected a vector or a matrix"),
    "at_target(B, x)": ("E301", [("B", "shape (2, 3)"), ("x", "shape (3,)")], "a label for each row (shape (2,))"),
    "at_target(s, s)": ("E301", [("s", "shape ()"), ("s", "shape ()")], "a label for each row"),
    "mse(x, y)": ("E301", [("x", "shape (3,)"), ("y", "shape (2,)")], "do not fit together"),
    # values that no option has
    "expand_dims(B, axis=None)": (
        "E213",
        [("None", "")],
        "'axis' of expand_dims must be a whole number, or several in brackets",
    ),
    "sum(B, axis=0.5)": ("E213", [("0.5", "")], "'axis' of sum must be a whole number, several in brackets, or None"),
    'sum(B, axis="x")': ("E213", [('"x"', "")], "'axis' of sum must be"),
    "sum(B, axis=True)": ("E213", [("True", "")], "'axis' of sum must be"),
    "sum(B, keepdims=2)": ("E213", [("2", "")], "'keepdims' of sum must be True or False"),
    'norm(A, ord="nuc")': ("E213", [('"nuc"', "")], "'ord' of norm must be"),
    "var(x, ddof=-1)": ("E213", [("-1", "")], "a whole number, 0 or more"),
    "eye(0)": ("E213", [("0", "")], "a whole number, 1 or more"),
    "zeros(2, 0)": ("E213", [("2, 0", "")], "a shape of whole numbers, 1 or more"),
    "repeat(x, 1.5)": ("E213", [("1.5", "")], "'repeats' of repeat must be"),
    "softmax(x, axis=None)": ("E213", [("None", "")], "'axis' of softmax must be a whole number"),
    "linspace(0, inf, 3)": ("E213", [("inf", "")], "'stop' of linspace must be a number"),
    # what is not known before anything runs
    "sum(B, axis=s)": ("E213", [("s", "")], "shapes are fixed before anything is computed"),
    "zeros(2, s)": ("E213", [("s", "")], "shapes are fixed before anything is computed"),
    "reshape(x, sum([1, 2]))": ("E213", [("sum([1, 2])", "")], "shapes are fixed before anything is computed"),
    "f(k) = sum(diag(A, k)); f(s)": ("E213", [("s", "")], "'k' of diag"),
    # what stands only for an option
    "sum((1, 2))": ("E213", [("(1, 2)", "")], "(1, 2) is not a number"),
    'sin("x")': ("E213", [('"x"', "")], '"x" is not a number'),
    "None + s": ("E213", [("None", "")], "None is not a number"),
    "x[s:]": ("E303", [("s", "")], "shapes are fixed before anything is computed"),
    "x[[0.5]]": ("E303", [("[0.5]", "")], "an index is a whole number"),
    "x[x > 1]": ("E303", [("x > 1", "")], "a condition is no index"),
    "x[True]": ("E303", [("True", "")], "an index is a whole number"),
    "x[inf]": ("E303", [("inf", "")], "an index is a whole number"),
    'x["a"]': ("E303", [('"a"', "")], "an index is a whole number"),
    "B[x, y]": ("E302", [("B[x, y]", "")], "shapes (3,) and (2,) do not fit together"),
    "s[s]": ("E302", [("s[s]", "")], "1 index for an operand of shape ()"),
    "ones(9999)[ones(9999, 2) < ones(9999, 2)]": ("E303", [("ones(9999, 2) < ones(9999, 2)", "")], "a condition"),
    "ones(9999, 2)[zeros(9999, 9999)]": ("E305", [("ones(9999, 2)[zeros(9999, 9999)]", "")], "at most 100,000,000"),
    "x[[0, 1]:2]": ("E303", [("x[[0, 1]:2]", "")], "write start:stop:step"),
    "x[[0, 5]]": ("E302", [("x[[0, 5]]", "")], "index 5 is out of range"),
    "B[[0, 1], [0, 1, 2]]": ("E302", [("B[[0, 1], [0, 1, 2]]", "")], "different lengths"),
    # derivatives
    "d(x*x, x)": ("E304", [("x*x", "shape (3,)")], "d differentiates a single number"),
    "sum(d(x, s))": ("E304", [("x", "shape (3,)")], "d differentiates a single number"),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=REFUSED)
def test_what_does_not_fit_is_underlined(text: str, expected: tuple[str, list[tuple[str, str]], str]) -> None:
    """The option first, then each operand with its shape."""
    diagnostic = refused(text, **SHAPES)
    code, places, words = expected
    assert diagnostic.source is not None
    underlined = [
        (diagnostic.source.text[label.span.start : label.span.end], label.text) for label in diagnostic.labels
    ]
    assert diagnostic.code == code
    assert underlined[: len(places)] == places
    assert words in f"{diagnostic.message}; {diagnostic.hint}"


#: Shapes of results that no other test has.
RESULTS: dict[str, Shape] = {
    "sum(T, axis=(0, 2), keepdims=True)": (1, 2, 1),
    "mean(T, -1)": (2, 2),
    "max(T, axis=(1,))": (2, 3),
    "reshape(T, -1, 2)": (6, 2),
    "reshape(s, 1, 1)": (1, 1),
    "reshape(T, 12)": (12,),
    "concat([B, A], axis=1)": (2, 5),
    "concat([x, y, [1]])": (6,),
    "stack([B, B, B], axis=-1)": (2, 3, 3),
    "tile(x, 2, 2)": (2, 6),
    "repeat(B, 2)": (12,),
    "outer(B, y)": (6, 2),
    "T @ x": (2, 2),
    "B @ ones(4, 3, 5)": (4, 2, 5),
    "solve(A, ones(3, 2, 1))": (3, 2, 1),
    "inner(T, x)": (2, 2),
    "diag(x, 1)": (4, 4),
    "one_hot(y, 4)": (2, 4),
    "at_target(B, y)": (2,),
    "at_target(B, B)": (2,),
    "cosine_similarity(B, B)": (2,),
    "d(sum(B^2), B)": (2, 3),
}


@pytest.mark.parametrize(("text", "shape"), RESULTS.items(), ids=RESULTS)
def test_a_shape_follows_from_shapes_and_options(text: str, shape: Shape) -> None:
    """As NumPy has it, known before anything runs."""
    found = built(text, **SHAPES)
    assert found.graph.shapes[found.output] == shape


#: Options that are what the function does anyway are no parameters of the node.
DEFAULTS = {
    "sum(A, axis=None, keepdims=False)": (),
    "sum(A, keepdims=0)": (),
    "sum(A, axis=1)": (("axis", 1),),
    "softmax(A, axis=-1)": (),
    "softmax(A, -2)": (("axis", -2),),
    "var(A, ddof=0)": (),
    "concat([A, A], 0)": (),
}


@pytest.mark.parametrize(("text", "parameters"), DEFAULTS.items(), ids=DEFAULTS)
def test_a_default_written_out_is_still_the_default(text: str, parameters: Any) -> None:
    """So that equal calls are equal nodes."""
    found = built(text, **SHAPES)
    assert found.graph.parameters[found.output] == parameters


#: Derivatives within expressions: values at x = 2, y = 3.
DERIVATIVES = {
    "d(x^3, x)": 12.0,
    "d(d(x^3, x), x)": 12.0,
    "d(d(d(x^3, x), x), x)": 6.0,
    "d(d(d(d(x^3, x), x), x), x)": 0.0,
    "d(x*y, x) + 10*d(x*y, y)": 23.0,
    "d(d(x^2*y^2, x), y)": 24.0,
    "d(5, x)": 0.0,
    "d(y, x)": 0.0,
    "d(x, x)": 1.0,
    "f(t) = t^2; d(f(x), x)": 4.0,
    "f(t) = d(t^2, t); f(x)": 4.0,
    "f(t) = d(t^2, t); f(3*y)": 18.0,
    "f(t) = d(t^2, t); f(5)": 10.0,
    "f(t) = t^3; g(t) = d(f(t), t); d(g(x), x)": 12.0,
    "u = x*y; d(u^2, u)": 12.0,
    "u = x*y; d(u^2, x)": 36.0,
    "x*d(sin(x)/sin(x) + x^2, x)": 8.0,
    "newton(t) = t - (t^2 - 2)/d(t^2 - 2, t); newton(x)": 1.5,
}


@pytest.mark.parametrize(("text", "value"), DERIVATIVES.items(), ids=DERIVATIVES)
def test_a_derivative_is_a_value_like_others(text: str, value: float) -> None:
    """Also of a derivative, and in a function of a function's own argument; relative 1e-15."""
    found = built(text)
    inputs = {node: np.float64({"x": 2.0, "y": 3.0}[name]) for name, node in found.inputs.items()}
    assert Program(found.graph, [found.output]).run(inputs) == [pytest.approx(value, rel=1e-15, abs=0)]


def test_the_nodes_of_a_derivative_have_its_span() -> None:
    """Whatever goes wrong in them is underlined there."""
    text = "1 + d(x^3, x)"
    found = built(text)
    added = [
        node for node in range(len(found.graph)) if text[slice(*(found.graph.spans[node] or (0, 0)))] == "d(x^3, x)"
    ]
    assert {found.graph.primitives[node].name for node in added} >= {"mul", "pow"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("B[None, [0, 1], :, None]", "B[None, [0, 1], :, None]"),
        ("B[[1, 0], [2, 2]]", "B[[1, 0], [2, 2]]"),
        ("A @ y", "A@y"),
        ("A.T", "A.T"),
    ],
)
def test_what_a_node_computes(text: str, shown: str) -> None:
    """As it would be typed."""
    found = built(text, **SHAPES)
    assert computes(found.graph, found.output) == shown


@pytest.mark.parametrize("text", ["cross_entropy(z, t)", "nll(z, t)"])
def test_classes_along_one_axis_or_another_are_refused(text: str) -> None:
    """PyTorch's are along axis 1, those of others along the last: nobody is given the other one."""
    with pytest.raises(diffcli.DiffcliError) as raised:
        diffcli.grad(text, {"z": [[[1.0, 2.0], [2.0, 3.0]]], "t": [[0.0, 1.0]]}, wrt="z")
    assert raised.value.diagnostic.code == "E301"
    assert "swapaxes(z, 1, -1)" in (raised.value.diagnostic.hint or "")


def test_a_similarity_is_never_above_1() -> None:
    """Operands that broadcast have the norms of what they become."""
    report = diffcli.grad(
        "sum(cosine_similarity(a, b))", {"a": [[1.0], [2.0]], "b": [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]}
    )
    assert report.value == pytest.approx(2.0, rel=1e-15)


def test_two_whole_numbers_of_polygamma_are_refused() -> None:
    """`polygamma(1, x)` is SciPy's order; `polygamma(1, 2)` may be either."""
    assert diffcli.grad("polygamma(1, x)", x=2.0).value == diffcli.grad("polygamma(x, n=1)", x=2.0).value
    with pytest.raises(diffcli.DiffcliError) as raised:
        diffcli.grad("x*polygamma(1, 2)", x=2.0)
    assert raised.value.diagnostic.code == "E204"


@pytest.mark.parametrize("text", [text for text, (code, *_) in REFUSED.items() if code == "E213"])
def test_a_formula_needs_the_same_options(text: str) -> None:
    """Without values nothing has a shape, and options are refused all the same."""
    refusal = refused(text, **SHAPES)
    with pytest.raises(DiffcliError) as caught:
        diffcli.diff(text)
    assert caught.value.diagnostic == refusal
