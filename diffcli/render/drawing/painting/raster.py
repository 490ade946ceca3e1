"""A picture as PNG and as PDF, by matplotlib, from the same painting as the SVG.

Every text stands on the layout's grid of columns, so a picture has the same geometry with whatever fonts its characters
take.
"""

import io
from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Curve
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D, Transform

from diffcli.analysis.drawing.style import Theme
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.drawing.extent import MOST_PIXELS, PIXELS_TO_A_POINT, Extent
from diffcli.render.drawing.layout.geometry import Layout
from diffcli.render.drawing.painting.fonts import Piece, pieces, plain_font
from diffcli.render.drawing.painting.paint import Paint, arrow_paints, box_paints, frame_paints, text_ink
from diffcli.render.drawing.painting.parts import Painting, Part, Text, painted
from diffcli.render.drawing.painting.shapes import Path
from diffcli.render.drawing.theme import ARROW_SHAPES, BOX_SHAPES, Palette, palette
from diffcli.render.plot_style import styled

#: More than the error of a division, so that no row of pixels is lost to it.
_DUST = 1e-6
#: What a PDF file says of itself: nothing that is another thing tomorrow.
UNDATED: Mapping[str, None] = {"CreationDate": None, "Producer": None, "Creator": None}
#: How hard a PNG is compressed, of 9: more takes several times as long for a tenth of the size.
_EFFORT = 3
_VERBS = {"M": [Curve.MOVETO], "L": [Curve.LINETO], "C": [Curve.CURVE4] * 3, "Z": [Curve.CLOSEPOLY]}


def png(
    diagram: Diagram,
    layout: Layout,
    theme: Theme = "light",
    scale: float = 2.0,
    legend: bool = True,
    extent: Extent | None = None,
) -> bytes:
    """A PNG file of `scale` pixels to a point, its size that of the picture with the legend, rounded down; or of as
    many pixels as `extent` has.

    A picture that would have more than `MOST_PIXELS` pixels is drawn at the scale that gives so many. `auto` is light.
    """
    painting = painted(diagram, layout, legend, extent)
    scale = min(scale, (MOST_PIXELS / (painting.width * painting.height)) ** 0.5)
    if extent is not None and extent.pixels:
        scale = extent.width / painting.width
        painting = painting._replace(width=painting.width + _DUST, height=painting.height + _DUST)
    return _file(_figure(painting, palette(theme), scale), "png", {"Software": None})


def pdf(
    diagram: Diagram, layout: Layout, theme: Theme = "light", legend: bool = True, extent: Extent | None = None
) -> bytes:
    """A PDF file of one page, of the picture's size or of `extent`; its text can be searched. `auto` is light."""
    painting = painted(diagram, layout, legend, extent)
    zoom = extent.width / PIXELS_TO_A_POINT / painting.width if extent is not None and extent.pixels else 1.0
    return _file(_figure(painting, palette(theme), 1.0, zoom), "pdf", UNDATED)


def _figure(painting: Painting, colours: Palette, scale: float, zoom: float = 1.0) -> Figure:
    """The picture, `zoom` times as large, at so many dots to a point."""
    with styled():
        size = zoom * painting.width / 72, zoom * painting.height / 72
        figure = Figure(figsize=size, dpi=72 * scale, facecolor=colours.ground)
        inches = zoom / 72
        corner = -painting.left * inches, (painting.height + painting.top) * inches
        points = Affine2D().scale(inches, -inches).translate(*corner) + figure.dpi_scale_trans
        canvas = Canvas(figure, points, colours, zoom)
        for part in painting.parts:
            canvas.draw(part)
        return figure


def _file(figure: Figure, kind: str, metadata: Mapping[str, None]) -> bytes:
    with styled():
        content = io.BytesIO()
        effort: dict[str, Any] = {"pil_kwargs": {"compress_level": _EFFORT}} if kind == "png" else {}
        ground = figure.get_facecolor()
        figure.savefig(content, format=kind, dpi=figure.dpi, facecolor=ground, metadata=metadata, **effort)
        return content.getvalue()


class Canvas:
    """A figure on which parts are drawn in points from its upper left corner."""

    def __init__(self, figure: Figure, points: Transform, colours: Palette, zoom: float) -> None:
        self.figure = figure
        self.points = points
        self.zoom = zoom
        self.colours = colours
        self.fonts = {bold: FontProperties(fname=plain_font(bold)) for bold in (False, True)}
        self.paints: dict[str, dict[str, Paint]] = {look: box_paints(look, colours) for look in BOX_SHAPES}
        for arrow in ARROW_SHAPES:  # a look may be that of boxes and of arrows: their shapes have different roles
            self.paints[arrow] = self.paints.get(arrow, {}) | arrow_paints(arrow, colours)

    def draw(self, part: Part) -> None:
        """A part's shapes, then its texts."""
        paints = self._paints(part)
        for shape in part.shapes:
            self.shape(shape.path, paints[shape.role])
        for text in part.texts:
            self._text(text)

    def _paints(self, part: Part) -> Mapping[str, Paint]:
        if part.kind == "frame":
            return frame_paints(self.colours)
        if part.look is None:
            return {"swatch": Paint(text_ink(part.texts[0].role, self.colours), None)}
        return self.paints[part.look]

    def shape(self, path: Path, paint: Paint) -> None:
        """A path in its paint."""
        verbs = [code for command in path for code in _VERBS[command.verb]]
        places = [point for command in path for point in (command.points or ((0.0, 0.0),))]
        style: str | tuple[int, tuple[float, ...]] = (
            "solid" if not paint.dashes else (0, tuple(dash / paint.width for dash in paint.dashes))
        )
        patch = PathPatch(
            Curve(places, verbs),
            facecolor=paint.fill or "none",
            edgecolor=paint.stroke or "none",
            linewidth=self.zoom * paint.width if paint.stroke else 0,
            linestyle=style,
            capstyle="round" if paint.dashes and paint.dashes[0] < 2 else "butt",
            joinstyle="round",
            transform=self.points,
        )
        self.figure.add_artist(patch)

    def _text(self, text: Text) -> None:
        bold = text.role in ("title", "frame")
        ink = text_ink(text.role, self.colours)
        for piece in pieces(text, bold):
            if piece.font is None:
                place = self.points.transform((piece.x, piece.y))
                x, y = self.figure.transFigure.inverted().transform(place)
                self.figure.text(
                    x,
                    y,
                    piece.text,
                    fontsize=self.zoom * piece.size,
                    fontproperties=self.fonts[bold],
                    color=ink,
                    parse_math=False,
                    va="baseline",
                )
                self.figure.texts[-1].set_fontsize(self.zoom * piece.size)
            else:
                self._outlined(piece, ink)

    def _outlined(self, piece: Piece, ink: str) -> None:
        """Characters of another font as shapes in the middle of their columns, so that the file needs no font."""
        glyphs = TextPath(
            (0, 0), piece.text.replace("$", r"\$"), size=piece.size, prop=FontProperties(fname=piece.font), usetex=False
        )
        width = glyphs.get_extents().x1 if len(glyphs.vertices) else 0.0
        left = piece.x + max(0.0, (piece.width - width) / 2)
        move = Affine2D().scale(1, -1).translate(left, piece.y) + self.points
        self.figure.add_artist(
            PathPatch(glyphs, facecolor=ink, edgecolor="none", linewidth=0, snap=False, transform=move)
        )
