"""The installed font that draws a character: texts as pieces of one font each, on a grid of columns."""

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import matplotlib
from matplotlib.font_manager import findSystemFonts
from matplotlib.ft2font import FT2Font

from diffcli.render.drawing.layout.box_sizes import ADVANCE, columns
from diffcli.render.drawing.painting.parts import Text

#: Files of fonts that hold what the usual ones lack, the best first: Chinese, Japanese and Korean, then symbols.
_OTHERS = re.compile(
    r"(noto.*(sans|mono).*cjk.*regular|sourcehan|wqy|wenquanyi|droidsansfallback|pingfang|msyh|simhei|hiragino|arialuni|unifont|notosans|symbola)",
    re.I,
)


class Piece(NamedTuple):
    """Characters in one font: where they begin, their room, and the font's file; None for the picture's own font."""

    text: str
    x: float
    y: float
    width: float
    size: float
    font: str | None


def plain_font(bold: bool = False) -> str:
    """The file of the font of all pictures, which comes with matplotlib."""
    return _own("DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf")


def _own(name: str) -> str:
    return str(Path(matplotlib.get_data_path(), "fonts", "ttf", name))


def pieces(text: Text, bold: bool) -> Iterator[Piece]:
    """A text in pieces, a character that no font has as U+XXXX and then all smaller, to keep the text's room."""
    room = columns(text.text)
    clusters = [(shown, font) for cluster in _clusters(text.text) for shown, font in _with_font(cluster, bold)]
    taken = sum(columns(cluster) for cluster, _ in clusters)
    size = text.size * min(1.0, room / max(taken, 1))
    x = text.x - (taken * ADVANCE * size / 2 if text.anchor == "middle" else 0.0)
    for font, run in itertools.groupby(_visual(clusters), key=lambda item: item[1]):
        parts = [cluster for cluster, _ in run]
        for part in ["".join(parts)] if font is None else parts:
            width = columns(part) * ADVANCE * size
            if part.strip():
                yield Piece(part, x, text.y, width, size, font)
            x += width


def _clusters(text: str) -> Iterator[str]:
    """Characters with the marks that follow them."""
    cluster = ""
    for character in text:
        if cluster and columns(character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _with_font(cluster: str, bold: bool) -> Iterator[tuple[str, str | None]]:
    """The cluster without invisible characters, and the font that draws it; plain letters where there is none."""
    visible = "".join(
        character
        for character in cluster
        if unicodedata.category(character) != "Cf" and not 0xFE00 <= ord(character) <= 0xFE0F
    )
    if not visible:
        return
    if _has(plain_font(bold), visible):
        yield visible, None
        return
    font = _other_font(visible)
    if font is not None:
        yield visible, font
        return
    for character in visible:
        code = ord(character)
        control = 0x2400 <= code < 0x2420  # stands for a control character
        yield (
            (character, None)
            if _has(plain_font(bold), character)
            else (f"U+{code - 0x2400 if control else code:04X}", None)
        )


def _visual(clusters: Iterable[tuple[str, str | None]]) -> Iterator[tuple[str, str | None]]:
    """Clusters from left to right; those of other fonts stand one by one, a run from a right-to-left script turned."""
    for turned, run in itertools.groupby(clusters, key=_leftwards):
        found = list(run)
        yield from reversed(found) if turned else found


def _leftwards(cluster: tuple[str, str | None]) -> bool:
    return cluster[1] is not None and unicodedata.bidirectional(cluster[0][0]) in ("R", "AL")


@functools.cache
def _glyphs(font: str) -> FT2Font:
    return FT2Font(font)


def _has(font: str, text: str) -> bool:
    return all(_glyphs(font).get_char_index(ord(character)) for character in text)


@functools.cache
def _other_font(text: str) -> str | None:
    return next((font for font in _other_fonts() if _has(font, text)), None)


@functools.cache
def _other_fonts() -> tuple[str, ...]:
    """DejaVu Sans, which has more characters than the monospaced font, and the system's fonts for other scripts."""
    found = []
    for file in findSystemFonts():
        name = Path(file).name
        if (match := _OTHERS.search(name)) and _readable(file):
            found.append((_rank(match.group()), name, file))
    return (_own("DejaVuSans.ttf"), *(file for _, _, file in sorted(found)))


def _rank(name: str) -> int:
    """Sans before mono before the rest; among equals by name, so that the disk's order decides nothing."""
    lower = name.lower()
    return 0 if "cjk" in lower and "sans" in lower else 1 if "cjk" in lower else 2


def _readable(file: str) -> bool:
    try:
        return bool(_glyphs(file).num_glyphs)
    except (OSError, RuntimeError):
        return False
