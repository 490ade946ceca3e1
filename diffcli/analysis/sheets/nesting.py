"""Answers in JSON or TOML that are nested without end: as deep as any answer is, the rest left out."""

import re

#: Brackets in each other that are kept; no answer has as many.
_DEEPEST = 40
#: Texts and comments, in which brackets mean nothing, and brackets. No `*+` where a text may be empty: Python before
#: 3.11.5 finds none there.
_PIECE = re.compile(
    r'"""(?:\\.|"{1,2}(?!")|[^"\\])*"{3,5}|\'\'\'(?:\'{1,2}(?!\')|[^\'])*\'{3,5}'
    r'|"(?:[^"\\\n]++|\\.)*+"|\'[^\'\n]*\'|#[^\n]*|[\[{\]}]',
    re.DOTALL,
)
_CLOSING = {"[": "]", "{": "}"}


def pruned(text: str, marker: str) -> tuple[str, bool]:
    """The text with a marker in place of what is nested too deeply, and whether all brackets are closed in it.

    Those that are not get closed at the end.
    """
    kept: list[str] = []
    waiting: list[str] = []
    begin = 0
    for found in _PIECE.finditer(text):
        sign = found[0]
        if sign in _CLOSING:
            waiting.append(_CLOSING[sign])
            if len(waiting) == _DEEPEST + 1:
                kept += [text[begin : found.start()], marker]
        elif waiting and sign == waiting[-1]:
            waiting.pop()
            if len(waiting) == _DEEPEST:
                begin = found.end()
    rest = text[begin:] if len(waiting) <= _DEEPEST else ""
    return "".join([*kept, rest, *reversed(waiting[:_DEEPEST])]), not waiting
