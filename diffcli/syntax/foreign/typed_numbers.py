"""Numbers with letters for their type, as programming languages write them: `1.0f`, `2L`, `1.5f64`, `1.5d-3`."""

import re
from collections.abc import Collection

from diffcli.syntax.foreign.edit import Edits, edit

_TYPED = re.compile(
    r"""
    (?<![\w.])
    (?P<number> \d[\d_]*\.[\d_]*(?:[eE][+-]?\d+)? | \.\d[\d_]*(?:[eE][+-]?\d+)? | \d[\d_]*[eE][+-]?\d+ | \d[\d_]* )
    (?P<type> (?P<exponent>[dD][+-]?\d+) | [fFdDlL] | [uU][lL]{0,2} | [lL]{2} | f16 | f32 | f64 ) (?!\w)
    """,
    re.VERBOSE,
)


def typed_numbers(text: str, starts: Collection[int], whole: bool) -> Edits:
    """The text without the letters that begin at `starts`, and with them as factors; nothing where some are no type.

    `whole` numbers have types too, or a product is meant: `2L`.
    """
    numbers = [found for found in _TYPED.finditer(text) if found.start("type") in starts]
    if len(numbers) < len(starts) or (not whole and any(found["number"].isdecimal() for found in numbers)):
        return
    for reading in (_as_number, _as_product):
        written = text
        for found in reversed(numbers):
            written = written[: found.start()] + reading(found) + written[found.end() :]
        yield edit(0, len(text), written)


def _as_number(found: re.Match[str]) -> str:
    return f"{found['number']}e{found['exponent'][1:]}" if found["exponent"] else found["number"]


def _as_product(found: re.Match[str]) -> str:
    return f"{found['number']}*{found['type']}"
