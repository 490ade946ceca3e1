"""Results in a notebook and on a page: as HTML, as LaTeX and as pictures."""

from typing import TYPE_CHECKING

from diffcli.render.lazy import modules_of

if TYPE_CHECKING:
    from diffcli.render.notebook import curve, fragments, mathematics

__all__ = ["curve", "fragments", "mathematics"]

if not TYPE_CHECKING:
    __getattr__ = modules_of(__name__, __all__)
