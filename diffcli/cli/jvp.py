"""`diffcli jvp`."""

from functools import partial
from typing import Annotated

import typer

from diffcli.cli import options

TangentOption = Annotated[
    list[str] | None,
    typer.Option(
        "--tangent",
        metavar="[NAME=]VALUE",
        help="A variable's tangent, of its shape; 0 for a variable without one. Repeatable.",
        show_default=False,
    ),
]


def jvp(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
    decimal: options.DecimalOption = None,
    thousands: options.ThousandsOption = None,
    missing: options.MissingOption = None,
    wrt: options.WrtOption = None,
    tangent: TangentOption = None,
    exact: options.ExactOption = False,
    digits: options.DigitsOption = None,
    full: options.FullOption = False,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    precision: options.PrecisionOption = 6,
    color: options.ColorOption = options.Color.auto,
    timeout: options.TimeoutOption = None,
) -> int:
    """The derivative along a direction, by forward mode: J v."""
    from diffcli.analysis.jacobian_products import jvp_report
    from diffcli.analysis.precision import in_precision, limited, time_limit
    from diffcli.analysis.values import read_bindings
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit
    from diffcli.errors import fault
    from diffcli.source import Source

    output = checked(Output(json, terse, precision, color, full, digits))
    if not tangent:
        line = Source("diffcli jvp", "command line")
        raise fault(
            "E402",
            "jvp needs a direction",
            line,
            line.whole,
            hint="--tangent 1,0, or --tangent x=1,0 for one of several variables",
        )
    seconds = time_limit(timeout, 5.0)
    stated = in_precision(
        problem(expression, file, at, wrt, data, columns, (decimal, thousands, missing)), exact, digits
    )
    direction = read_bindings(Source(text, "--tangent") for text in tangent)
    report = limited(stated, seconds, partial(jvp_report, direction=direction), doubles=timeout is not None)
    return emit(report, output)
