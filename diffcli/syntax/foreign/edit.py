"""Parts of rules for foreign notation: edits, and questions about the text around them."""

from collections.abc import Iterator

from diffcli.errors import Edit
from diffcli.primitives.table import FUNCTION_NAMES
from diffcli.source import Span

Edits = Iterator[Edit]
#: The names of the language's functions, as alternatives of a pattern.
FUNCTION = "|".join(sorted((name for name in FUNCTION_NAMES if len(name) > 1), key=len, reverse=True))
#: Raised digits, signs and brackets.
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺⁽⁾"


def edit(start: int, end: int, text: str) -> Edit:
    """The edit that puts a text in the place of another."""
    return Edit(Span(start, end), text)


def begins(text: str, start: int) -> bool:
    """Whether what begins here needs no brackets to be a term: nothing before binds to it."""
    return text[:start].rstrip()[-1:] in ("", "(", "[", ",", "=", "+", ";", "\n")


def differentiated(function: str, variable: str, times: int) -> str:
    """A derivative, perhaps of a higher order, as it is written here."""
    return f"d({differentiated(function, variable, times - 1)}, {variable})" if times else function
