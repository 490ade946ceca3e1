"""The result of marking a sheet: a mark for each answer of each student."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from diffcli.analysis.exercise.check_report import CheckReport
from diffcli.analysis.presented import Presented
from diffcli.analysis.sheets.sheet import Exercise, Sheet
from diffcli.errors import Diagnostic, ExitCode
from diffcli.messages import Message

#: Right; wrong; without an answer; neither right nor wrong, for it cannot be read or asked; not decided in time.
Outcome = Literal["correct", "wrong", "unanswered", "not-graded", "time-limit"]


class Mark(NamedTuple):
    """What became of an answer: `report` where it was graded, `fault` where it could not be."""

    exercise: Exercise
    outcome: Outcome
    answer: str = ""
    points: Fraction = Fraction(0)
    report: CheckReport | None = None
    fault: Diagnostic | None = None

    @property
    def hint(self) -> Message | None:
        """The exercise's hint, where it helps: the answer is wrong, no slip explains it, and hints are let out."""
        report, hint = self.report, self.exercise.hint
        if not hint or report is None or report.verdict == "correct" or report.feedback not in ("hint", "full"):
            return None
        return hint if report.slip is None or not report.slip.certain else None

    @property
    def gradable(self) -> bool:
        """Whether it is known to be right or wrong."""
        return self.fault is None


class Student(NamedTuple):
    """A student's marks, in the order of the sheet; `faults` are about the file and not about one answer."""

    name: str
    marks: tuple[Mark, ...]
    faults: tuple[Diagnostic, ...] = ()

    @property
    def points(self) -> Fraction:
        """The points that all answers have."""
        return sum((mark.points for mark in self.marks), Fraction(0))

    @property
    def counts(self) -> Counter[Outcome]:
        """How many answers came to what."""
        return Counter(mark.outcome for mark in self.marks)


@dataclass(frozen=True, slots=True)
class SheetReport(Presented):
    """The answer of `check_sheet`.

    With `lenient` answers that are wrong or not graded are no failure of the command.
    """

    sheet: Sheet
    students: tuple[Student, ...]
    lenient: bool = False

    @property
    def expression(self) -> str:
        """What the report is about."""
        return self.sheet.title or self.sheet.source.name

    @property
    def most(self) -> Fraction:
        """The points that can be had."""
        return sum((each.points for each in self.sheet.exercises), Fraction(0))

    @property
    def points(self) -> Fraction:
        """The points of the only student, or of all together."""
        return sum((each.points for each in self.students), Fraction(0))

    @property
    def marks(self) -> Iterator[Mark]:
        """All marks, student by student."""
        return (mark for student in self.students for mark in student.marks)

    @property
    def faults(self) -> tuple[Diagnostic, ...]:
        """What is wrong beyond single answers: with the sheet, with exercises, with files."""
        exercises = (each.fault for each in self.sheet.exercises if each.fault is not None)
        return (*self.sheet.faults, *exercises, *(fault for student in self.students for fault in student.faults))

    @property
    def exit_code(self) -> ExitCode:
        """Of several, the one that leaves most undecided: time, then what cannot be graded, then what is wrong."""
        if self.lenient and not self.sheet.faults and all(each.fault is None for each in self.sheet.exercises):
            return ExitCode.DONE
        outcomes = {mark.outcome for mark in self.marks}
        if "time-limit" in outcomes or any(fault.exit_code == ExitCode.TIME_LIMIT for fault in self.faults):
            return ExitCode.TIME_LIMIT
        if "not-graded" in outcomes or self.faults:
            return ExitCode.CANNOT_START
        return ExitCode.NEGATIVE if outcomes - {"correct"} else ExitCode.DONE

    def of_student(self, student: Student) -> "SheetReport":
        """The report about one of the students."""
        return SheetReport(self.sheet, (student,), self.lenient)
