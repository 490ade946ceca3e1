"""The signs of an answer in those of the language, each in its place: brackets of lists, commas, transposes."""

import re

from diffcli.syntax.tokens import normalised

_OPENING, _CLOSING = "([{", ")]}"
_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?:/\d+)?"
#: Numbers with blanks between them, and nothing else up to the next bracket, comma, equals sign or end of a line.
_NUMBERS = re.compile(rf"(?:^|(?<=[\[({{,;=:\n]))[ \t]*({_NUMBER}(?:[ \t]+{_NUMBER})+)[ \t]*(?=[\])}},;\n]|$)")
#: Two and a half; a thousand with a blank in it: these are single numbers.
_MIXED, _GROUPED = re.compile(r"[-+]?\d+[ \t]+\d+/\d+"), re.compile(r"[-+]?\d{1,3}(?:[ \t]\d{3})+")
_ANGLES = re.compile(r"(?:^|(?<=[=:]))\s*([<⟨])([^<>⟨⟩=]*[,;][^<>⟨⟩=]*)([>⟩])\s*$")
_WRAPPED = re.compile(
    r"(?:^|(?<=[=:]))\s*((?:\w+\.)?(?:array|asarray|tensor|Tensor|Array|Matrix)\()\s*(\[.*\])((?:\s*,\s*\w+=[^()]*)?\s*\))\s*$",
    re.DOTALL,
)
_TRANSPOSE = re.compile(r"(?<=[\w)\]])\^(?=T(?!\w))")


def in_signs(text: str, arrays: bool, names: frozenset[str]) -> str:
    """The text in the signs of the language: `(1, 2)`, `{1; 2}` and `<1, 2>` are `[1, 2]`, `A^T` is `A.T`.

    With `arrays`, numbers with blanks between them are a list too. `array([1, 2])` is its list. The text stays as long
    as it is.
    """
    text = normalised(text)
    if "\\" in text:
        return text
    if wrapped := _WRAPPED.search(text):
        outside = (range(*wrapped.span(1)), range(*wrapped.span(3)))
        text = "".join(" " if any(place in each for each in outside) else sign for place, sign in enumerate(text))
    text = _NUMBERS.sub(_with_commas, text) if arrays else re.sub(r"[,\u3002](?=\s*$)", " ", text)
    if angles := _ANGLES.search(text):
        text = f"{text[: angles.start(1)]}[{angles[2]}]{text[angles.end(3) :]}"
    text = _in_brackets(text)
    return text if "T" in names else _TRANSPOSE.sub(".", text)


def _with_commas(found: re.Match[str]) -> str:
    numbers = found[1]
    apart = re.search(r"[ \t]+(?![-+])", numbers)  # 1 -2 is a difference
    if apart is None or _MIXED.fullmatch(numbers) or _GROUPED.fullmatch(numbers):
        return found[0]
    return found[0].replace(numbers, re.sub(r"[ \t](?=[^ \t])", ",", numbers))


def _in_brackets(text: str) -> str:
    """The text with square brackets around what has commas and is no call, and round ones in place of others."""
    signs, open_, separators = list(text), list[int](), list[list[int]]()
    for place, sign in enumerate(text):
        if sign in _OPENING:
            open_.append(place)
            separators.append([])
        elif sign in ",;" and separators:
            separators[-1].append(place)
        elif sign in _CLOSING:
            if not open_ or _OPENING.index(text[open_[-1]]) != _CLOSING.index(sign):
                return text
            start, inside = open_.pop(), separators.pop()
            before = text[:start].rstrip()[-1:]
            if sign != "}" and (before.isalnum() or before in tuple("_)]'.")):
                continue  # a call, or an index
            if before == "_":
                return text
            if sign != "]":
                signs[start], signs[place] = "[]" if inside else "()"
            if all(text[each] == ";" for each in inside):  # [1, 2; 3, 4] has rows
                for each in inside:
                    signs[each] = ","
    return "".join(signs) if not open_ else text
