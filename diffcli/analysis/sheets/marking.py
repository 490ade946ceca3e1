"""Marking: the answers of all students to an exercise held against its truth, and what each is worth."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from diffcli.analysis.exercise.check_report import CheckReport, Part
from diffcli.analysis.exercise.grading import graded
from diffcli.analysis.exercise.question import Question
from diffcli.analysis.exercise.truth import AnswerKey, answer_key
from diffcli.analysis.sheets.answers_file import Answers, Given
from diffcli.analysis.sheets.sheet import ANY, FORM, Exercise, Sheet
from diffcli.analysis.sheets.sheet_report import Mark, Outcome, SheetReport, Student
from diffcli.errors import Diagnostic, DiffcliError, ExitCode, unforeseen
from diffcli.source import Source

#: Seconds that the truth of an exercise may take at least: what all answers are held against is found once.
_PREPARATION = 20.0


def marked(
    sheet: Sheet, answers: Sequence[Answers], asking: Callable[[Exercise], Question], seconds: float, lenient: bool
) -> SheetReport:
    """The sheet with all answers marked. The truth of an exercise is found once, and kept while it is marked."""
    exercises, marks = [], []
    for exercise in sheet.exercises:
        tried, column = _column(sheet, exercise, answers, asking, seconds)
        exercises.append(tried)
        marks.append(column)
    students = tuple(
        Student(each.student, tuple(column[place] for column in marks), each.faults)
        for place, each in enumerate(answers)
    )
    return SheetReport(replace(sheet, exercises=tuple(exercises)), students, lenient)


def _column(
    sheet: Sheet, exercise: Exercise, answers: Iterable[Answers], asking: Callable[[Exercise], Question], seconds: float
) -> tuple[Exercise, list[Mark]]:
    """An exercise, with what is wrong with it, and the marks of all students."""
    key: AnswerKey | None = None
    if exercise.fault is None:
        try:
            key = answer_key(asking(exercise), max(seconds, _PREPARATION), tidied=exercise.feedback == "full")
            exercise = replace(exercise, question=key.question)
        except Exception as error:  # the other exercises are graded all the same
            exercise = replace(exercise, fault=sheet.located(exercise, _diagnostic(error)))
    known: dict[str, Mark] = {}
    column = []
    for each in answers:
        given = each.given.get(exercise.id)
        text = given.text if isinstance(given, Source) else None
        mark = known.get(text) if text is not None else None
        if mark is None:
            mark = _mark(exercise, key, given, seconds)
            if text is not None and mark.gradable:  # a diagnostic names the file
                known[text] = mark
        column.append(mark)
    return exercise, column


def _mark(exercise: Exercise, key: AnswerKey | None, given: Given | None, seconds: float) -> Mark:
    text = given.text if isinstance(given, Source) else ""
    if key is None:
        return Mark(exercise, "not-graded", text, fault=exercise.fault)
    if isinstance(given, Diagnostic):
        return Mark(exercise, "not-graded", fault=given)
    if given is None or (isinstance(given, Source) and not text.strip()):
        return Mark(exercise, "unanswered")
    saying = "hint" if exercise.slips and exercise.feedback == "none" else exercise.feedback
    try:
        report = graded(key, given, saying, seconds)
    except Exception as error:  # neither right nor wrong, and no harm to the others
        found = _diagnostic(error)
        late = found.exit_code == ExitCode.TIME_LIMIT
        return Mark(exercise, "time-limit" if late else "not-graded", text, fault=found)
    parts = tuple(part._replace(values=(), slack=None, built=None) for part in report.parts)  # a class has thousands
    report = replace(report, feedback=exercise.feedback, parts=parts)
    outcome: Outcome = "correct" if report.verdict == "correct" else "wrong"
    return Mark(exercise, outcome, text, exercise.points * _share(exercise, report), report)


def _share(exercise: Exercise, report: CheckReport) -> Fraction:
    """The share of the points that an answer has: of each part, or that of the worst where parts do not count."""
    shares = [_share_of(exercise.slips, report, part) for part in report.parts]
    return sum(shares, Fraction(0)) / len(shares) if exercise.parts else min(shares)


def _share_of(slips: Mapping[str, Fraction], report: CheckReport, part: Part) -> Fraction:
    if part.verdict == "correct":
        return Fraction(1)
    if part.fault == "form":
        return slips.get(FORM, Fraction(0))
    slip = report.slip
    if slip is None or not slip.certain or (len(report.parts) > 1 and part.name not in slip.variables):
        return Fraction(0)
    return min(slips.get(kind, slips.get(ANY, Fraction(0))) for kind in slip.kinds)


def _diagnostic(error: Exception) -> Diagnostic:
    return error.diagnostic if isinstance(error, DiffcliError) else unforeseen(error)
