"""Autolab: what an autograder prints, of which the last line is the scores (docs/lab.md).

A problem that is not graded has no score there, which leaves it to a person.
"""

import json

from diffcli.analysis.sheets.sheet_report import SheetReport
from diffcli.render.graders import Surroundings
from diffcli.render.graders.remarks import name, remark, summary
from diffcli.render.points import points_number


def written(report: SheetReport, around: Surroundings) -> str:
    """What is said of each answer, and then the scores by problem, whose names are the exercises' ids."""
    [student] = report.students
    said = [f"{name(mark)}\n{remark(mark)}\n" for mark in student.marks]
    scores = {mark.exercise.id: points_number(mark.points) for mark in student.marks if mark.gradable}
    return "\n".join([*said, summary(report), json.dumps({"scores": scores})]) + "\n"
