"""Pictures of a form or a size, with letters of another size: nothing is cut off, and what was asked for is met."""

import io
import re
from dataclasses import replace

import pytest
from matplotlib.image import imread

from diffcli.errors import DiffcliError
from diffcli.render.drawing.diagram import Diagram, Setting
from diffcli.render.drawing.extent import Extent, read_extent
from diffcli.render.drawing.layout.box_sizes import text_width
from diffcli.render.drawing.layout.placement import laid_out
from diffcli.render.drawing.painting.parts import painted
from diffcli.render.drawing.painting.raster import pdf, png
from diffcli.render.drawing.painting.svg import svg

from .diagrams import BOTH, DIAGRAMS, FRAMES, TORCH

pytestmark = pytest.mark.fast

SIDEWAYS = Setting(sideways=True)


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ("16:9", Extent(16, 9)),
        ("4:3", Extent(4, 3)),
        ("1.5:1", Extent(1.5, 1)),
        ("1280x720", Extent(1280, 720, True)),
        (" 1280 \N{MULTIPLICATION SIGN} 720 ", Extent(1280, 720, True)),
    ],
)
def test_a_size_is_a_form_or_pixels(text: str, extent: Extent) -> None:
    assert read_extent(text) == extent


@pytest.mark.parametrize(
    "text", ["", "16", "16:", "16:9:4", "a:b", "-16:9", "0:9", "1280x0", "1x1", "100:1", "1.5x720"]
)
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(DiffcliError) as refused:
        read_extent(text)
    assert refused.value.diagnostic.hint


@pytest.mark.parametrize("diagram", [BOTH, FRAMES, TORCH], ids=["both", "frames", "torch"])
@pytest.mark.parametrize("sideways", [False, True])
def test_a_form_holds_all_of_the_picture_in_its_middle(diagram: Diagram, sideways: bool) -> None:
    diagram = replace(diagram, setting=Setting(sideways))
    layout = laid_out(diagram)
    whole, framed = painted(diagram, layout), painted(diagram, layout, extent=Extent(16, 9))
    assert framed.width / framed.height == pytest.approx(16 / 9)
    assert framed.left <= 0
    assert framed.top <= 0
    assert (framed.left, framed.top)[framed.top < 0] == pytest.approx(
        -(framed.height - whole.height) / 2
    ) or framed.left
    assert {part.id for part in framed.parts} == {part.id for part in whole.parts}


def test_pixels_are_met() -> None:
    layout, extent = laid_out(BOTH), Extent(640, 360, True)
    assert 'width="640" height="360"' in svg(BOTH, layout, extent=extent)
    assert imread(io.BytesIO(png(BOTH, layout, extent=extent))).shape[:2] == (360, 640)
    page = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", pdf(BOTH, layout, extent=extent))
    assert page is not None
    assert [float(side) for side in page.groups()] == pytest.approx([480, 270])  # 96 pixels are 72 points


@pytest.mark.parametrize("name", DIAGRAMS)
@pytest.mark.parametrize("sideways", [False, True])
def test_letters_of_another_size_stay_in_their_boxes(name: str, sideways: bool) -> None:
    """All are so many times as large, and boxes and labels grow with them."""
    usual, large = (replace(DIAGRAMS[name], setting=Setting(sideways, scale)) for scale in (1.0, 1.7))
    sizes = [
        sorted(text.size for part in painted(each, laid_out(each)).parts for text in part.texts)
        for each in (usual, large)
    ]
    assert sizes[1] == pytest.approx([1.7 * size for size in sizes[0]])
    layout = laid_out(large)
    for part in painted(large, layout).parts:
        if part.kind == "box":
            room = layout.boxes[part.id]
            assert all(text_width(text.text, text.size) <= room.width for text in part.texts)


def test_sideways_the_picture_is_wide() -> None:
    """The inputs are on the left, and operands from top to bottom."""
    layout = laid_out(replace(BOTH, setting=SIDEWAYS))
    first, last = layout.boxes[BOTH.boxes[0].id], layout.boxes[BOTH.boxes[-1].id]
    assert first.right < last.x
    assert layout.width > layout.height
