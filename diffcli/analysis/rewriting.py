"""Other ways to write an expression: the user's own with a piece in a form that stays finite, tried at the point."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from diffcli.analysis.equivalence import Standing, standing
from diffcli.analysis.execution import Executed, executed
from diffcli.analysis.kinks import kinks
from diffcli.analysis.origin import Origin, origin
from diffcli.analysis.precise_gradient import listed, precise
from diffcli.analysis.precision import in_words
from diffcli.analysis.problem import Problem
from diffcli.analysis.trace import Trace, excerpt, shown
from diffcli.deadline.limit import end_by
from diffcli.errors import DiffcliError, Suggestion
from diffcli.execute.arrays import doubles
from diffcli.messages import Argument, Joined, Message
from diffcli.primitives.rewrites import REWRITES, Rewrite
from diffcli.source import Source, Span
from diffcli.syntax.matching import Match, Writing, root_name
from diffcli.syntax.parser import parse
from diffcli.syntax.resolve import resolve
from diffcli.syntax.tree import Program

#: Expressions that are tried, pieces that are replaced in one, and characters of a program that is looked through.
_MOST_TRIED, _MOST_REPLACED, _LONGEST = 16, 3, 20_000
#: What is not checked by then is not advised.
_SECONDS = 5.0

_BY_ROOT: dict[str, list[Rewrite]] = {}
for _rewrite in REWRITES:
    _BY_ROOT.setdefault(root_name(_rewrite.form), []).append(_rewrite)


#: What is said of several replacements, and of one.
_SAME = {
    "continued": (Message("continue them to this point"), Message("continues it to this point")),
    "overflow": (Message("are the same functions without overflow"), Message("is the same function without overflow")),
    "finite": (Message("are the same functions and finite here"), Message("is the same function and finite here")),
}


class Remedy(NamedTuple):
    """A remedy for a number that is not finite, in words, and the expression that was tried."""

    hint: str
    suggestion: Suggestion | None


class _Replaced(NamedTuple):
    """An expression in which a piece was replaced: the new program, and both pieces."""

    problem: Problem
    old: str
    new: str
    whole: bool


def remedy(problem: Problem, trace: Trace, found: Origin) -> Remedy | None:
    """An expression that equals the problem's and is finite at its point; or what more digits say; or None.

    Either was checked in many digits.
    """
    with end_by(_SECONDS):
        return _rewritten(problem, trace, found) or (None if problem.precision else _by_digits(problem, trace, found))


def _rewritten(problem: Problem, trace: Trace, found: Origin) -> Remedy | None:
    waiting: list[tuple[Problem, Trace, Origin, tuple[_Replaced, ...]]] = [(problem, trace, found, ())]
    tried = 0
    for current, its_trace, its_origin, before in waiting:
        for replaced in _replacements(current, its_trace, its_origin):
            tried += 1
            try:
                result = executed(replaced.problem)
            except DiffcliError:
                continue
            remaining = origin(result.trace, result.gradient)
            if remaining is None:
                kinked = bool(kinks(result.trace))
                stands = standing(problem, trace, replaced.problem, None if kinked else result.gradient)
                if stands is not None:
                    return _remedy(found, replaced.problem, result, (*before, replaced), stands, kinked)
            elif len(before) + 1 < _MOST_REPLACED:
                waiting.append((replaced.problem, result.trace, remaining, (*before, replaced)))
            if tried >= _MOST_TRIED:
                return None
    return None


def _remedy(
    found: Origin, problem: Problem, result: Executed, steps: tuple[_Replaced, ...], stands: Standing, kinked: bool
) -> Remedy:
    expression = problem.source.text.strip()
    value = float(result.trace.values[result.trace.output])
    gradient = dict(result.gradient)
    listing = listed(gradient)
    if kinked:
        listing = Message("{gradient} (a convention: it sits on a kink there)", gradient=listing)
    same = _SAME["continued" if stands == "continued" else "overflow" if found.cause == "overflow" else "finite"][
        len(steps) == 1
    ]
    if len(steps) == 1 and steps[0].whole:
        hint = Message(
            "{expression} {same}: here its value is {value:.6g} and its gradient {listing}",
            expression=expression,
            same=same,
            value=value + 0,
            listing=listing,
        )
    else:
        pieces = Joined((Message("{new} for {old}", new=step.new, old=step.old) for step in steps), " and ")
        hint = Message(
            "write {pieces}, which {same}: then the value is {value:.6g} and the gradient {listing}",
            pieces=pieces,
            same=same,
            value=value + 0,
            listing=listing,
        )
    return Remedy(hint, Suggestion(expression, value, {name: doubles(partials) for name, partials in gradient.items()}))


def _by_digits(problem: Problem, trace: Trace, found: Origin) -> Remedy | None:
    """The value in numbers that do not overflow, where they have one."""
    exact = None if found.cause == "undefined" else precise(trace)
    if exact is None or exact.gradient is None or standing(problem, trace, problem, exact.gradient) is None:
        return None
    if exact.too_large:
        hint = Message(
            "{hint}; with 50 digits ({digits}) the value is {value}",
            hint=found.hint,
            value=shown(exact.value),
            digits=Argument("digits", 50),
        )
        return Remedy(hint, None)
    hint = Message(
        "{precision} loses it on the way: with 50 digits ({digits}) the value is {value} and the gradient {gradient}",
        precision=in_words(trace.arithmetic),
        value=shown(exact.value),
        digits=Argument("digits", 50),
        gradient=listed(exact.gradient),
    )
    return Remedy(hint, None)


def _replacements(problem: Problem, trace: Trace, found: Origin) -> Iterator[_Replaced]:
    """The expression with a piece in another form, for each form of the table that contains the origin.

    The smallest first.
    """
    if len(problem.source.text) > _LONGEST:
        return
    program = problem.resolved.program
    writing = Writing(program, problem.resolved.variables)
    candidates: list[tuple[int, int, Rewrite, Match]] = []
    for name, piece in writing.calls():
        for rewrite in _BY_ROOT.get(name, ()):
            match = next(writing.matches(rewrite.form, piece), None)
            if (
                match
                and any(_contains(span, found.span) for span in (piece.span, *match.definitions))
                and _fits(rewrite, trace, piece.span)
            ):
                candidates.append((piece.span.end - piece.span.start, REWRITES.index(rewrite), rewrite, match))
    for _, _, rewrite, match in sorted(candidates, key=lambda candidate: candidate[:2]):
        replaced = _replaced(problem, rewrite, match)
        if replaced is not None:
            yield replaced


def _contains(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _fits(rewrite: Rewrite, trace: Trace, span: Span) -> bool:
    """Whether what must be a vector is one: pieces of such forms have the whole's shape, or are summed up to it."""
    if not rewrite.vector:
        return True
    shapes = [
        shape
        for shape, place in zip(trace.graph.shapes, trace.graph.spans, strict=True)
        if place is not None and _contains(span, place)
    ]
    return max((len(shape) for shape in shapes), default=0) == 1


