"""A quiz as a sheet for people: what is asked, without the answers."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.quiz.exercise import QuizReport
from diffcli.render.screen import sentence
from diffcli.render.view import View


def quiz_text(report: QuizReport, view: View) -> Iterator[RenderableType]:
    """The title, and each exercise with its expression."""
    yield sentence(report.title, style="bold")
    for exercise in report.exercises:
        yield Text("")
        yield Text(f"{exercise.id}. ") + sentence(exercise.words, style="default")
        yield Padding(Text(exercise.family.expression, style="cyan"), (0, 0, 0, 3))
