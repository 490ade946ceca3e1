"""Where the expression and its values come from."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from diffcli.analysis.problem import Problem, pose
from diffcli.analysis.values import READ_HINT, read_bindings
from diffcli.errors import fault
from diffcli.render.writing import remark
from diffcli.source import Source, Span
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
    *,
    tutorial: bool = False,
    complete: bool = True,
    of: Sequence[str] | None = None,
) -> Problem:
    """The problem that arguments, options and environment variables state.

    With `tutorial`, nothing at all states the tutorial's problem, which is said on standard error; so is
    what words in the data become. Values without an expression state nothing: the variable of a script may be empty.
    """
    source = _expression(expression, file)
    values = [Source(value, "--at") for value in at or ()] or [Source(value, "DIFFCLI_AT") for value in [os.environ.get("DIFFCLI_AT")] if value]
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
    stated = pose(source, read_bindings(values), names, complete, _data(data, columns), None if of is None else _names(of))
    for note in stated.notes:
        remark(f"note: {note}")
    return stated


def _names(listed: Sequence[str] | None) -> tuple[str, ...]:
    """The names between commas."""
    return tuple(name_meant(name.strip()) for names in listed or () for name in normalised(names).split(",") if name.strip())


def _data(file: str | None, columns: Sequence[str] | None) -> "Data | None":
    if file is not None:
        from diffcli.analysis.data.binding import read_data

        return read_data(Source(file, "--data"), [Source(text, "--columns") for text in columns or ()])
    if columns:
        line = Source(f"--columns '{columns[0]}'", "command line")
        raise fault("E402", "--columns is given without --data", line, line.whole, hint="the columns are those of a file: --data FILE.csv")
    return None


def _expression(argument: str | None, file: str | None) -> Source | None:
    if argument is not None and file is not None:
        line = Source(f"'{argument}' -f {file}", "command line")
        raise fault("E402", "both an expression and a file are given", line, line.whole, hint="leave one of them out")
    if file is not None:
        return _decoded(_contents(file), file)
    if argument == "-":
        return _decoded(sys.stdin.buffer.read(), "standard input")
    if argument is not None:
        return Source(argument)
    given = os.environ.get("DIFFCLI_EXPR")
    return None if given is None else Source(given, "DIFFCLI_EXPR")


def _contents(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        source = Source(path, "--file")
        raise fault("E401", f"cannot read '{path}': {reason.lower()}", source, source.whole, hint=READ_HINT) from None


def _decoded(content: bytes, name: str) -> Source:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        source = Source(content.decode("utf-8", "replace"), name)
        raise fault("E101", "the text is not valid UTF-8 here", source, Span(len(before), len(before) + 1), hint="save the text as UTF-8") from None
    return Source(text, name)
