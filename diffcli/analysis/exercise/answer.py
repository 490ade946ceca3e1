"""Answers: texts as people write them, read by the language's own parser, and never run by Python."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from diffcli.analysis.exercise.answer_head import Head, head
from diffcli.analysis.exercise.answer_notation import has_decimal_commas, with_decimal_points
from diffcli.analysis.exercise.answer_reader import PartText, Reader, of_numbers, wanted
from diffcli.analysis.exercise.answer_signs import in_signs
from diffcli.analysis.exercise.question import ONLY, Question
from diffcli.errors import DiffcliError, fault
from diffcli.messages import Joined, Message
from diffcli.primitives.shape import Shape
from diffcli.source import LINE_ENDS, Source, Span

#: The most characters of an answer.
LONGEST = 50_000
_SIGNS = re.compile(rf"[;,()\[\]{{}}{LINE_ENDS}]|(?<=[\w)\]])[ \t]+(?=[^\W\d])")
#: A comma outside brackets.
_LISTED = re.compile(r",(?![^(\[]*[)\]])")
#: A definition, in the midst of a text.
_DEFINED = re.compile(r"(?<![<>=!])=(?!=)")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that has been read: a text with its parts."""

    source: Source
    parts: Mapping[str, PartText]


class _Piece(NamedTuple):
    """A stretch of the text, where its expression begins, and the head before that, if it has one."""

    span: Span
    start: int
    head: Head | None


def read(
    question: Question, shapes: Sequence[Mapping[str, Shape]], source: Source, of_variables: bool = False
) -> Answer:
    """The answer that a text gives to a question.

    `shapes` are those that the variables may have, and numbers that it may use beside them.

    With `of_variables` numbers may be computed from those of the variables.
    Raises DiffcliError, pointing into the text, for what cannot be graded: another variable, a missing bracket, an
    unknown name.
    """
    if len(source.text) > LONGEST:
        raise too_long(source)
    if not source.text.strip():
        raise fault("E701", Message("the answer is empty"), source, hint=wanted(question))
    listed = len(question.parts) > 1 or not of_numbers(question)
    text = in_signs(source.text, listed, frozenset(question.problem.resolved.variables))
    pieces = list(_pieces(question, text))
    headed = [piece for piece in pieces if piece.head is not None]
    if listed and len(pieces) > 1 and not headed and not _DEFINED.search(text):
        text = _with_commas(text, pieces)
    reader = Reader(question, shapes, source, text, of_variables or not question.numeric)
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
    return Answer(source, reader.whole(Span(0, len(text))))


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


def _part(question: Question, source: Source, head: Head) -> str | None:
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


def _with_commas(text: str, pieces: Sequence[_Piece]) -> str:
    """The text with commas between its pieces, `1; 2; 3`, and points in decimals: `0,5; 1,5`.

    Pieces that are lists themselves stay as they are.
    """
    found = text
    for start, end in (piece.span for piece in pieces):
        inside = text[start:end]
        if has_decimal_commas(inside):
            inside = with_decimal_points(inside)[-1]
        elif _LISTED.search(inside):
            return text
        found = f"{found[:start]}{inside}{'' if end == len(text) else ','}{text[end + 1 :]}"
    return found


def _pieces(question: Question, text: str) -> Iterator[_Piece]:
    """The stretches between semicolons and ends of lines outside brackets, with their heads.

    Behind a head, commas and blanks end a stretch if there is another head behind them: `x = 2y, y = 2x`.
    """
    start = depth = 0
    current = _piece(question, text, 0)
    for found in [*_SIGNS.finditer(text), None]:
        end = len(text) if found is None else found.start()
        sign = "" if found is None else found[0][0]
        depth += (sign in tuple("([{")) - (sign in tuple(")]}"))
        if found is not None and (sign in tuple("()[]{}") or depth > 0):
            continue
        if found is not None and sign in tuple(", \t"):
            inside = current is not None and current.head is not None and text[current.start : end].strip()
            if not inside or head(question, text, *_stretch(text, found.end())) is None:
                continue
        if text[start:end].strip():
            assert current is not None
            yield current._replace(span=Span(current.span.start, end))
        start = end + 1
        current = _piece(question, text, start)


def _piece(question: Question, text: str, start: int) -> _Piece | None:
    """The piece that begins here, up to the end of its line; None where nothing follows."""
    left, end = _stretch(text, start)
    found = head(question, text, left, end)
    return _Piece(Span(left, end), left if found is None else found[1], None if found is None else found[0])


def _stretch(text: str, start: int) -> tuple[int, int]:
    """From the first sign that is no blank up to the next semicolon or end of a line."""
    begin = start + len(text[start:]) - len(text[start:].lstrip())
    found = re.compile(rf"[;{LINE_ENDS}]").search(text, begin)
    return begin, len(text) if found is None else found.start()
