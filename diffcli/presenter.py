"""Who shows results and diagnostics: the top of the package names him, since imports point down."""

from collections.abc import Callable
from typing import Any, Literal, Protocol

Kind = Literal["text", "html", "latex", "svg"]


class Presenter(Protocol):
    """What shows results and diagnostics. `save` writes a result into a file, whose name's ending says how."""

    save: Callable[..., None]

    def presented(self, result: object, kind: Kind) -> str | None:
        """A result in a form that people read; None where it has none."""
        ...

    def printed(self, result: object) -> str:
        """What the command of a result prints."""
        ...

    def document(self, result: object) -> dict[str, Any]:
        """The JSON document of a result."""
        ...

    def json(self, result: object) -> str:
        """The JSON document of a result, as text on one line."""
        ...

    def diagnostic_lines(self, diagnostic: Any) -> list[str]:
        """A diagnostic as lines of text."""
        ...


_loaders: list[Callable[[], Presenter]] = []


def present_with(load: Callable[[], Presenter]) -> None:
    """Have results and diagnostics shown by what this loads, when the first one is."""
    _loaders[:] = [load]


def presenter() -> Presenter | None:
    """Who shows results and diagnostics; None without the top of the package."""
    return _loaders[0]() if _loaders else None
