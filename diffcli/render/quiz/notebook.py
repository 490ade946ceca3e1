"""A quiz as a Jupyter notebook: for each exercise a cell for the answer, and one that grades it by `diffcli.check`."""

import json
from typing import Any

from diffcli.analysis.quiz.exercise import Exercise, QuizReport
from diffcli.messages import told
from diffcli.render.handout.blocks import Code
from diffcli.render.handout.markdown_writer import inline, prose

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebook(report: QuizReport) -> str:
    """The notebook, in version 4.5 of the format."""
    cells = [
        _cell("title", "markdown", f"# {prose(told(report.title))}"),
        _cell("import", "code", "import diffcli"),
    ]
    for exercise in report.exercises:
        cells += _cells(exercise)
    document = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cells(exercise: Exercise) -> list[dict[str, Any]]:
    name = f"answer_{exercise.id}"
    words = f"**{exercise.id}.** {prose(told(exercise.words))}\n\n{inline(Code(exercise.family.expression))}"
    parts = "; ".join(f"{part}=..." for part in exercise.answers) if len(exercise.answers) > 1 else ""
    comment = f"  # {parts}" if parts else ""
    arguments = {"at": exercise.family.at} if exercise.family.at else {}
    stated = {**arguments, **exercise.options}
    call = ", ".join([repr(exercise.family.expression), *(f"{key}={value!r}" for key, value in stated.items())])
    return [
        _cell(f"question-{exercise.id}", "markdown", words),
        _cell(f"answer-{exercise.id}", "code", f'{name} = ""{comment}'),
        _cell(f"check-{exercise.id}", "code", f"diffcli.check({call}, answer={name})"),
    ]


def _cell(identifier: str, kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": identifier, "metadata": {}, "source": source}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
