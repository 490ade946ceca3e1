"""Source text and the spans that point into it."""

from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


class Source(NamedTuple):
    """A piece of text that the user wrote, and what to call it."""

    text: str
    name: str = "expression"

    @property
    def whole(self) -> Span:
        """The span of the whole text."""
        return Span(0, len(self.text))
