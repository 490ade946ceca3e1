"""`diffcli grad`."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from diffcli.cli import options

if TYPE_CHECKING:
    from diffcli.cli.handout import Report

SymbolicOption = Annotated[
    bool | None,
    typer.Option("--symbolic/--no-symbolic", help="Also find the formula and compare.", show_default="in human output"),
]
ReportOption = Annotated[
    str | None,
    typer.Option(
        "--report",
        metavar="FILE",
        help="Also write a handout: tables, formulas, the graph; .md, .html or .tex.",
        show_default=False,
    ),
]
OfOption = Annotated[
    list[str] | None,
    typer.Option(
        "--of",
        metavar="NAMES",
        help="Also the gradient at these intermediates and nodes, as y or v1. Repeatable.",
        show_default=False,
    ),
]


def grad(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
    decimal: options.DecimalOption = None,
    thousands: options.ThousandsOption = None,
    missing: options.MissingOption = None,
    wrt: options.WrtOption = None,
    of: OfOption = None,
    cotangent: options.CotangentOption = None,
    symbolic: SymbolicOption = None,
    strict: options.StrictOption = False,
    exact: options.ExactOption = False,
    digits: options.DigitsOption = None,
    full: options.FullOption = False,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    labels: options.LabelsOption = False,
    precision: options.PrecisionOption = 6,
    color: options.ColorOption = options.Color.auto,
    lang: options.LangOption = None,
    report: ReportOption = None,
    timeout: options.TimeoutOption = None,
) -> int:
    """Value and gradient at every node, each flow, the formula."""
    from diffcli.analysis.gradient import gradient_report
    from diffcli.analysis.precision import in_precision, limited, time_limit
    from diffcli.analysis.values import read_bindings
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit, legible
    from diffcli.source import Source

    output = checked(Output(json, terse, precision, color, full, digits, labels=labels))
    language = options.language(lang)
    handout = None if report is None else _handout(report, language)
    seconds = time_limit(timeout, 5.0)
    stated = in_precision(
        problem(
            expression,
            file,
            at,
            wrt,
            data,
            columns,
            (decimal, thousands, missing),
            tutorial=not (cotangent or of),
            of=of or (),
        ),
        exact,
        digits,
    )
    weights = read_bindings(Source(text, "--cotangent") for text in cotangent or ())
    wanted = output.human or handout is not None if symbolic is None else symbolic
    answer = limited(
        stated,
        seconds,
        partial(gradient_report, symbolic=wanted, seconds=seconds, strict=strict, cotangent=weights),
        partial(gradient_report, symbolic=False, strict=strict, cotangent=weights) if wanted else None,
        doubles=timeout is not None,
    )
    if handout is not None:
        handout.write(answer, output.digits or output.precision, full)
    return emit(answer, output, legible(language, output))


def _handout(path: str, language: options.Lang) -> "Report":
    """The handout asked for, whose module is loaded by those alone who ask."""
    from diffcli.cli.handout import asked_for

    return asked_for(path, language)
