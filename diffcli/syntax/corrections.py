"""From advice to a hint: every reading that a hint shows was put into the source and read there."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from diffcli.errors import Advice, Diagnostic, DiffcliError, Edit
from diffcli.messages import Argument, Blank, Faced, Joined, Message
from diffcli.source import Source, lines_of
from diffcli.syntax.tokens import normalised

#: Texts that are tried for one mistake; readings that a hint shows; characters of a source in which they are looked
#: for.
_MOST_TRIED, _MOST_SHOWN, _LONGEST = 60, 3, 4000
#: What is not wrong with a reading: that it wants values of its own.
_VALUES_WANTED = ("E201", "E209")
#: Mistakes that are mended one after the other.
_MOST_MISTAKES = 8

#: An expression with the values of its variables behind it.
_NAMED = r"[^\W\d]\w*\s*=(?!=)"
_VALUE, _BETWEEN = rf"{_NAMED}\s*[-+]?[\d.][^=;\n]*", r"\s*(?:[,;]|\band\b)\s*"
_INSIDE = (
    rf"(.+?)(?:\s+--at[\s=]\s*(\S.*)"
    rf"|(?:\s+(?:at|for|when|where|with|@)\s+|\s*[,;|]\s*)({_VALUE}(?:{_BETWEEN}{_VALUE})*))\s*"
)

#: Whether a reading is being tried: what is wrong with it needs no hint of its own.
_trying: ContextVar[bool] = ContextVar("trying", default=False)


@contextmanager
def corrected(source: Source, read: Callable[[Source], object]) -> Iterator[None]:
    """Give an error about the source the readings that `read` accepts as its hint."""
    try:
        yield
    except DiffcliError as error:
        diagnostic = error.diagnostic
        if (
            _trying.get()
            or diagnostic.source is None
            or diagnostic.source.text != source.text
            or len(source.text) > _LONGEST
        ):
            raise
        if diagnostic.code[1] not in "12":
            raise
        raise DiffcliError(_with_readings(diagnostic, source, read)).with_traceback(error.__traceback__) from None


@contextmanager
def trying() -> Iterator[bool]:
    """Read something to see whether it can be read; what is wrong with it needs no hint.

    Says whether that was so already.
    """
    before = _trying.get()
    token = _trying.set(True)
    try:
        yield before
    finally:
        _trying.reset(token)


def _with_readings(diagnostic: Diagnostic, source: Source, read: Callable[[Source], object]) -> Diagnostic:
    if hint := _values_inside(source, read):
        return diagnostic._replace(hint=hint, readings=())
    texts = _readings(diagnostic, source, read)
    advice = diagnostic.advice or Advice(otherwise=diagnostic.hint)
    diagnostic = diagnostic._replace(advice=advice)
    if not texts:
        from diffcli.syntax.differentials import IN_WORDS, quotients  # imports that only a mistake needs
        from diffcli.syntax.foreign.from_latex import from_latex

        text = normalised(source.text)
        written = from_latex(text) if "\\" in text else text
        derivative = diagnostic.code != "E214" and any(each.is_meant(()) for each in quotients(written))
        return diagnostic._replace(hint=IN_WORDS if derivative else advice.otherwise, readings=())
    own = _applied(diagnostic, advice.edits)
    if advice.said and texts[0] == own[0]:
        return diagnostic._replace(hint=advice.said, readings=texts)
    readings = Joined((_shown(text, source) for text in texts), " or ")
    hint = Message("write {readings}{after}", readings=readings, after=advice.after)
    if advice.words and all(text in own for text in texts):
        hint = Message("{what}, {hint}", what=advice.words, hint=hint)
    return diagnostic._replace(hint=hint, readings=texts)


def _values_inside(source: Source, read: Callable[[Source], object]) -> str | None:
    """A hint about `x^2 at x=3` and `x^2, x=3`: values that are given within the expression."""
    found = re.fullmatch(_INSIDE, normalised(source.text), re.DOTALL)
    if found is None:
        return None
    with trying():
        try:
            read(Source(found[1].strip(), source.name))
        except DiffcliError as error:
            if error.diagnostic.code not in _VALUES_WANTED:
                return None
    from shlex import quote  # an import that only a mistake needs

    values = found[2] or "; ".join(re.split(rf"{_BETWEEN}(?={_NAMED})", found[3]))
    expression, values = found[1].strip(), values.strip()
    return Faced(
        Message(
            "put values outside the expression's quotes: {expression} {at}",
            expression=quote(expression),
            at=Argument("at", Blank(quote(values))),
        ),
        Message(
            'values are arguments of their own: "{expression}", {values}',
            expression=expression,
            values=", ".join(re.split(_BETWEEN, values)),
        ),
    )


def _readings(diagnostic: Diagnostic, source: Source, read: Callable[[Source], object]) -> tuple[str, ...]:
    """The texts with the fewest changes that can be read: one change, else two, and so on.

    Those without further variables, if there are any.
    """
    level, tried = _changed(diagnostic), {source.text}
    with trying():
        for _ in range(_MOST_MISTAKES):
            found: list[str] = []
            wanting: list[str] = []
            following: list[str] = []
            for text in level:
                if text in tried or len(tried) > _MOST_TRIED:
                    continue
                tried.add(text)
                changed = Source(text, source.name)
                try:
                    read(changed)
                    found.append(text)
                except DiffcliError as error:
                    if error.diagnostic.code in _VALUES_WANTED:
                        wanting.append(text)
                    elif error.diagnostic.source == changed and len(following) < _MOST_TRIED:
                        following.extend(_changed(error.diagnostic))
            found = found or wanting
            if found or not following:
                return tuple(found[:_MOST_SHOWN])
            level = following
    return ()


def _changed(diagnostic: Diagnostic) -> list[str]:
    """The source with each of the changes that its mistake suggests."""
    from diffcli.syntax.foreign.readings import certain_edits, foreign_edits  # an import that only a mistake needs

    assert diagnostic.source is not None
    text = normalised(diagnostic.source.text)
    own = diagnostic.advice.edits if diagnostic.advice else ()
    place = diagnostic.labels[0].span if diagnostic.labels else diagnostic.source.whole
    return _applied(diagnostic, certain_edits(text, place) or (*own, *foreign_edits(text, place)))


def _applied(diagnostic: Diagnostic, edits: Iterable[Edit]) -> list[str]:
    assert diagnostic.source is not None
    text = normalised(diagnostic.source.text)
    texts = [(text[: edit.span.start] + edit.text + text[edit.span.end :]).strip() for edit in edits]
    return list(dict.fromkeys(changed for changed in texts if changed))


def _shown(text: str, source: Source) -> str:
    """A reading on one line; of a long program only the line that differs."""
    before, after = lines_of(source.text.strip()), lines_of(text)
    if len(after) < 2:
        return text
    if len(before) == len(after):
        different = [line.strip() for line, other in zip(after, before, strict=True) if line != other]
        if len(different) == 1:
            return different[0]
    return "; ".join(line.partition("#")[0].strip() for line in after if line.partition("#")[0].strip())
