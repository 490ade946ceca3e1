"""Notices: the point sits on a corner or a jump, and the gradient passes through it."""

from typing import Any

import numpy as np
import pytest

import diffcli
from diffcli.errors import ExitCode

pytestmark = pytest.mark.fast

NOTICED = [
    ("abs(x)", 0.0, "abs(x)"),
    ("relu(x)", 0.0, "relu(x)"),
    ("relu(x - 1)^2 + relu(x - 1)", 1.0, "relu(x - 1)"),
    ("sign(x)", 0.0, "sign(x)"),
    ("floor(x)", 2.0, "floor(x)"),
    ("ceil(x)", -1.0, "ceil(x)"),
    ("maximum(x, 1)", 1.0, "maximum(x, 1)"),
    ("min(x, 2*x)", 0.0, "min(x, 2*x)"),
    ("max([x, 1, 0])", 1.0, "max([x, 1, 0])"),
    ("norm([x, x])", 0.0, "norm([x, x])"),
    ("hypot(x, x)", 0.0, "hypot(x, x)"),
    ("(x < 1)*x", 1.0, "x < 1"),
    ("where(x < 1, x^2, x)", 1.0, "x < 1"),
    ("where(x >= 0, 1, -1)*x", 0.0, "x >= 0"),
    ("sin(abs(x))", 0.0, "abs(x)"),
    ("sum(abs([x, 1]))", 0.0, "abs([x, 1])"),
]


@pytest.mark.parametrize(("text", "point", "place"), NOTICED)
def test_a_kink_is_noticed(text: str, point: float, place: str) -> None:
    """With the piece of text, why there is no derivative, and the convention."""
    notices = diffcli.grad(text, x=point).kinks
    assert place in {notice.text for notice in notices}
    for notice in notices:
        assert text[notice.span.start : notice.span.end] == notice.text
        assert notice.sentence.startswith(f"{notice.text} is at ")
        assert notice.sentence.count(notice.reason) == 1
        assert f". Convention: {notice.convention}. PyTorch" in notice.sentence


def test_a_notice_in_words() -> None:
    """The kink, both sides and what is taken, the convention, and what others take, on one line."""
    [notice] = diffcli.grad("3*abs(x)", x=0.0).kinks
    assert notice.sentence == (
        "abs(x) is at a kink: it has a corner at 0; derivative by x: -1 from the left, 1 from the right, 0 taken. "
        "Convention: abs'(0) = 0. PyTorch: 0; JAX: 1"
    )
    assert (notice.primitive, notice.kind, notice.torch, notice.jax, notice.elements, notice.count) == (
        "abs",
        "kink",
        "0",
        "1",
        (),
        1,
    )


SIDES = [
    ("relu(x)", 0.0, [("x", 0.0, 1.0, 0.0)]),
    ("leaky_relu(x, 0.25)", 0.0, [("x", 0.25, 1.0, 0.25)]),
    ("elu(x, 2)", 0.0, [("x", 2.0, 1.0, 2.0)]),
    ("hardtanh(x)", -1.0, [("x", 0.0, 1.0, 0.0)]),
    ("clip(x, -1, 1)", 1.0, [("x", 1.0, 0.0, 1.0)]),
    ("maximum(x, 2x)", 0.0, [("x", 0.0, 1.0, 0.5), ("2x", 0.0, 1.0, 0.5)]),
    ("hypot(x, y)", 0.0, [("x", -1.0, 1.0, 0.0), ("y", -1.0, 1.0, 0.0)]),
    ("min(x)", [1.0, 3.0, 1.0], [("x[0]", 1.0, 0.0, 0.5)]),
    ("sum(max(x, axis=1, keepdims=True))", [[1.0, 2.0], [3.0, 3.0]], [("x[1, 0]", 0.0, 1.0, 0.5)]),
    ("sum(max(x + 1, axis=0))", [[1.0, 2.0], [1.0, 1.0]], [("(x + 1)[0, 0]", 0.0, 1.0, 0.5)]),
    ("norm(x)", [0.0, 0.0], [("x[0]", -1.0, 1.0, 0.0)]),
    ("norm(x, inf)", [1.0, 3.0, -3.0], [("x[1]", 0.0, 1.0, 0.5)]),
    ("norm(x, 1)", [2.0, 0.0], [("x[1]", -1.0, 1.0, 0.0)]),
    ("std(x)", [1e10, 1e10], [("x[0]", -0.5, 0.5, 0.0)]),
    ("median(x)", [1.0, 2.0, 2.0], [("x[1]", 1.0, 0.0, 0.5)]),
    ("x^1.5", 0.0, [("x", None, 0.0, 0.0)]),
    ("relu6(x)", 6.0, [("x", 1.0, 0.0, 0.0)]),
    ("mae(x, [0, 1])", [0.0, 2.0], [("x[0]", -1.0, 1.0, 0.0)]),
]


