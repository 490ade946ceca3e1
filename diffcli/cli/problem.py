"""Where the expression and its values come from."""

import os
import sys
from dataclasses import asdict
from typing import Annotated, Any

from diffcli.cli.declaration import Argument, Option, group
from diffcli.errors import fault
from diffcli.messages import Message
from diffcli.render.writing import remark
from diffcli.source import Source

#: The tutorial's problem, run where nothing else is given.
TUTORIAL, TUTORIAL_AT = "mean(x*x)", "1,2,3"


@group
class Problem:
    """The expression, the values of its variables, and those to differentiate by."""

    expression: Annotated[
        str | None, Argument("EXPRESSION", "What to differentiate; '-' reads it from standard input.")
    ] = None
    file: Annotated[
        str | None, Option("-f", "--file", metavar="FILE", help="Read the expression or program from a file.")
    ] = None
    at: Annotated[
        tuple[str, ...],
        Option(
            metavar="[NAME=]VALUE",
            help="A variable's value: 3, x=1,2,3, x=[[1,2],[3,4]], x=pi/4, x=@data.csv. Repeatable.",
        ),
    ] = ()
    data: Annotated[
        str | None,
        Option(
            metavar="FILE",
            help="Columns that are variables, by name: .csv or .tsv with a header, .parquet, .npz, .npy, .json.",
        ),
    ] = None
    columns: Annotated[
        tuple[str, ...],
        Option(metavar="NAME=COLUMN,...", help="Other names for columns; X=[A,B] makes a matrix of two. Repeatable."),
    ] = ()
    decimal: Annotated[
        str | None, Option(metavar="MARK", help="The decimal mark in the data: . or ,", default="seen from the file")
    ] = None
    thousands: Annotated[
        str | None, Option(metavar="MARK", help="The mark between thousands in the data: , . ' _ or a blank.")
    ] = None
    missing: Annotated[
        tuple[str, ...], Option(metavar="WORD", help="A word of the data that is read as nan, as n/a. Repeatable.")
    ] = ()
    wrt: Annotated[
        tuple[str, ...],
        Option(metavar="NAMES", help="The variables to differentiate by, between commas. Repeatable.", default="all"),
    ] = ()

    def arguments(self, tutorial: bool = False) -> dict[str, Any]:
        """What the functions of `api` take, from arguments, options and environment variables.

        With `tutorial`, nothing at all states the tutorial's problem, which is said on standard error. Values without
        an expression state nothing: the variable of a script may be empty.
        """
        source = self._expression()
        given = os.environ.get("DIFFCLI_AT")
        values = sources("--at", self.at) or ((Source(given, "DIFFCLI_AT"),) if given else ())
        if source is None:
            if not tutorial or values or self.wrt or self.data is not None or self.columns:
                from diffcli.syntax.parser import EMPTY_HINT

                line = Source("EXPRESSION", Message("command line"))
                raise fault("E104", Message("there is no expression"), line, hint=EMPTY_HINT)
            source, values = Source(TUTORIAL), (Source(TUTORIAL_AT, "--at"),)
            said = {"expression": TUTORIAL, "point": TUTORIAL_AT}
            remark(Message("no expression given: the tutorial's {expression} at {point}", **said))
        data = None if self.data is None else Source(self.data, "--data")
        columns = sources("--columns", self.columns) or None
        others = {name: value for name, value in asdict(self).items() if name != "file"}
        return others | {"expression": source, "at": values, "data": data, "columns": columns}

    def _expression(self) -> Source | None:
        if self.expression is not None and self.file is not None:
            line = Source(f"'{self.expression}' -f {self.file}", Message("command line"))
            hint = Message("leave one of them out")
            raise fault("E402", Message("both an expression and a file are given"), line, hint=hint)
        if self.file is None and self.expression is not None and self.expression != "-":
            return Source(self.expression)
        if self.file is None and self.expression is None:
            given = os.environ.get("DIFFCLI_EXPR")
            return None if given is None else Source(given, "DIFFCLI_EXPR")
        from diffcli.analysis.reading import MOST_TEXT, bounded, decoded, read_file, too_large

        if self.file is not None:
            return decoded(read_file(self.file, Source(self.file, "--file"), most=MOST_TEXT), self.file)
        asked = Source("-", Message("command line"))
        return decoded(
            bounded(sys.stdin.buffer, MOST_TEXT, lambda: too_large(Message("standard input"), MOST_TEXT, asked)),
            Message("standard input"),
        )


def sources(option: str, texts: tuple[str, ...]) -> tuple[Source, ...]:
    """The values of an option that may be repeated, with its name."""
    return tuple(Source(text, option) for text in texts)
