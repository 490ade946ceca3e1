"""Otter-Grader: a test file in the OK format (docs/test_files/ok_format.md), with a case for each exercise.

Without answers the cases look at variables of the notebook, `answer_1` and so on; with those of a student they hold
them. A case that fails shows what is said of the answer.
"""

from pathlib import Path
from pprint import pformat

from diffcli.analysis.sheets.sheet import Exercise
from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.render.graders import Surroundings
from diffcli.render.graders.python_cells import call, names
from diffcli.render.points import points_number


def written(report: SheetReport, around: Surroundings) -> str:
    """The program that otter reads: one suite of doctests, whose points are the exercises'."""
    exercises = report.sheet.exercises
    marks = report.students[0].marks if report.students else [None] * len(exercises)
    cases = [
        {"code": _code(exercise, short, mark, around.sheet), "hidden": False, "locked": False}
        for exercise, short, mark in zip(exercises, names([each.id for each in exercises]), marks, strict=True)
    ]
    test = {
        "name": Path(around.sheet).stem,
        "points": [points_number(each.points) for each in exercises],
        "suites": [{"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}],
    }
    return f"OK_FORMAT = True\n\ntest = {pformat(test, width=100, sort_dicts=False)}\n"


def _code(exercise: Exercise, short: str, mark: Mark | None, sheet: str) -> str:
    answer = f"answer_{short}" if mark is None else ascii(mark.answer)
    graded = call(sheet, exercise.id, answer)
    return f">>> import diffcli\n>>> report = {graded}\n>>> report.points == report.most or print(report)\nTrue\n"
