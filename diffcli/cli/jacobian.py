"""`diffcli jacobian`."""

from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from diffcli.cli import options


class Mode(StrEnum):
    """How the Jacobian is found; `auto` takes the one with fewer sweeps."""

    auto = "auto"
    forward = "forward"
    reverse = "reverse"


ModeOption = Annotated[
    Mode,
    typer.Option(
        "--mode", help="forward (a sweep for each input), reverse (one for each output) or auto (fewer sweeps)."
    ),
]


def jacobian(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
    decimal: options.DecimalOption = None,
    thousands: options.ThousandsOption = None,
    missing: options.MissingOption = None,
    wrt: options.WrtOption = None,
    mode: ModeOption = Mode.auto,
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
    """Every derivative of an array, by the cheaper mode."""
    from diffcli.analysis.jacobian import jacobian_report
    from diffcli.analysis.precision import in_precision, limited, time_limit
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit

    output = checked(Output(json, terse, precision, color, full, digits, labels=labels))
    seconds = time_limit(timeout, 5.0)
    stated = in_precision(
        problem(expression, file, at, wrt, data, columns, (decimal, thousands, missing)), exact, digits
    )
    report = limited(
        stated, seconds, partial(jacobian_report, mode=mode.value, pattern=pattern), doubles=timeout is not None
    )
    return emit(report, output)