@pytest.mark.parametrize(("text", "point", "expected"), SIDES)
def test_the_sides_are_told(text: str, point: Any, expected: list[tuple[str, float | None, float, float]]) -> None:
    """For each operand that matters the derivative from the left, from the right, and the one taken."""
    [notice] = diffcli.grad(text, {"x": point, **({"y": 0.0} if ", y" in text else {})}).kinks
    assert notice.kind == ("edge" if expected[0][1] is None else "kink")
    assert len(notice.sides) == len(expected)
    for side, (operand, left, right, taken) in zip(notice.sides, expected, strict=True):
        assert side.left == (left if left is None else pytest.approx(left, rel=1e-9))
        assert (side.right, side.taken) == pytest.approx((right, taken), rel=1e-9)
        assert side.operand == operand or "mae" in text


JUMPS = [
    ("sign(x)", 0.0, (-1.0, 0.0, 1.0)),
    ("floor(x)", 2.0, (1.0, 2.0, 2.0)),
    ("ceil(x)", 2.0, (2.0, 2.0, 3.0)),
    ("(x < 1)*x", 1.0, (1.0, 0.0, 0.0)),
    ("(x == 1)*x", 1.0, (0.0, 1.0, 0.0)),
]


@pytest.mark.parametrize(("text", "point", "values"), JUMPS)
def test_a_jump_tells_the_values(text: str, point: float, values: tuple[float, float, float]) -> None:
    """To the left, there and to the right; no derivative shows them."""
    [notice] = diffcli.grad(text, x=point).kinks
    assert (notice.kind, notice.values) == ("jump", values)
    assert f"value {values[0]:g} to the left, {values[1]:g} here, {values[2]:g} to the right" in notice.sentence


def test_a_tie_of_an_operand_with_itself_is_none() -> None:
    """What both operands do together is smooth."""
    assert diffcli.grad("maximum(x, x)", x=1.0).kinks == ()
    assert diffcli.grad("(x <= x)*x", x=1.0).kinks == ()
    [notice] = diffcli.grad("hypot(x, x)", x=0.0).kinks
    assert [(side.left, side.right) for side in notice.sides] == [(-2.0, 2.0)]


def test_elements_are_named_and_counted() -> None:
    """The first few by their indices, all by their number."""
    [notice] = diffcli.grad("sum(abs(x))", x=[0.0, 1.0] * 10).kinks
    assert (notice.count, notice.elements) == (10, ((0,), (2,), (4,), (6,), (8,), (10,)))
    assert notice.place == "elements [0], [2], [4], [6], [8], [10] and 4 more"
    [notice] = diffcli.grad("sum(maximum(A, v))", A=[[1.0, 5.0], [3.0, 2.0]], v=[1.0, 2.0]).kinks
    assert notice.elements == ((0, 0), (1, 1))
    assert [side.operand for side in notice.sides] == ["A[0, 0]", "v[0]"]


def test_a_function_made_of_others_names_the_one_with_the_kink() -> None:
    """The text does not show it."""
    [notice] = diffcli.grad("mae(x, 1)", x=1.0).kinks
    assert notice.headline == "abs in mae(x, 1) is at a kink: it has a corner at 0"


EDGES = ["x^1.5", "x^2.5 + x", "sum([x, 1]^1.5)", "clip(2, 1, x)"]


@pytest.mark.parametrize("text", EDGES)
def test_a_finite_derivative_at_the_edge_of_a_domain_is_noticed(text: str) -> None:
    """It exists from one side only."""
    [notice] = diffcli.grad(text, x=1.0 if "clip" in text else 0.0).kinks
    assert notice.kind == "edge"
    assert all(None in (side.left, side.right) for side in notice.sides)
    assert "is at the edge of its domain" in notice.sentence


@pytest.mark.parametrize("text", ["x^2", "x^3 + x", "x^0", "sqrt(x + 1)", "xlogy(0, x)", "where(x > 1, sqrt(x), 0)"])
def test_within_a_domain_there_is_no_edge(text: str) -> None:
    """0 is a base like others for a whole exponent."""
    assert diffcli.grad(text, x=0.0).kinks == ()


