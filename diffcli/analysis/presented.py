"""What all results can do: be printed, shown by a notebook, and saved.

A result knows nothing of pages and pictures: it asks the presenter.
"""

from os import PathLike
from typing import Any

from diffcli.presenter import Kind, Presenter, presenter


class Presented:
    """A result: `print` shows what its command shows, notebooks show its forms, of which each may be None."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        # IPython takes the first of both that it finds from class to class, and a dataclass has a __repr__ of its own
        cls._repr_pretty_ = Presented._repr_pretty_  # type: ignore[method-assign]
        cls.__repr__ = Presented.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        subject = " ".join(getattr(self, "expression", "").split())
        return f"<{type(self).__name__}{' of ' * bool(subject)}{subject[:60]}{'...' * (len(subject) > 60)}>"

    def __str__(self) -> str:
        shown_by = presenter()
        return repr(self) if shown_by is None else shown_by.printed(self)

    def to_dict(self) -> dict[str, Any]:
        """The document that the command prints with `--json`; numbers that JSON lacks are "nan", "inf" and "-inf"."""
        return _presenter().document(self)

    def to_json(self) -> str:
        """The document as text, on one line."""
        return _presenter().json(self)

    def save(self, path: str | PathLike[str], **manner: Any) -> None:
        """Write the result into a file, whose ending says how: .json, .html or .txt; some have .md, .tex or pictures
        too.

        `manner` is how it is to look: `precision` (significant digits) and `language`, of a graph `theme`, `style`,
        `layout`, `size`, `font_scale` and `slides`.
        Raises DiffcliError for an ending that there is not, and where the file cannot be written.
        """
        _presenter().save(self, path, **manner)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """The text, for IPython's printer."""
        printer.text(_form(self, "text") or repr(self))

    def _repr_html_(self) -> str | None:
        return _form(self, "html")

    def _repr_latex_(self) -> str | None:
        return _form(self, "latex")

    def _repr_svg_(self) -> str | None:
        return _form(self, "svg")


def _form(result: Presented, kind: Kind) -> str | None:
    shown_by = presenter()
    return None if shown_by is None else shown_by.presented(result, kind)


def _presenter() -> Presenter:
    shown_by = presenter()
    assert shown_by is not None, "the top of the package names it"
    return shown_by
