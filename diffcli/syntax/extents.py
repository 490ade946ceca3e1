"""Ends and beginnings of operands, in a text that need not be an expression yet."""

import re
from collections.abc import Iterable, Mapping

from diffcli.source import LINE_ENDS

#: White space within a line, as part of a pattern: an operand ends with its line.
BLANK = rf"[^\S{LINE_ENDS}]"
_NUMBER = r"(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_NAME = r"[^\W\d]\w*"
_EXPONENT = rf"{BLANK}*(?:\^|\*\*){BLANK}*[+-]?{BLANK}*|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+"
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}


def closing(text: str, opening: int) -> int | None:
    """The place of the bracket that closes the one at `opening`; None where none does."""
    return _partner(text, range(opening, len(text)), _CLOSING)


def opening(text: str, closing: int) -> int | None:
    """The place of the bracket that the one at `closing` closes; None where there is none."""
    return _partner(text, range(closing, -1, -1), _OPENING)


def _partner(text: str, places: Iterable[int], partners: Mapping[str, str]) -> int | None:
    """The place of the bracket that belongs to the first one, going that way.

    `partners` are those that are met after theirs.
    """
    waiting: list[str] = []
    for place in places:
        character = text[place]
        if character in partners:
            waiting.append(partners[character])
        elif character in partners.values():
            if not waiting or waiting.pop() != character:
                return None
            if not waiting:
                return place
    return None


def factor_end(text: str, start: int) -> int | None:
    """The end of the number, name, call, index, root or bracket that begins at `start`.

    None where none begins there.
    """
    if start < len(text) and text[start] in "√∛∜":
        return factor_end(text, blanks_end(text, start + 1))
    if start < len(text) and text[start] in "([":
        end = closing(text, start)
        return None if end is None else _subscripts_end(text, end + 1)
    found = re.compile(_NUMBER).match(text, start)
    if found:
        return found.end()
    found = re.compile(_NAME).match(text, start)
    return None if found is None else _subscripts_end(text, found.end())


def power_end(text: str, start: int) -> int | None:
    """The end of a factor with its exponents."""
    end = factor_end(text, start)
    while end is not None:
        exponent = re.compile(_EXPONENT).match(text, end)
        if exponent is None:
            return end
        end = exponent.end() if exponent[0].strip()[-1] not in "^*+-" else factor_end(text, exponent.end())
    return end


def factor_start(text: str, end: int) -> int | None:
    """The beginning of the factor that ends at `end`, exponents of superscripts included.

    None where none ends there.
    """
    place = end
    while place and (text[place - 1] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻" or text[place - 1] in ")]"):
        if text[place - 1] in ")]":
            found = opening(text, place - 1)
            if found is None:
                return None
            place = found
            if place and not (text[place - 1].isalnum() or text[place - 1] in "_)]"):
                return place
        else:
            place -= 1
    word = re.search(r"[\w.]+\Z", text[:place])
    start = place if word is None else word.start()
    return start if start < end else None


def blanks_end(text: str, start: int) -> int:
    """The first place at or after `start` that is no blank; a line break is none."""
    found = re.compile(f"{BLANK}*").match(text, start)
    return found.end() if found else start


def bare(text: str) -> str:
    """A text without the brackets around the whole of it."""
    text = text.strip()
    while text[:1] == "(" and closing(text, 0) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _subscripts_end(text: str, end: int) -> int:
    """The end of the brackets that follow directly."""
    while end < len(text) and text[end] in "([":
        last = closing(text, end)
        if last is None:
            return end
        end = last + 1
    return end
