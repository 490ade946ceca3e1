"""PrairieLearn: what an external grader leaves in /grade/results/results.json (docs/externalGrading.md).

A submission with an answer that is not graded is not gradable: it costs no attempt.
"""

from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.render.documents.json_values import Document
from diffcli.render.graders import Surroundings
from diffcli.render.graders.remarks import as_json, name, reason, remark, subject, summary
from diffcli.render.points import points_number


def written(report: SheetReport, around: Surroundings) -> str:
    """The score as a part of 1, with a test for each exercise; or what is wrong with the format of the answers."""
    [student] = report.students
    unread = [f"{name(mark)}: {reason(mark)}\n{remark(mark)}" for mark in student.marks if not mark.gradable]
    if unread:
        return as_json({"gradable": False, "message": summary(report), "format_errors": unread})
    score = float(student.points / report.most) if report.most else 1.0
    tests = [_test(mark) for mark in student.marks]
    return as_json({"gradable": True, "score": score, "message": summary(report), "tests": tests})


def _test(mark: Mark) -> Document:
    return {
        "name": name(mark),
        "description": subject(mark),
        "points": points_number(mark.points),
        "max_points": points_number(mark.exercise.points),
        "message": reason(mark),
        "output": remark(mark),
    }
