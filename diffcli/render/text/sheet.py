"""The marks of a sheet for people: of one student with what is said of each answer, of a class in a table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.exercise.check_report import CheckReport
from diffcli.analysis.sheets.sheet import Exercise
from diffcli.analysis.sheets.sheet_report import Mark, Outcome, SheetReport, Student
from diffcli.errors import Diagnostic
from diffcli.messages import Joined, Message, told
from diffcli.render.console import heading, sentence, table
from diffcli.render.diagnostic import diagnostic_text
from diffcli.render.excerpt import one_line
from diffcli.render.points import points_text
from diffcli.render.text.check import asked_text, check_text
from diffcli.render.view import View

#: The characters of outcomes in a row, in Unicode and in ASCII; that of a wrong answer which has points.
_SIGNS: dict[Outcome, tuple[str, str]] = {
    "correct": ("✓", "+"),
    "wrong": ("✗", "-"),
    "unanswered": ("·", "."),
    "not-graded": ("?", "?"),
    "time-limit": ("?", "?"),
}
_PARTLY = ("◐", "/")
_STYLES: dict[Outcome, str] = {"correct": "green", "wrong": "bold red", "unanswered": "dim"}
_WORDS: dict[Outcome, Message] = {
    "correct": Message("correct"),
    "wrong": Message("wrong"),
    "unanswered": Message("not answered"),
    "not-graded": Message("not graded"),
    "time-limit": Message("not graded: it takes too long"),
}
#: Diagnostics that are shown of a class, unless all are wanted, and letters of an expression in a table.
_MOST, _WIDTH = 20, 40


def sheet_text(report: SheetReport, view: View) -> Iterator[RenderableType]:
    """The sheet, and its marks."""
    yield sentence(report.expression, style="bold")
    if not report.students:
        yield from _of_nobody(report, view)
    elif len(report.students) == 1:
        yield from _of_one(report, report.students[0], view)
    else:
        yield from _of_class(report, view)


def _of_nobody(report: SheetReport, view: View) -> Iterator[RenderableType]:
    """The exercises in words, and whether they can be graded."""
    exercises = report.sheet.exercises
    for each in exercises:
        yield Text("")
        name = _name(each)
        worth = Message("{exercise} (points: {points})", exercise=name, points=points_text(each.points))
        yield heading(name if each.points == 1 else worth)
        for line in _question(each, view):
            yield Padding(line, (0, 0, 0, 2))
    if len(exercises) > 1:
        yield Text("")
        count = len(exercises)
        yield sentence("{count} exercises, {most} points", count=count, most=points_text(report.most))
    yield from _diagnostics(report, view, len(report.faults))


def _name(exercise: Exercise) -> Message:
    return Message("exercise {id}", id=exercise.id)


def _question(exercise: Exercise, view: View) -> Iterator[RenderableType]:
    """The exercise in its own words, then in those of `check`."""
    if exercise.text:
        yield sentence(exercise.text)
    question = exercise.question
    if question is None:
        yield sentence("cannot be graded", style="bold red")
    else:
        yield asked_text(question.sentence, question.how, question.expression, question.problem.values, view)


def remark_text(mark: Mark, report: CheckReport, view: View) -> Iterator[RenderableType]:
    """What is said of an answer, and the exercise's hint where it helps."""
    yield from check_text(report, view)
    if mark.hint is not None:
        yield sentence("hint: {hint}", hint=mark.hint)


def _expression(exercise: Exercise, view: View) -> Text:
    """The expression of an exercise, as far as a table has room for it."""
    expression = one_line(exercise.expression, False, view.texts.more_characters)
    return Text(expression if len(expression) <= _WIDTH else f"{expression[: _WIDTH - 3]}...")


def _of_one(report: SheetReport, student: Student, view: View) -> Iterator[RenderableType]:
    """The marks in a table, where there are several, and what is said of answers of which there is something to say."""
    alone = len(student.marks) == 1
    if not alone:
        yield from _marks(report, student, view)
    for mark in student.marks:
        if alone or mark.outcome == "wrong" or (mark.report and any(part.rounded for part in mark.report.parts)):
            yield Text("")
            yield heading(_name(mark.exercise))
            words = [sentence(mark.exercise.text)] if mark.exercise.text else []
            said = [_verdict(mark, view)] if mark.report is None else remark_text(mark, mark.report, view)
            for line in [*words, *said]:
                yield Padding(line, (0, 0, 0, 2))
    if alone:
        yield Text("")
        yield sentence("{points} of {most} points", points=points_text(student.points), most=points_text(report.most))
    yield from _diagnostics(report, view, len(student.marks) + len(report.faults))


