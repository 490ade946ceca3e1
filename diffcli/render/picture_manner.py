"""How a picture of a graph is to look, whatever its format."""

from typing import NamedTuple

from diffcli.analysis.drawing.style import Direction, Sweeps, Theme
from diffcli.messages import Language
from diffcli.render.drawing.diagram import Setting
from diffcli.render.drawing.extent import Extent


class Manner(NamedTuple):
    """The wanted look of a picture; without a `layout` it goes down, in a page the way that lets it be seen best.

    `slides` show one step of both sweeps after the other.
    """

    sweeps: Sweeps | None = None
    theme: Theme = "auto"
    precision: int = 4
    language: Language = "en"
    layout: Direction | None = None
    extent: Extent | None = None
    font_scale: float = 1.0
    slides: bool = False

    @property
    def setting(self) -> Setting:
        """The setting of the diagram."""
        return Setting(self.layout == "horizontal", self.font_scale)
