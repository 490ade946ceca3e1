"""What stands before the equals sign of an answer: `f'(x) =`, `d/dx =`, `x:`, `f_xy =`, and which part it names."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from diffcli.analysis.exercise.answer_notation import in_words
from diffcli.analysis.exercise.question import ONLY, NextPoint, Question
from diffcli.source import Span
from diffcli.syntax.differentials import quotients
from diffcli.syntax.tokens import name_meant

#: A sign behind which the answer stands: one that defines, and does not compare.
_EQUALS = re.compile(r"(?<![<>=!])[=≈:](?!=)")
_NAME = r"[^\W\d]\w*"
#: The arguments of a derivative, as in f'(x) and f_x(x, y).
_OF = r"(?:\([^()]*\))?"
_PRIMED = re.compile(rf"(?:{_NAME})?\s*(?P<primes>['\u2019\u2032\u2033\u2034]+)\s*(?:\((?P<names>[^()]*)\))?")
_GRADIENT = re.compile(rf"(?:grad(?:ient)?|∇)\s*_?\s*(?P<name>{_NAME})?\s*{_OF}", re.IGNORECASE)
_PART = re.compile(rf"{_NAME}(?:\s*,\s*{_NAME})*")
#: `f_x`, `L_w(w, b)`; `dx`, `fx`, `x.grad`.
_SUBSCRIPT = re.compile(rf"[^\W\d_]\w*?_(\w+)\s*{_OF}")
_BESIDE = re.compile(r"[^\W\d_](\w+)|(\w+)\.grad")
#: How many primes each sign stands for.
_PRIMES = {"\u2033": 2, "\u2034": 3}
#: Words that say that this is the answer, in Chinese too.
_WORDS = re.compile("answer|ans|result|solution|\u7b54\u6848?|\u89e3|\u7ed3\u679c|\u5bfc\u6570", re.IGNORECASE)


class Head(NamedTuple):
    """What stands before the equals sign: variables, none where it is only called a derivative; `order` of primes."""

    names: tuple[str, ...]
    order: int | None
    span: Span


def head(question: Question, text: str, start: int, end: int) -> tuple[Head, int] | None:
    """The head of a stretch of text, and where its expression begins; None where nothing of the kind stands there."""
    equals = _EQUALS.search(text, start, end)
    if equals is None:
        return None
    written = text[start : equals.start()].rstrip()
    if _WORDS.fullmatch(written):
        first = re.compile(r"\s*").match(text, equals.end(), end)
        inner = None if first is None else head(question, text, first.end(), end)
        return inner or (Head((), None, Span(start, start + len(written))), equals.end())
    found = _meant(question, in_words(written))
    return None if found is None else (Head(*found, Span(start, start + len(written))), equals.end())


def _meant(question: Question, written: str) -> tuple[tuple[str, ...], int | None] | None:
    """The variables and the order of a derivative that a text stands for."""
    if found := _PRIMED.fullmatch(written):
        names = tuple(re.findall(_NAME, found["names"] or ""))
        primes = sum(_PRIMES.get(sign, 1) for sign in found["primes"])
        if isinstance(question.asked, NextPoint):
            return tuple(re.findall(_NAME, written))[:1], None
        return names if len(names) == 1 else (), primes
    for quotient in quotients(written):
        rest = written[quotient.span.end :].strip()
        if quotient.span.start == 0 and (not rest or not quotient.function):  # d/dx, and d/dx(x^2) = ...
            return (name_meant(quotient.variable),), quotient.order
    if found := _GRADIENT.fullmatch(written):
        return (found["name"],) if found["name"] in question.parts else (), None
    names = tuple(name_meant(name) for name in re.findall(_NAME, written))
    if _PART.fullmatch(written) and (_is_part(question, names) or _is_other(question, names)):
        return names, None
    if subscript := _SUBSCRIPT.fullmatch(written):
        for names in ((subscript[1],), tuple(subscript[1])):
            if _is_part(question, names):
                return names, None
    if (beside := _BESIDE.fullmatch(written)) and _is_part(question, (beside[1] or beside[2],)):
        return (beside[1] or beside[2],), None
    return None


def _is_part(question: Question, names: Sequence[str]) -> bool:
    return any(sorted(part.split(",")) == sorted(names) for part in question.parts)


def _is_other(question: Question, names: Sequence[str]) -> bool:
    """Whether the head names a variable of the question, for which nothing is asked."""
    return question.parts != (ONLY,) and all(name in question.problem.resolved.variables for name in names)