def _marks(report: SheetReport, student: Student, view: View) -> Iterator[RenderableType]:
    """The marks of a student in a table, and what they come to."""
    marks = table("exercise", "expression", "verdict", "points", right=(3,))
    for mark in student.marks:
        points = f"{points_text(mark.points)}/{points_text(mark.exercise.points)}"
        marks.add_row(Text(mark.exercise.id), _expression(mark.exercise, view), _verdict(mark, view), points)
    yield marks
    yield Text("")
    yield sentence(
        "{points} of {most} points: {counts}",
        points=points_text(student.points),
        most=points_text(report.most),
        counts=_counted(student.counts),
    )


def _of_class(report: SheetReport, view: View) -> Iterator[RenderableType]:
    students = table("student", "answers", "points", right=(2,))
    for student in report.students:
        signs = Text.assemble(*((_sign(mark, view), _STYLES.get(mark.outcome, "")) for mark in student.marks))
        students.add_row(Text(student.name), signs, f"{points_text(student.points)}/{points_text(report.most)}")
    yield students
    yield _legend(view)
    yield Text("")
    exercises = table("exercise", "right", "wrong", "not answered", "not graded", "commonest slip", right=(1, 2, 3, 4))
    for place, exercise in enumerate(report.sheet.exercises):
        marks = [student.marks[place] for student in report.students]
        counts = Counter(mark.outcome for mark in marks)
        ungraded = counts["not-graded"] + counts["time-limit"]
        numbers = (counts["correct"], counts["wrong"], counts["unanswered"], ungraded)
        exercises.add_row(Text(exercise.id), *map(str, numbers), _commonest(marks))
    yield exercises
    yield from _diagnostics(report, view, len(report.faults) + (10**9 if view.full else _MOST))


def _legend(view: View) -> Text:
    """What the signs of a row mean."""
    signs = {_sign_of(outcome, view): told(words) for outcome, words in _WORDS.items() if outcome != "time-limit"}
    signs[_PARTLY[view.plain]] = told("right in part")
    return Text("  ".join(map(" ".join, signs.items())), style="dim")


def _verdict(mark: Mark, view: View) -> Text:
    word = Message("right in part") if mark.outcome == "wrong" and mark.points else _WORDS[mark.outcome]
    return Text(f"{_sign(mark, view)} {told(word)}", style=_STYLES.get(mark.outcome, ""))


def _sign(mark: Mark, view: View) -> str:
    return _PARTLY[view.plain] if mark.outcome == "wrong" and mark.points else _sign_of(mark.outcome, view)


def _sign_of(outcome: Outcome, view: View) -> str:
    return _SIGNS[outcome][view.plain]


def _counted(counts: Counter[Outcome]) -> Joined:
    """How many are right, wrong, ...: of each that there are."""
    ungraded = counts["not-graded"] + counts["time-limit"]
    told_ = {
        Message("{count} right", count=counts["correct"]): counts["correct"],
        Message("{count} wrong", count=counts["wrong"]): counts["wrong"],
        Message("{count} not answered", count=counts["unanswered"]): counts["unanswered"],
        Message("{count} not graded", count=ungraded): ungraded,
    }
    return Joined([words for words, count in told_.items() if count])


def _commonest(marks: Sequence[Mark]) -> Text:
    """The slip that most of the wrong answers show, and how many do."""
    slips = Counter(mark.report.slip.told for mark in marks if mark.report is not None and mark.report.slip is not None)
    if not slips:
        return Text("")
    [(slip, count)] = slips.most_common(1)
    return sentence("{slip} ({count})", slip=slip, count=count)


def _diagnostics(report: SheetReport, view: View, most: int) -> Iterator[RenderableType]:
    """What is wrong with the sheet and the files, then with single answers, of which the first are shown."""
    told_ = list(report.faults)
    single = [
        mark.fault for mark in report.marks if mark.fault is not None and all(mark.fault is not each for each in told_)
    ]
    for fault in _distinct([*told_, *single])[:most]:
        yield Text("")
        yield diagnostic_text(fault)
    others = len(told_) + len(single) - most
    if others > 0:
        yield Text("")
        yield sentence("{count:,} more answers cannot be graded; --full shows why", count=others)


def _distinct(faults: Iterable[Diagnostic]) -> list[Diagnostic]:
    return list({id(fault): fault for fault in faults}.values())
