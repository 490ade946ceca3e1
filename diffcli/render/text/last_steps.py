"""What leads from derivatives to the answer where that is none of them: a step of descent, a rate."""

from collections.abc import Iterator
from fractions import Fraction

from diffcli.analysis.exercise.question import NextPoint, StableRate
from diffcli.analysis.quiz.exercise import Exercise
from diffcli.analysis.quiz.solution import Solution
from diffcli.messages import told
from diffcli.render.view import View


def last_steps(exercise: Exercise, found: Solution, view: View) -> Iterator[str]:
    """The lines with numbers, one for each part."""
    match exercise.question.asked:
        case NextPoint(settings) if found.passes is not None:
            for part, answer in exercise.answers.items():
                start, slope = (view.shown(each[part]) for each in (found.passes.at, found.passes.gradient))
                step = f"{start} - {settings.lr:g}*{_bracketed(slope)} = {answer}"
                yield told("the step of {variable}: {step}", variable=part, step=step)
        case StableRate():
            [rate] = exercise.answers.values()
            curvature = 2 / Fraction(rate)
            yield told("the largest second derivative in any direction is {curvature}", curvature=curvature)


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number
