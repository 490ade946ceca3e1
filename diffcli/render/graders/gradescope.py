"""Gradescope: what `run_autograder` leaves in /autograder/results/results.json (autograder_samples, docs/specs.md).

It has no word for an answer that is not graded: that one has no points, and says so in its name and its output.
"""

from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.messages import told
from diffcli.render.documents.json_values import Document
from diffcli.render.graders import Surroundings
from diffcli.render.graders.remarks import as_json, name, remark, subject, summary
from diffcli.render.points import points_number


def written(report: SheetReport, around: Surroundings) -> str:
    """A test for each exercise; the score is the sum of theirs."""
    [student] = report.students
    return as_json({"output": summary(report), "tests": [_test(mark) for mark in student.marks]})


def _test(mark: Mark) -> Document:
    title = name(mark) if mark.gradable else told("{name} (not graded)", name=name(mark))
    return {
        "score": points_number(mark.points),
        "max_score": points_number(mark.exercise.points),
        "name": f"{title}: {subject(mark)}",
        "number": mark.exercise.id,
        "output": remark(mark),
        "extra_data": {"outcome": mark.outcome},
    }
