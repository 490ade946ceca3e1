"""What `diffcli check` does with a sheet of exercises: its options, and who reads the result."""

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from diffcli import __version__
from diffcli.api.files import destination, extension, write_whole
from diffcli.cli.declaration import Option
from diffcli.cli.options import Limit
from diffcli.cli.output import Listing, emit, exclusive
from diffcli.errors import fault, given
from diffcli.messages import Argument, Message, listed
from diffcli.render.graders import FORMATS, FormatName, Surroundings
from diffcli.render.writing import say
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.analysis.sheets.sheet_report import SheetReport, Student


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet, the answers to it, and the grader that is to read the result."""

    sheet: Annotated[str | None, Option(metavar="FILE", help="Grade answers to the exercises in a .toml file.")] = None
    answers: Annotated[
        tuple[str, ...],
        Option(
            metavar="FILE",
            help="With --sheet, a student's answers: .txt, .toml, .json, '-', or a folder of them. Repeatable.",
        ),
    ] = ()
    id: Annotated[str | None, Option(metavar="ID", help="With --sheet, this exercise alone.")] = None
    format: Annotated[FormatName | None, Option(help="With --sheet, write what a grader reads.")] = None
    output: Annotated[
        str | None,
        Option("-o", "--output", metavar="FILE", help="With --format, the file; for a class a folder of them."),
    ] = None

    def check_absent(self) -> None:
        """Raise DiffcliError where an option is given that goes with a sheet."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value not in (None, ()):
                option = Argument(field.name, value[0] if isinstance(value, tuple) else value)
                message = Message("{option} goes with {sheet}", option=Argument(field.name), sheet=Argument("sheet"))
                hint = Message("name the sheet: {sheet}", sheet=Argument("sheet", "exercises.toml"))
                raise fault("E402", message, given(option), hint=hint)


def check_alone(groups: Sequence[Any]) -> None:
    """Raise DiffcliError where an option states what a sheet states itself."""
    for group in groups:
        for field in fields(group):
            value = getattr(group, field.name)
            if value != field.default and field.name != "exit_zero":
                shown = given(Argument(field.name, value[0] if isinstance(value, tuple) else value))
                if field.name == "expression":
                    shown = Source(str(value), Message("command line"))
                message = Message("{option} does not go with {sheet}", option=shown.text, sheet=Argument("sheet"))
                hint = Message("the exercises of the sheet have it: {line}", line=f"{field.name} = ...")
                raise fault("E402", message, shown, hint=hint)


def marked_sheet(sheet: Sheet, answer: Source | None, exit_zero: bool, output: Listing, limit: Limit) -> int:
    """Mark the answers to a sheet, or one given on the command line; returns the exit code."""
    from diffcli.api.sheets import check_sheet

    if answer is not None and (sheet.answers or sheet.id is None):
        if sheet.answers:
            raise exclusive(["--answer", "--answers"], Message("leave one of them out"))
        message = Message("{answer} is the answer to one exercise", answer=Argument("answer"))
        hint = Message("say which: {id}", id=Argument("id", "1"))
        raise fault("E402", message, given(Argument("answer", answer.text)), hint=hint)
    _check_format(sheet, answer, output)
    answers = {sheet.id: answer} if answer is not None else [_content(path) for path in sheet.answers] or None
    report = check_sheet(sheet.sheet, answers, id=sheet.id, exit_zero=exit_zero, **asdict(limit))
    if sheet.format is None:
        return emit(report, output)
    _write(report, sheet, sheet.format)
    return int(report.exit_code)


def _content(path: str) -> str | bytes:
    """A path, or what is on standard input."""
    if path != "-":
        return path
    from diffcli.analysis.reading import MOST_TEXT, bounded, too_large

    asked = Source("-", "--answers")
    return bounded(sys.stdin.buffer, MOST_TEXT, lambda: too_large(Message("standard input"), MOST_TEXT, asked))


def _check_format(sheet: Sheet, answer: Source | None, output: Listing) -> None:
    """Raise DiffcliError for a format that cannot be written here, before any work is done."""
    if sheet.format is None:
        if sheet.output is not None:
            message = Message("{option} goes with {format}", option=Argument("output"), format=Argument("format"))
            hint = Message("say who reads the file: {formats}", formats=listed(FORMATS, "or"))
            raise fault("E402", message, given(Argument("output", sheet.output)), hint=hint)
        return
    if output.asked:
        raise exclusive([f"--format {sheet.format}", *output.asked], Message("leave one of them out"))
    if FORMATS[sheet.format].needs_answers and answer is None and not sheet.answers:
        message = Message("{format} is about answers, and there are none", format=Argument("format", sheet.format))
        hint = Message("name them: {answers}", answers=Argument("answers", "answers.txt"))
        raise fault("E402", message, given(Argument("format", sheet.format)), hint=hint)
    to_folder = sheet.output is not None and Path(sheet.output).is_dir()
    if not to_folder and not FORMATS[sheet.format].of_class and len(_files(sheet.answers)) > 1:
        message = Message("{format} has one student in a file", format=Argument("format", sheet.format))
        hint = Message("name a folder that there is: {folder}", folder=Argument("output", "results"))
        line = [Argument("format", sheet.format), *([Argument("output", sheet.output)] if sheet.output else [])]
        raise fault("E402", message, given(*line), hint=hint)
    if sheet.output is not None and not to_folder:
        destination(sheet.output, "--output", (extension(Source(sheet.output)),))


def _files(paths: Sequence[str]) -> list[str]:
    from diffcli.analysis.sheets.answers_file import files_in

    return [file for path in paths for file in ([path] if path == "-" else files_in(path))]


def _write(report: "SheetReport", sheet: Sheet, name: FormatName) -> None:
    """Write what the grader reads, in one file or in one for each student; faults go to standard error."""
    from datetime import UTC, datetime

    from diffcli.render.diagnostic import diagnostic_text
    from diffcli.render.graders import written
    from diffcli.render.screen import Screen

    time = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    around = Surroundings(sheet.sheet or "", __version__, time, dict(os.environ))
    if FORMATS[name].of_class or len(report.students) <= 1:
        _put(written(name, report, around), sheet.output, name, report.students)
    else:
        for student in report.students:
            _put(written(name, report.of_student(student), around), sheet.output, name, (student,))
    if report.faults:
        Screen(sys.stderr).show([diagnostic_text(each) for each in report.faults])


def _put(text: str, path: str | None, name: FormatName, students: "Sequence[Student]") -> None:
    """Print the text, or write it into the file, in a folder under the student's name."""
    if path is None:
        say(text, end="")
        return
    file = Path(path)
    if file.is_dir():
        called = students[0].name if len(students) == 1 else "answers"
        file /= f"{called.replace('/', '-')}{FORMATS[name].ending}"
    write_whole(Source(str(file), "--output"), text.encode())
