"""Quizzes on paper: the sheet of questions, and the one of solutions, as handouts."""

from collections.abc import Callable, Iterator

from diffcli.analysis.derivation.line import Derivation
from diffcli.analysis.quiz.exercise import Exercise, QuizReport
from diffcli.analysis.quiz.solution import solution
from diffcli.messages import Language, Message, told
from diffcli.render.drawing.diagram import Diagram
from diffcli.render.handout.blocks import Block, Cell, Code, Handout, Listing, Paragraph, Section, Table
from diffcli.render.handout.grad_handout import backward_table, forward_table, graph_picture
from diffcli.render.screen import UNICODE
from diffcli.render.text.last_steps import last_steps
from diffcli.render.view import View

_PRECISION = 6


def questions(report: QuizReport, language: Language) -> Handout:
    """What is asked, with room for the answers."""
    sections = tuple(Section(_heading(each), tuple(_question(each))) for each in report.exercises)
    return Handout(told(report.title), sections, language, in_words=True)


def solutions(report: QuizReport, language: Language, fits: Callable[[Diagram], bool]) -> Handout:
    """The answers, with the steps that lead there, and the graph where there is a point and its picture fits."""
    view = View(UNICODE, _PRECISION, language=language)
    sections = tuple(
        Section(_heading(each), (*_question(each, blank=False), *_solution(each, view, fits)))
        for each in report.exercises
    )
    return Handout(told("{quiz}: solutions", quiz=report.title), sections, language, in_words=True)


def _heading(exercise: Exercise) -> str:
    return told(Message("Exercise {number}: {topic}", number=exercise.number, topic=exercise.topic.title))


def _question(exercise: Exercise, blank: bool = True) -> Iterator[Block]:
    yield Paragraph((told(exercise.words),))
    yield Listing("\n".join(part.strip() for part in exercise.family.expression.split(";")))
    for part in exercise.answers if blank else ():
        yield Paragraph((Code(f"{told(exercise.question.label(part))} = ______________________"),))


def _solution(exercise: Exercise, view: View, fits: Callable[[Diagram], bool]) -> Iterator[Block]:
    for part, text in exercise.answers.items():
        yield Paragraph((told("Answer: "), Code(f"{told(exercise.question.label(part))} = {text}")))
    found = solution(exercise)
    for line in last_steps(exercise, found, view):
        yield Paragraph((line,))
    for name, derivation in {} if found.derivation is None else found.derivation.derivations.items():
        yield _derivation(name, derivation)
    if found.passes is not None:
        yield forward_table(found.passes, view)
        if found.passes.trace.flows:
            yield backward_table(found.passes, view)
        yield graph_picture(found.passes, view, fits)


def _derivation(name: str, derivation: Derivation) -> Table:
    headers = ("", told("rule"), told("in general"), told("here"))
    rows: list[tuple[Cell, ...]] = [
        ("", told("with"), "", Code(f"{letter} = {text}")) for letter, text in derivation.letters
    ]
    for line in derivation.lines:
        sides = [line.left, line.right, None if line.result == line.right else line.result]
        here = " = ".join(side for side in sides if side is not None)
        rows.append((str(line.number), told(line.rule), Code(told(line.general)), Code(here)))
    return Table(told("the derivation by {variable}", variable=name), headers, tuple(rows))