def _replaced(problem: Problem, rewrite: Rewrite, match: Match) -> _Replaced | None:
    text, span = problem.source.text, match.root.span
    new = _filled(rewrite.stable, match.texts)
    head, tail = text[: span.start], text[span.end :]
    source = Source(f"{head}({new}){tail}", problem.source.name)
    bare = Source(f"{head}{new}{tail}", problem.source.name)
    first = new[0] == "-" and head.rstrip()[-1:] not in ("", *"(,[;=\n")
    try:
        program = parse(source)
        source = bare if not first and _is_same(parse(bare), program) else source
        resolved = resolve(parse(source), frozenset(problem.values))
    except DiffcliError:
        return None
    if set(resolved.variables) != set(problem.resolved.variables):
        return None
    return _Replaced(
        problem._replace(source=source, resolved=resolved),
        excerpt(problem.source, span),
        new,
        not head.strip() and not tail.strip(),
    )


def _is_same(first: Program, second: Program) -> bool:
    """Whether two programs mean the same: then the brackets by which they differ are not needed."""
    bodies, others = (
        [*(statement.body for statement in program.statements), program.expression] for program in (first, second)
    )
    return all(body.same_as(other) for body, other in zip(bodies, others, strict=True))


def _filled(template: str, texts: Mapping[str, str]) -> str:
    """The template with a text for each name, in brackets where it needs them."""

    def put(name: re.Match[str]) -> str:
        text = texts.get(name[0])
        if text is None:
            return name[0]
        before, after = template[: name.start()].rstrip()[-1:], template[name.end() :].lstrip()[:1]
        if _is_closed(text) or (before in ("", "(", ",", "[", "=") and after in ("", ")", ",", "]")):
            return text
        return f"({text})"

    return re.sub(r"[A-Za-z_]\w*", put, template)


def _is_closed(text: str) -> bool:
    """Whether a text is one name, number or call: brackets round it would add nothing."""
    head = re.match(r"(?:[^\W\d]\w*|\d+(?:\.\d+)?)", text)
    if head is None:
        return False
    rest, depth = text[head.end() :], 0
    if rest and rest[0] not in "([":
        return False
    for place, character in enumerate(rest):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and place + 1 < len(rest) and rest[place + 1] not in "([":
            return False
    return True
