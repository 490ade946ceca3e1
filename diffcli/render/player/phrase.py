"""Sentences with numbers in them that may change: what they say is fixed, the numbers are places in a list."""

from string import Formatter
from typing import NamedTuple

_FULL_WIDTH = (
    "\N{IDEOGRAPHIC FULL STOP}",
    "\N{FULLWIDTH COLON}",
    "\N{FULLWIDTH SEMICOLON}",
    "\N{FULLWIDTH COMMA}",
    "\N{FULLWIDTH RIGHT PARENTHESIS}",
)


class Piece(NamedTuple):
    """A part of a sentence: text, or the number at place `number` of the story's quantities. `role` says what it is."""

    role: str
    text: str = ""
    number: int | None = None


Phrase = tuple[Piece, ...]


def phrase(template: str, **slots: str | int) -> Phrase:
    """A message with its slots filled: text as it is, numbers as places of quantities; roles are the slots' names."""
    pieces = []
    for literal, slot, _, _ in Formatter().parse(template):
        if literal:
            pieces.append(Piece("", literal))
        if slot is not None:
            content = slots[slot]
            pieces.append(Piece(slot, content) if isinstance(content, str) else Piece(slot, number=content))
    return tuple(pieces)


def joined(separator: str, *phrases: Phrase) -> Phrase:
    """Phrases one after the other."""
    pieces: list[Piece] = []
    for part in phrases:
        pieces += [Piece("", separator), *part] if pieces else part
    return tuple(pieces)


def sentences(*phrases: Phrase) -> Phrase:
    """Phrases one after the other, a space between them; a full-width mark at a phrase's end has its own."""
    pieces: list[Piece] = []
    for part in phrases:
        if pieces and part and not pieces[-1].text.endswith(_FULL_WIDTH):
            pieces.append(Piece("", " "))
        pieces += part
    return tuple(pieces)
