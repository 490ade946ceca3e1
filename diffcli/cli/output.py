"""How a result is shown: for people, terse, or as JSON."""

import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Annotated

from diffcli.cli.declaration import Option, group
from diffcli.errors import DiffcliError, fault, given, out_of_range
from diffcli.messages import Argument, Language, Message, listed, speaking, speech
from diffcli.render.writing import Color, has_characters, remark, say
from diffcli.source import Source

#: What takes the results for people where they are no text on standard output: a notebook.
taken_by: ContextVar[Callable[[object], None] | None] = ContextVar("taken_by", default=None)


@group
class Listing:
    """How a list is shown."""

    json: Annotated[bool, Option(help="Print one JSON document.")] = False
    terse: Annotated[bool, Option("-t", "--terse", help="Print only the answer, line by line, for scripts.")] = False
    color: Annotated[Color, Option(help="When to use colour.")] = "auto"
    lang: Annotated[
        str | None,
        Option(metavar="en|zh", help="The language of all texts.", default="DIFFCLI_LANG, else the system's, else en"),
    ] = None

    def __post_init__(self) -> None:
        """Raise DiffcliError for options that contradict each other."""
        _check_single(self.asked)

    @property
    def forms(self) -> dict[str, bool]:
        """The options for another output than that for people, and whether each is given."""
        return {"--json": self.json, "--terse": self.terse}

    @property
    def asked(self) -> list[str]:
        """Those of the forms that are asked for."""
        return [name for name, given in self.forms.items() if given]

    @property
    def human(self) -> bool:
        """Whether people are to read the result."""
        return not self.asked


@group
class Output(Listing):
    """How numbers and formulas are shown."""

    full: Annotated[bool, Option(help="Show every row and element, however many there are.")] = False
    precision: Annotated[int, Option(metavar="N", help="Significant digits in human output, 1 to 17.")] = 6

    def __post_init__(self) -> None:
        """Raise DiffcliError for options that contradict each other, and a precision that cannot be."""
        _check_single(self.asked)
        _check_precision(self.precision)


@group
class ByVariable(Output):
    """How answers by variable are shown."""

    labels: Annotated[bool, Option(help="With --terse, begin each line with what it is of, as in x 2.0.")] = False

    def __post_init__(self) -> None:
        """Raise DiffcliError as `Output` does, and for labels of lines that are not there."""
        _check_single(self.asked)
        if self.labels and not self.terse:
            hint = Message("--terse --labels begins each line with what it is of")
            raise fault("E402", Message("--labels goes with --terse"), given(Argument("labels", True)), hint=hint)
        _check_precision(self.precision)


@group
class Stream(ByVariable):
    """How a run is shown: `jsonl` and `csv` while it goes on, `as_at` its end as options of another command."""

    jsonl: Annotated[bool, Option(help="Print each point as a line of JSON, at once.")] = False
    csv: Annotated[bool, Option(help="Print each point as a row of a table, at once.")] = False
    as_at: Annotated[bool, Option(help="Print the final values as options --at for another command.")] = False

    @property
    def forms(self) -> dict[str, bool]:
        """The options for another output than that for people, and whether each is given."""
        tables = {"--jsonl": self.jsonl, "--csv": self.csv}
        return {"--json": self.json, **tables, "--terse": self.terse, "--as-at": self.as_at}


def _check_single(asked: list[str]) -> None:
    hint = Message("leave one of them out") if len(asked) == 2 else Message("leave all but one out")
    if len(asked) > 1:
        raise exclusive(asked, hint)


def exclusive(options: list[str], hint: str) -> DiffcliError:
    """The error about options of which one can be given."""
    line = Source(" ".join(options), Message("command line"))
    return fault("E402", Message("{options} exclude each other", options=listed(options, "and")), line, hint=hint)


def _check_precision(precision: int) -> None:
    if not 1 <= precision <= 17:
        hint = Message("17 digits tell any two doubles apart")
        raise out_of_range("precision", precision, Message("the precision must be 1 to 17 digits"), hint)


def legible(output: Listing, ascii: bool) -> Language:
    """The language of the moment; where people are to read it without characters for it English, as a note says."""
    language = speech().language
    if not output.human or (has_characters(language, sys.stdout) and not (ascii and language != "en")):
        return language
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    whose = "--ascii" if ascii else Message("the output's encoding, {encoding},", encoding=encoding)
    lang = Argument("lang", language)
    remark(Message("note: {whose} has no characters for {lang}; this is English", whose=whose, lang=lang))
    return "en"


def emit(result: object, output: Listing, *, ascii: bool = False, every: int | None = None, chart: bool = True) -> int:
    """Show a result on standard output; returns the exit code that it stands for.

    A doubt about its digits goes to standard error, and so do kinks, where the answer is numbers alone, with no place
    for a remark. The rest is what the text for people depends on.
    """
    from diffcli.render.faces import faces_of

    numbers = getattr(result, "precision", None)
    if numbers is not None and numbers.doubt is not None:
        remark(Message("note: {note}", note=numbers.doubt))
    detail = output if isinstance(output, Output) else Output()
    stream = output if isinstance(output, Stream) else Stream()
    if output.terse or stream.csv or stream.as_at:
        for kink in getattr(result, "kinks", ()):
            remark(Message("note: {note}", note=kink.sentence))
    faces = faces_of(result)
    if output.json:
        from diffcli.render.documents.json_values import dumps

        say(dumps(faces.document(result)))
    elif output.terse:
        from diffcli.render.terse import lines

        for piece in lines(faces.terse(result), isinstance(output, ByVariable) and output.labels):
            say(piece, end="")
        say("")
    elif stream.as_at and faces.options is not None:
        say(faces.options(result))
    elif stream.jsonl and faces.endings is not None:
        from diffcli.render.documents.json_values import dumps

        for document in faces.endings(result):
            say(dumps(document))
    elif not stream.csv and (take := taken_by.get()) is not None:
        take(result)
    elif not stream.csv:  # whose rows were printed as they came
        from diffcli.render.screen import ASCII, Screen
        from diffcli.render.view import View

        screen, language = Screen(sys.stdout, output.color), legible(output, ascii)
        digits = None if numbers is None else numbers.digits
        view = View(
            symbols=ASCII if ascii else screen.symbols,
            precision=digits or detail.precision,
            full=detail.full,
            language=language,
            every=every,
            chart=chart,
        )
        with speaking(speech().face, language):
            screen.show(faces.text(result, view))
    return int(getattr(result, "exit_code", 0))
