"""Files of a quiz: checked before any exercise is made, written when all are."""

import sys
from typing import TYPE_CHECKING

from diffcli.errors import fault, given
from diffcli.messages import Argument, Message, speech
from diffcli.render.writing import say
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.quiz.exercise import QuizReport
    from diffcli.render.quiz.file_kinds import Format, FormatName


def check_files(form: "FormatName | None", file: str | None, solutions: str | None) -> None:
    """Raise DiffcliError for files that cannot be written, and where form and ending do not fit."""
    from diffcli.api.files import destination, extension
    from diffcli.render.quiz.file_kinds import ENDINGS, FORMATS

    if file is not None:
        ending = extension(destination(file, "--output", [FORMATS[form].ending] if form else [*ENDINGS]))
        assert ending in ENDINGS
    if solutions is not None:
        destination(solutions, "--solutions", [each.ending for each in FORMATS.values() if each.solutions])
    if form is not None and file is None and solutions is not None:
        message = Message("{form} is that of the questions", form=Argument("form", form))
        hint = Message("the name of the solutions says what is written; leave it out, or name a file for the questions")
        raise fault("E402", message, given(Argument("form", form)), hint=hint)


def write_files(report: "QuizReport", form: "FormatName | None", file: str | None, solutions: str | None) -> int:
    """Write questions and solutions; the questions to standard output where a form alone is given."""
    from diffcli.api.files import extension, write_whole
    from diffcli.render.quiz.file_kinds import ENDINGS, FORMATS

    contents = []
    if form is not None or file is not None:
        kind = FORMATS[form or ENDINGS[extension(Source(file or ""))]]
        contents.append((file, _written(kind, report, solved=False)))
    if solutions is not None:
        kind = FORMATS[ENDINGS[extension(Source(solutions))]]
        contents.append((solutions, _written(kind, report, solved=True)))
    for path, content in contents:
        if path is None:
            say(content, sys.stdout, end="")
        else:
            write_whole(Source(path, "--solutions" if path is solutions else "--output"), content.encode())
    return 0


def _written(kind: "Format", report: "QuizReport", solved: bool) -> str:
    """The content, in the language of the moment."""
    write = kind.solutions if solved and kind.solutions else kind.write
    return write(report, speech().language)
