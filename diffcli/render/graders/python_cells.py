"""Answers in Python programs that graders run: names for them, and the call that grades one."""

import re
from collections.abc import Sequence


def names(ids: Sequence[str]) -> list[str]:
    """What the answers to exercises are called in a program: `1` or `a1`, with numbers where that is not enough."""
    found: list[str] = []
    for place, each in enumerate(ids, 1):
        short = re.sub(r"[^a-z0-9]+", "_", each.lower()).strip("_")
        found.append(short if short and short not in found else f"{short}_{place}".strip("_"))
    return found


def call(sheet: str, id: str, answer: str) -> str:
    """The call that grades an answer, which is the text of an expression of Python."""
    return f"diffcli.check_sheet({sheet!a}, {{{id!a}: {answer}}}, id={id!a})"
