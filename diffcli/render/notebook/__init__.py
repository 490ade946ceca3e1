"""Results in a notebook and on a page: as HTML, as LaTeX and as pictures."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffcli.render.notebook import curve as curve
    from diffcli.render.notebook import fragments as fragments
    from diffcli.render.notebook import manual as manual
    from diffcli.render.notebook import mathematics as mathematics
else:
    from diffcli.render.lazy import modules_of

    __getattr__ = modules_of(__name__)
