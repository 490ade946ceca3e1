"""A quiz as a document."""

from typing import TYPE_CHECKING

from diffcli.render.documents.json_values import Document

if TYPE_CHECKING:
    from diffcli.analysis.quiz.exercise import Exercise, QuizReport


def quiz_document(report: "QuizReport") -> Document:
    """`diffcli/quiz@1`: what is asked, as arguments of `check`, and the right answers by part."""
    return {
        "schema": "diffcli/quiz@1",
        "title": report.title,
        "topics": list(report.topics),
        "level": report.level,
        "seed": report.seed,
        "exercises": [_entry(exercise) for exercise in report.exercises],
    }


def _entry(exercise: "Exercise") -> Document:
    return {
        "id": exercise.id,
        "topic": exercise.topic_name,
        "level": exercise.level,
        "points": exercise.points,
        "text": exercise.words,
        "expression": exercise.family.expression,
        "at": exercise.family.at or None,
        **exercise.options,
        "hint": exercise.topic.hint,
        "answer": {exercise.question.label(part): text for part, text in exercise.answers.items()},
    }
