"""A quiz as a sheet in TOML, which `check --sheet` grades, and its right answers as an answer file."""

import json
from collections.abc import Iterator

from diffcli.analysis.quiz.exercise import Exercise, QuizReport
from diffcli.messages import told


def toml_sheet(report: QuizReport) -> str:
    """The sheet: each exercise as arguments of `check`, its words, and what it is worth."""
    lines = ['schema = "diffcli/sheet@1"', f"title = {_written(told(report.title))}"]
    for exercise in report.exercises:
        lines += ["", "[[exercise]]", *(f"{key} = {_written(value)}" for key, value in _entries(exercise))]
    return "\n".join(lines) + "\n"


def toml_answers(report: QuizReport) -> str:
    """The right answers by exercise."""
    return "".join(f"{_written(exercise.id)} = {_written(exercise.right)}\n" for exercise in report.exercises)


def _entries(exercise: Exercise) -> Iterator[tuple[str, object]]:
    yield "id", exercise.id
    yield "text", told(exercise.words)
    yield "expression", exercise.family.expression
    if exercise.family.at:
        yield "at", exercise.family.at
    yield from exercise.options.items()
    yield "points", exercise.points


def _written(value: object) -> str:
    """A value as TOML writes it; its texts are escaped as those of JSON, but for one more character."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
