"""TeX sets our pictures."""

import re
from collections.abc import Callable

from render.drawing.diagrams import FRAMES, LABELS, NASTY

from diffcli.render.drawing.diagram import Box, Diagram, Line
from diffcli.render.drawing.layout.layers import layered
from diffcli.render.drawing.notation.latex_text import latex_text
from diffcli.render.drawing.notation.tikz import tikz
from diffcli.render.drawing.painting.parts import painted


def _page(pdf: bytes) -> tuple[float, float]:
    found = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert found
    return float(found.group(1)), float(found.group(2))


def test_a_picture_is_one_page_of_its_size(tex: Callable[[str], bytes]) -> None:
    pdf = tex(r"\pdfobjcompresslevel=0 " + tikz(FRAMES, "dark"))
    painting = painted(FRAMES, layered(FRAMES))
    width, height = _page(pdf)
    assert abs(width - painting.width) < 1
    assert abs(height - painting.height) < 1
    assert pdf.count(b"/Type /Page\n") == 1


def test_any_text_can_be_set(tex: Callable[[str], bytes]) -> None:
    characters = "".join(
        map(
            chr,
            (*range(0x20), *range(0x7F, 0x250), *range(0x300, 0x3E0), *range(0x1D00, 0x1D80), *range(0x2000, 0x2330)),
        )
    )
    texts = [characters[start : start + 24] for start in range(0, len(characters), 24)]
    boxes = tuple(Box(f"n{number}", "operation", (Line("title", text),)) for number, text in enumerate(texts))
    tex(tikz(Diagram("characters", boxes, ()), "light"))
    tex(tikz(LABELS, "light"))
    paragraphs = "\n".join(rf"\hbox{{{latex_text(text)}}}" for text in (*NASTY, *texts))
    tex(rf"\documentclass{{article}}\begin{{document}}{paragraphs}\end{{document}}")
