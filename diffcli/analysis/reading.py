"""Files that are read whole, up to a stated size, and as text in whichever Unicode encoding they have."""

import codecs
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from diffcli.errors import DiffcliError, fault
from diffcli.messages import Message
from diffcli.source import Source, Span

_MEBI = 2**20
#: The largest program, and the most that is read of what states no size, such as a pipe or a device: 64 MiB.
MOST_TEXT = 64 * _MEBI
#: The largest file of values, of data, or of a saved run; JSON, whose numbers are objects for a while, takes several
#: times its size: 1 GiB, 256 MiB.
MOST_BYTES, MOST_JSON = 1024 * _MEBI, 256 * _MEBI
#: The most numbers that values from files may be: 1 GiB of doubles.
MOST_NUMBERS = 2**27

#: What to do about a file that cannot be read.
#: What the system says most often.
_REASONS = (
    Message("no such file or directory"),
    Message("permission denied"),
    Message("is a directory"),
    Message("not a directory"),
    Message("file name too long"),
)
READ_HINT = Message("check the name; it is looked up from the current folder")

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",  # before that of UTF-16, with which it begins
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
#: Which of the first bytes are zero where a text of UTF-16 has no mark and begins with a letter of ASCII.
_ZEROS = {
    (False, True): "utf-16-le",
    (False, True, False, True): "utf-16-le",
    (True, False): "utf-16-be",
    (True, False, True, False): "utf-16-be",
}


def read_file(path: str, asked: Source, span: Span | None = None, most: int = MOST_BYTES) -> bytes:
    """The content of a file that the user named in `asked`.

    Raises DiffcliError where it cannot be read, or is larger than `most` bytes: a pipe or a device
    may have no end, so little more is read of it than `MOST_TEXT`.
    """
    try:
        with Path(path).open("rb") as file:
            state = os.fstat(file.fileno())
            plain = stat.S_ISREG(state.st_mode)
            limit = most if plain else min(most, MOST_TEXT)
            if plain and state.st_size > limit:
                raise too_large(path, limit, asked, span, state.st_size)
            return bounded(file, limit, lambda: too_large(path, limit, asked, span))
    except (OSError, ValueError) as error:
        raise unreadable(path, error, asked, span) from None


def bounded(file: BinaryIO, most: int, refused: Callable[[], DiffcliError]) -> bytes:
    """All that is in an open file. Raises what `refused` gives where that is more than `most` bytes."""
    content = file.read(most + 1)
    if len(content) > most:
        raise refused()
    return content


def too_large(path: str, most: int, asked: Source, span: Span | None = None, size: int | None = None) -> DiffcliError:
    """The diagnostic about a file that is too large."""
    if size is None:
        message = Message(
            "'{file}' is too large: it has no end, or more than the {most} that are read", file=path, most=sized(most)
        )
        hint = Message("name a file of that size at most")
    else:
        message = Message(
            "'{file}' is too large: it has {size}, more than the {most} that are read",
            file=path,
            size=sized(size),
            most=sized(most),
        )
        hint = Message("take a part of it")
    return fault("E410", message, asked, span or asked.whole, hint=hint)


def too_many(path: str, count: int, asked: Source, span: Span | None = None) -> DiffcliError:
    """The diagnostic about a file that holds too many numbers."""
    message = Message(
        "'{file}' is too large: it holds {count:,} numbers, more than the {most:,} that are read",
        file=path,
        count=count,
        most=MOST_NUMBERS,
    )
    return fault(
        "E410", message, asked, span or asked.whole, hint=Message("take a part of it, such as every tenth row")
    )


def unreadable(path: str, error: Exception, asked: Source, span: Span | None = None) -> DiffcliError:
    """The diagnostic about a file that the system does not give."""
    reason = Message((getattr(error, "strerror", None) or str(error)).lower())
    message = Message("cannot read '{file}': {reason}", file=path, reason=reason)
    return fault("E401", message, asked, span or asked.whole, hint=READ_HINT)


def decoded(content: bytes, name: str) -> Source:
    """The text of a file or stream, which its mark or else its zeros show to be UTF-16 or UTF-32, and which is UTF-8
    otherwise.

    Raises DiffcliError at what is no text in that encoding.
    """
    mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
    encoding = _MARKS.get(mark) or _ZEROS.get(tuple(not byte for byte in content[:4]), "utf-8")
    body = content[len(mark) :]
    try:
        return Source(body.decode(encoding), name)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding, "replace")
        source = Source(body.decode(encoding, "replace"), name)
        message = Message(
            "the text is not valid {encoding} here", encoding=encoding.upper().removesuffix("-LE").removesuffix("-BE")
        )
        raise fault(
            "E101", message, source, Span(len(before), len(before) + 1), hint=Message("save the text as UTF-8")
        ) from None


def sized(count: int) -> str:
    """A number of bytes in words."""
    unit, name = next(
        ((unit, name) for unit, name in ((2**30, "GiB"), (_MEBI, "MiB"), (2**10, "KiB")) if count >= unit), (1, "bytes")
    )
    return f"{count / unit:,.4g} {name}"
