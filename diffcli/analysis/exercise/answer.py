"""Answers: texts as people write them, read by the language's own parser, and never run by Python."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from diffcli.analysis.exercise.answer_reader import PartText, Reader, wanted
from diffcli.analysis.exercise.question import ONLY, NextPoint, Question
from diffcli.errors import DiffcliError, fault
from diffcli.messages import Joined, Message
from diffcli.source import LINE_ENDS, Source, Span
from diffcli.syntax.differentials import quotients
from diffcli.syntax.tokens import name_meant, normalised

#: The most characters of an answer.
LONGEST = 50_000
#: An equals sign that defines, and does not compare.
_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_NAME = r"[^\W\d]\w*"
_PRIMED = re.compile(rf"(?:{_NAME})?\s*(?P<primes>['\u2019\u2032\u2033\u2034]+)\s*(?:\((?P<names>[^()]*)\))?")
_GRADIENT = re.compile(rf"(?:grad(?:ient)?|∇)\s*_?\s*(?P<name>{_NAME})?\s*(?:\([^()]*\))?", re.IGNORECASE)
_PART = re.compile(rf"{_NAME}(?:\s*,\s*{_NAME})*")
_SUBSCRIPT = re.compile(r"[^\W\d_]\w*?_(\w+)")
#: How many primes each sign stands for.
_PRIMES = {"\u2033": 2, "\u2034": 3}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has been read: a text with its parts."""

    source: Source
    parts: Mapping[str, PartText]


class _Piece(NamedTuple):
    """A stretch of the text, where its expression begins, and the head before that, if it has one."""

    span: Span
    start: int
    head: "_Head | None"


class _Head(NamedTuple):
    """What stands before the equals sign: variables, none where it is only called a derivative; `order` of primes."""

    names: tuple[str, ...]
    order: int | None
    span: Span


def read(question: Question, sizes: Sequence[str], source: Source, of_variables: bool = False) -> Answer:
    """The answer that a text gives to a question; `sizes` are names that it may use beside the variables.

    With `of_variables` numbers may be computed from those of the variables.
    Raises DiffcliError, pointing into the text, for what cannot be graded: another variable, a missing bracket, an
    unknown name.
    """
    if len(source.text) > LONGEST:
        raise too_long(source)
    if not source.text.strip():
        raise fault("E701", Message("the answer is empty"), source, hint=wanted(question))
    pieces = list(_pieces(question, source))
    headed = [piece for piece in pieces if piece.head is not None]
    reader = Reader(question, frozenset(sizes), source, of_variables or not question.numeric)
    if headed and len(headed) == len(pieces):
        return Answer(source, _by_head(reader, headed))
    if (
        headed
        and len(pieces) > 1
        and question.parts != (ONLY,)
        and any(len(each.head.names) for each in headed if each.head)
    ):
        lone = next(piece for piece in pieces if piece.head is None)
        message = Message("this part of the answer does not say what it is")
        raise fault("E701", message, source, lone.span, hint=wanted(question))
    return Answer(source, reader.whole(Span(0, len(source.text))))


def too_long(source: Source) -> DiffcliError:
    """The error about an answer that nobody has written by hand."""
    message = Message("the answer has {count:,} characters", count=len(source.text))
    hint = Message("at most {most:,} are read", most=LONGEST)
    return fault("E701", message, Source(f"{source.text[:60]}...", source.name), hint=hint)


def _by_head(reader: Reader, pieces: Sequence[_Piece]) -> dict[str, PartText]:
    """Parts by what stands before their equals signs."""
    question, found = reader.question, dict[str, PartText]()
    for piece in pieces:
        head = piece.head
        assert head is not None
        part = _part(question, reader.source, head)
        span = Span(piece.start, piece.span.end)
        if part is None:
            if len(pieces) > 1 and len(question.parts) > 1:
                message = Message("this part of the answer does not say what it is")
                raise fault("E701", message, reader.source, head.span, hint=wanted(question))
            found |= reader.whole(span)
        elif part in found:
            message = Message("{part} is answered twice", part=question.label(part))
            raise fault("E701", message, reader.source, head.span, hint=Message("leave one of them out"))
        else:
            found[part] = reader.part(span)
    return found


def _part(question: Question, source: Source, head: _Head) -> str | None:
    """The part that a head names; None where it only says that this is the answer. Raises DiffcliError for another."""
    order = getattr(question.asked, "order", 1)
    if head.order is not None and head.order != order:
        message = Message("this is a derivative of order {given}, not {asked}", given=head.order, asked=order)
        raise fault("E701", message, source, head.span, hint=wanted(question))
    if not head.names:
        return None
    names = head.names * order if len(head.names) == 1 and head.order == order else head.names
    for part in question.parts:
        if sorted(part.split(",")) == sorted(names):
            return part
    if question.parts == (ONLY,):
        return None
    message = Message("{name} is not asked for", name=Joined(names, ","))
    raise fault("E701", message, source, head.span, hint=wanted(question))


def _pieces(question: Question, source: Source) -> Iterator[_Piece]:
    """The stretches between semicolons and ends of lines outside brackets, with their heads."""
    text = normalised(source.text)
    start = depth = 0
    for found in [*re.finditer(rf"[;()\[\]{{}}{LINE_ENDS}]", text), None]:
        end = len(text) if found is None else found.start()
        sign = "" if found is None else found[0]
        depth += (sign in tuple("([{")) - (sign in tuple(")]}"))
        if found is not None and (sign in tuple("()[]{}") or depth > 0):
            continue
        if text[start:end].strip():
            left = start + len(text[start:end]) - len(text[start:end].lstrip())
            head = _head(question, text, left, end)
            yield _Piece(Span(left, end), left if head is None else head[1], None if head is None else head[0])
        start = end + 1


def _head(question: Question, text: str, start: int, end: int) -> tuple[_Head, int] | None:
    """The head of a piece, and where its expression begins; None where nothing of the kind stands there."""
    equals = _EQUALS.search(text, start, end)
    if equals is None:
        return None
    written = text[start : equals.start()].rstrip()
    span = Span(start, start + len(written))
    if found := _PRIMED.fullmatch(written):
        names = tuple(re.findall(_NAME, found["names"] or ""))
        primes = sum(_PRIMES.get(sign, 1) for sign in found["primes"])
        if isinstance(question.asked, NextPoint):
            names, primes_ = (tuple(re.findall(_NAME, written))[:1], None)
            return _Head(names, primes_, span), equals.end()
        return _Head(names if len(names) == 1 else (), primes, span), equals.end()
    for quotient in quotients(written):
        if quotient.span.end - quotient.span.start >= len(written.strip()):
            return _Head((name_meant(quotient.variable),), quotient.order, span), equals.end()
    if found := _GRADIENT.fullmatch(written):
        return _Head((found["name"],) if found["name"] in question.parts else (), None, span), equals.end()
    names = tuple(name_meant(name) for name in re.findall(_NAME, written))
    if _PART.fullmatch(written) and (_is_part(question, names) or _is_other(question, names)):
        return _Head(names, None, span), equals.end()
    if subscript := _SUBSCRIPT.fullmatch(written):
        for names in ((subscript[1],), tuple(subscript[1])):
            if _is_part(question, names):
                return _Head(names, None, span), equals.end()
    return None


def _is_part(question: Question, names: Sequence[str]) -> bool:
    return any(sorted(part.split(",")) == sorted(names) for part in question.parts)


def _is_other(question: Question, names: Sequence[str]) -> bool:
    """Whether the head names a variable of the question, for which nothing is asked."""
    return question.parts != (ONLY,) and all(name in question.problem.resolved.variables for name in names)
