"""The verdict on an answer for people."""

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.exercise.check_report import CheckReport, Part
from diffcli.errors import Label
from diffcli.execute.arrays import Array
from diffcli.messages import Joined, Message, told
from diffcli.primitives.shape import kind
from diffcli.render.console import sentence
from diffcli.render.diagnostic import diagnostic_text, excerpts
from diffcli.render.excerpt import one_line
from diffcli.render.view import View
from diffcli.source import Source

_WRONG = {
    "value": Message("it has another value"),
    "undefined": Message("it has no value where there is one"),
    "shape": Message("it has another shape"),
    "missing": Message("it is not answered"),
    "form": Message("it has another form"),
}


def check_text(report: CheckReport, view: View) -> Iterator[RenderableType]:
    """What was asked, the answer, and the verdicts."""
    yield asked_text(report.asked, report.how, report.expression, report.at, view)
    yield sentence("answer: {answer}", answer=one_line(report.answer, view.full, view.texts.more_characters))
    yield Text("")
    yield from verdicts(report, view)


def asked_text(what: Message, how: Message, expression: str, at: Mapping[str, Array], view: View) -> Text:
    """What is asked of which expression, and where."""
    written = one_line(expression, view.full, view.texts.more_characters)
    point = Message(" at {point}", point=view.listed(at)) if at else ""
    slots = {"what": what, "how": how, "expression": written, "point": point}
    return sentence("asked: {what}, {how}: {expression}{point}", **slots, style="bold")


def verdicts(report: CheckReport, view: View) -> Iterator[RenderableType]:
    """For each part the verdict, with as much as the feedback lets out."""
    if report.diagnostic is not None:
        yield sentence("not graded", style="magenta")
        yield Padding(diagnostic_text(report.diagnostic), (0, 0, 0, 2))
        return
    slip = report.slip
    several = len(report.parts) > 1
    for part in report.parts:
        yield _verdict(report, part, view)
        if part.read_as is not None:
            reading = one_line(part.read_as, view.full, view.texts.more_characters)
            yield Padding(sentence("read as {reading}", reading=reading, style="dim"), (0, 0, 0, 2))
        own = not several or (slip is not None and slip.variables == (part.name,))
        for line in [*(_slip(report) if own else []), *_details(report, part, view)]:
            yield Padding(line, (0, 0, 0, 2))
    if several:
        if slip is not None and all(slip.variables != (part.name,) for part in report.parts):
            yield from _slip(report)
        right = sum(part.verdict == "correct" for part in report.parts)
        yield sentence("{right} of {count} parts are right", right=right, count=len(report.parts))


def _verdict(report: CheckReport, part: Part, view: View) -> Text:
    right = part.verdict == "correct"
    sign = view.symbols.agree if right else view.symbols.disagree
    word = told("correct") if right else told("wrong")
    whose = f"{told(part.label)} " if len(report.parts) > 1 else ""
    return Text(f"{sign} {whose}{word}", style="green" if right else "bold red")


def _details(report: CheckReport, part: Part, view: View) -> Iterator[RenderableType]:
    for each in part.rounded if part.verdict == "correct" or report.feedback == "full" else ():
        if each.exactly is None:
            yield sentence("but {numeral} is rounded", numeral=each.numeral, style="magenta")
        else:
            yield sentence("but {numeral} is rounded; write {exactly}", **each._asdict(), style="magenta")
    if part.verdict == "correct":
        yield _held_against(report)
        return
    if report.feedback == "none":
        return
    if part.fault != "value" or (report.slip is None and (report.feedback == "class" or part.failing is None)):
        yield sentence(_WRONG[part.fault or "value"])
    if report.feedback == "class":
        return
    yield from _hints(report, part, view)
    if report.feedback == "full" and part.right is not None and part.fault != "form":
        right = part.right if isinstance(part.right, str) else view.shown(part.right)
        yield sentence("right: {right}", right=right, style="green")


def _slip(report: CheckReport) -> Iterator[RenderableType]:
    """The slip that explains the answer, its place in the question, and the rule."""
    slip = report.slip
    if slip is None or report.feedback == "none":
        return
    yield sentence(slip.told, style="magenta")
    if report.feedback == "class":
        return
    spans = [each.span for each in slip.slips if each.span is not None]
    if report.source is not None and len(slip.slips) == 1 and spans:
        yield _underlined(report.source, (Label(spans[0]),))
    yield sentence("rule: {rule}", rule=slip.rule)
    if report.feedback == "full" and slip.numbers is not None:
        yield sentence(slip.numbers)


def _underlined(source: Source, labels: tuple[Label, ...]) -> Text:
    """The lines of a text with carets, as of a diagnostic."""
    text = excerpts(source._replace(name="expression"), labels)
    text.rstrip()
    return text


def _held_against(report: CheckReport) -> Text:
    """How it was found that an answer is right."""
    slots = {"count": report.held_against, "digits": report.digits}
    if report.digits is None:
        return sentence("it has the value asked for")
    if report.at and report.held_against == 1:
        return sentence("it has the value asked for, in {digits} digits", **slots, style="dim")
    if report.proved:
        return sentence("equal at {count} points in {digits} digits, and by algebra", **slots, style="dim")
    return sentence("equal at {count} points, in {digits} digits", **slots, style="dim")


def _hints(report: CheckReport, part: Part, view: View) -> Iterator[RenderableType]:
    if part.said is not None:
        yield sentence(part.said)
    if part.shapes is not None:
        expected, given = map(kind, part.shapes)
        yield sentence("asked for is {expected}, the answer is {given}", expected=expected, given=given)
    if part.misfit is not None and part.misfit.source is not None:
        yield sentence(part.misfit.message)
        yield _underlined(part.misfit.source, part.misfit.labels)
    if part.failing is None:
        return
    failing = part.failing
    element = "".join(f"[{place}]" for place in failing.place)
    where: list[str] = []
    if not (report.at and report.held_against == 1):
        where.append(Message("at {point}", point=view.listed(failing.at)))
    if element:
        where.append(Message("in element {element}", element=element))
    slots = {
        "where": Joined(where),
        "given": Message("undefined") if failing.given is None else view.number(failing.given),
        "expected": view.number(failing.expected),
    }
    if report.feedback == "full":
        yield (
            sentence("{where}: expected {expected}, got {given}", **slots)
            if where
            else sentence("expected {expected}, got {given}", **slots)
        )
    else:
        yield (
            sentence("{where} the answer is {given}, which is not what is asked for", **slots)
            if where
            else sentence("the answer is {given}, which is not what is asked for", **slots)
        )
