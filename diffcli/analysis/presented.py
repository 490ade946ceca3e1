"""Results that a notebook shows as more than text.

A result knows nothing of pages and pictures: it asks the presenter, which the top of the package names, since imports point down.
"""

from collections.abc import Callable
from typing import Literal

Kind = Literal["html", "latex", "svg"]
#: A result in the form of a kind; None where it has none.
Presenter = Callable[[object, Kind], str | None]

_presenters: list[Presenter] = []


def present_with(presenter: Presenter) -> None:
    """Have all results presented so."""
    _presenters[:] = [presenter]


class Presented:
    """A result with the methods by which IPython and Jupyter ask for its forms; each is None where there is no such form."""

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        return _presented(self, "html")

    def _repr_latex_(self) -> str | None:
        return _presented(self, "latex")

    def _repr_svg_(self) -> str | None:
        return _presented(self, "svg")


def _presented(result: Presented, kind: Kind) -> str | None:
    return _presenters[0](result, kind) if _presenters else None