def test_strict_refuses_a_kink() -> None:
    """With each place underlined, both sides, and the convention; elsewhere nothing changes."""
    with pytest.raises(diffcli.DiffcliError) as caught:
        diffcli.grad("abs(x) + relu(x)", x=0.0, strict=True)
    diagnostic = caught.value.diagnostic
    assert (diagnostic.code, diagnostic.exit_code) == ("E503", ExitCode.NOT_FINITE)
    assert diagnostic.message == "relu(x) is at a kink: it has a corner at 0"
    assert [label.text for label in diagnostic.labels] == [
        "derivative by x: 0 from the left, 1 from the right, 0 taken",
        "derivative by x: -1 from the left, 1 from the right, 0 taken",
    ]
    assert diagnostic.hint is not None
    assert "relu'(0) = 0" in diagnostic.hint
    assert diffcli.grad("abs(x) + relu(x)", x=1.0, strict=True).value == 2.0


DIFFERENTIATED = [
    ("d(norm(x)^2, x)[0]", [0.0, 0.0], "norm(x)"),
    ("d(norm(x)^3, x)[1]", [0.0, 0.0], "norm(x)"),
    ("d(abs(x)^2, x)", 0.0, "abs(x)"),
    ("d(relu(x)^2, x)", 0.0, "relu(x)"),
    ("d(d(abs(x)^3, x), x)", 0.0, "abs(x)"),
    ("f(t) = max(t, 0)^2; d(f(x), x)", 0.0, "max(t, 0)"),
]


@pytest.mark.parametrize(("text", "point", "place"), DIFFERENTIATED)
def test_what_an_expression_differentiates_took_conventions(text: str, point: Any, place: str) -> None:
    """Though nothing flows through the kink, for its slope is 0 there."""
    for report in (diffcli.grad(text, x=point), diffcli.vjp(text, x=point, cotangent=1.0)):
        assert place in {notice.text for notice in report.kinks}
    assert diffcli.grad(text, x=np.asarray(point) + 1).kinks == ()


def test_a_kink_beside_what_is_differentiated_is_none() -> None:
    assert diffcli.grad("abs(y)^2 + d(x^3, x)", x=1.0, y=0.0).kinks == ()


SMOOTH = [
    ("abs(x)", 1e-300),
    ("abs(x)^2", 0.0),
    ("abs(x)*x", 0.0),
    ("0*relu(x) + x", 0.0),
    ("where(x > -1, x, abs(x))", 0.0),
    ("maximum(x, 1)", 1.0000001),
    ("max([x, 1, 1])", 2.0),
    ("floor(x)", 2.5),
    ("abs(2) + x", 0.0),
    ("where(x > 1, x^2, x)", 2.0),
]


@pytest.mark.parametrize(("text", "point"), SMOOTH)
def test_a_smooth_point_is_not_noticed(text: str, point: float) -> None:
    """Nor a kink that nothing flows through."""
    assert diffcli.grad(text, x=point).kinks == ()


def test_one_notice_for_each_place() -> None:
    """However many elements sit on it, and however often the node is used."""
    assert len(diffcli.grad("sum(abs(x))", x=[0.0, 0.0, 1.0]).kinks) == 1
    assert len(diffcli.grad("y = abs(x); y + y*2", x=0.0).kinks) == 1
    assert {notice.text for notice in diffcli.grad("abs(x) + relu(x)", x=0.0).kinks} == {"abs(x)", "relu(x)"}


def test_elements_are_told_apart() -> None:
    """The element on the kink is not the one that the gradient passes through."""
    assert diffcli.grad("abs(x)[0]", x=[1.0, 0.0]).kinks == ()
    assert len(diffcli.grad("abs(x)[1]", x=[1.0, 0.0]).kinks) == 1


@pytest.mark.parametrize("text", ["floor(x)*x", "ceil(x)*x"])
def test_whole_numbers_beyond_the_digits_of_doubles_are_jumps(text: str) -> None:
    """All their neighbours are too."""
    assert [notice.kind for notice in diffcli.grad(text, x=2.3e66).kinks] == ["jump"]


def test_infinite_values_are_moved_without_a_word() -> None:
    """Around them, where kinks are looked for, nothing else is found."""
    report = diffcli.descend("relu(beta(700, w)*y^-1)", w=2, y=1e-17, steps=3)
    assert report.iterations >= 1
