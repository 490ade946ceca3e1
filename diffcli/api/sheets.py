"""Sheets of exercises: the answers of a student, or of a class, marked in one run."""

from collections.abc import Mapping, Sequence
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diffcli.api.call import function
from diffcli.api.exercises import STEP, of_free_variables, question_asked, step_asked
from diffcli.api.posing import USUAL_SECONDS, posed
from diffcli.errors import DiffcliError, did_you_mean, fault
from diffcli.messages import Argument, Message, listed, some
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.exercise.question import Question
    from diffcli.analysis.sheets.answers_file import Answers
    from diffcli.analysis.sheets.sheet import Exercise, Sheet
    from diffcli.analysis.sheets.sheet_report import SheetReport

#: What the only student is called whose answers are in no file.
_NOBODY = "answers"
#: Keys of an exercise that state its problem, beside the expression and the values.
_STATING = ("data", "columns", "decimal", "thousands", "missing", "wrt", "of")


@function
def check_sheet(
    sheet: object, answers: object = None, *, id: str | None = None, exit_zero: bool = False,
    timeout: float | None = None,
) -> "SheetReport":  # fmt: skip
    """The marks of all answers to a sheet of exercises.

    `sheet` is the path of a file of TOML, whose keys are those of `check` and a few more. `answers` is the path of a
    file (.txt, .toml or .json), of a folder of them, or several paths, one for each student; or the answers of one
    student, by exercise: texts, numbers, functions, or each by variable in a dictionary; or what is in a file, as
    bytes. Without any the sheet alone is looked at. With `id`, that exercise alone is marked. `timeout` is for each
    answer; `exit_zero` is the command's.

    An answer that cannot be read, or takes too long, is neither right nor wrong: its mark says why, and the others are
    what they are without it. Raises DiffcliError for a sheet that is none, and for a path that leads nowhere.
    """
    from diffcli.analysis.precision import time_limit
    from diffcli.analysis.sheets.marking import marked

    seconds = time_limit(timeout, USUAL_SECONDS)
    read, folder = _sheet(sheet)
    chosen = read if id is None else _only(read, id)
    return marked(chosen, _answers(answers, read.ids), partial(_asked, folder=folder), seconds, exit_zero)


def _sheet(given: object) -> "tuple[Sheet, Path]":
    """The sheet, and the folder in which its files are looked up."""
    from diffcli.analysis.reading import MOST_TEXT, decoded, read_file
    from diffcli.analysis.sheets.sheet import read_sheet

    if isinstance(given, Source):
        return read_sheet(given), Path()
    path = _path(given, "sheet")
    content = read_file(path, Source(path, Argument("sheet")), most=MOST_TEXT)
    return read_sheet(decoded(content, path)), Path(path).parent


def _path(given: object, argument: str) -> str:
    if isinstance(given, (str, PathLike)):
        path = fspath(given)
        return path if isinstance(path, str) else path.decode("utf-8", "surrogateescape")
    hint = Message("it is the path of a file, as in {sheet}", sheet=Argument("sheet", "exercises.toml"))
    written = Source(type(given).__name__, Argument(argument))
    raise fault("E402", Message("this is no path of a file"), written, hint=hint)


def _only(sheet: "Sheet", wanted: str) -> "Sheet":
    try:
        return sheet.only(wanted)
    except KeyError:
        hint = did_you_mean(wanted, sheet.ids) or Message("the sheet has {ids}", ids=some(sheet.ids, 12))
        message = Message("there is no exercise '{id}'", id=wanted)
        raise fault("E402", message, Source(wanted, Argument("id")), hint=hint) from None


def _answers(given: object, ids: Sequence[str]) -> "list[Answers]":
    """The answers of each student, of nobody where none are given.

    Raises DiffcliError for a path that leads nowhere.
    """
    from diffcli.analysis.sheets.answers_file import answers_in, answers_of, files_in, given_answers, students

    if isinstance(given, Mapping):
        return [given_answers(given, _NOBODY, ids)]
    several = given if isinstance(given, (list, tuple)) else () if given is None else (given,)
    contents = [each for each in several if isinstance(each, bytes)]
    paths = [path for each in several if not isinstance(each, bytes) for path in files_in(_path(each, "answers"))]
    named = zip(paths, students(paths), strict=True)
    return [
        *(answers_of(content, _NOBODY, _NOBODY, ids) for content in contents),
        *(answers_in(path, student, ids) for path, student in named),
    ]


def _asked(exercise: "Exercise", folder: Path) -> "Question":
    """The question of an exercise. Raises DiffcliError as `check` does."""
    stated = dict(exercise.stated)
    problem_: dict[str, Any] = {name: stated.pop(name) for name in _STATING if name in stated}
    if "data" in problem_:
        problem_["data"] = str(folder / problem_["data"])
    values, domain = _values(stated.pop("at", None)), stated.pop("domain", {})
    try:
        problem = posed(Source(stated.pop("expression")), values, **problem_, complete=False)
    except DiffcliError as error:
        if "data" in problem_ and error.diagnostic.code == "E401":
            beside = error.diagnostic._replace(hint=Message("it is looked up beside the sheet"))
            raise DiffcliError(beside) from None
        raise
    for name in domain:
        if name not in problem.resolved.variables:
            hint = did_you_mean(name, problem.resolved.variables) or _variables(problem.resolved.variables)
            raise fault(
                "E207", Message("'{name}' does not occur in the expression", name=name), Source(name), hint=hint
            )
    problem = problem if "wrt" in problem_ else of_free_variables(problem)
    step = {name: stated.pop(name) for name in STEP if name in stated}
    settings = step_asked(stated.pop("next", False), **step)
    return question_asked(problem, stated | {"of": problem_.get("of"), "domain": domain}, settings)


def _variables(names: Sequence[str]) -> Message:
    if not names:
        return Message("it has no variables")
    if len(names) == 1:
        return Message("its variable is {name}", name=names[0])
    return Message("its variables are {names}", names=listed(names, "and"))


def _values(given: object) -> tuple[Source, ...]:
    """The values of a question as texts like those of `--at`."""
    from diffcli.analysis.sheets.written_values import as_text

    if given is None:
        return ()
    if isinstance(given, dict):
        return tuple(Source(f"{name}={as_text(value)}", "at") for name, value in given.items())
    return (Source(str(as_text(given)), "at"),)
