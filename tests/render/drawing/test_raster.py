"""PNG by its pixels and PDF by its structure and text: the layout's size, the theme's colours, every label, no remark
and no markup.
"""

import io
import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from diffcli.render.drawing.diagram import Box, Diagram, Line
from diffcli.render.drawing.painting import fonts
from diffcli.render.drawing.painting.parts import Text, painted
from diffcli.render.drawing.theme import DARK, LIGHT
from diffcli.render.extras import installed

from .diagrams import BOTH, LABELS, NASTY, TORCH
from .test_svg import placed

if not installed("matplotlib"):
    pytest.skip("the extra `graph` is not installed", allow_module_level=True)

from PIL import Image

from diffcli.render.drawing.layout.placement import laid_out
from diffcli.render.drawing.painting import raster
from diffcli.render.drawing.painting.raster import pdf, png


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[index : index + 2], 16) for index in (1, 3, 5))


def test_pixels_are_points_times_scale_in_the_theme_s_colours() -> None:
    layout = laid_out(BOTH)
    painting = painted(BOTH, layout)
    for theme, colours, scale in (("light", LIGHT, 2.0), ("dark", DARK, 1.5), ("auto", LIGHT, 1.0)):
        image = opened(png(BOTH, layout, theme, scale))  # type: ignore[arg-type]
        assert image.size == (int(painting.width * scale), int(painting.height * scale))
        assert image.getpixel((1, 1)) == rgb(colours.ground)
        box = layout.boxes["n0"]
        assert image.getpixel((int((box.x + 6) * scale), int(box.centre.y * scale))) == rgb(
            colours.boxes["variable"].fill
        )
        inked = image.crop(tuple(int(edge * scale) for edge in (box.x + 20, box.y + 4, box.right - 20, box.bottom - 4)))  # type: ignore[arg-type]
        assert len(inked.getcolors(100000) or []) > 20  # letters


def test_a_very_large_picture_is_drawn_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "MOST_PIXELS", 10000)
    layout = placed(TORCH)
    width, height = opened(png(TORCH, layout)).size
    assert 8000 < width * height <= 10000
    assert abs(width / height - painted(TORCH, layout).width / painted(TORCH, layout).height) < 0.1


def test_the_same_bytes_twice() -> None:
    layout = laid_out(TORCH)
    once = png(TORCH, layout, "dark", 1)
    assert once == png(TORCH, layout, "dark", 1)
    assert b"Software" not in once
    assert pdf(TORCH, layout) == pdf(TORCH, layout)


def test_nasty_labels_are_drawn_without_a_word(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    layout = laid_out(LABELS)
    assert opened(png(LABELS, layout, "light", 1)).size[0] >= layout.width
    file = tmp_path / "labels.pdf"
    file.write_bytes(pdf(LABELS, layout))
    assert capfd.readouterr() == ("", "")
    if shutil.which("pdftotext") is not None:  # what is drawn as letters can be searched
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert all(label in text for label in NASTY[:7])


def test_dollars_are_letters() -> None:
    """`$x$` is as wide as three letters: it is no formula."""

    def drawn(text: str) -> Image.Image:
        diagram = Diagram("t", (Box("n0", "operation", (Line("title", text),)),), ())
        return opened(png(diagram, placed(diagram), "light", 2)).crop((40, 40, 200, 140))

    dollars, letters = drawn("$x$"), drawn("SxS")
    differing = [
        x
        for x in range(dollars.width)
        if any(dollars.getpixel((x, y)) != letters.getpixel((x, y)) for y in range(dollars.height))
    ]
    assert differing  # $ is not S
    middle = dollars.width // 2
    assert not [x for x in differing if abs(x - middle) < 5]  # the x stands where it stood


def test_a_pdf_is_one_page_of_the_picture_s_size() -> None:
    layout = laid_out(BOTH)
    painting, content = painted(BOTH, layout), pdf(BOTH, layout)
    match = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", content)
    assert match is not None
    assert (float(match[1]), float(match[2])) == (painting.width, painting.height)
    assert content.count(b"/Type /Page ") == 1
    assert not re.search(rb"/(CreationDate|Producer|Creator)", content)
    streams = [
        zlib.decompress(stream)
        for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
        if stream[:1] == b"x"
    ]
    assert any(b"BT" in stream for stream in streams)  # text, not outlines


def test_pieces_keep_the_width_of_their_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_other_font", lambda text: None)
    text = Text("value", "a中b", 100.0, 10.0, 9.0)
    parts = list(fonts.pieces(text, bold=False))
    assert "".join(part.text for part in parts) == "aU+4E2Db"
    room = 4 * fonts.ADVANCE * 9.0
    assert abs(sum(part.width for part in parts) - room) < 1e-6
    assert abs(parts[0].x - (100.0 - room / 2)) < 1e-6
    assert all(part.size < 9.0 for part in parts)


def test_letters_of_other_fonts_stand_in_their_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_other_font", lambda text: "other.ttf")
    parts = list(fonts.pieces(Text("value", "a\u05d0\u05d1中\u0301b\u200f", 0.0, 10.0, 10.0, "start"), bold=True))
    assert [part.text for part in parts] == ["a", "\u05d1", "\u05d0", "中\u0301", "b"]  # what runs leftwards is turned
    assert [round(part.x / (fonts.ADVANCE * 10)) for part in parts] == [0, 1, 2, 3, 5]
    assert [part.font for part in parts] == [None, "other.ttf", "other.ttf", "other.ttf", None]


def test_a_missing_font_file_is_no_font(tmp_path: Path) -> None:
    broken = tmp_path / "NotoSansCJK-Regular.ttc"
    broken.write_bytes(b"no font")
    assert not fonts._readable(str(broken))
    assert fonts._readable(fonts.plain_font())
