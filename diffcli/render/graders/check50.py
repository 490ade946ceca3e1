"""check50: its JSON (cs50.github.io/check50/json_specification.html).

What is not graded has neither passed nor failed.
"""

from pathlib import Path

from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.render.documents.json_values import Document
from diffcli.render.graders import Surroundings
from diffcli.render.graders.remarks import as_json, name, reason, remark, subject


def written(report: SheetReport, around: Surroundings) -> str:
    """A result for each exercise, under the name of the sheet."""
    [student] = report.students
    results = [_result(mark) for mark in student.marks]
    return as_json({"slug": Path(around.sheet).stem, "results": results, "version": around.version})


def _result(mark: Mark) -> Document:
    right = mark.outcome == "correct"
    return {
        "name": mark.exercise.id,
        "description": f"{name(mark)}: {subject(mark)}",
        "passed": right if mark.gradable else None,
        "log": remark(mark).split("\n"),
        "cause": None if right else {"rationale": reason(mark), "help": remark(mark)},
        "data": {},
        "dependency": None,
    }
