"""The way out: whatever is printed goes to its stream through here, without characters that would act on a terminal."""

import sys
from typing import Literal, TextIO

from diffcli.messages import Language, speaking, speech, told, translated
from diffcli.source import visible

#: When to use colour.
Color = Literal["auto", "always", "never"]


def say(text: str, stream: TextIO | None = None, end: str = "\n", flush: bool = False) -> None:
    """Print lines, on standard output unless another stream is given."""
    put(visible(text, kept="\n\t") + end, sys.stdout if stream is None else stream, flush)


def remark(text: str) -> None:
    """Print a remark, which is one line, on standard error."""
    face, language = speech()
    with speaking(face, language if has_characters(language, sys.stderr) else "en"):
        put(visible(told(text)) + "\n", sys.stderr)


def has_characters(language: Language, stream: TextIO) -> bool:
    """Whether a stream's encoding has the characters of a language."""
    try:
        translated("the value", language).encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def put(text: str, stream: TextIO, flush: bool = False) -> None:
    """Write text whose controls are meant; a character that the stream's encoding lacks as its escape."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    if flush:
        stream.flush()
