"""A quiz for people: a sheet of what is asked, and what is shown while it is answered."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from diffcli.analysis.quiz.exercise import Exercise, QuizReport
from diffcli.analysis.quiz.progress import Progress
from diffcli.analysis.quiz.solution import solution
from diffcli.messages import told
from diffcli.render.console import sentence
from diffcli.render.text.grad import grad_text
from diffcli.render.text.last_steps import last_steps
from diffcli.render.text.steps import derivation_text
from diffcli.render.view import View


def quiz_text(report: QuizReport, view: View) -> Iterator[RenderableType]:
    """The title, and each exercise with its expression."""
    yield sentence(report.title, style="bold")
    for exercise in report.exercises:
        yield Text("")
        yield Text(f"{exercise.id}. ") + sentence(exercise.words, style="default")
        yield Padding(Text(exercise.family.expression, style="cyan"), (0, 0, 0, 3))


def question_text(exercise: Exercise, count: int) -> Iterator[RenderableType]:
    """An exercise as it is asked, one of so many."""
    yield Text("")
    topic = told(exercise.topic.title)
    yield sentence("Exercise {number} of {count}: {topic}", number=exercise.id, count=count, topic=topic, style="bold")
    yield sentence(exercise.words)
    yield Padding(Text(exercise.family.expression, style="cyan"), (0, 0, 0, 2))
    if len(exercise.answers) > 1:
        yield sentence(
            "write {readings}", readings="; ".join(f"{part} = ..." for part in exercise.answers), style="dim"
        )


def solution_text(exercise: Exercise, view: View) -> Iterator[RenderableType]:
    """The right answer, and how one gets there."""
    yield sentence("answer: {answer}", answer=exercise.right, style="green")
    found = solution(exercise)
    for line in last_steps(exercise, found, view):
        yield Text(line)
    if found.derivation is not None:
        yield from derivation_text(found.derivation, view)
    if found.passes is not None:
        yield Text("")
        yield from grad_text(found.passes, view)


def score_text(progress: Progress) -> Text:
    """The points so far."""
    done = sum(attempt.outcome != "open" for attempt in progress.attempts)
    slots = {"score": f"{float(progress.score):g}", "done": done, "count": len(progress.attempts)}
    return sentence("score: {score} of {done} ({count} in all)", **slots, style="bold")
