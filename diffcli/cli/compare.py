"""`diffcli compare`."""

from functools import partial
from typing import Annotated

import typer

from diffcli.cli import options

SweepOption = Annotated[
    bool, typer.Option("--sweep", help="Also show the finite-difference error for each step, 1 to 1e-16.")
]
GrowOption = Annotated[
    int | None,
    typer.Option(
        "--grow",
        metavar="N",
        help="Also show how derivatives grow as the expression is iterated up to N times.",
        show_default=False,
    ),
]


def compare(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
    decimal: options.DecimalOption = None,
    thousands: options.ThousandsOption = None,
    missing: options.MissingOption = None,
    wrt: options.WrtOption = None,
    sweep: SweepOption = False,
    grow: GrowOption = None,
    strict: options.StrictOption = False,
    exact: options.ExactOption = False,
    digits: options.DigitsOption = None,
    full: options.FullOption = False,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    precision: options.PrecisionOption = 6,
    color: options.ColorOption = options.Color.auto,
    timeout: options.TimeoutOption = None,
) -> int:
    """Every way to differentiate: which is right, why others differ."""
    from diffcli.analysis.comparison.judging import compare_report
    from diffcli.analysis.gradient import gradient_report
    from diffcli.analysis.precision import in_precision, limited, time_limit
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit

    output = checked(Output(json, terse, precision, color, full, digits))
    seconds = time_limit(timeout, 10.0)
    stated = in_precision(
        problem(expression, file, at, wrt, data, columns, (decimal, thousands, missing)), exact, digits
    )
    report = limited(
        stated,
        seconds,
        partial(compare_report, seconds=seconds, strict=strict, sweep=sweep, grow=grow, tidied=not terse),
        partial(gradient_report, symbolic=False),
        doubles=timeout is not None,
    )
    return emit(report, output)
