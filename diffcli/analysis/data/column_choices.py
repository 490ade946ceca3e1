"""Columns of the data as variables: by their own names, and as `--columns` says."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from diffcli.errors import DiffcliError, fault
from diffcli.messages import Argument, Message
from diffcli.source import Source, Span
from diffcli.syntax.tokens import name_meant

_HINT = Message(
    "write NAME=COLUMN, or NAME=[COLUMN,COLUMN] for a matrix; put a column's name that contains "
    "a comma or a bracket in quotes"
)
_BLANKS = re.compile(r"\s*")
_NAME = re.compile(r"([^\W\d]\w*)\s*=\s*")
_COLUMN = re.compile(r""""([^"]*)"|'([^']*)'|([^,\[\]"']+)""")


class Choice(NamedTuple):
    """A variable and the columns that it is: one, or with `matrix` the columns of a matrix in their order.

    `spans` are the columns' places in the source.
    """

    name: str
    columns: tuple[str, ...]
    matrix: bool
    source: Source
    span: Span
    spans: tuple[Span, ...]


def read_choices(sources: Iterable[Source]) -> tuple[Choice, ...]:
    """The choices of `--columns a=first,X=[second,third]`.

    Raises DiffcliError where it cannot be read, or names a variable twice.
    """
    found: dict[str, Choice] = {}
    for source in sources:
        for choice in _read(source):
            if choice.name in found:
                message = Message("'{name}' is named twice", name=choice.name)
                hint = Message("give each variable one column, or one matrix")
                raise fault("E208", message, source, choice.span, hint=hint)
            found[choice.name] = choice
    return tuple(found.values())


def is_name(text: str) -> bool:
    """Whether an expression can call a column by this name."""
    return re.fullmatch(r"[^\W\d]\w*", text) is not None


def _read(source: Source) -> Iterator[Choice]:
    text, at = source.text, 0
    while True:
        at = _past_blanks(text, at)
        name = _NAME.match(text, at)
        if name is None:
            raise _unreadable(source, at)
        at = name.end()
        matrix = text[at : at + 1] == "["
        columns, spans, at = _list(source, at + 1) if matrix else _one(source, at)
        yield Choice(name_meant(name.group(1)), columns, matrix, source, Span(*name.span(1)), spans)
        if at == len(text):
            return
        if text[at] != ",":
            raise _unreadable(source, at)
        at += 1


def _one(source: Source, at: int) -> tuple[tuple[str, ...], tuple[Span, ...], int]:
    """A column's name from there on, and where it ends."""
    at = _past_blanks(source.text, at)
    found = _COLUMN.match(source.text, at)
    name = next((group for group in found.groups() if group is not None), "").strip() if found else ""
    if not found or not name:
        raise _unreadable(source, at)
    span = Span(found.start(), found.start() + len(found.group().rstrip()))
    return (name,), (span,), _past_blanks(source.text, found.end())


def _list(source: Source, at: int) -> tuple[tuple[str, ...], tuple[Span, ...], int]:
    """The columns' names up to the closing bracket, and where it ends."""
    columns: list[str] = []
    spans: list[Span] = []
    while True:
        names, places, at = _one(source, at)
        columns += names
        spans += places
        end = source.text[at : at + 1]
        if end == "]":
            return tuple(columns), tuple(spans), _past_blanks(source.text, at + 1)
        if end != ",":
            raise _unreadable(source, at)
        at += 1


def _past_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _unreadable(source: Source, at: int) -> DiffcliError:
    message = Message("{columns} cannot be read here", columns=Argument("columns"))
    return fault("E402", message, source, Span(at, at + 1), hint=_HINT)
