"""The options that commands share."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from diffcli.errors import fault
from diffcli.source import Source


class Color(StrEnum):
    """When to use colour."""

    auto = "auto"
    always = "always"
    never = "never"


class Lang(StrEnum):
    """The language of headings and of pages."""

    en = "en"
    zh = "zh"


class Form(StrEnum):
    """How `diff` writes derivatives: as formulas, or as the source of a program."""

    plain = "plain"
    unicode = "unicode"
    latex = "latex"
    numpy = "numpy"
    torch = "torch"
    jax = "jax"
    python = "python"
    c = "c"


ExpressionArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="EXPRESSION", help="What to differentiate; '-' reads it from standard input.", show_default=False
    ),
]
FileOption = Annotated[
    str | None,
    typer.Option(
        "-f", "--file", metavar="FILE", help="Read the expression or program from a file.", show_default=False
    ),
]
AtOption = Annotated[
    list[str] | None,
    typer.Option(
        "--at",
        metavar="[NAME=]VALUE",
        help="A variable's value: 3, x=1,2,3, x=[[1,2],[3,4]], x=pi/4, x=@data.csv. Repeatable.",
        show_default=False,
    ),
]
DataOption = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="FILE",
        help="Columns that are variables, by name: .csv or .tsv with a header, .parquet, .npz, .npy, .json.",
        show_default=False,
    ),
]
ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        metavar="NAME=COLUMN,...",
        help="Other names for columns; X=[A,B] makes a matrix of two. Repeatable.",
        show_default=False,
    ),
]
DecimalOption = Annotated[
    str | None,
    typer.Option(
        "--decimal",
        metavar="MARK",
        help="What stands before the decimals in the data: . or ,",
        show_default="seen from the file",
    ),
]
ThousandsOption = Annotated[
    str | None,
    typer.Option(
        "--thousands",
        metavar="MARK",
        help="What stands between thousands in the data: , . ' _ or a blank.",
        show_default=False,
    ),
]
MissingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--missing",
        metavar="WORD",
        help="A word of the data that is read as nan, as n/a. Repeatable.",
        show_default=False,
    ),
]
WrtOption = Annotated[
    list[str] | None,
    typer.Option(
        "--wrt",
        metavar="NAMES",
        help="The variables to differentiate by, between commas. Repeatable.",
        show_default="all",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
LabelsOption = Annotated[
    bool, typer.Option("--labels", help="With --terse, begin each line with what it is of, as in x 2.0.")
]
TerseOption = Annotated[bool, typer.Option("-t", "--terse", help="Print only the answer, line by line, for scripts.")]
PrecisionOption = Annotated[
    int, typer.Option("--precision", metavar="N", help="Significant digits in human output, 1 to 17.")
]
ColorOption = Annotated[Color, typer.Option("--color", help="When to use colour.")]
LangOption = Annotated[
    Lang | None, typer.Option("--lang", help="The language of headings: en, zh.", show_default="DIFFCLI_LANG, else en")
]
TimeoutOption = Annotated[
    float | None, typer.Option("--timeout", metavar="SECONDS", help="The time limit.", show_default=False)
]
FormOption = Annotated[
    Form | None,
    typer.Option(
        "--as", metavar="FORM", help="The form: plain, unicode, latex; or a function in numpy, torch, jax, python, c."
    ),
]
IndicesOption = Annotated[
    bool, typer.Option("--indices", help="Write formulas by indices rather than in matrix notation.")
]
OrderOption = Annotated[int, typer.Option("--order", metavar="N", help="The order of the derivative, 1 to 4.")]
ExactOption = Annotated[
    bool, typer.Option("--exact", help="Compute with fractions, roots and functions as they are: 2/3, sqrt(3)/2.")
]
DigitsOption = Annotated[
    int | None,
    typer.Option(
        "--digits", metavar="N", help="Compute with so many significant digits, 1 to 10000.", show_default=False
    ),
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Refuse a point that sits on a kink (exit code 3).")]
CotangentOption = Annotated[
    list[str] | None,
    typer.Option(
        "--cotangent",
        metavar="VALUE",
        help="The output's cotangent, of its shape: weights for its elements.",
        show_default=False,
    ),
]
PatternOption = Annotated[
    bool, typer.Option("--pattern", help="Also draw which entries can differ from 0, whatever the values.")
]
FullOption = Annotated[bool, typer.Option("--full", help="Show every row and element, however many there are.")]


def language(given: Lang | None) -> Lang:
    """The language asked for, by the option or else by DIFFCLI_LANG; English. Raises DiffcliError for a value that is none."""
    named = os.environ.get("DIFFCLI_LANG")
    if given is not None or not named:
        return given or Lang.en
    try:
        return Lang(named)
    except ValueError:
        source = Source(named, "DIFFCLI_LANG")
        choices = " or ".join(Lang)
        raise fault(
            "E402",
            f"'{named}' is no language that there are texts in",
            source,
            source.whole,
            hint=f"DIFFCLI_LANG is {choices}",
        ) from None


def depth(given: int | None) -> int | None:
    """How deep groups may be nested before they are folded; None for any depth. Raises DiffcliError for a negative one."""
    if given is None:
        return None
    from diffcli.analysis.drawing.graph_report import checked_depth

    return checked_depth(given, "--depth", "--depth 0 folds every group, as --collapse does")
