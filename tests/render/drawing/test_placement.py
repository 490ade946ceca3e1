"""Which layout a diagram gets, and that no arrow leaves the page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render.drawing.test_boxes import drawing_of

from diffcli.render.drawing.boxes import diagram
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.layout.by_graphviz import graphviz_layout
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.layout.lengths import is_long, ranks_passed
from diffcli.render.drawing.layout.placement import laid_out
from diffcli.render.drawing.notation.dot import dot
from diffcli.render.extras import installed

needs_graphviz = pytest.mark.skipif(not installed("pygraphviz"), reason="the extra `graph` is not installed")


def picture(text: str) -> Diagram:
    return diagram(drawing_of(text, "0.9"))


def test_ranks_that_arrows_pass() -> None:
    """A label stands on a rank of its own: x to sin(x) passes two, x to the sum four, sin(x) to the sum two."""
    assert ranks_passed(picture("sin(x) + x")) == 2 + 4 + 2


def test_what_would_take_minutes_is_not_left_to_graphviz() -> None:
    """One variable that sixty products take."""
    long = picture("*".join(["x"] * 60))
    assert is_long(long)
    assert laid_out(long) == layered(long)
    assert 'splines="line"' in dot(long, "light")


@needs_graphviz
def test_everything_else_is_laid_out_by_graphviz() -> None:
    drawn = picture("mean(x*x)")
    assert not is_long(drawn)
    assert laid_out(drawn) == graphviz_layout(drawn)
    assert "splines" not in dot(drawn, "light")


@needs_graphviz
@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(["x^{}", "sin({}*x)", "x/{}", "tanh(x)*{}"]), min_size=1, max_size=16))
def test_no_arrow_leaves_the_page(terms: list[str]) -> None:
    """Neither do the points that bend it."""
    layout = laid_out(picture(" + ".join(term.format(place + 2) for place, term in enumerate(terms))))
    points = [point for route in layout.arrows.values() for point in route.path]
    assert all(-1 <= point.x <= layout.width + 1 and -1 <= point.y <= layout.height + 1 for point in points)
