"""Lines of a file of answers: which exercise each is for."""

import re
from collections.abc import Sequence
from functools import lru_cache

from diffcli.syntax.tokens import normalised

#: `3: answer` and `3 = answer`.
_LINE = re.compile(r"\s*([^:=]*?)\s*[:=](.*)", re.DOTALL)
#: The same as people number: `3)`, `(3)`, `3.`, `Exercise 3:`, `Q3:`; in Chinese `\u7b2c3\u9898`, `3\u3001`.
_WORDS = "exercise|ex\\.?|question|problem|task|no\\.|q|\u7ec3\u4e60|\u9898\u76ee|\u9898|\u7b2c"


def parted(line: str, ids: Sequence[str]) -> tuple[str, str | None]:
    """The exercise that a line begins with, and its answer; None where no sign parts them.

    What begins with no exercise of the sheet is returned as it stands before the sign.
    """
    plain = normalised(line)
    found = _LINE.fullmatch(plain)
    if found is not None and found[1] in ids:
        return found[1], line[found.start(2) :]
    numbered = _numbered(tuple(ids)).match(plain)
    if numbered is not None:
        return str(numbered["bracketed"] or numbered["plain"]), line[numbered.end() :]
    return (line, None) if found is None else (found[1], line[found.start(2) :])


@lru_cache
def _numbered(ids: tuple[str, ...]) -> re.Pattern[str]:
    """The beginnings of lines that number an answer."""
    names = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    return re.compile(
        rf"\s*(?:(?:{_WORDS})\s*)?(?:\((?P<bracketed>{names})\)(?=[\s:=])|(?P<plain>{names})\s*\u9898?(?:[:=)]|[.,](?=\s)))"
        r"(?:\s*[:=](?!=))?",
        re.IGNORECASE,
    )
