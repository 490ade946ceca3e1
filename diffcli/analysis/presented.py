"""Results that a notebook shows as more than text.

A result knows nothing of pages and pictures: it asks the presenter, which the top of the package names, since imports
point down.
"""

from collections.abc import Callable
from typing import Any, Literal

Kind = Literal["text", "html", "latex", "svg"]
#: A result in the form of a kind; None where it has none.
Presenter = Callable[[object, Kind], str | None]

_presenters: list[Presenter] = []


def present_with(presenter: Presenter) -> None:
    """Have all results presented so."""
    _presenters[:] = [presenter]


class Presented:
    """A result with the methods by which IPython and Jupyter ask for its forms.

    Each is None where there is no such form.
    """

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        # IPython takes the first of both that it finds from class to class, and a dataclass has a __repr__ of its own
        cls._repr_pretty_ = Presented._repr_pretty_  # type: ignore[method-assign]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """The text, for IPython's printer; the dataclass's own where there is no presenter."""
        printer.text(_presented(self, "text") or repr(self))

    def _repr_html_(self) -> str | None:
        return _presented(self, "html")

    def _repr_latex_(self) -> str | None:
        return _presented(self, "latex")

    def _repr_svg_(self) -> str | None:
        return _presented(self, "svg")


def _presented(result: Presented, kind: Kind) -> str | None:
    return _presenters[0](result, kind) if _presenters else None
