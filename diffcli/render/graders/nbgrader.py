"""nbgrader: a notebook with cells of its metadata, schema 3, whose results are points (nbgrader 0.9, `utils.py`).

What a cell prints are the reasons, and its result is the points. Without answers it is an assignment that grades
itself; with those of a student it has been run already, and a cell whose answer is not graded is left to a person.
"""

import json
from typing import Any

from diffcli.analysis.sheets.sheet import Exercise
from diffcli.analysis.sheets.sheet_report import Mark, SheetReport
from diffcli.messages import told
from diffcli.render.graders import Surroundings
from diffcli.render.graders.python_cells import call, names
from diffcli.render.graders.remarks import remark
from diffcli.render.points import points_number
from diffcli.source import visible

_Cell = dict[str, Any]


def written(report: SheetReport, around: Surroundings) -> str:
    """For each exercise a cell with the question, one for the answer, and one that grades it."""
    exercises = report.sheet.exercises
    marks = report.students[0].marks if report.students else [None] * len(exercises)
    cells = [_markdown("title", f"# {_plain(told(report.expression))}")]
    named = zip(exercises, names([each.id for each in exercises]), marks, strict=True)
    for number, (exercise, short, mark) in enumerate(named, 1):
        cells += _cells(exercise, short, mark, around.sheet, number)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1) + "\n"


def _cells(exercise: Exercise, short: str, mark: Mark | None, sheet: str, number: int) -> list[_Cell]:
    question = told(exercise.text) or exercise.expression
    asked = _markdown(f"question-{short}", f"**{_plain(told('exercise {id}', id=exercise.id))}**\n\n{_code(question)}")
    answer = _code_cell(f"answer-{short}", f"answer_{short} = {mark.answer if mark else ''!a}", solution=True)
    program = (
        f"import diffcli\n\nreport = {call(sheet, exercise.id, f'answer_{short}')}\nprint(report)\nfloat(report.points)"
    )
    grading = _code_cell(f"check-{short}", program, grade=True, points=points_number(exercise.points))
    if mark is not None:
        _run(grading, mark, number)
    return [asked, answer, grading]


def _run(cell: _Cell, mark: Mark, number: int) -> None:
    """Put what running the cell gives into it."""
    cell["execution_count"] = number
    printed = {"output_type": "stream", "name": "stdout", "text": f"{remark(mark)}\n"}
    points = {"text/plain": repr(float(mark.points))}
    result = {"output_type": "execute_result", "execution_count": number, "data": points, "metadata": {}}
    cell["outputs"] = [printed, result]
    if not mark.gradable:
        cell["metadata"]["nbgrader"]["solution"] = True  # such a cell waits for a person


def _markdown(id: str, source: str) -> _Cell:
    about = {"grade": False, "solution": False, "locked": True, "schema_version": 3, "task": False}
    return {
        "cell_type": "markdown",
        "id": id[:64],
        "metadata": {"nbgrader": {**about, "grade_id": id}},
        "source": source,
    }


def _code_cell(id: str, source: str, solution: bool = False, grade: bool = False, points: float | None = None) -> _Cell:
    about = {"grade": grade, "solution": solution, "locked": not solution, "schema_version": 3, "task": False}
    worth = {} if points is None else {"points": points}
    metadata = {"nbgrader": {**about, "grade_id": id, **worth}}
    code: _Cell = {"execution_count": None, "outputs": []}
    return {"cell_type": "code", "id": id[:64], "metadata": metadata, "source": source, **code}


def _plain(text: str) -> str:
    """A text in Markdown that stands for itself."""
    return "".join(
        f"\\{sign}" if sign in "\\`*_{}[]()<>#+-.!|~&$^=:" else sign for sign in " ".join(visible(text).split())
    )


def _code(text: str) -> str:
    """A text as a block of code in Markdown, whatever it holds."""
    lines = [visible(line) for line in text.split("\n")]
    return "\n".join(f"    {line}" for line in lines)
