"""The picture of the tutorial's graph in the documentation is what `graph` writes without its extra."""

from golden.golden import assert_golden
from golden.pages import DOCS

import diffcli
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.painting.svg import svg
from diffcli.render.picture_formats import described
from diffcli.render.picture_manner import Manner


def test_the_page_has_the_picture() -> None:
    diagram = described(diffcli.draw("mean(x*x)", x=[1, 2, 3]), Manner())
    assert_golden(DOCS / "pictures" / "mean-of-squares.svg", svg(diagram, layered(diagram)))
