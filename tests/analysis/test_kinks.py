"""Notices: the point sits on a corner or a jump, and the gradient passes through it."""

import pytest

import diffcli

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
        assert notice.sentence.startswith(f"{notice.text} is at a kink: {notice.reason}. Convention: {notice.convention}")


def test_the_sides_are_told() -> None:
    """The derivatives from the left and from the right."""
    [notice] = diffcli.grad("abs(x)", x=0.0).kinks
    assert notice.sides == (-1.0, 1.0)
    assert notice.sentence.endswith("; from the left it is -1, from the right 1")
    [notice] = diffcli.grad("relu(x)", x=0.0).kinks
    assert notice.sides == (0.0, 1.0)


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
