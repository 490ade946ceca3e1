"""Classroom 50: result.json, `classroom50/result/v1` (wiki/Advanced-Autograding.md).

Scores are whole numbers: where points are not, all of them are multiplied by the least number that makes them whole.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.render.documents.json_values import Document
from diffcli.render.graders import Surroundings
from diffcli.render.graders.remarks import as_json, name, remark

#: The fields that the runner's environment has.
_FROM_ENVIRONMENT = {
    "classroom": "CLASSROOM",
    "assignment": "ASSIGNMENT",
    "submission": "SUBMISSION_TAG",
    "commit": "COMMIT_URL",
    "release": "RELEASE_URL",
}


def written(report: SheetReport, around: Surroundings) -> str:
    """The submission as the environment has it, and a test for each exercise."""
    [student] = report.students
    scale = _scale(student.marks)
    tests = [_test(mark, scale) for mark in student.marks]
    named = {field: around.environment.get(variable, "") for field, variable in _FROM_ENVIRONMENT.items()}
    return as_json({
        "schema": "classroom50/result/v1",
        **named,
        "review": around.environment.get("REVIEW_URL") or named["commit"],
        "datetime": around.time,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    })  # fmt: skip


def _scale(marks: Sequence[Mark]) -> int:
    denominators = [points.denominator for mark in marks for points in (mark.points, mark.exercise.points)]
    return lcm(*denominators)


def _test(mark: Mark, scale: int) -> Document:
    def whole(points: Fraction) -> int:
        return int(points * scale)

    return {
        "test-name": name(mark),
        "passed": mark.outcome == "correct",
        "score": whole(mark.points),
        "max-score": whole(mark.exercise.points),
        "outcome": mark.outcome,
        "output": remark(mark),
    }
