"""How a result is shown: for people, terse, or as JSON."""

import sys
from typing import TYPE_CHECKING, NamedTuple

from diffcli.cli.options import Color, Lang
from diffcli.errors import fault
from diffcli.render.writing import remark, say
from diffcli.source import Source

if TYPE_CHECKING:
    from diffcli.render.drawing.boxes import Sweeps
    from diffcli.render.messages import Language


class Output(NamedTuple):
    """The options that say how a result is shown; `digits` are those that are computed, where they were asked for.

    `jsonl` and `csv` show a run while it goes on, `as_at` its end as options of another command.
    With `labels` terse lines begin with what they are of.
    """

    json: bool
    terse: bool
    precision: int = 6
    color: Color = Color.auto
    full: bool = False
    digits: int | None = None
    jsonl: bool = False
    csv: bool = False
    as_at: bool = False
    labels: bool = False

    @property
    def human(self) -> bool:
        """Whether people are to read the result."""
        return not self.asked

    @property
    def bare(self) -> bool:
        """Whether the answer is numbers alone, with no place for a remark."""
        return self.terse or self.csv or self.as_at

    @property
    def asked(self) -> list[str]:
        """The options given that ask for another output than the human one."""
        forms = {
            "--json": self.json,
            "--jsonl": self.jsonl,
            "--csv": self.csv,
            "--terse": self.terse,
            "--as-at": self.as_at,
        }
        return [name for name, given in forms.items() if given]


def checked(output: Output) -> Output:
    """The options, unless they contradict each other."""
    if len(output.asked) > 1:
        line = Source(" ".join(output.asked), "command line")
        hint = "leave one of them out" if len(output.asked) == 2 else "leave all but one out"
        raise fault(
            "E402",
            f"{', '.join(output.asked[:-1])} and {output.asked[-1]} exclude each other",
            line,
            line.whole,
            hint=hint,
        )
    if output.labels and not output.terse:
        line = Source("--labels", "command line")
        raise fault(
            "E402",
            "--labels goes with --terse",
            line,
            line.whole,
            hint="--terse --labels begins each line with what it is of",
        )
    if not 1 <= output.precision <= 17:
        digits = Source(str(output.precision), "--precision")
        raise fault(
            "E403",
            "the precision must be 1 to 17 digits",
            digits,
            digits.whole,
            hint="17 digits tell any two doubles apart",
        )
    return output


def legible(lang: Lang, output: Output, ascii: bool = False) -> "Language":
    """The language; where people are to read it without characters for it English, which is noted on standard error."""
    language: Language = "zh" if lang is Lang.zh else "en"
    if output.human and lang is not Lang.en:
        from diffcli.render.messages import Texts

        encoding = "ascii" if ascii else getattr(sys.stdout, "encoding", None) or "ascii"
        try:
            Texts(language).forward.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            whose = "--ascii" if ascii else f"the output's encoding, {encoding},"
            remark(f"note: {whose} has no characters for --lang {lang}; this is English")
            return "en"
    return language


def emit(
    result: object,
    output: Output,
    language: "Language" = "en",
    *,
    ascii: bool = False,
    every: int | None = None,
    chart: bool = True,
    sweeps: "Sweeps" = "both",
) -> int:
    """Show a result on standard output; returns the exit code that it stands for.

    A doubt about its digits goes to standard error, and so do kinks, of which bare output has no
    word. The rest is what the text for people depends on.
    """
    from diffcli.render.faces import faces_of

    doubt = getattr(getattr(result, "precision", None), "doubt", None)
    if doubt is not None:
        remark(f"note: {doubt}")
    if output.bare:
        for kink in getattr(result, "kinks", ()):
            remark(f"note: {kink.sentence}")
    faces = faces_of(result)
    if output.json:
        from diffcli.render.documents.json_values import dumps

        say(dumps(faces.document(result)))
    elif output.terse:
        from diffcli.render.terse import lines

        say(lines(faces.terse(result), output.labels))
    elif output.as_at and faces.options is not None:
        say(faces.options(result))
    elif output.jsonl and faces.endings is not None:
        from diffcli.render.documents.json_values import dumps

        for document in faces.endings(result):
            say(dumps(document))
    elif not output.csv:  # the rows of a table were printed as they came
        from diffcli.render.screen import ASCII, Screen
        from diffcli.render.view import View

        screen = Screen(sys.stdout, output.color.value)
        symbols = ASCII if ascii else screen.symbols
        precision = output.digits or output.precision
        screen.show(faces.text(result, View(symbols, precision, output.full, language, every, chart, sweeps)))
    return int(getattr(result, "exit_code", 0))
