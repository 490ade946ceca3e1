"""A quiz as a problem of WeBWorK, in PG: an answer blank for each part, with what is said of each slip.

Formulas are compared at the points that `check` draws inside their domain, so WeBWorK has none to look for.
"""

from collections.abc import Iterator
from math import isfinite

from diffcli.analysis.quiz.anticipated import anticipated
from diffcli.analysis.quiz.exercise import Exercise, QuizReport
from diffcli.execute.arrays import doubles
from diffcli.messages import told
from diffcli.render.quiz.algebra_text import WEBWORK, answer_text, refused

_MACROS = "loadMacros('PGstandard.pl', 'MathObjects.pl', 'PGML.pl', 'answerHints.pl', 'PGcourse.pl');"


def webwork(report: QuizReport) -> str:
    """The problem. Raises DiffcliError for an exercise that MathObjects cannot write."""
    lines = ["DOCUMENT();", "", _MACROS, "", f"$title = {_quoted(told(report.title))};"]
    for exercise in report.exercises:
        lines += ["", *_set_up(exercise)]
    lines += ["", "BEGIN_PGML", "[$title]", ""]
    for exercise in report.exercises:
        lines += [*_asked(exercise), ""]
    lines += ["END_PGML", "", "BEGIN_PGML_SOLUTION"]
    lines += [f"[$solution{exercise.id}]\n" for exercise in report.exercises]
    return "\n".join([*lines, "END_PGML_SOLUTION", "", "ENDDOCUMENT();", ""])


def _set_up(exercise: Exercise) -> Iterator[str]:
    """The texts and the answers of an exercise."""
    variables = exercise.question.problem.resolved.variables
    number = exercise.id
    yield f"$words{number} = {_quoted(f'{number}. {told(exercise.words)}')};"
    yield f"$expression{number} = {_quoted(exercise.family.expression)};"
    yield f"$solution{number} = {_quoted(f'{number}. {exercise.right}')};"
    if exercise.question.numeric:
        matrix = any(answer.startswith("[[") for answer in exercise.answers.values())
        yield f"Context('{'Matrix' if matrix else 'Numeric'}');"
    else:
        listed = ", ".join(f"{name} => 'Real'" for name in sorted(variables))
        yield "Context('Numeric');"
        yield f"Context()->variables->are({listed});"
        yield f"$points{number} = [{', '.join(_points(exercise))}];"
    expected = anticipated(exercise)
    for place, (part, answer) in enumerate(exercise.answers.items(), 1):
        yield f"$label{number}_{place} = {_quoted(told(exercise.question.label(part)))};"
        right = _object(exercise, answer)
        if right is None:
            raise refused(exercise, "WeBWorK")
        options = "ordered => 1" if right.startswith("List(") else ""
        yield f"$answer{number}_{place} = {right}->cmp({options})->withPostFilter(AnswerHints("
        for each in expected:
            wrong = _object(exercise, each.text) if each.part == part else None
            if wrong is not None:
                said = _quoted(told(each.naming.told))
                yield f"    {wrong} => {f'[{said}, cmp_options => [{options}]]' if options else said},"
        yield "));"


def _asked(exercise: Exercise) -> Iterator[str]:
    number = exercise.id
    yield from (f"[$words{number}]", "", f"[$expression{number}]", "")
    for place in range(1, len(exercise.answers) + 1):
        yield f"[$label{number}_{place}] = [____________]{{$answer{number}_{place}}}"
        yield ""


def _object(exercise: Exercise, text: str) -> str | None:
    """An answer as a MathObject: a formula with its test points, a number, a list or a matrix."""
    written = answer_text(exercise, text, WEBWORK)
    if written is None:
        return None
    if exercise.question.numeric:
        if written.startswith("[["):
            return f"Matrix('{written}')"
        return f"List('{written[1:-1]}')" if written.startswith("[") else f"Compute('{written}')"
    return f"Formula('{written}')->with(test_points => $points{exercise.id})"


def _points(exercise: Exercise) -> Iterator[str]:
    """The points at which answers are compared, the variables in the order of their names."""
    for sample in exercise.key.samples:
        point = [doubles(sample.point[name]) for name in sorted(sample.point)]
        if any(each.shape for each in point):
            raise refused(exercise, "WeBWorK")
        numbers = [*map(float, point)]
        if all(map(isfinite, numbers)):
            yield f"[{', '.join(f'{each:.10g}' for each in numbers)}]"


def _quoted(text: str) -> str:
    """A text as a string of Perl in which nothing is interpolated, on one line."""
    return "'" + " ".join(text.split()).replace("\\", "\\\\").replace("'", "\\'") + "'"
