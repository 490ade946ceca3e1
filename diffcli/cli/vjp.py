"""`diffcli vjp`."""

from functools import partial

from diffcli.cli import options


def vjp(
    expression: options.ExpressionArgument = None,
    file: options.FileOption = None,
    at: options.AtOption = None,
    data: options.DataOption = None,
    columns: options.ColumnsOption = None,
    decimal: options.DecimalOption = None,
    thousands: options.ThousandsOption = None,
    missing: options.MissingOption = None,
    wrt: options.WrtOption = None,
    cotangent: options.CotangentOption = None,
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
    """A cotangent brought back to the variables: u J, reverse mode."""
    from diffcli.analysis.jacobian_products import vjp_report
    from diffcli.analysis.precision import in_precision, limited, time_limit
    from diffcli.analysis.values import read_bindings
    from diffcli.cli.expression import problem
    from diffcli.cli.output import Output, checked, emit
    from diffcli.errors import fault
    from diffcli.source import Source

    output = checked(Output(json, terse, precision, color, full, digits, labels=labels))
    if not cotangent:
        line = Source("diffcli vjp", "command line")
        raise fault(
            "E402",
            "vjp needs a cotangent",
            line,
            line.whole,
            hint="--cotangent 1,2, with as many numbers as the result has",
        )
    seconds = time_limit(timeout, 5.0)
    stated = in_precision(
        problem(expression, file, at, wrt, data, columns, (decimal, thousands, missing)), exact, digits
    )
    weights = read_bindings(Source(text, "--cotangent") for text in cotangent)
    report = limited(stated, seconds, partial(vjp_report, cotangent=weights), doubles=timeout is not None)
    return emit(report, output)
