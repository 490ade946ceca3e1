"""Where the expression and its values come from."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from diffcli.analysis.problem import Problem, pose
from diffcli.analysis.reading import MOST_TEXT, bounded, decoded, read_file, too_large
from diffcli.analysis.values import read_bindings
from diffcli.errors import fault
from diffcli.render.writing import remark
from diffcli.source import Source
from diffcli.syntax.parser import EMPTY_HINT
from diffcli.syntax.tokens import name_meant, normalised

if TYPE_CHECKING:
    from diffcli.analysis.data.binding import Data

#: The tutorial's problem, run where nothing else is given.
TUTORIAL, TUTORIAL_AT = "mean(x*x)", "1,2,3"


def problem(
    expression: str | None,
    file: str | None,
    at: Sequence[str] | None,
    wrt: Sequence[str] | None,
    data: str | None = None,
    columns: Sequence[str] | None = None,
    notation: tuple[str | None, str | None, Sequence[str] | None] = (None, None, None),
    *,
    tutorial: bool = False,
    complete: bool = True,
    of: Sequence[str] | None = None,
) -> Problem:
    """The problem that arguments, options and environment variables state.

    `notation` are the values of --decimal, --thousands and --missing. With `tutorial`, nothing at all
    states the tutorial's problem, which is said on standard error; so is what words in the data become.
    Values without an expression state nothing: the variable of a script may be empty.
    """
    source = _expression(expression, file)
    values = [Source(value, "--at") for value in at or ()] or [
        Source(value, "DIFFCLI_AT") for value in [os.environ.get("DIFFCLI_AT")] if value
    ]
    if source is None:
        if not tutorial or values or wrt or data is not None or columns:
            line = Source("EXPRESSION", "command line")
            raise fault("E104", "there is no expression", line, line.whole, hint=EMPTY_HINT)
        source, values = Source(TUTORIAL), [Source(TUTORIAL_AT, "--at")]
        remark(f"no expression given: the tutorial's {TUTORIAL} at {TUTORIAL_AT}")
    names = _names(wrt)
    if wrt and not names:
        line = Source(f"--wrt '{wrt[0]}'", "command line")
        raise fault("E402", "--wrt names no variable", line, line.whole, hint="--wrt x or --wrt x,y")
    stated = pose(
        source,
        read_bindings(values),
        names,
        complete,
        _data(data, columns, notation),
        None if of is None else _names(of),
    )
    for said in stated.notes:
        remark(f"note: {said}")
    return stated


def _names(listed: Sequence[str] | None) -> tuple[str, ...]:
    """The names between commas."""
    return tuple(
        name_meant(name.strip()) for names in listed or () for name in normalised(names).split(",") if name.strip()
    )


def _data(
    file: str | None, columns: Sequence[str] | None, notation: tuple[str | None, str | None, Sequence[str] | None]
) -> "Data | None":
    decimal, thousands, missing = notation
    if file is not None:
        from diffcli.analysis.data.binding import read_data
        from diffcli.analysis.numerals import read_notation

        return read_data(
            Source(file, "--data"),
            [Source(text, "--columns") for text in columns or ()],
            read_notation(decimal, thousands, missing or ()),
        )
    stated = (
        ("--columns", *(columns or ())),
        ("--decimal", decimal),
        ("--thousands", thousands),
        ("--missing", *(missing or ())),
    )
    for option, given in (each[:2] for each in stated if len(each) > 1):
        if given is not None:
            line = Source(f"{option} '{given}'", "command line")
            what = "the columns are those of a file" if option == "--columns" else "it is about the numbers in a file"
            raise fault("E402", f"{option} is given without --data", line, line.whole, hint=f"{what}: --data FILE.csv")
    return None


def _expression(argument: str | None, file: str | None) -> Source | None:
    if argument is not None and file is not None:
        line = Source(f"'{argument}' -f {file}", "command line")
        raise fault("E402", "both an expression and a file are given", line, line.whole, hint="leave one of them out")
    if file is not None:
        return decoded(read_file(file, Source(file, "--file"), most=MOST_TEXT), file)
    if argument == "-":
        asked = Source("-", "command line")
        return decoded(
            bounded(sys.stdin.buffer, MOST_TEXT, lambda: too_large("standard input", MOST_TEXT, asked)),
            "standard input",
        )
    if argument is not None:
        return Source(argument)
    given = os.environ.get("DIFFCLI_EXPR")
    return None if given is None else Source(given, "DIFFCLI_EXPR")
