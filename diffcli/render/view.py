"""The manner of a text for people: its characters and language, its digits, shortened or whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diffcli.execute.arrays import Array
from diffcli.messages import Language
from diffcli.render.messages import Texts
from diffcli.render.screen import ASCII, UNICODE, Symbols
from diffcli.render.value_text import number, shown

if TYPE_CHECKING:
    from diffcli.analysis.drawing.style import Sweeps


@dataclass(frozen=True, slots=True)
class View:
    """All that a result's text depends on beside the result.

    `every` and `chart` are of a descent: which points of its path are shown (None: some), and whether its values are
    drawn. `sweeps` are those of a graph.
    """

    symbols: Symbols = UNICODE
    precision: int = 6
    full: bool = False
    language: Language = "en"
    every: int | None = None
    chart: bool = True
    sweeps: "Sweeps | None" = None

    @property
    def plain(self) -> bool:
        """Whether there are ASCII characters alone."""
        return self.symbols is ASCII

    @property
    def texts(self) -> Texts:
        """The texts of the language."""
        return Texts(self.language)

    def shown(self, value: Array) -> str:
        """A value as text."""
        return shown(value, self.precision, self.full, self.texts.more)

    def listed(self, values: Mapping[str, Array]) -> str:
        """Values by name, as of a point: `x = 1, y = [2, 3]`."""
        return ", ".join(f"{name} = {self.shown(value)}" for name, value in values.items())

    def number(self, value: object) -> str:
        """A number as text."""
        return number(value, self.precision)
