"""`diffcli quiz`."""

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

from diffcli.cli.declaration import Argument, Option, command
from diffcli.cli.options import Limit
from diffcli.cli.output import Output, emit
from diffcli.errors import fault, given
from diffcli.messages import Argument as Named
from diffcli.messages import Message
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.quiz.progress import Drawn


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the exercises are drawn by."""

    topic: Annotated[
        tuple[str, ...],
        Option(
            metavar="NAMES",
            help="powers, product, quotient, chain, exp-log, trig, several-variables, vectors, broadcasting, matrix, "
            "computation-graph, accumulation, backprop, descent-step, learning-rate, logistic-unit, softmax, kinks.",
            default="all in turn",
        ),
    ] = ()
    level: Annotated[int | None, Option(metavar="N", help="How much is nested, 1 to 5.", default="1")] = None
    count: Annotated[int | None, Option(metavar="N", help="How many exercises.", default="5")] = None
    seed: Annotated[int | None, Option(metavar="N", help="The same number makes the same exercises.", default="0")] = (
        None
    )


@dataclass(frozen=True, slots=True)
class Writing:
    """What is written, in place of asking."""

    written: Annotated[
        Literal["toml", "md", "tex", "html", "json", "stack", "pg", "ipynb"] | None,
        Option("--as", metavar="FORM", help="toml, md, tex, html, json; stack (Moodle), pg (WeBWorK), ipynb."),
    ] = None
    output: Annotated[
        str | None,
        Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write the questions: .toml, .md, .tex, .html, .json, .xml, .pg, .ipynb.",
        ),
    ] = None
    solutions: Annotated[
        str | None,
        Option(metavar="FILE", help="Write answers and steps: .md, .tex, .html; .toml is an answer file."),
    ] = None


@dataclass(frozen=True, slots=True)
class Saving:
    """Files that a quiz is saved to and goes on from."""

    save: Annotated[
        str | None, Option(metavar="FILE", help="Save what was answered to a file, from which --resume goes on.")
    ] = None
    resume: Annotated[str | None, Option(metavar="FILE", help="Go on with a saved quiz.")] = None


@command
def quiz(
    *,
    answers: Annotated[str | None, Argument("ANSWERS", "'-' reads answers from standard input, one a line.")] = None,
    drawing: Drawing,
    writing: Writing,
    saving: Saving,
    shown: Output,
    limit: Limit,
) -> int:
    """Exercises: asked and graded in a terminal, or written as a sheet.

    A terminal asks one after the other; ? is a hint, show the solution, skip the next one, quit the end. Elsewhere the
    sheet is printed.
    """
    from diffcli.analysis.quiz.progress import begun
    from diffcli.api.quizzes import quiz

    if answers not in (None, "-"):
        message = Message("'{word}' is no answer to a quiz", word=answers)
        hint = Message("'-' reads answers from standard input; a topic is that of {topic}", topic=Named("topic"))
        raise fault("E402", message, Source(str(answers), Message("command line")), hint=hint)
    files = writing.written is not None or writing.output is not None or writing.solutions is not None
    asked = not files and shown.human and (answers == "-" or (sys.stdin.isatty() and sys.stdout.isatty()))
    saved = saving.save is not None or saving.resume is not None
    if saved and not asked:
        option = Named("save", saving.save) if saving.save is not None else Named("resume", saving.resume)
        hint = Message("a terminal asks the exercises; '-' reads the answers from standard input")
        raise fault("E402", Message("only a quiz that is answered can be saved"), given(option), hint=hint)
    progress, drawn = None, _stated(drawing)
    if saving.resume is not None:
        from diffcli.api.quizzes import resumed

        progress = resumed(saving.resume)
        _check_same(saving.resume, progress.drawn, drawing)
        drawn = progress.drawn
    if files:
        from diffcli.cli.quiz_files import check_files

        check_files(writing.written, writing.output, writing.solutions)
    report = quiz(drawn.topics, drawn.level, drawn.count, drawn.seed, timeout=limit.timeout)
    if files:
        from diffcli.cli.quiz_files import write_files

        return write_files(report, writing.written, writing.output, writing.solutions)
    if not asked:
        return emit(report, shown)
    from diffcli.cli.quiz_dialogue import ask

    progress = progress or begun(replace(drawn, topics=tuple(report.topics)))
    return ask(report, progress, shown, saving.save, saving.resume, one_a_line=answers == "-")


def _stated(drawing: Drawing) -> "Drawn":
    """What the options say, with what they are by default."""
    from diffcli.analysis.quiz.progress import Drawn

    level, count, seed = (
        usual if each is None else each for each, usual in ((drawing.level, 1), (drawing.count, 5), (drawing.seed, 0))
    )
    return Drawn(drawing.topic, level, count, seed)


def _check_same(file: str, saved: "Drawn", drawing: Drawing) -> None:
    """Raise DiffcliError where options say something else than the saved quiz."""
    stated = {"level": drawing.level, "count": drawing.count, "seed": drawing.seed}
    different = [name for name, value in stated.items() if value not in (None, getattr(saved, name))]
    if drawing.topic:
        from diffcli.api.quizzes import topics_of

        different += ["topic"] if topics_of(drawing.topic) != saved.topics else []
    if different:
        message = Message("the saved quiz has another {option}", option=Named(different[0]))
        hint = Message("leave it out to go on with the saved quiz")
        raise fault("E408", message, Source(file, "--resume"), hint=hint)
