"""`diffcli hessian`."""

from functools import partial
from typing import Annotated

import typer

from diffcli.cli import options

HvpOption = Annotated[
    list[str] | None,
    typer.Option(
        "--hvp",
        metavar="[NAME=]VALUE",
        help="Only the product with a direction, in one sweep; 0 for a variable without one. Repeatable.",
        show_default=False,
    ),
]


def hessian(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
    decimal: options.DecimalOption = None,
    thousands: options.ThousandsOption = None,
    missing: options.MissingOption = None,
    wrt: options.WrtOption = None,
    hvp: HvpOption = None,
    pattern: options.PatternOption = False,
    exact: options.ExactOption = False,
    digits: options.DigitsOption = None,
    full: options.FullOption = False,
    json: options.JsonOption = False,
    terse: options.TerseOption = False,
    labels: options.LabelsOption = False,
    precision: options.PrecisionOption = 6,
    color: options.ColorOption = options.Color.auto,
    timeout: options.TimeoutOption = None,
) -> int:
    """Second derivatives, eigenvalues, what kind of point it is."""
    from diffcli.analysis.hessian import hessian_report
    from diffcli.analysis.precision import in_precision, limited, time_limit
    from diffcli.analysis.values import read_bindings
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit
    from diffcli.source import Source

    output = checked(Output(json, terse, precision, color, full, digits, labels=labels))
    seconds = time_limit(timeout, 5.0)
    stated = in_precision(
        problem(expression, file, at, wrt, data, columns, (decimal, thousands, missing)), exact, digits
    )
    direction = read_bindings(Source(text, "--hvp") for text in hvp or ())
    report = limited(
        stated, seconds, partial(hessian_report, direction=direction, pattern=pattern), doubles=timeout is not None
    )
    return emit(report, output)
