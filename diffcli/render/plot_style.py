"""The style of pictures: colours that colour-blind readers and lines that grey prints tell apart, and one font."""

import contextlib
import logging
import warnings
from collections.abc import Iterator
from typing import Any, NamedTuple

import matplotlib

from diffcli.messages import speaking, speech

#: A style by name, or an offset and the lengths of lines and gaps.
Dashes = str | tuple[int, tuple[float, ...]]
#: Okabe and Ito's palette ("Color Universal Design", 2008) without its yellow, which is faint on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_DASHES: tuple[Dashes, ...] = ("-", (0, (6, 2)), (0, (1, 1.3)), (0, (7, 2, 1.5, 2)), (0, (3, 1.5)))
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")

#: From a valley, on which paths are seen well, to a height.
SLOPE = ("#FFFFFF", "#DCE4EC", "#A9B8C8")
#: The expression's own curve, contours, grids.
GROUND, FAINT = "#555555", "#CCCCCC"

#: Fonts with Chinese characters, of Linux, macOS and Windows.
_CHINESE = (
    "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
    "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei",
)  # fmt: skip
_SETTINGS: dict[str, object] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "legend.fontsize": 9,
    "legend.frameon": True,
    "legend.framealpha": 0.9,
    "legend.edgecolor": "none",
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "svg.fonttype": "none",  # text stays text: it can be searched, and is small
    "svg.hashsalt": "diffcli",  # the same picture gets the same names inside
    "pdf.fonttype": 42,
    "path.simplify": True,
}


class Look(NamedTuple):
    """The look of a run in every panel."""

    colour: str
    dashes: Dashes
    marker: str

    @property
    def line(self) -> dict[str, Any]:
        """The line in matplotlib's words."""
        return {"color": self.colour, "linestyle": self.dashes, "marker": self.marker}


def look(run: int) -> Look:
    """The look of a run by its number from 0."""
    return Look(_COLOURS[run % len(_COLOURS)], _DASHES[run % len(_DASHES)], _MARKERS[run % len(_MARKERS)])


def _chinese_fonts() -> list[str]:
    """The installed fonts that have Chinese characters; without one a picture is in English."""
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    return [name for name in _CHINESE if name in installed]


@contextlib.contextmanager
def styled() -> Iterator[None]:
    """Draw in this style, whatever the user's own settings of matplotlib are, and without its remarks on stderr."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    face, language = speech()
    fonts = [] if language == "en" else _chinese_fonts()
    with matplotlib.rc_context(), warnings.catch_warnings(), speaking(face, language if fonts else "en"):
        warnings.simplefilter("ignore")  # a name in a script that the font lacks
        logger.setLevel(logging.CRITICAL)
        try:
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(_SETTINGS)
            matplotlib.rcParams["font.family"] = [*matplotlib.rcParams["font.family"], *fonts]
            yield
        finally:
            logger.setLevel(level)
